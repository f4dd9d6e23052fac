"""A practice with N claims on file and nothing answered, put there in bulk: the remittance is what is measured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from bench.posting.files import CHARGE, NPI, SERVICES, claim_number

if TYPE_CHECKING:
    from django.db.models import Model

SERVED, BILLED = date(2026, 3, 2), date(2026, 3, 4)


def ready(database_url: str, data: str) -> None:
    """Django on that database, migrated. Once a process."""
    os.environ |= {"DATABASE_URL": database_url, "COB_DATA_DIR": data}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def on_file(claims: int) -> None:
    """One site, two payers, and for each claim its patient, two coverages and three lines."""
    from django.db import transaction

    from claims.exchange.bulk import Bulk
    from cob.accounts.models import Site
    from cob.audit.acting import acting
    from cob.coverage.models import Payer

    with acting("bench"), transaction.atomic():
        site = Site.objects.create(name="Bench clinic", code="bench", npi=NPI, tax_id="123456789")
        payers = [
            Payer.objects.create(name=name, edi_id=edi_id, kind="group_health")
            for name, edi_id in (("BENCH PLAN", "55555"), ("SECOND PLAN", "66666"))
        ]
        for part in (range(n, min(n + 1_000, claims)) for n in range(0, claims, 1_000)):
            bulk = Bulk()
            for rows in zip(*(_rows(n, site, payers) for n in part), strict=True):
                bulk.insert([row for some in rows for row in some])
            bulk.tell(site, ())


def _rows(n: int, site: Model, payers: list[Model]) -> Iterator[list[Model]]:
    """A claim and what it stands on, table by table in the order in which they may be written."""
    from claims.models import Claim, ClaimPayer, Line
    from cob.coverage.models import Coverage
    from cob.patients.models import Patient

    name = f"DOE{n:07d}"
    patient = Patient(
        site=site,
        chart_number=f"C{n}",
        last_name=name,
        first_name="JANE",
        birth_on=date(1980, 5, 14),
        sex="F",
        search_last=name,
        search_first="JANE",
    )
    covers = [
        Coverage(patient=patient, payer=payer, kind="group_health", relationship="self", source="bench")
        for payer in payers
    ]
    for cover, letter in zip(covers, "MS", strict=True):
        cover.member_id = cover.search_member = f"{letter}{n:07d}"
    claim = Claim(
        site=site,
        patient=patient,
        control_number=claim_number(n),
        service_from=SERVED,
        service_to=SERVED,
        charge_cents=CHARGE,
        insurer_open_cents=CHARGE,
        content={},
        billed_on=BILLED,
    )
    states = ("submitted", "expected")
    yield [patient]
    yield covers
    yield [claim]
    yield [
        Line(
            claim=claim,
            number=place,
            control_number=f"L{place}",
            procedure=code,
            service_on=SERVED,
            charge_cents=cents,
            units=Decimal(1),
        )
        for place, (code, cents) in enumerate(SERVICES, 1)
    ]
    yield [
        ClaimPayer(claim=claim, coverage=cover, payer=payer, rank=rank, state=state)
        for rank, (cover, payer, state) in enumerate(zip(covers, payers, states, strict=True), 1)
    ]
