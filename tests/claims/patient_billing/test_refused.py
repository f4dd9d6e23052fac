"""What a payer refused is not asked of the patient before somebody has decided on it, and holds nothing afterwards."""

from __future__ import annotations

import pytest

from claims.actions import apply_order
from claims.ledger_check import check_all
from claims.models.claim import PayerState
from claims.patient_billing import paying, refunding
from claims.patient_billing.models import Ground
from claims.patient_billing.statements.sending import StatementRefused, issue
from cob.audit.acting import acting
from cob.coverage.facts import tell_fact
from cob.coverage.models import Coverage
from denials.actions import record_missed
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
)
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, TODAY, grounds, only, standing
from tests.claims.stories import determined
from workqueues import actions, membership
from workqueues.models import Item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]


@pytest.fixture
def give_up(dee, sol):
    """Dee asks for the write-off of the one denial there is, and Sol agrees."""

    def _give_up(queue="other-denials"):
        with acting("the night"):
            record_missed()
            membership.ask()
        with acting(dee):
            mine = actions.take(item=Item.objects.get(queue=queue), by=dee)
            asked = actions.close(
                item=mine, code="write_off", root_cause="sent_late", because="Past every limit.", by=dee
            )
        with acting(sol):
            actions.approve(item=asked, by=sol)

    return _give_up


def second(*lines, number="B1", trace="EFT2", file=2):
    return file_835(remit(answer("PCN1", *lines, status="2", number=number), trace=trace, payer=BETA), number=file)


class TestOneLine:
    """Two lines of 150: the first payer paid 80 of each, took 50 off and left 20; the second refuses one."""

    def of_two(self, bring, *refusal, first="CI", kind=""):
        payer = {"payer": to(MEDICARE)} if first == "MB" else {}
        lines = service(1), service(2, "85025")
        bring(file_837p(claim("PCN1", *lines, subscriber=insured(filing=first), other_coverages=(also(),), **payer)))
        tell_fact(patient=only().patient, path="medicare.qmb", value=False, told_by="271", by=None)
        if kind:
            Coverage.objects.filter(claim_payers__rank=2).update(kind=kind)
        paid = answer("PCN1", svc(*PAID), svc(*PAID, code="85025", number=2))
        bring(file_835(remit(paid, payer=MEDICARE if first == "MB" else ("55555", "ACME HEALTH"))))
        own = svc(("OA-23", 130_00), *refusal, code="85025", number=2)
        bring(second(svc(("OA-23", 130_00), ("PR-2", 5_00)), own))
        return own

    @pytest.mark.parametrize("code", ["CO-16", "CO-27", "CO-96", "CO-252", "OA-18", "OA-133", "PI-204"])
    def test_what_the_last_payer_refused_of_it_is_worked_before_a_statement_goes(self, bring, code):
        self.of_two(bring, (code, 20_00))

        assert grounds() == [Ground.UNRECONCILED]
        assert standing().held == "$20.00 was refused by BETA LIFE, and nobody has decided on that yet."
        assert (only().patient_cents, only().insurer_open_cents, standing().due_cents) == (5_00, 20_00, 0)
        with pytest.raises(StatementRefused, match="refused by BETA LIFE"):
            issue(patient=only().patient, by=None)

    @pytest.mark.parametrize(
        ("kind", "code"), [("employer", "CO-16"), ("employer", "CO-96"), ("medigap", "CO-16"), ("medigap", "OA-18")]
    )
    def test_nor_what_a_plan_behind_medicare_refused(self, bring, kind, code):
        self.of_two(bring, (code, 20_00), first="MB", kind=kind)

        assert grounds() == [Ground.UNRECONCILED]
        assert standing().due_cents == 0

    @pytest.mark.parametrize("last", [("CO-45", 20_00), ("PR-2", 20_00)])
    def test_a_line_it_took_off_or_left_to_the_patient_is_decided(self, bring, last):
        self.of_two(bring, last)

        assert grounds() == []
        assert standing().due_cents == (25_00 if last[0] == "PR-2" else 5_00)

    def test_once_it_is_given_up_the_rest_is_asked(self, bring, give_up):
        self.of_two(bring, ("CO-16", 20_00))
        give_up()

        assert grounds() == []
        assert (standing().due_cents, only().insurer_open_cents) == (5_00, 0)
        assert check_all().broken == {}

    def test_a_corrected_answer_decides_it(self, bring):
        refused = self.of_two(bring, ("CO-16", 20_00))
        before = answer("PCN1", svc(("OA-23", 130_00), ("PR-2", 5_00)), refused, status="2", number="B1")
        own = svc(("OA-23", 130_00), ("PR-2", 4_00), code="85025", number=2)
        now = answer("PCN1", svc(("OA-23", 130_00), ("PR-2", 5_00)), own, status="2", number="B2")
        bring(file_835(remit(taken_back(before), now, trace="EFT3", payer=BETA), number=3))

        assert grounds() == []
        assert standing().due_cents == 9_00


