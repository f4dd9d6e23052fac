"""Whether a card counts on the day: its own dates, what nobody said of them, and the age at which a child leaves."""

from __future__ import annotations

import copy

import pytest

from cob.rules import determine
from cob.rules.bulk import Decider, decided

IN, OUT, EITHER = [["card"]], [[]], [[], ["card"]]


DECIDER = Decider()


def shown(dos, born="1980-02-02", relation=None, options=None, disabled=False, **facts):
    """The orders the verdict shows, and the facts it asks for."""
    card = {"id": "card", "kind": "employer", "subscriber": "P", "effective": "2010-01-01", "last_covered_day": None}
    people = {"P": {"birth_date": born}}
    if "subscriber" in facts:
        people[facts["subscriber"]] = {"relation": relation} if relation else {}
    case = {
        "id": "d",
        "claim": {"dos": dos},
        "patient": "P",
        "people": people,
        "child": {"disabled_dependent": disabled},
        "options": options or {},
        "coverages": [{key: value for key, value in (card | facts).items() if value != "unsaid"}],
    }
    verdict = determine(case)
    # One for all, so that a case is not answered by another's verdict.
    assert decided(verdict) == DECIDER.decide(case)
    orders = sorted(map(list, {tuple(branch.order) for branch in verdict.branches})) or [verdict.order]
    return orders, {question.fact.removeprefix("coverages.card.") for question in verdict.questions}


@pytest.mark.parametrize(
    ("facts", "orders", "asks"),
    [
        ({"effective": "2026-03-10"}, IN, set()),
        ({"effective": "2026-03-11"}, OUT, set()),
        # What begins with the day cannot have ended before it.
        ({"effective": "2026-03-10", "last_covered_day": "unsaid"}, IN, set()),
        ({"effective": "2026-03-09", "last_covered_day": "unsaid"}, EITHER, {"last_covered_day"}),
        ({"last_covered_day": "2026-03-10"}, IN, set()),
        ({"last_covered_day": "2026-03-09"}, OUT, set()),
        ({"last_covered_day": "2026-03-10", "options": {"term_date_is_last_day": False}}, OUT, set()),
        ({"last_covered_day": "2026-03-11", "options": {"term_date_is_last_day": False}}, IN, set()),
        ({"effective": None}, EITHER, {"effective"}),
        ({"last_covered_day": "unsaid"}, EITHER, {"last_covered_day"}),
        ({"effective": None, "last_covered_day": "2026-03-09"}, OUT, set()),
        # What ends with the day had begun by then.
        ({"effective": None, "last_covered_day": "2026-03-10"}, IN, set()),
        ({"effective": None, "last_covered_day": "2026-03-11"}, EITHER, {"effective"}),
        ({"effective": "2026-03-11", "last_covered_day": "unsaid"}, OUT, set()),
        ({"enrolled": False}, OUT, set()),
        ({"kind": "specified_disease", "effective": None}, OUT, set()),
    ],
    ids=str,
)
def test_on_one_day(facts, orders, asks):
    assert shown("2026-03-10", **facts) == (orders, asks)


def mothers(dos, **facts):
    return shown(dos, **({"born": "2000-05-10", "subscriber": "mother", "relation": "mother"} | facts))


@pytest.mark.parametrize(
    ("last", "following", "facts"),
    [
        ("2026-05-09", "2026-05-10", {}),
        ("2026-05-31", "2026-06-01", {"options": {"dependent_age_end": "END_OF_MONTH"}}),
        ("2026-12-31", "2027-01-01", {"options": {"dependent_age_end": "END_OF_YEAR"}}),
        ("2030-05-09", "2030-05-10", {"options": {"dependent_age_end": "STATE_AGE(30)"}}),
    ],
    ids=str,
)
def test_a_child_leaves_with_age(last, following, facts):
    assert mothers(last, **facts) == (IN, set())
    assert mothers(following, **facts) == (OUT, set())
    assert mothers(following, disabled=True, **facts) == (IN, set())
    assert mothers(following, kind="student", **facts) == (IN, set())
    assert mothers(following, disabled=None, **facts) == (EITHER, {"child.disabled_dependent"})
    # A last day on file is the plan's own word.
    assert mothers(following, last_covered_day="2031-01-01", **facts) == (IN, set())


@pytest.mark.parametrize(("dos", "orders"), [("2026-02-27", IN), ("2026-02-28", EITHER), ("2026-03-01", OUT)])
def test_a_child_born_on_29_february_has_two_readings_of_the_birthday(dos, orders):
    asks = {"last_covered_day"} if orders == EITHER else set()

    assert mothers(dos, born="2000-02-29") == (orders, asks)


@pytest.mark.parametrize(
    ("dos", "orders", "asks"),
    [
        ("2026-05-09", IN, set()),
        ("2026-05-10", EITHER, {"relationship"}),
        ("2027-05-09", EITHER, {"relationship"}),
        ("2027-05-10", IN, set()),
    ],
)
def test_a_plan_still_open_a_year_after_that_age_covers_the_patient_as_somebody_else(dos, orders, asks):
    assert shown(dos, born="2000-05-10", subscriber="who") == (orders, asks)


def test_of_two_readings_the_earlier_last_day_is_told():
    case = {
        "id": "leap",
        "claim": {"dos": "2026-03-02"},
        "patient": "P",
        "people": {"P": {"birth_date": "2000-02-29"}, "mother": {"relation": "mother"}},
        "child": {"disabled_dependent": False},
        "coverages": [
            {
                "id": "card",
                "kind": "employer",
                "subscriber": "mother",
                "relationship": "child",
                "effective": "2010-01-01",
                "last_covered_day": None,
            }
        ],
    }

    (aside,) = determine(case).set_aside

    assert aside.because == "covered the patient as a child until 2026-02-27"


def test_a_start_and_an_end_nobody_knows_are_tried_as_days_that_can_follow_each_other():
    case = {
        "id": "open",
        "claim": {"dos": "2026-03-10"},
        "patient": "P",
        "people": {"P": {"birth_date": "1980-02-02"}},
        "coverages": [{"id": "card", "kind": "employer", "subscriber": "P", "work_status": "active"}],
    }

    for branch in determine(case).branches:
        tried = {assumption.fact.rpartition(".")[2]: assumption.value for assumption in branch.assuming}
        told = copy.deepcopy(case)
        told["coverages"][0] |= tried
        assert determine(told).order == branch.order
