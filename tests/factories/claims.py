"""Claims with one payer and one line, remittances with one answer: rows where no file is needed."""

from __future__ import annotations

from datetime import date

import factory

from claims.models import (
    AdjudicatedLine,
    Adjudication,
    Claim,
    ClaimPayer,
    EdiFile,
    Line,
    Posting,
    Remittance,
    Submission,
)
from cob.x12.stored import dump, dump_835
from tests.claims import edi_samples
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory


class EdiFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EdiFile

    name = "week.835"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1000
    kind = "835"
    outcome = "posted"


class ClaimFactory(factory.django.DjangoModelFactory):
    """Charge of $150.00, all of it open with insurers."""

    class Meta:
        model = Claim

    patient = factory.SubFactory(PatientFactory)
    site = factory.SelfAttribute("patient.site")
    control_number = factory.Sequence(lambda n: f"PCN{n:05}")
    service_from = date(2026, 3, 2)
    service_to = date(2026, 3, 2)
    charge_cents = 150_00
    insurer_open_cents = factory.SelfAttribute("charge_cents")
    billed_on = date(2026, 3, 4)
    content = factory.LazyAttribute(lambda made: dump(edi_samples.claim(made.control_number)))


class LineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Line

    claim = factory.SubFactory(ClaimFactory)
    number = 1
    control_number = "L1"
    procedure = "99213"
    service_on = date(2026, 3, 2)
    charge_cents = 150_00


class ClaimPayerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClaimPayer

    claim = factory.SubFactory(ClaimFactory)
    payer = factory.SubFactory(PayerFactory)
    coverage = factory.LazyAttribute(
        lambda made: CoverageFactory(patient=made.claim.patient, payer=made.payer, kind=made.payer.kind)
    )
    rank = 1
    state = "submitted"
    submitted_on = date(2026, 3, 4)


class SubmissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Submission

    claim_payer = factory.SubFactory(ClaimPayerFactory)
    claim = factory.SelfAttribute("claim_payer.claim")


class RemittanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Remittance

    file = factory.SubFactory(EdiFileFactory)
    payer = factory.SubFactory(PayerFactory)
    key = factory.Sequence(lambda n: f"{n:064x}")
    trace = factory.Sequence(lambda n: f"EFT{n:05}")
    paid_cents = 80_00
    paid_on = date(2026, 3, 20)
    method = "ACH"


class AdjudicationFactory(factory.django.DjangoModelFactory):
    """Unmatched: give it a claim, and the claim's payer, to match it."""

    class Meta:
        model = Adjudication

    remittance = factory.SubFactory(RemittanceFactory)
    position = factory.Sequence(lambda n: n + 1)
    control_number = "PCN1"
    status = "1"
    charge_cents = 150_00
    paid_cents = 80_00
    payer_control_number = "ICN1"
    answered_on = factory.SelfAttribute("remittance.paid_on")
    content = factory.LazyAttribute(
        lambda made: dump_835(
            edi_samples.answer(made.control_number, edi_samples.svc(("CO-45", 50_00), ("PR-2", 20_00)))
        )
    )


class AdjudicatedLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AdjudicatedLine

    adjudication = factory.SubFactory(AdjudicationFactory)
    position = 1
    procedure = "99213"
    charge_cents = 150_00
    paid_cents = 80_00


class PostingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Posting

    claim = factory.SubFactory(ClaimFactory)
    payer = factory.SubFactory(PayerFactory)
    rank = 1
    kind = "payment"
    amount_cents = 80_00
    posted_on = date(2026, 3, 20)
    key = factory.Sequence(lambda n: f"{n:064x}")
