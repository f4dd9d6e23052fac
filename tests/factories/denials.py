"""A claim with its payers, and what a payer answered: the rows denials and queues ask about."""

from __future__ import annotations

import hashlib
from datetime import date

import factory

from claims.models import (
    AdjudicatedLine,
    Adjudication,
    Claim,
    ClaimPayer,
    EdiFile,
    Line,
    Remittance,
    ReportedAdjustment,
)
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory

SERVED = date(2026, 3, 10)
ANSWERED = date(2026, 4, 1)


class EdiFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EdiFile

    name = factory.Sequence(lambda n: f"remit-{n}.835")
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.name.encode()).hexdigest())
    size = 100
    kept = "edi/none.835"
    kind = "835"
    outcome = "posted"


class ClaimFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Claim
        skip_postgeneration_save = True

    patient = factory.SubFactory(PatientFactory)
    site = factory.SelfAttribute("patient.site")
    control_number = factory.Sequence(lambda n: f"CLM{n:05}")
    service_from = SERVED
    service_to = factory.SelfAttribute("service_from")
    charge_cents = 10000
    insurer_open_cents = factory.SelfAttribute("charge_cents")
    content = factory.Dict({})
    billed_on = SERVED

    @factory.post_generation
    def line(claim, create, extracted, **kwargs):
        if create:
            Line.objects.create(
                claim=claim, number=1, procedure="99213", service_on=claim.service_from, charge_cents=claim.charge_cents
            )


def payer_of(claim, rank, name, *, kind="employer", state="expected", **columns):
    """The claim's payer of that rank, with the patient's coverage by it."""
    payer = PayerFactory(name=name, edi_id=name.upper()[:20].replace(" ", ""), kind=kind)
    coverage = CoverageFactory(patient=claim.patient, payer=payer, kind=kind)
    return ClaimPayer.objects.create(
        claim=claim, coverage=coverage, payer=payer, rank=rank, state=state, **{"answered_on": None, **columns}
    )


def remittance_of(payer, *, site=None, on=ANSWERED, file=None):
    file = file or EdiFileFactory()
    count = Remittance.objects.count()
    return Remittance.objects.create(
        file=file, site=site, payer=payer, key=f"key-{count}", trace=f"TRC{count}", paid_cents=0, paid_on=on
    )


def answer_of(claim_payer, *cas, status="4", paid=0, remarks=(), remittance=None, position=1, exceptions=()):
    """One answer to one line: `cas` are ("CO", "22", cents) triplets."""
    claim = claim_payer.claim
    remittance = remittance or remittance_of(claim_payer.payer, site=claim.site)
    answer = Adjudication.objects.create(
        remittance=remittance,
        position=position,
        claim=claim,
        claim_payer=claim_payer,
        control_number=claim.control_number,
        status=status,
        charge_cents=claim.charge_cents,
        paid_cents=paid,
        content={},
        exceptions=list(exceptions),
        answered_on=remittance.paid_on,
    )
    line = AdjudicatedLine.objects.create(
        adjudication=answer,
        position=1,
        line=claim.lines.first(),
        procedure="99213",
        charge_cents=claim.charge_cents,
        paid_cents=paid,
        remarks=list(remarks),
    )
    for group, reason, cents in cas:
        ReportedAdjustment.objects.create(
            adjudication=answer, line=line, group=group, reason=reason, amount_cents=cents
        )
    return answer


def unmatched(payer, *, site=None, paid=5000):
    """An answer whose claim is not on file."""
    remittance = remittance_of(payer, site=site)
    return Adjudication.objects.create(
        remittance=remittance,
        position=1,
        control_number="NOTOURS",
        status="1",
        charge_cents=paid,
        paid_cents=paid,
        content={},
        answered_on=remittance.paid_on,
    )
