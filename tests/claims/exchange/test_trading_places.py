"""An order that flips: the old first payer takes its money back, the other one its share, and pays as first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from claims.actions import apply_order
from claims.exchange.posting import Book
from claims.exchange.undoing import undo_postings
from claims.ledger_check import check_all
from claims.matching import with_everything
from claims.models import Adjudication, Claim, ClaimPayer
from claims.models.undo import UndoKind
from claims.queries import next_step_of
from claims.recoupment.watching import follow_the_order
from claims.submissions.applied import place_payers
from claims.submissions.folder import open_folder
from claims.write_offs import RestsOn, entry
from cob.audit.acting import acting
from cob.coverage.models import Coverage
from tests.claims.edi_samples import ACME, BETA, also, answer, claim, file_835, file_837p, svc, taken_back, transaction
from tests.claims.exchange.posted import balances, state
from tests.claims.stories import determined

pytestmark = pytest.mark.django_db


def is_in_order(turn, those):
    return "".join(one for one in turn if one in those) == those


ACME_FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 25_00)))
ACME_NOT_FIRST = answer("PCN1", svc(("CO-22", 150_00)), number="ICN0")
BETA_SECOND = answer("PCN1", svc(("OA-23", 125_00), ("PR-2", 5_00)), status="2")
BETA_FIRST = answer("PCN1", svc(("CO-45", 60_00), ("PR-2", 20_00)), number="ICN2")
ACME_SECOND = answer("PCN1", svc(("OA-23", 130_00), ("PR-2", 5_00)), status="2", number="ICN3")


@pytest.fixture
def paid_in_the_old_order(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(ACME_FIRST))
    bring(file_835(transaction(BETA_SECOND, payer=BETA, trace="EFT2")))
    assert balances() == (95_00, 50_00, 0, 5_00)


@pytest.fixture
def beta_comes_first(paid_in_the_old_order):
    acme, beta = Coverage.objects.order_by("payer__name")
    with acting("the test"):
        Coverage.objects.update(kind="employer")
        determined(Claim.objects.get(), [beta, acme])


def ranks():
    return {str(row.payer): row.rank for row in Claim.objects.get().payers.all()}


def flip(bring, *betas):
    """ACME takes its answer back; BETA's files; ACME answers as the second payer."""
    bring(file_835(transaction(taken_back(ACME_FIRST), trace="EFT3")))
    for number, answers in enumerate(betas):
        bring(file_835(transaction(*answers, payer=BETA, trace=f"EFT4{number}")))
    bring(file_835(transaction(ACME_SECOND, trace="EFT5")))


@pytest.mark.usefixtures("beta_comes_first")
@pytest.mark.parametrize(
    "betas",
    [[(taken_back(BETA_SECOND), BETA_FIRST)], [(taken_back(BETA_SECOND),), (BETA_FIRST,)]],
    ids=["reversal and new answer in one file", "in two files"],
)
def test_it_ends_to_the_cent_as_if_the_order_had_been_right_from_the_start(bring, betas):
    flip(bring, *betas)

    assert balances() == (85_00, 60_00, 0, 5_00)
    assert ranks() == {"BETA LIFE": 1, "ACME HEALTH": 2}
    assert (state(1), state(2)) == ("adjudicated", "adjudicated")
    assert check_all().broken == {}


# Acme A: pays as first, a: takes it back, D: refuses, as it comes second, 2: pays as second.
# B: Beta pays as first. o: the order is decided.
COMES = {
    "A": lambda bring: bring(file_835(transaction(ACME_FIRST, trace="EFTA"))),
    "a": lambda bring: bring(file_835(transaction(taken_back(ACME_FIRST), trace="EFTa"))),
    "2": lambda bring: bring(file_835(transaction(ACME_SECOND, trace="EFT2"))),
    "D": lambda bring: bring(file_835(transaction(ACME_NOT_FIRST, trace="EFTD"))),
    "B": lambda bring: bring(file_835(transaction(BETA_FIRST, payer=BETA, trace="EFTB"))),
    "o": lambda bring: decide("BETA LIFE", "ACME HEALTH"),
}
# Acme takes back what it paid, and only afterwards pays as second; all else may come whenever it likes.
ANY_TURN = ["".join(turn) for turn in permutations("Aa2Bo") if is_in_order(turn, "Aa2")]
NO_PAYER_OF_THE_DAY = [
    *("".join(turn) for turn in permutations("AaBo") if is_in_order(turn, "Aa")),
    *map("".join, permutations("DBo")),
]
REFUSED = ["".join(turn) for turn in permutations("D2Bo") if is_in_order(turn, "D2")]


def decide(*payers, **changes):
    """The order on file from now on, which the claims of that day follow."""
    row = Claim.objects.get()
    with acting("the test"):
        Coverage.objects.update(kind="employer")
        cards = {card.payer.name: card for card in Coverage.objects.select_related("payer")}
        apply_order(claim=row, determination=determined(row, [cards[name] for name in payers], **changes))


