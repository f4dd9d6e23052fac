"""Items as the queues open them, and the facts behind each question."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone

from cob.coverage.models import Coverage, Determination
from denials import actions as denial_actions
from denials.models import Denial
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.denials import ClaimFactory, EdiFileFactory, answer_of, payer_of, remittance_of, unmatched
from tests.factories.patients import PatientFactory
from workqueues.models import Item


class ItemFactory(factory.django.DjangoModelFactory):
    """An item of COB denials as it comes in, about nothing in particular."""

    class Meta:
        model = Item

    patient = factory.SubFactory(PatientFactory)
    site = factory.SelfAttribute("patient.site")
    queue = "cob-denials"
    subject_type = "denials.denial"
    subject_id = factory.Faker("uuid4", cast_to=None)
    reason = "Acme Health refused: Order wrong or payer's file stale."
    reason_codes = factory.List(["CO-22"])
    entered_at = factory.LazyFunction(timezone.now)
    touched_at = factory.SelfAttribute("entered_at")
    first_touch_due_at = factory.LazyAttribute(lambda item: item.entered_at + timedelta(days=1))
    due_at = factory.LazyAttribute(lambda item: item.entered_at + timedelta(days=7))


def two_coverages(site, **patient):
    """A patient with two coverages in force, verified today, and no order."""
    person = PatientFactory(site=site, **patient)
    for name in ("Acme Health", "Beacon Mutual"):
        payer = PayerFactory(name=name, edi_id=name.upper()[:20])
        CoverageFactory(patient=person, payer=payer, **verified())
    return person


def verified(days_ago=0):
    return {"verified_on": timezone.localdate() - timedelta(days=days_ago), "verified_how": "call 1234"}


def settle_order(patient, *, status="determined", questions=(), **columns):
    order = [str(pk) for pk in Coverage.objects.filter(patient=patient).values_list("pk", flat=True)]
    return Determination.objects.create(
        patient=patient,
        service_on=timezone.localdate(),
        case={},
        verdict={"order": order, "questions": list(questions)},
        status=status,
        rules_version="test",
        **columns,
    )


def refused(site, reason="22", remarks=(), on=None):
    """A recorded denial, answered today unless `on` says when."""
    claim = ClaimFactory(patient=PatientFactory(site=site))
    payer = payer_of(claim, 1, "Acme Health", state="denied")
    told = remittance_of(payer.payer, site=site, on=on or timezone.localdate())
    answer = answer_of(payer, ("CO", reason, 10000), remarks=remarks, remittance=told)
    denial_actions.record_denials(answer.remittance)
    return Denial.objects.get(adjudication=answer)


def next_payer_due(site, **columns):
    """A claim whose first payer has answered; its second payer, not billed."""
    claim = ClaimFactory(patient=PatientFactory(site=site))
    first = payer_of(claim, 1, "Acme Health", state="adjudicated", answered_on=timezone.localdate())
    answer_of(first, ("CO", "45", 2000), ("PR", "2", 1600), status="1", paid=6400)
    return payer_of(claim, 2, "Beacon Mutual", **columns)


def held_back(site=None):
    file = EdiFileFactory(outcome="quarantined", reason="CLP04 of claim 7 is no amount.")
    if site:
        file.sites.add(site)
    return file


def without_claim(site):
    return unmatched(PayerFactory(name="Acme Health", edi_id="ACMEHEALTH"), site=site)


def plan_ending(site, *, in_days=42):
    """A patient whose only plan has its last day soon, and nothing after it."""
    last = timezone.localdate() + timedelta(days=in_days)
    return CoverageFactory(patient=PatientFactory(site=site), open_ended=False, ended_on=last).patient


def accident_claim(site, related=("auto",), **columns):
    """An open claim that says it is because of an accident."""
    return ClaimFactory(patient=PatientFactory(site=site), related_to=list(related), **columns)
