"""Answers count in paying order, whatever order they came in: a payer that was late, one that takes back late, and what
a person or a letter moved besides, which stays as it is."""

from __future__ import annotations

from itertools import permutations

import pytest

from claims import actions
from claims.exchange import in_turn, undoing
from claims.ledger_check import check_all
from claims.models import Adjudication, Claim, Posting
from claims.models.undo import UndoKind
from claims.patient_billing import protecting
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 25_00)), number="A1")
PUT_RIGHT = answer("PCN1", svc(("CO-45", 30_00), ("PR-2", 40_00)), number="A2")
SECOND = answer("PCN1", svc(("OA-23", 125_00), ("PR-2", 5_00)), number="B1", status="2")
# As some payers get it wrong (X12 RFI 1696): what the earlier payer took, written off once more.
WRONG = answer("PCN1", svc(("CO-45", 130_00)), number="B1", status="2")


def remit(said, trace, *, payer=None):
    return file_835(transaction(said, trace=trace, **({"payer": payer} if payer else {})), number=int(trace[1:]) + 10)


CLAIMS = file_837p(claim("PCN1", other_coverages=(also(),)))
PRIMARY, CORRECTION = remit(FIRST, "T1"), remit(PUT_RIGHT, "T2")
BACK = remit(taken_back(FIRST), "T3")
SECONDARY, SECONDARY_WRONG = remit(SECOND, "T4", payer=BETA), remit(WRONG, "T4", payer=BETA)


def balances():
    found = Claim.objects.get()
    return found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents


@pytest.mark.parametrize("order", list(permutations(range(2))))
@pytest.mark.parametrize(
    ("secondary", "ends"), [(SECONDARY, (95_00, 50_00, 0, 5_00)), (SECONDARY_WRONG, (95_00, 55_00, 0, 0))]
)
def test_a_secondary_that_answers_first_ends_as_one_that_answers_second(bring, secondary, ends, order):
    bring(CLAIMS, name="c.837")
    for n in order:
        bring((PRIMARY, secondary)[n])

    assert balances() == ends
    assert check_all().broken == {}
    assert [row.exceptions for row in Adjudication.objects.all()] == [[], []]


@pytest.mark.parametrize("first", ["primary", "secondary"])
@pytest.mark.parametrize("has_lines", [True, False])
def test_a_later_payer_that_adjusts_the_claim_as_a_whole_pays_what_is_open_on_each_line(bring, has_lines, first):
    # What the lines leave open is no part of their charges alike: 10.00 of 100.00, and 10.00 of 50.00.
    two = (service(1, cents=100_00), service(2, "85025", 50_00))
    bring(file_837p(claim("PCN1", *two, other_coverages=(also(),))), name="c.837")
    beside = svc(("CO-45", 20_00), ("PR-2", 10_00), code="85025", charge=50_00, number=2)
    primary = answer("PCN1", svc(("CO-45", 30_00), ("PR-2", 10_00), charge=100_00), beside, number="A1")
    cuts = ("OA-23", 130_00), ("PR-2", 5_00)
    by_line = answer(
        "PCN1", svc(charge=100_00), svc(code="85025", charge=50_00, number=2), on_claim=cuts, status="2", number="B1"
    )
    later = by_line if has_lines else whole("PCN1", 150_00, *cuts, status="2", number="B1")
    files = {"primary": remit(primary, "T1"), "secondary": remit(later, "T2", payer=BETA)}
    bring(files.pop(first))
    bring(*files.values())

    assert balances() == (95_00, 50_00, 0, 5_00)
    assert [(line["insurer_open_cents"], line["patient_cents"]) for line in shown(Claim.objects.get())["lines"]] == [
        (0, 2_50), (0, 2_50),
    ]  # fmt: skip
    assert [row.exceptions for row in Adjudication.objects.all()] == [[], []]