@pytest.mark.parametrize("turn", REFUSED)
def test_what_a_refusal_says_of_its_place_holds_nobody_there(bring, turn):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in turn:
        COMES[what](bring)

    assert balances() == (85_00, 60_00, 0, 5_00)
    assert ranks() == {"BETA LIFE": 1, "ACME HEALTH": 2}
    assert (state(1), state(2)) == ("adjudicated", "adjudicated")


@pytest.mark.parametrize("turn", list(map("".join, permutations("DBo"))))
def test_a_refusal_of_who_comes_second_is_never_the_last_word(bring, turn):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in turn:
        COMES[what](bring)

    assert balances() == (70_00, 60_00, 20_00, 0)
    assert ranks() == {"BETA LIFE": 1, "ACME HEALTH": 2}
    assert next_step_of(open_folder(Claim.objects.get()), date(2026, 4, 20)).place.payer == "ACME HEALTH"


@pytest.mark.parametrize("turn", ["AaoB2", "AoaB2", "AaB2o", "Aa2oB"])
def test_one_payer_on_two_places_changes_them_by_member_number(bring, turn):
    spouse = replace(BETA_FIRST, patient=replace(BETA_FIRST.patient, id="SEC0001"))
    bring(file_837p(claim(other_coverages=(also(ACME),))))
    for what in turn:
        if what == "o":
            row = Claim.objects.get()
            with acting("the test"):
                Coverage.objects.update(kind="employer")
                cards = {card.member_id: card for card in Coverage.objects.all()}
                order = determined(row, [cards["SEC0001"], cards["MEM0001"]])
                apply_order(claim=row, determination=order)
        elif what == "B":
            bring(file_835(transaction(spouse, trace="EFTB")))
        else:
            COMES[what](bring)

    assert balances() == (85_00, 60_00, 0, 5_00)
    places = Claim.objects.get().payers.order_by("rank").values_list("coverage__member_id", flat=True)
    assert list(places) == ["SEC0001", "MEM0001"]


def test_an_order_put_on_file_while_the_first_answer_is_posted_sees_that_answer(bring, monkeypatch):
    bring(file_837p(claim(other_coverages=(also(),))))

    def once_the_claim_is_free(*given):
        COMES["A"](bring)
        return place_payers(*given)

    monkeypatch.setattr("claims.actions.place_payers", once_the_claim_is_free)
    with acting("the test"):
        Claim.objects.get().payers.filter(rank=2).delete()
    decide("ACME HEALTH", "BETA LIFE")

    assert balances() == (75_00, 50_00, 25_00, 0)


