"""What a verdict must not depend on: in which order a case lists its cards, and what stands on a card that is out."""

from __future__ import annotations

import copy
from random import Random

import pytest

from cob.rules import determine
from cob.rules.checked import checked_cases
from tests.cob.rules.changes import changed
from tests.cob.rules.order.kinds import NEVER, PARENTS, adult, aged, apart, child, disabled, hurt, job, kidney, plain
from tests.reference.random_cases import random_case

CASES = [row["case"] for row in checked_cases()]
ENDED = {"effective": "1900-01-01", "last_covered_day": "1900-12-31"}
UNKNOWN = {"patient_covered_since": None, "subscriber_covered_since": None}


def drawn(seed):
    """A checked case with some changes, or a random one of which two facts are unknown."""
    if seed % 2:
        return random_case(Random(seed), unknown=2, coverages=4)
    return changed(copy.deepcopy(CASES[seed // 2 % len(CASES)]), Random(seed), seed % 5)


def said(case, aside=True):
    """Everything a verdict says, wherever its parts stand; of sharers who are alike nobody asks which comes first."""
    verdict = determine(case)
    of_tie = {name: tuple(sorted(group)) for group in verdict.ties for name in group}
    return {
        "status": verdict.status,
        "order": [of_tie.get(name, name) for name in verdict.order],
        "branches": {frozenset(branch.order) for branch in verdict.branches},
        "suffix": verdict.certain_suffix,
        "questions": {question.fact: set(map(str, question.choices)) for question in verdict.questions},
        "notes": {note.text for note in verdict.notes},
        "watch": verdict.watch,
        "code": (verdict.msp_type, verdict.conditional),
        "rules": None if of_tie else {(pair.first, pair.second): pair.rule for pair in verdict.pairs},
        "aside": {entry.coverage: entry.rule for entry in verdict.set_aside} if aside else None,
    }


def first_asked(case):
    return determine(case).questions[0].fact


def backwards(case):
    people = dict(reversed(case["people"].items()))
    return case | {"coverages": case["coverages"][::-1], "people": people}


@pytest.mark.parametrize("seed", range(300))
def test_nothing_depends_on_how_the_cards_are_listed(seed):
    case = drawn(seed)

    assert said(backwards(case)) == said(case)


@pytest.mark.parametrize("case", [
    child(people={"P": {"birth_date": "2016-03-10"}, **{key: {"relation": key} for key in PARENTS}}),
    apart(job("m", "mother"), job("f", "father"), terms=None, responsible_parent=None),
    aged(job(employer={}), job("s", "S", relationship="spouse", employer={}), people={"P": {"birth_date": "1958-05-20"},
         "S": {"relation": "spouse"}}),
    adult(job(last_covered_day=None, effective=None), plain("medicaid") | {"effective": None}),
], ids=["birthdays", "a court order", "sizes", "starts"])  # fmt: skip
def test_what_is_asked_first_does_not_depend_on_it_either(case):
    assert first_asked(backwards(case)) == first_asked(case)


@pytest.mark.parametrize("holder", [None, "S"])
def test_nor_do_the_reasons_where_it_is_not_known_in_whose_name_a_plan_is(holder):
    case = adult(job("a", None), job("b", holder, work_status="retired"))

    assert said(backwards(case)) == said(case)


def without_birthdays(*keys):
    people = {"P": {"birth_date": "2016-03-10"}} | PARENTS | {key: {"relation": key} for key in keys}
    return child(people=people)


def test_of_two_unknown_birthdays_both_are_asked():
    case = without_birthdays("mother", "father")

    mother, father = sorted(determine(case).questions)

    assert (mother.fact, father.fact) == ("people.father.birth_month_day", "people.mother.birth_month_day")
    assert mother.choices == father.choices
    assert len(mother.choices) == 3


def test_of_two_unknown_starts_both_are_asked_and_of_three_all():
    cards = [job(name, **UNKNOWN) for name in "abc"]

    for count in (2, 3):
        asked = {question.fact for question in determine(adult(*cards[:count])).questions}
        assert asked == {f"coverages.{card['id']}.patient_covered_since" for card in cards[:count]}


def test_a_start_that_is_read_but_decides_nothing_is_not_asked():
    """Behind two plans without rules the third is last, whenever it began."""
    first = [job(name, coordination="no_rules", **UNKNOWN) for name in "ab"]

    asked = {question.fact for question in determine(adult(*first, job("c", **UNKNOWN))).questions}

    assert asked == {"coverages.a.patient_covered_since", "coverages.b.patient_covered_since"}


def test_those_who_share_stand_in_the_order_of_the_case():
    """A continuation held as a former dependent is compared with the spouse's plan, whichever is listed first."""
    continued = job("c", continuation="cobra", continuation_was="dependent", has_continuation_rule=False)
    other = job("s", "S", has_continuation_rule=False)

    assert determine(adult(continued, other)).order == ["c", "s"]
    assert determine(adult(other, continued)).order == ["s", "c"]


def with_two_benefits(second, **no_fault):
    case = hurt("no_fault", no_fault=no_fault)
    own, benefit = (next(card for card in case["coverages"] if card["id"] == name) for name in ("own", "X"))
    del case["medicare"]
    return case | {"coverages": [own, benefit | {"id": "Y", "kind": second}, benefit]}


def test_two_auto_policies_share_behind_the_health_plan_as_they_do_ahead_of_it():
    case = with_two_benefits("no_fault", election="health_first")

    for state, order in (("NJ", ["own", "Y", "X"]), ("NY", ["Y", "X", "own"])):
        case["accident"]["state"] = state
        assert (determine(case).order, determine(case).ties) == (order, [["Y", "X"]])


def test_medical_payments_stay_behind_no_fault_where_both_wait():
    case = with_two_benefits("medpay", paid_to_date_cents=200_000)
    case["accident"]["state"] = "MA"
    case["coverages"][0]["funding"] = "insured"

    assert determine(case).order == ["own", "X", "Y"]
    assert determine(backwards(case)).order == ["own", "X", "Y"]


OUT = [
    job("out", "P", **ENDED, predecessor={"covered_since": "1890-01-01", "ended_on": "1895-01-01"}),
    job("out", "Q", **ENDED, relationship="stepchild", employment={"status": "retired", "last_day": "1900-06-30"}),
    job("out", "Q", effective="2150-01-01", relationship="child", kind="individual"),
    job("out", "Q", enrolled=False, relationship="child", employer={"meets_20_this_year": True}),
    plain("tricare") | {"id": "out", "enrolled": False},
]  # fmt: skip


@pytest.mark.parametrize("card", OUT, ids=["own, ended", "ended", "to come", "refused", "TRICARE, refused"])
@pytest.mark.parametrize("seed", range(60))
def test_what_stands_on_a_card_that_is_out_changes_nothing_else(card, seed):
    case = drawn(seed)
    holders = [key for key in case["people"] if key != case["patient"]]
    card = card | {"subscriber": holders[0] if card["subscriber"] == "Q" and holders else case["patient"]}
    more = case | {"coverages": [card, *case["coverages"]]}

    before, after = said(case, aside=False), said(more, aside=False)
    if card.get("effective") == "2150-01-01":
        before["watch"] = after["watch"] = None  # that it starts one day is news

    assert after == before


def asked_with(case, card):
    """What is asked, and with which answers, with and without a card."""
    return [
        {question.fact: question.choices for question in determine(one).questions}
        for one in (case, case | {"coverages": [card, *case["coverages"]]})
    ]


def test_a_card_that_is_out_is_no_measure_for_lengths_of_cover():
    one, other = asked_with(adult(job(**UNKNOWN), job("b")), OUT[0])

    assert one == other != {}


def test_nor_is_the_birthday_of_whoever_holds_it_or_holds_none():
    case = without_birthdays("mother")
    case["people"]["Q"] = {"relation": "other", "birth_month_day": "03-03"}
    one, other = asked_with(case, job("out", "Q", **ENDED))
    del case["people"]["Q"]

    assert one == other == asked_with(case, plain("medicaid") | ENDED)[0] != {}


def test_nor_does_it_move_the_months_that_matter_for_a_kidney_clock():
    case = kidney(disability="2023-05")
    case["medicare"]["esrd"] = {**NEVER, "first_dialysis": None}
    one, other = asked_with(case, job("out", **ENDED, employment={"status": "retired", "last_day": "2023-10-01"}))

    assert one == other != {}


def test_what_the_patient_is_to_somebody_is_read_off_cards_that_count():
    """An old card on which somebody is a child says nothing of what they are on a card of today."""
    case = disabled(job("p", "Q", employer={"size": "100+"}))
    case["people"]["Q"] = {}

    one, other = asked_with(case, job("out", "Q", **ENDED, relationship="child"))

    assert one == other
    assert determine(case).status == "determined"


def test_part_of_a_plan_is_no_measure_either():
    part = job("part", patient_covered_since="2001-01-01", carve_out_of="b")
    one, other = asked_with(adult(job(**UNKNOWN), job("b")), part)

    assert one == other != {}


def ways(name):
    """The orders still possible of four job plans beside Medicare, three of them without days."""
    cards = [job("a", patient_covered_since=None)]
    for one, standing in ((name, "active"), ("b", "active"), ("c", "retired")):
        work = {"status": "working" if standing == "active" else "retired"}
        card = job(one, patient_covered_since=None, employment=work, work_status=standing)
        del card["effective"], card["last_covered_day"]
        cards.append(card)
    return {tuple("x" if one == name else one for one in branch.order) for branch in determine(aged(*cards)).branches}


@pytest.mark.parametrize("name", ["b|c", "b.c", "b', 'c", "]['b"])
def test_a_card_whose_name_looks_like_those_of_others_changes_nothing(name):
    assert ways(name) == ways("plain")
