"""Disputes, holds and credits of patients are work, and end with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing import disputing, holding, paying, refunding, telling
from claims.patient_billing.models import (
    Ground,
)
from claims.patient_billing.statements.sending import StatementRefused, issue
from tests.claims.edi_samples import (
    MEDICARE,
    answer,
    claim,
    file_835,
    file_837p,
    insured,
    svc,
    to,
)
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, TODAY, grounds, one_plan, only, standing, two_plans
from tests.factories.denials import ClaimFactory
from workqueues import ladder, membership, presenters
from workqueues.kpi import queries
from workqueues.kpi.measures import BY_SLUG, Slice
from workqueues.kpi.periods import Week
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]


class TestDisputes:
    def test_it_holds_what_it_is_about_until_it_is_closed_with_a_cause(self, bring, ana, ben):
        row = one_plan(bring)
        statement = issue(patient=row.patient, by=ben)
        dispute = disputing.open_dispute(
            patient=row.patient, statement=statement, text="My other plan pays this.", told_by="Patient",
            received_on=TODAY, by=ana,
        )  # fmt: skip

        assert (dispute.due_on, dispute.owner) == (date(2026, 4, 22), ana)
        assert grounds() == [Ground.DISPUTE]
        with pytest.raises(StatementRefused, match="disputes it"):
            issue(patient=row.patient, by=ben)
        with pytest.raises(disputing.DisputeRefused, match="what caused it"):
            disputing.close(dispute=dispute, cause="unknown", outcome="explained", text="x", by=ben)
        disputing.close(dispute=dispute, cause="order_wrong", outcome="explained", text="Explained it.", by=ben)
        with pytest.raises(disputing.DisputeRefused, match="Ben Baker closed it"):
            disputing.note(dispute=dispute, text="Late.", by=ana)

        assert grounds() == []
        assert standing().is_releasable

    def test_the_second_time_is_counted(self, bring, ana):
        row = one_plan(bring)
        told = {
            "patient": row.patient,
            "claim": row,
            "text": "Wrong.",
            "told_by": "Patient",
            "received_on": TODAY,
            "by": ana,
        }
        first = disputing.open_dispute(**told)
        second = disputing.open_dispute(**told)
        disputing.close(dispute=first, cause="price", outcome="explained", text="Told.", by=ana)

        assert (first.attempt, second.attempt) == (1, 2)
        assert grounds() == [Ground.DISPUTE]

    @pytest.mark.parametrize(
        ("first", "then", "attempt"),
        [
            pytest.param("claim", "claim", 2, id="the same claim"),
            pytest.param("claim", "statement", 2, id="the claim, then the statement it is on"),
            pytest.param("statement", "other", 1, id="another claim than the statement's"),
            pytest.param("claim", "other", 1, id="another claim"),
        ],
    )
    def test_a_second_time_is_about_the_same_again(self, bring, ana, first, then, attempt):
        row = one_plan(bring)
        about = {
            "claim": {"claim": row},
            "statement": {"statement": issue(patient=row.patient, by=ana)},
            "other": {"claim": ClaimFactory(patient=row.patient)},
        }
        told = {"patient": row.patient, "text": "Wrong.", "told_by": "Patient", "received_on": TODAY, "by": ana}
        disputing.open_dispute(**told, **about[first])

        assert disputing.open_dispute(**told, **about[then]).attempt == attempt


class TestWork:
    def in_queue(self, slug):
        membership.ask()
        return list(Item.objects.open().filter(queue=slug).order_by("subject_id").values_list("reason", "amount_cents"))

    @pytest.mark.parametrize(("days", "found"), [(59, 0), (60, 1)])
    def test_a_hold_becomes_work_on_its_day(self, bring, days, found):
        two_plans(bring)
        holding.follow(Claim.objects.all())
        with time_machine.travel(f"{TODAY + timedelta(days=days)}T15:00:00+00:00", tick=False):
            rows = self.in_queue("statement-hold")

        assert [reason for reason, _ in rows] == ["Statement held: BETA LIFE has not been billed."] * found

    @pytest.mark.parametrize(("days", "levels"), [(60, 0), (61, 1), (90, 1), (91, 2)])
    def test_a_statement_held_for_more_than_60_and_90_days_climbs(self, bring, days, levels):
        two_plans(bring)
        holding.follow(Claim.objects.all())
        with time_machine.travel(f"{TODAY + timedelta(days=days)}T15:00:00+00:00", tick=False):
            membership.ask()
            Item.objects.update(due_at=timezone.now() + timedelta(days=9), touched_at=timezone.now())
            ladder.escalate()

        assert Item.objects.get(queue="statement-hold").escalation_level == levels

    def test_a_hold_that_waits_for_a_person_is_work_at_once_and_ends_by_itself(self, bring, ben):
        bring(file_837p(claim(subscriber=insured(filing="MB"), payer=to(MEDICARE))))
        bring(file_835(remit(answer("PCN1", svc(*PAID), number="M1"), payer=MEDICARE)))
        grounds()
        assert self.in_queue("statement-hold") == [
            ("Statement held: Is the patient a Qualified Medicare Beneficiary?", 20_00)
        ]
        telling.answer(claim=only(), fact="qmb", value=False, told_by="271", by=ben)
        grounds()

        assert self.in_queue("statement-hold") == []
        assert Item.objects.get(queue="statement-hold").closed_because == "The question was answered."

    def test_a_credit_is_work_until_the_money_went_back(self, bring, ana, sol):
        row = one_plan(bring)
        paying.take(
            patient=row.patient, amount_cents=25_00, method="card", received_on=TODAY, claims={row.pk: 25_00}, by=ana
        )
        assert self.in_queue("credit-balances") == [
            ("$5.00 the patient paid too much goes back: propose the refund.", 5_00)
        ]
        (refund,) = refunding.propose(claim=row, reason="Too much.", by=ana)
        assert self.in_queue("credit-balances")[0][0].endswith("waits for approval.")
        refunding.approve(refund=refund, by=sol)
        refunding.send(refund=refund, method="card", reference="", on=TODAY)

        assert self.in_queue("credit-balances") == []

    def test_a_refund_of_money_on_no_claim_is_work_until_it_is_sent(self, bring, ana, sol):
        patient = one_plan(bring).patient
        payment = paying.take(patient=patient, amount_cents=25_00, method="card", received_on=TODAY, by=ana)
        assert self.in_queue("credit-balances") == []
        refund = refunding.propose_free(payment=payment, reason="Paid for nothing.", by=ana)
        words = f"$25.00 of receipt {payment.receipt}, which lie on no claim: the refund "
        assert self.in_queue("credit-balances") == [(f"{words}waits for approval.", 25_00)]
        refunding.approve(refund=refund, by=sol)
        assert self.in_queue("credit-balances") == [(f"{words}was approved: send it.", 25_00)]
        (place, *_) = presenters.places(Item.objects.open().get(queue="credit-balances"))
        assert (place.label, place.url) == ("Look at the refund", reverse("billing:refund-page", args=[refund.pk]))
        refunding.send(refund=refund, method="card", reference="", on=TODAY)

        assert self.in_queue("credit-balances") == []

    def test_a_credit_out_of_two_payments_is_one_sum_of_what_has_the_next_step_before_it(self, bring, ana, sol):
        row = one_plan(bring)
        for days_ago, cents in ((1, 25_00), (0, 4_00)):
            day = TODAY - timedelta(days=days_ago)
            taken = {"method": "card", "received_on": day, "claims": {row.pk: cents}, "by": ana}
            paying.take(patient=row.patient, amount_cents=cents, **taken)
        refunds = refunding.propose(claim=row, reason="Too much.", by=ana)
        assert self.in_queue("credit-balances") == [("$9.00 the patient paid too much waits for approval.", 9_00)]
        for refund in refunds:
            refunding.approve(refund=refund, by=sol)

        assert self.in_queue("credit-balances") == [("$9.00 the patient paid too much was approved: send it.", 9_00)]

    @pytest.mark.parametrize("months", [0, 8], ids=["with the answer", "long after it"])
    def test_thirty_days_to_give_it_back_run_from_the_day_the_patient_paid_too_much(self, bring, ana, months):
        row = one_plan(bring)
        day = TODAY + timedelta(days=30 * months)
        with time_machine.travel(f"{day}T15:00:00+00:00", tick=False):
            taken = {"method": "card", "received_on": day, "claims": {row.pk: 25_00}, "by": ana}
            paying.take(patient=row.patient, amount_cents=25_00, **taken)
            membership.ask()

        item = Item.objects.get(queue="credit-balances")
        assert (item.needed_on, timezone.localdate(item.entered_at)) == (day + timedelta(days=30), day)

    @pytest.mark.parametrize(("cause", "counted"), [("order_wrong", 1), ("price", 0)])
    def test_disputes_are_work_and_count_by_cause(self, bring, ben, sol, cause, counted):
        row = one_plan(bring)
        statement = issue(patient=row.patient, by=ben)
        told = {"text": "Wrong.", "told_by": "Patient", "received_on": TODAY, "by": ben, "cause": cause}
        disputing.open_dispute(patient=row.patient, statement=statement, **told)

        assert len(self.in_queue("patient-disputes")) == 1
        (figure,) = queries.figures(BY_SLUG["dispute-rate"], Slice(sol), Week.of(TODAY), 1)
        assert (figure.numerator, figure.denominator) == (counted, 1)

    def test_a_dispute_counts_in_the_week_it_came_whenever_its_statement_was_sent(self, bring, ben, sol):
        row = one_plan(bring)
        statement = issue(patient=row.patient, by=ben)
        told = {"text": "Wrong.", "told_by": "Patient", "by": ben, "cause": "order_wrong", "statement": statement}
        later = TODAY + timedelta(days=14)
        disputing.open_dispute(patient=row.patient, received_on=later, **told)
        rate, part = BY_SLUG["dispute-rate"], Slice(sol)

        figures = queries.figures(rate, part, Week.of(later), 3)

        assert [(f.numerator, f.denominator) for f in figures] == [(0, 1), (0, 0), (1, 0)]
        assert [row.pk for row in queries.behind(rate, part, Week.of(TODAY))] == [statement.pk]
        (behind,) = queries.behind(rate, part, Week.of(later), only_counted=True)
        assert (behind.received_on, behind.cause) == (later, "order_wrong")