def test_an_answer_is_posted_in_the_place_its_payer_has_once_the_claim_is_held(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    with acting("the test"):
        ClaimPayer.objects.update(state="expected")  # nobody was sent it, so the order moves them
    read_before = list(with_everything(Claim.objects.all()))
    decide("BETA LIFE", "ACME HEALTH")

    with acting("the test"):
        (page,) = Book(read_before).pages.values()

    assert {str(row.payer): row.rank for row in page.payers} == {"BETA LIFE": 1, "ACME HEALTH": 2}


def test_an_answer_behind_which_only_a_taking_back_was_posted_can_be_undone(bring, main):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in "AoBa":
        COMES[what](bring)

    with acting("the test"):
        undo_postings(
            [Adjudication.objects.get(payer_control_number="ICN2")],
            kind=UndoKind.UNPOSTED,
            reason="Wrong claim.",
            by=None,
        )

    assert balances() == (0, 0, 150_00, 0)


def test_where_two_share_a_place_nobody_changes_it(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    decide("BETA LIFE", "ACME HEALTH", status="tie")
    for what in "ABa":
        COMES[what](bring)

    assert ranks() == {"ACME HEALTH": 1, "BETA LIFE": 2}


def test_where_a_person_wrote_off_besides_nobody_changes_places(bring, ben):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in "AoB":
        COMES[what](bring)
    row = Claim.objects.get()
    second = row.payers.get(rank=2)
    with acting(ben):
        entry(
            row, row.lines.get().pk, 1_00, RestsOn(None, second.payer_id, 2), note="A dollar.", by=ben, said="1"
        ).save()
    COMES["a"](bring)

    assert ranks() == {"ACME HEALTH": 1, "BETA LIFE": 2}


@pytest.mark.parametrize("claims", [1, 20])
def test_an_order_that_moves_nobody_asks_little_of_each_claim(bring, claims, django_assert_max_num_queries):
    numbers = [f"PCN{n}" for n in range(1, claims + 1)]
    bring(file_837p(*(claim(number, other_coverages=(also(),)) for number in numbers)))
    paid = [answer(number, svc(("CO-45", 50_00), ("PR-2", 25_00)), number=f"I{number}") for number in numbers]
    bring(file_835(*paid))
    rows = list(Claim.objects.all())
    with acting("the test"):
        Coverage.objects.update(kind="employer")
        cards = {card.payer.name: card for card in Coverage.objects.select_related("payer")}
        order = determined(rows[0], [cards["ACME HEALTH"], cards["BETA LIFE"]])
        with django_assert_max_num_queries(8 * claims):
            assert [apply_order(claim=row, determination=order) for row in rows] == [False] * claims


@pytest.mark.parametrize("turn", NO_PAYER_OF_THE_DAY)
def test_who_is_no_payer_of_that_day_stands_behind_and_nobody_waits_for_it(bring, turn):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in turn:
        if what == "o":
            decide("BETA LIFE")
        else:
            COMES[what](bring)
        with acting("the task"):
            follow_the_order([Claim.objects.get().pk])

    assert balances() == (70_00, 60_00, 0, 20_00)
    assert ranks() == {"BETA LIFE": 1, "ACME HEALTH": 2}
    assert (state(1), state(2)) == ("adjudicated", "not_billable")


@pytest.mark.parametrize("turn", ANY_TURN)
def test_it_ends_alike_whenever_each_file_comes_and_the_order_is_decided(bring, turn):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in turn:
        COMES[what](bring)

    assert balances() == (85_00, 60_00, 0, 5_00)
    assert ranks() == {"BETA LIFE": 1, "ACME HEALTH": 2}
    assert (state(1), state(2)) == ("adjudicated", "adjudicated")
    assert check_all().broken == {}
    assert [row.exceptions for row in Adjudication.objects.all()] == [[]] * 4


def test_who_took_back_what_it_paid_as_first_is_billed_next_as_second(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in "AoBa":
        COMES[what](bring)

    step = next_step_of(open_folder(Claim.objects.get()), date(2026, 4, 20))
    assert (step.action, step.place.payer) == ("submit", "ACME HEALTH")
    assert balances() == (70_00, 60_00, 20_00, 0)


@pytest.mark.usefixtures("paid_in_the_old_order")
def test_a_payer_that_only_says_it_is_first_stays_where_the_order_on_file_puts_it(bring):
    flip(bring, (taken_back(BETA_SECOND), BETA_FIRST))

    assert ranks() == {"ACME HEALTH": 1, "BETA LIFE": 2}


@pytest.mark.usefixtures("beta_comes_first")
def test_nor_does_one_whose_own_earlier_answer_stands(bring):
    bring(file_835(transaction(taken_back(ACME_FIRST), trace="EFT3")))
    bring(file_835(transaction(BETA_FIRST, payer=BETA, trace="EFT4")))

    assert ranks() == {"ACME HEALTH": 1, "BETA LIFE": 2}


@pytest.mark.usefixtures("beta_comes_first")
def test_nobody_loses_the_place_of_an_answer_that_stands(bring):
    bring(file_835(transaction(taken_back(BETA_SECOND), BETA_FIRST, payer=BETA, trace="EFT4")))

    assert ranks() == {"ACME HEALTH": 1, "BETA LIFE": 2}


THREE = {"A": ACME, "B": BETA, "C": ("77777", "CORAL MUTUAL")}
SAID = {
    "1": (("CO-45", 50_00), ("PR-2", 25_00)),
    "2": (("OA-23", 125_00), ("PR-2", 5_00)),
    "3": (("OA-23", 145_00), ("PR-2", 2_00)),
}


def three(who, place):
    return answer("PCN1", svc(*SAID[place]), status=place, number=who + place)


@pytest.mark.parametrize(
    ("order", "turn"),
    [
        ("CAB", "A1 B2 C3 o Aa Ba Ca C1 B3 A2"),
        ("CAB", "A1 Aa o A2 B3 C1"),
        ("CAB", "C1 A2 B3 o"),
        ("BCA", "A1 Aa B1 C2 A3 o"),
        ("BCA", "o A1 C2 B1 Aa A3"),
        ("CBA", "A1 C1 o B2 Aa A3"),
        ("CBA", "B2 A3 C1 o"),
    ],
)
def test_three_payers_end_in_the_order_on_file(bring, order, turn):
    bring(file_837p(claim(other_coverages=(also(), also(THREE["C"], "T", "TER0001")))))
    last = {}
    for at, (who, *what) in enumerate(turn.split()):
        if who == "o":
            decide(*(THREE[one][1] for one in order))
            continue
        said = taken_back(last[who]) if what == ["a"] else three(who, *what)
        last[who] = said
        bring(file_835(transaction(said, payer=THREE[who], trace=f"EFT{at}")))

    assert balances() == (98_00, 50_00, 0, 2_00)
    assert ranks() == {THREE[one][1]: place for place, one in enumerate(order, 1)}
    assert check_all().broken == {}
