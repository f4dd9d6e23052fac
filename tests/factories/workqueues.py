"""Items as the queues open them, and the facts behind each question."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import factory
from django.utils import timezone

from claims.models import Acknowledgement, Credit, ExpectedPayment, Recoupment, Submission
from claims.models.recoupment import CreditKind
from claims.patient_billing.models import Dispute, StatementHold
from cob.coverage.cases import CaseOnFile, case_for
from cob.coverage.models import Coverage, Determination
from cob.dates import first_day, month_of
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


def settle_order(patient, *, status="determined", questions=(), on=None, **columns):
    """An order as it would be put on file now, settled or not."""
    order = [str(pk) for pk in Coverage.objects.filter(patient=patient).values_list("pk", flat=True)]
    day = on or timezone.localdate()
    found = case_for(patient, day)
    return Determination.objects.create(
        patient=patient,
        service_on=day,
        case=found.case if isinstance(found, CaseOnFile) else {},
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


def underpaid(site):
    """A first payer that paid ten dollars less than the least expected of it."""
    claim = ClaimFactory(patient=PatientFactory(site=site))
    payer = payer_of(claim, 1, "Acme Health", state="adjudicated", answered_on=timezone.localdate())
    return ExpectedPayment.objects.create(
        claim_payer=payer, low_cents=7400, high_cents=7400, paid_cents=6400, difference_cents=-1000,
        tolerance_cents=100, because="The fee less the patient's share.", answered_on=timezone.localdate(),
    )  # fmt: skip


def rejected(site):
    """A first payer whose front end turned the claim away."""
    return payer_of(ClaimFactory(patient=PatientFactory(site=site)), 1, "Acme Health", state="rejected")


def demanded_back(site):
    """A letter that wants ten dollars back."""
    today = timezone.localdate()
    claim = ClaimFactory(patient=PatientFactory(site=site))
    return Recoupment.objects.create(
        claim=claim, payer=payer_of(claim, 1, "Acme Health").payer, amount_cents=10_00, ground="duplicate",
        reference="L1", letter_on=today, received_on=today, letter="letters/l1.pdf", letter_name="l1.pdf",
    )  # fmt: skip


def paid_too_much(site):
    """Ten dollars that belong to the payer."""
    today = timezone.localdate()
    claim = ClaimFactory(patient=PatientFactory(site=site))
    return Credit.objects.create(
        claim=claim, kind=CreditKind.PAID_TWICE, payer=payer_of(claim, 1, "Acme Health").payer, amount_cents=10_00,
        most_cents=10_00, because="Acme Health paid the same twice.", since=today, found_on=today,
    )  # fmt: skip


def statement_held(site):
    """A statement held by hand until today."""
    today = timezone.localdate()
    claim = ClaimFactory(patient=PatientFactory(site=site))
    return StatementHold.objects.create(
        claim=claim, ground="by_hand", because="The patient asked us to wait.",
        owner_role="biller", opened_on=today, expires_on=today,
    )  # fmt: skip


def disputed(site):
    """A patient who says that it is wrong."""
    today = timezone.localdate()
    return Dispute.objects.create(
        site=site, patient=PatientFactory(site=site), received_on=today, told_by="Patient", text="Wrong.",
        cause="order_wrong", due_on=today,
    )  # fmt: skip


def held_back(site=None):
    file = EdiFileFactory(outcome="quarantined", reason="CLP04 of claim 7 is no amount.")
    if site:
        file.sites.add(site)
    return file


def unplaced(site=None, *, rejections=1, cents=150_00):
    """A file of acknowledgements whose rejections answer no sending on file."""
    file = EdiFileFactory(kind="277CA", outcome="stored")
    if site:
        file.sites.add(site)
    for n in range(rejections):
        Acknowledgement.objects.create(
            file=file, position=10 + n, kind="277CA", level="claim", said="rejected", codes=["A7:562:85"],
            in_words="ACME HEALTH: turned away, something is not valid.", answers_to=f"OLD{n}", charge_cents=cents,
            on=timezone.localdate(), unmatched_because=f"No claim sent from here has the number OLD{n}.",
        )  # fmt: skip
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


def sent(site, *, days_ago, rank=1, accepted=True, on_paper=False, **columns):
    """A claim with a payer, sent so many days ago, with no answer yet."""
    day = timezone.localdate() - timedelta(days=days_ago)
    claim = ClaimFactory(patient=PatientFactory(site=site))
    if rank > 1:
        payer_of(claim, 1, "Acme Health", state="adjudicated", answered_on=day)
    payer = payer_of(claim, rank, "Beacon Mutual", state="submitted", submitted_on=day, **columns)
    at = timezone.make_aware(datetime.combine(day, time(12)))
    Submission.objects.create(
        claim=claim, claim_payer=payer, sent_at=at, accepted_on=day if accepted else None, on_paper=on_paper
    )
    return payer


def awaiting_primary(site):
    """The first payer has been silent for 21 days."""
    return sent(site, days_ago=21)


def awaiting_later(site):
    """The second payer has the claim since yesterday."""
    return sent(site, days_ago=1, rank=2)


def crossed_over(site, *, until_in=0):
    """A copy went to the second payer, whose wait ends today unless `until_in` says otherwise."""
    until = timezone.localdate() + timedelta(days=until_in)
    return next_payer_due(site, state="forwarded", crossover_until=until)


def questionnaire(site):
    """A payer that pays only once the patient has answered it."""
    return refused(site, "227")


def not_medically_necessary(site):
    """A refusal that is none of coordination."""
    return refused(site, "50")


def filed_too_late(site):
    """A refusal because the claim came too late."""
    return refused(site, "29")


def both_deny(site):
    """Two payers that each say the other comes first: the second one today."""
    claim = refused(site).claim
    second = payer_of(claim, 2, "Beacon Mutual", state="denied")
    told = remittance_of(second.payer, site=site, on=timezone.localdate())
    answer_of(second, ("CO", "22", 10000), remittance=told)
    denial_actions.record_denials(told)
    return claim


def care_billed(site, day, *, patient=None, procedure="99493"):
    """Care management billed for the month of a day."""
    claim = ClaimFactory(patient=patient or PatientFactory(site=site), service_from=day, billed_on=day)
    claim.lines.update(procedure=procedure)
    return claim


def care_month_missed(site):
    """Care management billed for the month before last, and not for the last one, which has been over for 3 days."""
    this_month = month_of(timezone.localdate() - timedelta(days=3))
    return care_billed(site, first_day(this_month - 2))
