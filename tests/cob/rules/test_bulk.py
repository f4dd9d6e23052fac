"""The shortcut and the long way: a decider that has seen many cases says of each what `determine` says."""

from __future__ import annotations

import copy
import gc
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cob.rules import determine, read_case
from cob.rules.bulk import Decider, decided
from cob.rules.checked import checked_cases
from cob.rules.order.partition import partition
from tests.cob.rules.changes import changed

CASES = [row["case"] for row in checked_cases()]
MANY = 8_000
SEASONED = Decider()
FEW = settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def decider():
    return Decider()


@pytest.fixture
def case_of():
    """A fresh copy of a checked case by id."""
    cases = {case["id"]: case for case in CASES}
    return lambda name: copy.deepcopy(cases[name])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_checked_case_is_decided_as_by_the_long_way_also_the_second_time(decider, case):
    first, second = decider.decide(case), decider.decide(case)

    assert first == second == decided(determine(case))
    assert decider.decided_by_law == 1


@FEW
@given(st.sampled_from(CASES), st.integers(0, 1_000_000), st.integers(1, 6))
def test_a_decider_that_has_seen_many_cases_says_what_the_long_way_says(case, seed, times):
    case = changed(case, Random(seed), times)

    assert SEASONED.decide(case) == decided(determine(case))


@pytest.mark.slow
def test_thousands_of_changed_cases_are_decided_as_by_the_long_way():
    random, decider = Random(20_260_310), Decider()

    for _ in range(MANY):
        case = changed(random.choice(CASES), random, random.randrange(5))
        assert decider.decide(case) == decided(determine(case)), case

    assert decider.decided_by_law < MANY / 2


def test_other_names_payers_and_a_visit_the_day_after_are_the_same_kind(case_of):
    case = case_of("T1")
    other = copy.deepcopy(case)
    other["id"], other["claim"]["dos"] = "another", "2026-03-11"
    other["patient"], other["people"] = "Ann", {"Ann": {"birth_date": "1990-02-02"}, "spouse": {"relation": "spouse"}}
    other["coverages"][0] |= {"id": "X", "payer": "somebody", "subscriber": "Ann", "effective": "2025-01-01"}

    assert partition(other) == partition(case)


@pytest.mark.parametrize(
    ("name", "fact", "value"),
    [
        ("T66", ("coverages", 1, "employer", "meets_20_this_year"), False),
        ("T66", ("claim", "service"), "excluded_by_medicare"),
        ("T66", ("medicare", "premium_free_part_a"), False),
        ("T66", ("people", "P", "birth_date"), "1961-04-02"),
        ("T1", ("coverages", 0, "last_covered_day"), "2026-03-09"),
        ("T31", ("people", "mother", "birth_month_day"), "01-01"),
        ("T31", ("child", "parents_living_together"), False),
        ("T118", ("claim", "dos"), "2026-09-30"),
    ],
)
def test_a_fact_that_turns_the_answer_makes_another_kind(case_of, name, fact, value):
    case = case_of(name)
    other = copy.deepcopy(case)
    holder = other
    for key in fact[:-1]:
        holder = holder[key]
    holder[fact[-1]] = value

    assert partition(other) != partition(case)


def test_a_question_names_the_fact_in_the_cases_own_names(decider, case_of):
    case = case_of("T213")
    other = copy.deepcopy(case)
    for card in other["coverages"]:
        card["id"] = f"coverages.c0.{card['id']}"

    decider.decide(case)

    assert decider.decide(other).needs == decided(determine(other)).needs != ()


def test_only_partitions_used_of_late_are_remembered(case_of):
    decider, names = Decider(most=2), ["T1", "T66", "T67", "T31", "T141"]

    for name in [*names, "T141"]:
        decider.decide(case_of(name))
    assert decider.decided_by_law == 5

    decider.decide(case_of("T1"))
    assert decider.decided_by_law == 6


def test_what_a_verdict_needed_is_freed_at_once():
    """Rings would wait for the collector, which an audit keeps from running while it is at work."""
    cases = [read_case(case) for case in CASES]
    gc.collect()
    gc.disable()
    try:
        for case in cases:
            determine(case)
        assert gc.collect() == 0
    finally:
        gc.enable()