@pytest.mark.parametrize("first", ["primary", "secondary"])
def test_an_echo_on_the_claim_lies_where_the_first_payer_paid_although_the_lines_are_cut_anew(bring, first):
    two = (service(1, cents=100_00), service(2, "85025", 50_00))
    bring(file_837p(claim("PCN1", *two, other_coverages=(also(),))), name="c.837")

    def of_lines(one, other):
        return svc(*one, charge=100_00), svc(*other, code="85025", charge=50_00, number=2)

    refused_and_paid = of_lines((("CO-197", 100_00),), (("CO-45", 10_00), ("PR-2", 15_00)))
    cut_anew = of_lines((("CO-45", 40_00),), (("CO-45", 15_00),))
    later = answer("PCN1", *cut_anew, on_claim=(("OA-23", 35_00),), status="2", number="B1")
    primary = answer("PCN1", *refused_and_paid, number="A1")
    files = {"primary": remit(primary, "T1"), "secondary": remit(later, "T2", payer=BETA)}
    bring(files.pop(first))
    bring(*files.values())

    assert balances() == (85_00, 65_00, 0, 0)
    paid = Posting.objects.filter(rank=2, kind="payment", reversal=None).order_by("line__number")
    assert [row.amount_cents for row in paid] == [60_00, 0]
    assert [row.exceptions for row in Adjudication.objects.all()] == [[], []]


def test_both_before_their_claim_end_alike(bring):
    bring(SECONDARY)
    bring(PRIMARY)
    bring(CLAIMS, name="c.837")

    assert balances() == (95_00, 50_00, 0, 5_00)


@pytest.mark.parametrize("order", [o for o in permutations(range(3)) if o.index(0) < o.index(2)])
def test_a_correction_before_its_reversal_ends_as_one_behind_it(bring, order):
    bring(CLAIMS, name="c.837")
    for n in order:
        bring((PRIMARY, CORRECTION, BACK)[n])

    assert balances() == (80_00, 30_00, 40_00, 0)
    assert check_all().broken == {}


def test_nothing_is_posted_anew_where_it_would_be_the_same(bring):
    bring(CLAIMS, name="c.837")
    bring(SECONDARY)
    bring(PRIMARY)

    assert not Posting.objects.filter(kind="reversal").exists()


def test_what_is_posted_anew_names_what_it_takes_back(bring):
    bring(CLAIMS, name="c.837")
    bring(SECONDARY_WRONG)
    bring(PRIMARY)

    back = Posting.objects.filter(kind="reversal")
    assert {row.reverses.adjudication.status for row in back} == {"2"}
    assert sum(row.amount_cents for row in Posting.objects.filter(rank=2)) == 20_00 + 5_00


def test_what_a_person_wrote_off_is_not_reckoned_anew(bring):
    bring(CLAIMS, name="c.837")
    bring(SECONDARY_WRONG)
    by_hand = Posting.objects.get(kind="write_off")
    Posting(
        claim=by_hand.claim, line=by_hand.line, adjudication=by_hand.adjudication, payer=by_hand.payer, rank=2,
        kind="write_off", amount_cents=1, note=protecting.NOTE, posted_on=by_hand.posted_on, key="by hand",
    ).save()  # fmt: skip
    bring(PRIMARY)

    assert not Posting.objects.filter(kind="reversal").exists()
    assert in_turn.NOT_IN_TURN in Adjudication.objects.get(status="1").exceptions


def test_what_a_later_payer_counts_on_is_undone_after_it_although_it_came_after_it(bring, ben):
    bring(CLAIMS, name="c.837")
    bring(SECONDARY)
    bring(PRIMARY)
    first, second = (Adjudication.objects.get(status=status) for status in "12")

    with pytest.raises(undoing.CannotUndo, match="counts on it"):
        actions.undo_answer(adjudication=first, kind=UndoKind.UNPOSTED, reason="Wrong claim", by=ben)
    for row in (second, first):
        actions.undo_answer(adjudication=row, kind=UndoKind.UNPOSTED, reason="Wrong claim", by=ben)
    assert balances() == (0, 0, 150_00, 0)


def test_another_charge_than_ours_is_said(bring):
    bring(file_837p(claim("PCN1", service(1, cents=150_00))), name="c.837")
    result = bring(file_835(transaction(answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 30_00), charge=180_00)))))

    (said,) = result["transactions"][0]["exceptions"]
    assert said["why"].startswith("Line 1: the payer answers a charge of 180.00, ours is 150.00")


def test_services_that_split_our_line_come_to_its_charge(bring):
    bring(file_837p(claim("PCN1", service(1, cents=150_00))), name="c.837")
    halves = [svc(("CO-45", 25_00), charge=75_00) for _ in range(2)]
    result = bring(file_835(transaction(answer("PCN1", *halves))))

    assert result["transactions"][0]["exceptions"] == []
