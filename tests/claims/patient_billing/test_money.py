"""Money is taken, laid on claims and goes back; statements stay as they were sent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from claims.models import Claim
from claims.patient_billing import holding, paying, refunding
from claims.patient_billing.models import (
    Allocation,
    PatientPayment,
    PatientRefund,
    Statement,
)
from claims.patient_billing.statements import running
from claims.patient_billing.statements.paper import pdf_of
from claims.patient_billing.statements.sending import StatementRefused, issue
from tests.claims.edi_samples import (
    answer,
    claim,
    file_835,
    file_837p,
    insured,
    svc,
    taken_back,
)
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, TODAY, one_plan, only, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]


class TestMoney:
    def test_a_copay_at_the_desk_waits_for_its_claim_and_goes_back_when_it_was_too_much(self, bring, ana, pat, sol):
        bring(file_837p(claim()))
        row = only()
        Claim.objects.filter(pk=row.pk).update(service_from=date(2026, 3, 1))
        payment = paying.take(patient=row.patient, amount_cents=30_00, method="cash", received_on=row.service_to,
                              service_on=row.service_to, kind="prepayment", by=ana)  # fmt: skip
        assert not Allocation.objects.exists()
        Claim.objects.filter(pk=row.pk).update(service_from=row.service_to)
        from claims.patient_billing.laying import lay_prepayments

        assert (lay_prepayments([row.patient_id]), lay_prepayments([row.patient_id])) == (1, 0)
        assert standing().credit_cents == 0
        assert "the patient has paid $30.00 ahead" not in standing().for_patient
        bring(file_835(answer("PCN1", svc(*PAID))))
        assert standing().credit_cents == 10_00
        assert "$10.00 goes back to you" in standing().for_patient

        (refund,) = refunding.propose(claim=only(), reason="More than the share.", by=ana)
        assert refund.amount_cents == 10_00
        with pytest.raises(refunding.RefundRefused, match="nothing to give back"):
            refunding.propose(claim=only(), reason="Again.", by=pat)
        with pytest.raises(refunding.RefundRefused, match="somebody else"):
            refunding.approve(refund=refund, by=ana)
        with pytest.raises(refunding.RefundRefused, match="once it is approved"):
            refunding.send(refund=refund, method="check", reference="77", on=TODAY)
        refunding.approve(refund=refund, by=sol)
        with pytest.raises(refunding.RefundRefused, match="Sol Sato was quicker"):
            refunding.refuse(refund=refund, because="No.", by=pat)
        refunding.send(refund=refund, method="check", reference="77", on=TODAY)
        assert (refund.state, standing().credit_cents, standing().balance.patient_paid_cents) == ("sent", 0, 20_00)
        with pytest.raises(paying.PaymentRefused, match="refunded"):
            paying.reverse(payment=payment, reason="Wrong.", by=pat)

    def test_a_refund_is_not_approved_once_the_payer_took_its_answer_back(self, bring, ana, sol):
        row = one_plan(bring)
        told = {"method": "card", "received_on": TODAY, "claims": {row.pk: 25_00}, "by": ana}
        paying.take(patient=row.patient, amount_cents=25_00, **told)
        (refund,) = refunding.propose(claim=row, reason="Too much.", by=ana)
        bring(file_835(remit(taken_back(answer("PCN1", svc(*PAID))), trace="EFT2")))

        with pytest.raises(refunding.RefundRefused, match="not paid this too much any more"):
            refunding.approve(refund=refund, by=sol)

        refunding.refuse(refund=refund, because="Taken back.", by=sol)
        assert standing().balance.patient_paid_cents == 25_00

    def test_the_database_holds_that_another_person_approves(self, bring, ana):
        row = one_plan(bring)
        paying.take(
            patient=row.patient, amount_cents=25_00, method="card", received_on=TODAY, claims={row.pk: 25_00}, by=ana
        )
        (refund,) = refunding.propose(claim=row, reason="Too much.", by=ana)

        with pytest.raises(IntegrityError), transaction.atomic():
            PatientRefund.objects.filter(pk=refund.pk).update(state="approved", decided_by=ana)

    def test_a_payment_taken_back_is_mirrored_once_and_its_claim_is_owed_again(self, bring, pat, ben):
        row = one_plan(bring)
        payment = paying.take(
            patient=row.patient, amount_cents=20_00, method="check", received_on=TODAY, claims={row.pk: 20_00}, by=ben
        )
        assert (standing().due_cents, standing().because) == (0, "The patient has paid it.")

        back = paying.reverse(payment=payment, reason="The check bounced.", by=pat)
        with pytest.raises(paying.PaymentRefused, match=f"Pat Price reversed it already, with receipt {back.receipt}"):
            paying.reverse(payment=payment, reason="Again.", by=ben)

        assert (back.amount_cents, standing().due_cents) == (-20_00, 20_00)
        assert [p.receipt for p in PatientPayment.objects.order_by("receipt")] == ["R000001", "R000002"]
        with pytest.raises(IntegrityError), transaction.atomic():
            PatientPayment.objects.update(amount_cents=1)

    def test_money_never_lies_on_somebody_elses_claim(self, bring, ben):
        bring(file_837p(claim(), claim("PCN2", subscriber=insured(member="OTHER1", last="ROE", first="ANN"))))
        mine, other = Claim.objects.order_by("control_number")
        assert mine.patient_id != other.patient_id

        with pytest.raises(paying.PaymentRefused, match="somebody else"):
            paying.take(
                patient=mine.patient,
                amount_cents=5_00,
                method="cash",
                received_on=TODAY,
                claims={other.pk: 5_00},
                by=ben,
            )
        free = paying.take(patient=mine.patient, amount_cents=5_00, method="cash", received_on=TODAY, by=ben)
        with pytest.raises(paying.PaymentRefused, match="somebody else"):
            paying.lay(payment=free, claim=other, amount_cents=5_00, by=ben)

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"amount_cents": 0}, "more than 0"),
            ({"amount_cents": 100_000_01}, "at most"),
            ({"received_on": TODAY + timedelta(days=1)}, "not come yet"),
        ],
    )
    def test_a_payment_that_cannot_be_says_why(self, bring, ben, change, why):
        bring(file_837p(claim()))
        told = {"amount_cents": 1, "received_on": TODAY} | change

        with pytest.raises(paying.PaymentRefused, match=why):
            paying.take(patient=only().patient, method="cash", by=ben, **told)


class _Quiet:
    def of(self, *_args):
        pass

    def step(self, *_args):
        pass


class TestStatements:
    def test_it_is_numbered_and_kept_as_it_was_sent(self, bring, ben):
        row = one_plan(bring)
        statement = issue(patient=row.patient, by=ben)

        assert (statement.number, statement.amount_cents, statement.due_on) == (
            "S000001",
            20_00,
            TODAY + timedelta(days=30),
        )
        (said,) = statement.content["claims"]
        (line,) = said["lines"]
        assert (line["charge_cents"], line["off_cents"], line["owes_cents"]) == (150_00, 50_00, 20_00)
        assert line["payers"] == [{"name": "ACME HEALTH", "paid_cents": 80_00}]
        assert line["why"] == "$20.00 is your coinsurance."
        with statement.pdf.open("rb") as kept:
            paper = kept.read()
        assert paper.startswith(b"%PDF-")
        assert paper == pdf_of(statement.content)
        with pytest.raises(IntegrityError), transaction.atomic():
            Statement.objects.update(amount_cents=1)

    def test_two_people_pressing_send_one_and_the_other_is_told(self, bring, ben, sol):
        row = one_plan(bring)
        issue(patient=row.patient, by=ben)

        with pytest.raises(StatementRefused, match="Ben Baker sent statement S000001"):
            issue(patient=row.patient, by=sol)

    def test_a_corrected_one_says_what_it_replaces_also_when_nothing_is_owed(self, bring, ben):
        row = one_plan(bring)
        first = issue(patient=row.patient, by=ben)
        paying.take(
            patient=row.patient, amount_cents=20_00, method="cash", received_on=TODAY, claims={row.pk: 20_00}, by=ben
        )
        second = issue(patient=row.patient, by=ben, corrects=first)

        assert (second.corrects, second.amount_cents) == (first, 0)
        assert second.content["sentence"] == "This replaces statement S000001. You owe nothing."
        assert "you paid $20.00 and you owe nothing" in second.content["claims"][0]["sentence"]

    def test_of_two_who_correct_one_statement_the_second_is_told_who_did(self, bring, ben, sol):
        row = one_plan(bring)
        first = issue(patient=row.patient, by=ben)
        issue(patient=row.patient, by=ben, corrects=first)

        with pytest.raises(StatementRefused, match="Ben Baker replaced it already, by statement S000002"):
            issue(patient=row.patient, by=sol, corrects=first)

    def test_a_run_sends_each_one_and_says_for_whom_not_and_again_sends_nobody_a_second(self, bring, ben, main):
        bring(file_837p(claim(), claim("PCN2", subscriber=insured(member="OTHER1", last="ROE", first="ANN"))))
        bring(file_835(answer("PCN1", svc(*PAID)), answer("PCN2", svc(*PAID), number="I2", last="ROE", first="ANN")))
        held = Claim.objects.get(control_number="PCN2")
        run = running.start(by=ben, site=main)
        holding.place(claim=held, because="A letter.", until=TODAY + timedelta(days=5), by=ben)
        with pytest.raises(running.RunRefused, match="Ben Baker started"):
            running.start(by=ben, site=main)

        done = running.send_all(run, _Quiet())
        again = running.send_all(run, _Quiet())

        assert done == again == {"sent": 1, "not_sent": 0}
        assert Statement.objects.get().run == run
        assert running.left_out([main.pk], TODAY).count() == 2
        assert not running.candidates([main.pk], TODAY).exists()