class TestTheWholeClaim:
    """A payer that refused all of it is done once what it refused is given up."""

    def pay(self, ana, cents=20_00):
        row = only()
        paying.take(
            patient=row.patient, amount_cents=cents, method="cash", received_on=TODAY, claims={row.pk: cents}, by=ana
        )

    def test_given_up_behind_another_payer_nothing_is_held_and_desk_money_goes_back(self, bring, ana, give_up):
        bring(file_837p(claim("PCN1", other_coverages=(also(),))))
        self.pay(ana)
        bring(file_835(answer("PCN1", svc(*PAID))))
        bring(second(svc(("OA-23", 130_00), ("CO-197", 20_00))))
        assert grounds() == [Ground.PAYER_OUTSTANDING]
        assert standing().held == "BETA LIFE refused the claim, and nobody has decided on that yet."
        give_up()

        assert grounds() == []
        assert (standing().held, standing().owes_cents, standing().credit_cents) == ("", 0, 20_00)
        assert [row.amount_cents for row in refunding.propose(claim=only(), reason="Given up.", by=ana)] == [20_00]
        assert check_all().broken == {}

    def test_given_up_of_the_only_payer_alike(self, bring, ana, give_up):
        bring(file_837p(claim()))
        self.pay(ana)
        bring(file_835(answer("PCN1", svc(("CO-29", 150_00)))))
        assert (grounds(), standing().credit_cents) == ([Ground.PAYER_OUTSTANDING], 0)
        give_up("timely-filing")

        assert grounds() == []
        assert (standing().owes_cents, standing().credit_cents) == (0, 20_00)

    def test_given_up_beside_a_payer_set_aside_alike(self, bring, give_up):
        bring(file_837p(claim("PCN1", other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(("CO-29", 150_00)))))
        only().payers.filter(rank=2).update(state=PayerState.NOT_BILLABLE)
        give_up("timely-filing")

        assert (standing().picture.is_final, standing().held, standing().owes_cents) == (True, "", 0)

    def test_a_claim_no_payer_took_alike(self, bring, ana, give_up):
        bring(file_837p(claim()))
        self.pay(ana)
        only().payers.update(state=PayerState.REJECTED)
        assert (grounds(), standing().credit_cents) == ([Ground.PAYER_OUTSTANDING], 0)
        give_up("rejected-claims")

        assert (grounds(), standing().owes_cents, standing().credit_cents) == ([], 0, 20_00)

    def test_opened_again_it_holds_again(self, bring, ana, dee, give_up):
        bring(file_837p(claim()))
        self.pay(ana)
        bring(file_835(answer("PCN1", svc(("CO-29", 150_00)))))
        give_up("timely-filing")
        with acting(dee):
            actions.reopen(item=Item.objects.get(queue="timely-filing"), reason="They take a late appeal.", by=dee)

        assert (grounds(), standing().credit_cents) == ([Ground.PAYER_OUTSTANDING], 0)

    def test_a_refusal_of_nothing_holds_nothing_but_an_answer_not_here_does(self, bring):
        """Paid and taken off in full by the first: the second says no, or has been sent the claim and says nothing."""
        bring(file_837p(claim(other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(("CO-45", 50_00)))))
        for state, held in ((PayerState.DENIED, ""), (PayerState.SUBMITTED, "BETA LIFE has not answered.")):
            only().payers.filter(rank=2).update(state=state)

            assert standing().held == held

    def test_nobody_asked_at_all_is_not_done(self, bring):
        bring(file_837p(claim("PCN1", service(cents=0))))

        assert not standing().picture.is_final


class TestNoPayerOfThatDay:
    """BETA refuses all (CO-27): the coverage had ended before the visit. Once that is on file, the first payer's share
    is the patient's."""

    @pytest.fixture(autouse=True)
    def _refused(self, bring):
        bring(file_837p(claim(other_coverages=(also(),))))
        bring(file_835(answer("PCN1", svc(*PAID))))
        bring(file_835(remit(answer("PCN1", svc(("CO-27", 150_00)), status="4"), payer=BETA, trace="EFT2")))
        with acting("the test"):
            Coverage.objects.update(kind="employer")

    def settle(self, *names):
        row = only()
        by_name = {str(one.payer): one for one in Coverage.objects.select_related("payer")}
        with acting("the front desk"):
            apply_order(claim=row, determination=determined(row, [by_name[name] for name in names]))
        return only()

    def test_before_that_it_is_nobodys_yet(self):
        row = self.settle("ACME HEALTH", "BETA LIFE")

        assert (row.insurer_open_cents, row.patient_cents) == (20_00, 0)
        assert [p.state for p in row.payers.order_by("rank")] == ["adjudicated", "denied"]

    def test_then_it_is_the_patients(self):
        row = self.settle("ACME HEALTH")

        assert (row.insurer_open_cents, row.patient_cents) == (0, 20_00)
        assert [p.state for p in row.payers.order_by("rank")] == ["adjudicated", "not_billable"]
        assert standing().picture.owes_cents == 20_00
        assert check_all().broken == {}

    def test_and_the_insurers_again_when_the_coverage_counts_after_all(self):
        self.settle("ACME HEALTH")
        row = self.settle("ACME HEALTH", "BETA LIFE")

        assert (row.insurer_open_cents, row.patient_cents) == (20_00, 0)

    def test_so_with_a_payer_that_was_never_asked(self, bring):
        with acting("the test"):
            only().payers.filter(rank=2).update(state="expected")
        row = self.settle("ACME HEALTH")

        assert (row.insurer_open_cents, row.patient_cents) == (0, 20_00)
        assert check_all().broken == {}
