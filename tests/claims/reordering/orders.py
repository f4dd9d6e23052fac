"""Plans with their facts, and visits sent to them in an order."""

from __future__ import annotations

from datetime import date

from claims.models import Claim, ClaimPayer
from claims.reordering import changed_claims
from cob.coverage import actions
from tests.factories.claims import PostingFactory
from tests.factories.coverage import CoverageFactory, PayerFactory

DAY = date(2026, 3, 10)


def told(patient, by, **facts):
    actions.tell_facts(
        patient=patient,
        facts={path.replace("__", "."): value for path, value in facts.items()},
        told_by="patient",
        by=by,
    )


def plan(patient, name, **columns):
    return CoverageFactory(patient=patient, payer=PayerFactory(name=name, edi_id=name.upper()[:8]), **columns)


def about(coverage, by, **facts):
    own = f"coverages.{coverage.pk}."
    facts = {own + path.replace("__", "."): value for path, value in facts.items()}
    actions.tell_facts(patient=coverage.patient, facts=facts, told_by="patient", by=by)


WORKING = {"employment__status": "working", "work_status": "active", "continuation": "none"}


def visit(patient, coverages, *, on=DAY, paid=(), number="C-1"):
    """A claim sent in this order; `paid` in cents by each payer, the rest open."""
    claim = Claim.objects.create(
        site=patient.site, patient=patient, control_number=number, service_from=on, service_to=on, charge_cents=100_00,
        paid_cents=sum(paid), insurer_open_cents=100_00 - sum(paid), content={}, billed_on=on,
    )  # fmt: skip
    for rank, covered in enumerate(coverages, start=1):
        is_paid = rank <= len(paid)
        ClaimPayer.objects.create(
            claim=claim, coverage=covered, payer=covered.payer, rank=rank,
            state="adjudicated" if is_paid else "submitted" if rank == 1 else "expected",
        )  # fmt: skip
        if is_paid:
            PostingFactory(claim=claim, payer=covered.payer, rank=rank, amount_cents=paid[rank - 1])
    return claim


def listed(patient):
    return [(one.claim.control_number, one.difference) for one in changed_claims(patient)]
