"""Answers that leave a line out: what another payer left of it is nobody's last word until the rest comes."""

from __future__ import annotations

from itertools import permutations

import pytest

from claims import actions
from claims.exchange import rebalance
from claims.ledger_check import check_all
from claims.matching import with_everything
from claims.models import Adjudication, Claim, ClaimPayer
from claims.models.undo import UndoKind
from claims.patient_billing.standing import standings
from claims.showing import shown
from tests.claims.edi_samples import (
    BETA,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    service,
    svc,
    taken_back,
    transaction,
    whole,
)
from tests.claims.exchange.posted import balances

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
GAMMA = ("77777", "GAMMA MUTUAL")


def one(*cuts):
    return svc(*cuts, charge=100_00)


def two(*cuts):
    return svc(*cuts, code="85025", charge=45_00, number=2)


def remit(said, trace, payer=BETA):
    return file_835(transaction(said, trace=trace, payer=payer), number=int(trace[1:]) + 10)


PRIMARY = answer("PCN1", one(("CO-45", 30_00), ("PR-2", 20_00)), two(("CO-45", 10_00), ("PR-2", 10_00)), number="A1")
HALF = answer("PCN1", one(("OA-23", 80_00), ("PR-2", 5_00)), status="2", number="B1")
REST = answer("PCN1", two(("OA-23", 35_00), ("PR-2", 4_00)), status="2", number="B2")
NOTHING = answer("PCN1", two(("OA-23", 45_00)), status="2", number="B2")
SAYS = "Line 2 is not in this answer; find what the payer says of the rest."


def exceptions():
    return {row.payer_control_number: row.exceptions for row in Adjudication.objects.all()}


def lines():
    return [(line["insurer_open_cents"], line["patient_cents"]) for line in shown(Claim.objects.get())["lines"]]


@pytest.fixture
def billed(bring):
    bring(file_837p(claim("PCN1", service(1, cents=100_00), service(2, "85025", 45_00), other_coverages=(also(),))))


@pytest.fixture
def half_told(billed, bring):
    bring(file_835(PRIMARY))
    bring(remit(HALF, "T2"))


@pytest.mark.usefixtures("half_told")
def test_what_the_last_payer_left_out_stays_open_with_it_and_it_is_said():
    assert balances() == (90_00, 40_00, 10_00, 5_00)
    assert lines() == [(0, 5_00), (10_00, 0)]
    assert exceptions() == {"A1": [], "B1": [SAYS]}
    (standing,) = standings(Claim.objects.select_related("patient", "site"))
    assert standing.because == "BETA LIFE answered the claim, but not line 2."
    assert standing.for_staff == (
        "Of $145.00, $90.00 is paid, $40.00 written off, $5.00 the patient's and $10.00 open with an insurer."
    )
    assert check_all().broken == {}


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    ("rest", "ends"), [(REST, (96_00, 40_00, 0, 9_00)), (NOTHING, (90_00, 50_00, 0, 5_00))], ids=["more", "zero"]
)
@pytest.mark.usefixtures("billed")
def test_the_rest_settles_it_in_whatever_order_the_answers_come(bring, rest, ends, order):
    files = (file_835(PRIMARY), remit(HALF, "T2"), remit(rest, "T3"))
    for n in order:
        bring(files[n])

    assert balances() == ends
    assert not any(SAYS in said for said in exceptions().values())
    assert check_all().broken == {}


@pytest.mark.usefixtures("half_told")
def test_what_was_the_rest_is_missing_again_once_it_is_taken_back_or_undone(bring, ben):
    bring(remit(REST, "T3"))
    bring(remit(taken_back(REST), "T4"))
    assert (balances(), exceptions()["B1"]) == ((90_00, 40_00, 10_00, 5_00), [SAYS])

    bring(remit(NOTHING, "T5"))
    assert exceptions()["B1"] == []
    row = Adjudication.objects.get(remittance__trace="T5")
    actions.undo_answer(adjudication=row, kind=UndoKind.UNPOSTED, reason="Wrong claim", by=ben)
    assert (balances(), exceptions()["B1"]) == ((90_00, 40_00, 10_00, 5_00), [SAYS])
    assert check_all().broken == {}


@pytest.mark.usefixtures("billed")
def test_both_halves_in_one_remittance_leave_nothing_out(bring):
    bring(file_835(PRIMARY))
    result = bring(file_835(transaction(HALF, REST, trace="T2", payer=BETA), number=12))

    assert result["transactions"][0]["exceptions"] == []
    assert balances() == (96_00, 40_00, 0, 9_00)


@pytest.mark.usefixtures("billed")
def test_a_line_on_which_nothing_was_left_need_not_be_answered(bring):
    bring(file_835(answer("PCN1", one(("CO-45", 30_00), ("PR-2", 20_00)), two(("CO-45", 10_00)), number="A1")))
    bring(remit(HALF, "T2"))

    assert (balances(), exceptions()) == ((100_00, 40_00, 0, 5_00), {"A1": [], "B1": []})


@pytest.mark.usefixtures("billed")
def test_an_answer_for_the_claim_as_a_whole_leaves_out_no_line(bring):
    bring(file_835(PRIMARY))
    bring(remit(whole("PCN1", 145_00, ("OA-23", 115_00), ("PR-2", 5_00), status="2", number="B1"), "T2"))

    assert (balances(), exceptions()) == ((100_00, 40_00, 0, 5_00), {"A1": [], "B1": []})


@pytest.mark.usefixtures("half_told")
def test_a_payer_nobody_bills_any_more_is_not_waited_for():
    ClaimPayer.objects.filter(rank=2).update(state="not_billable")
    rebalance(with_everything(Claim.objects.all()))

    assert balances() == (90_00, 40_00, 0, 15_00)
    assert check_all().broken == {}


def test_of_three_payers_the_last_that_decided_leaves_it_open(bring):
    others = also(), also(GAMMA, "T", "THI0001")
    bring(file_837p(claim("PCN1", service(1, cents=100_00), service(2, "85025", 45_00), other_coverages=others)))
    bring(file_835(PRIMARY))
    both = answer("PCN1", *HALF.lines, *REST.lines, status="2", number="B1")
    bring(remit(both, "T2"))
    last = answer("PCN1", one(("OA-23", 95_00), ("PR-2", 1_00)), status="3", number="C1")
    bring(remit(last, "T3", payer=GAMMA))

    assert balances() == (100_00, 40_00, 4_00, 1_00)
    assert exceptions() == {"A1": [], "B1": [], "C1": [SAYS]}


def test_a_first_answer_names_every_line_that_is_still_to_come(bring):
    services = [service(n, code, 50_00) for n, code in enumerate(("99213", "85025", "80053"), 1)]
    bring(file_837p(claim("PCN1", *services)))
    bring(file_835(answer("PCN1", svc(("PR-2", 10_00), charge=50_00), number="A1")))

    assert balances() == (40_00, 0, 100_00, 10_00)
    assert exceptions() == {"A1": ["Lines 2, 3 are not in this answer; find what the payer says of the rest."]}
