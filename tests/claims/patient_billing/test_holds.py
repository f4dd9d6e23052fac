"""From a payer's file to a patient's share: holds come and go, facts are asked and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from claims.ledger_check import check_all
from claims.models import Adjudication, Claim, Posting
from claims.patient_billing import holding, protecting, telling
from claims.patient_billing.models import (
    Ground,
    HoldChange,
    StatementHold,
)
from claims.patient_billing.standing import standings
from claims.patient_billing.statements.sending import StatementRefused, issue
from cob.audit import subscribers
from cob.coverage.facts import tell_fact
from cob.coverage.models import Contract, Coverage
from cob.coverage.payment_actions import set_contract
from cob.x12.parts import NamedAmount
from denials.actions import resolve
from denials.models import Denial
from tests.claims.edi_samples import (
    BETA,
    MEDICARE,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    insured,
    service,
    svc,
    taken_back,
    to,
    whole,
)
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, TODAY, grounds, one_plan, only, standing, two_plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]


class TestHolds:
    def test_it_waits_for_every_payer_and_goes_when_the_last_has_answered(self, bring):
        two_plans(bring)
        assert grounds() == [Ground.PAYER_OUTSTANDING]
        hold = StatementHold.objects.get()
        assert (hold.because, hold.owner_role) == ("BETA LIFE has not been billed.", "biller")
        assert hold.expires_on == TODAY + timedelta(days=60)
        with pytest.raises(StatementRefused, match="BETA LIFE has not been billed"):
            issue(patient=only().patient, by=None)

        bring(file_835(remit(answer("PCN1", svc(("OA-23", 130_00), ("PR-2", 5_00)), status="2", number="B1"),
                             trace="EFT2", payer=BETA)))  # fmt: skip

        assert grounds() == []
        assert list(HoldChange.objects.order_by("at").values_list("what", "why")) == [
            ("placed", "BETA LIFE has not been billed."),
            ("lifted", "Every payer has answered."),
        ]
        assert standing().due_cents == 5_00

    def test_a_line_the_last_payer_said_nothing_of_is_not_asked_of_the_patient(self, bring):
        bring(file_837p(claim("PCN1", service(1), service(2, "85025"), other_coverages=(also(),))))
        second = svc(*PAID, code="85025", number=2)
        bring(file_835(answer("PCN1", svc(*PAID), second)))
        own = svc(("OA-23", 130_00), ("PR-2", 5_00))
        bring(file_835(remit(answer("PCN1", own, status="2", number="B1"), trace="EFT2", payer=BETA), number=2))

        assert grounds() == [Ground.PAYER_OUTSTANDING]
        assert standing().held == "BETA LIFE answered the claim, but not line 2."
        assert standing().owes_cents is None

        rest = svc(("OA-23", 130_00), ("PR-2", 5_00), code="85025", number=2)
        bring(file_835(remit(answer("PCN1", rest, status="2", number="B2"), trace="EFT3", payer=BETA), number=3))
        assert grounds() == []
        assert standing().due_cents == 10_00

    def test_a_guarded_line_the_last_payer_said_nothing_of_is_not_given_up_before_it_answers(self, bring):
        bring(file_837p(claim("PCN1", service(1), service(2, "85025"), other_coverages=(also(),))))
        guarded = {"remarks": ("N782",)}
        bring(file_835(answer("PCN1", svc(*PAID, **guarded), svc(*PAID, code="85025", number=2, **guarded))))
        own = svc(("OA-23", 130_00))
        bring(file_835(remit(answer("PCN1", own, status="2", number="B1"), trace="EFT2", payer=BETA), number=2))

        assert standing().held == "BETA LIFE answered the claim, but not line 2."
        assert standing().owes_cents == 0
        with pytest.raises(protecting.NothingToProtect):
            protecting.write_off(claim=only(), by=None)

        rest = svc(("OA-23", 130_00), ("CO-45", 5_00), code="85025", number=2)
        bring(file_835(remit(answer("PCN1", rest, status="2", number="B2"), trace="EFT3", payer=BETA), number=3))
        assert standing().held == ""
        assert only().paid_cents == 2 * 80_00 + 20_00 + 15_00

    def test_an_answer_of_the_whole_claim_leaves_no_line_out(self, bring):
        bring(file_837p(claim("PCN1", service(1), service(2, "85025"), other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(*PAID), svc(*PAID, code="85025", number=2))))
        said = whole("PCN1", 300_00, ("OA-23", 260_00), ("PR-2", 10_00), status="2", number="B1")
        bring(file_835(remit(said, trace="EFT2", payer=BETA), number=2))

        assert "but not line" not in standing().held

    def test_a_line_left_out_of_which_nothing_is_left_holds_nothing(self, bring):
        bring(file_837p(claim("PCN1", service(1), service(2, "85025"), other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(*PAID), svc(("CO-45", 50_00), code="85025", number=2))))
        own = svc(("OA-23", 130_00), ("PR-2", 5_00))
        bring(file_835(remit(answer("PCN1", own, status="2", number="B1"), trace="EFT2", payer=BETA), number=2))

        assert grounds() == []
        assert standing().due_cents == 5_00

    def test_a_payer_that_passed_the_claim_on_is_not_said_to_have_refused_it(self, bring):
        bring(file_837p(claim(other_coverages=(also(),))))
        # Second in its file: of one day the order is that of the files, and not of the places in them.
        others = answer("PCN8", svc(("CO-45", 40_00), code="85025", charge=77_00, on=date(2026, 1, 9)), last="ROE")
        bring(file_835(others, answer("PCN1", svc(("OA-109", 150_00)), status="23", number="A1")))

        assert standing().held == "ACME HEALTH passed the claim on as not its own."

        bring(file_835(remit(answer("PCN1", svc(("CO-16", 150_00)), number="A2"), trace="EFT2"), number=2))
        assert standing().held.startswith("ACME HEALTH refused the claim")

    def test_payers_that_answered_the_other_way_round_hold_it(self, bring):
        bring(file_837p(claim(other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(("CO-22", 150_00)), number="A1")))
        first = answer("PCN1", svc(("CO-45", 40_00), ("PR-2", 20_00)), number="B1")
        bring(file_835(remit(first, trace="EFT2", payer=BETA), number=2))
        assert standing().held == ""
        # Acme comes first on the claim, and pays what Beta left to the patient.
        behind = answer("PCN1", svc(("OA-23", 130_00)), number="A2", status="2")
        bring(file_835(remit(behind, trace="EFT3"), number=3))

        assert standing().held.startswith("BETA LIFE answered ahead of ACME HEALTH")
        assert grounds() == [Ground.ANOTHER_PAYER]

    def test_looking_twice_changes_nothing(self, bring):
        two_plans(bring)
        holding.follow(Claim.objects.all())

        assert holding.follow(Claim.objects.all()) == 0

    def test_an_answer_taken_back_holds_again(self, bring):
        one_plan(bring)
        assert grounds() == []
        first = answer("PCN1", svc(*PAID))
        bring(file_835(remit(taken_back(first), trace="EFT9")))

        # Nothing is left to the patient, so there is nothing to hold until the corrected answer says so.
        assert (grounds(), standing().held) == (
            [],
            "ACME HEALTH took its answer back, and the corrected one is not here.",
        )

    def test_events_bring_it_about_by_themselves(self, bring, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            two_plans(bring)
        subscribers.tell_now()

        assert StatementHold.objects.open().get().ground == Ground.PAYER_OUTSTANDING

    @pytest.mark.parametrize("filed_as", ["CI", "HM"])
    @pytest.mark.parametrize(("remark", "owed"), [("N782", 0), ("N130", 20_00)])
    def test_a_remark_that_the_patient_is_a_qmb_protects_whatever_its_payer_is_on_file_as(
        self, bring, filed_as, remark, owed
    ):
        bring(file_837p(claim(subscriber=insured(filing=filed_as))))
        said = replace(answer("PCN1", svc(*PAID)), outpatient_remarks=(remark,), filing_code="MB")
        bring(file_835(remit(said)))

        assert grounds() == ([] if owed else [Ground.UNRECONCILED])
        assert standing().due_cents == owed

    def test_a_coverage_of_the_day_that_is_not_on_the_claim_holds(self, bring):
        row = one_plan(bring)
        plan = row.payers.get().coverage
        Coverage.objects.create(
            patient=row.patient, payer=plan.payer, kind="medicaid", relationship="self", member_id="X2"
        )

        assert grounds() == [Ground.COVERAGE_NOT_BILLED]

    def test_a_person_places_extends_and_lifts_with_a_reason(self, bring, ben, sol):
        row = one_plan(bring)
        soon, later = TODAY + timedelta(days=10), TODAY + timedelta(days=40)
        hold = holding.place(claim=row, because="Waiting for a letter.", until=soon, by=ben)
        with pytest.raises(holding.HoldRefused, match="by hand already"):
            holding.place(claim=row, because="Again.", until=soon, by=sol)
        with pytest.raises(StatementRefused, match="Waiting for a letter"):
            issue(patient=row.patient, by=ben)
        with pytest.raises(holding.HoldRefused, match="Say why"):
            holding.lift(hold=hold, because=" ", by=ben)
        holding.extend(hold=hold, because="The letter is late.", until=later, by=sol)
        holding.lift(hold=hold, because="It came.", by=ben)
        with pytest.raises(holding.HoldRefused, match="Ben Baker lifted it"):
            holding.lift(hold=hold, because="Me too.", by=sol)

        assert [(c.what, c.by.username) for c in hold.changes.all()] == [
            ("placed", "ben"), ("extended", "sol"), ("lifted", "ben"),
        ]  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            HoldChange.objects.filter(hold=hold).update(why="never")

    @pytest.mark.parametrize("days", [0, 91])
    def test_nothing_is_held_until_a_day_that_is_not_ahead_or_too_far(self, bring, ben, days):
        row = one_plan(bring)

        with pytest.raises(holding.HoldRefused, match="tomorrow"):
            holding.place(claim=row, because="x", until=TODAY + timedelta(days=days), by=ben)

    @pytest.mark.parametrize("is_over", [True, False], ids=["the first is settled", "the first is open"])
    def test_a_claim_let_out_against_one_refusal_is_held_again_for_the_next(self, bring, ben, is_over):
        row = one_plan(bring)
        answered = Adjudication.objects.get()
        told = {
            "site": row.site, "claim": row, "adjudication": answered, "payer": answered.remittance.payer,
            "kind": "denial", "family": "cob", "recorded_on": TODAY,
        }  # fmt: skip
        first = Denial.objects.create(**told, category="order_wrong", answered_on=TODAY)
        assert grounds() == [Ground.COB_DENIAL]
        holding.lift(hold=StatementHold.objects.open().get(), because="The patient pays it all.", by=ben)
        assert grounds() == []

        if is_over:
            resolve(denial=first, resolution="Sent again.")
        Denial.objects.create(**told, category="msp_conflict", answered_on=TODAY + timedelta(days=30))

        assert grounds() == [Ground.COB_DENIAL]

    def test_what_only_facts_can_end_is_not_lifted_by_hand(self, bring, ben):
        two_plans(bring)
        holding.follow(Claim.objects.all())

        with pytest.raises(holding.HoldRefused, match="goes when its cause goes"):
            holding.lift(hold=StatementHold.objects.get(), because="Please.", by=ben)


class TestShares:
    def test_a_fact_nobody_told_holds_until_it_is_told(self, bring, ben):
        bring(file_837p(claim(subscriber=insured(filing="MB"), payer=to(MEDICARE))))
        bring(file_835(remit(answer("PCN1", svc(*PAID), number="M1"), payer=MEDICARE)))
        assert grounds() == [Ground.FACT_UNKNOWN]
        assert standing().owes_cents is None
        assert "still working out your part" in standing().for_patient

        telling.answer(claim=only(), fact="qmb", value=False, told_by="271 of 04/10", by=ben)

        assert (grounds(), standing().due_cents) == ([], 20_00)

    def test_a_protected_patients_share_is_written_off_by_its_rule_and_falls_with_the_answer(self, bring, pat, ben):
        bring(file_837p(claim(subscriber=insured(filing="MB"), payer=to(MEDICARE))))
        said = answer("PCN1", svc(*PAID), number="M1")
        bring(file_835(remit(said, payer=MEDICARE)))
        tell_fact(patient=only().patient, path="medicare.qmb", value=True, told_by="271", by=ben)
        assert grounds() == [Ground.UNRECONCILED]
        assert standing().held == "$20.00 may not be asked of the patient and is not written off."

        assert protecting.write_off(claim=only(), by=pat) == 20_00
        with pytest.raises(protecting.NothingToProtect):
            protecting.write_off(claim=only(), by=pat)

        row = only()
        assert (row.written_off_cents, row.insurer_open_cents, row.patient_cents) == (70_00, 0, 0)
        assert grounds() == []
        assert standing().because == "The patient owes nothing."
        assert check_all().broken == {}
        assert protecting.take_back(claim=only(), because="It was another patient’s card.", by=pat) == 20_00
        with pytest.raises(protecting.NothingToProtect):
            protecting.take_back(claim=only(), because="Again.", by=pat)
        assert (only().written_off_cents, only().patient_cents) == (50_00, 20_00)
        protecting.write_off(claim=only(), by=pat)
        assert check_all().broken == {}
        bring(file_835(remit(taken_back(said), trace="EFT9", payer=MEDICARE)))
        row = only()
        assert (row.written_off_cents, row.insurer_open_cents) == (0, 150_00)
        assert not Posting.objects.filter(reversal=None, kind="write_off").exclude(reverses=None).exists()

    @pytest.mark.parametrize(("is_full", "held", "due"), [(True, "$20.00 may not be asked", 0), (False, "", 20_00)])
    def test_where_medicaid_refused_the_person_it_is_asked_whether_there_is_full_medicaid(
        self, bring, ben, is_full, held, due
    ):
        state = ("77777", "STATE MEDICAID")
        bring(file_837p(claim(subscriber=insured(filing="MB"), payer=to(MEDICARE), other_coverages=(also(state),))))
        Coverage.objects.filter(claim_payers__rank=2).update(kind="medicaid")
        tell_fact(patient=only().patient, path="medicare.qmb", value=False, told_by="271", by=ben)
        bring(file_835(remit(answer("PCN1", svc(*PAID)), payer=MEDICARE)))
        said = answer("PCN1", svc(("OA-23", 130_00), ("PR-204", 20_00)), status="2", number="B1")
        bring(file_835(remit(said, trace="EFT2", payer=state), number=2))
        assert grounds() == [Ground.FACT_UNKNOWN]
        assert standing().held == "Did the patient have full Medicaid on that day?"

        telling.answer(claim=only(), fact="full_medicaid", value=is_full, told_by="271 of 04/10", by=ben)

        assert standing().held.startswith(held)
        assert (bool(standing().held), standing().due_cents) == (bool(held), due)

    def test_a_contract_told_of_a_payer_holds_for_its_claims_from_its_day_on(self, bring, ben):
        row = one_plan(bring, ("PR-45", 50_00), ("PR-2", 20_00))
        assert standing().owes_cents == 70_00
        payer = row.payers.get().payer
        later = row.service_from + timedelta(days=1)
        told = {"payer": payer, "site": row.site, "is_in_network": True, "by": ben}
        set_contract(effective_on=later, source="Contract 12", **told)
        assert standing().owes_cents == 70_00
        set_contract(effective_on=row.service_from, source="Contract 11", **told)

        assert standing().owes_cents == 20_00
        assert standing().held == "$50.00 may not be asked of the patient and is not written off."

    def test_a_contract_nobody_told_of_is_asked_and_kept_with_the_payer(self, bring, ben):
        bring(file_837p(claim(other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(("PR-45", 50_00), ("PR-2", 20_00)))))
        second = replace(svc(("OA-23", 80_00), ("PR-2", 40_00)), amounts=(NamedAmount("B6", 120_00),))
        bring(file_835(remit(answer("PCN1", second, status="2", number="B1"), trace="EFT2", payer=BETA)))
        assert grounds() == [Ground.FACT_UNKNOWN]
        assert standing().held == "Does the practice have a contract with BETA LIFE?"
        with pytest.raises(telling.NotTold, match="where it stands"):
            telling.answer(claim=only(), fact="contracted:2", value=True, told_by="Sol", by=ben)

        telling.answer(claim=only(), fact="contracted:2", value=False, told_by="Sol", source="Contract file", by=ben)

        assert Contract.objects.get().is_in_network is False
        assert (grounds(), standing().due_cents) == ([], 40_00)

    def test_many_claims_cost_as_many_queries_as_one(self, bring, django_assert_num_queries):
        bring(file_837p(*(claim(f"PCN{n}") for n in range(1, 21))))
        bring(file_835(*(answer(f"PCN{n}", svc(*PAID), number=f"I{n}") for n in range(1, 21))))
        claims = list(Claim.objects.select_related("patient", "site").order_by("control_number"))
        with django_assert_num_queries(23):
            one = standings(claims[:1])
        with django_assert_num_queries(23):
            many = standings(claims)

        assert {row.due_cents for row in (*one, *many)} == {20_00}
