"""Rules 3 to 6 between two own plans: who is active, what continues a job, who has covered the patient longer."""

from __future__ import annotations

import pytest

from cob.rules import determine

EITHER_WAY = {("X", "Y"), ("Y", "X")}
IGNORED = {"NAIC-6D3-IGN", "NAIC-6D4-IGN", "NAIC-6D5-START"}


def own(name, since, **facts):
    plan = {
        "id": name,
        "kind": "employer",
        "subscriber": "P",
        "effective": "2010-01-01",
        "last_covered_day": None,
        "continuation": "none",
        "work_status": "active",
        "patient_covered_since": since,
    }
    return plan | facts


def verdict_on(*plans, **case):
    base = {"id": "l", "claim": {"dos": "2026-03-10"}, "patient": "P", "people": {"P": {"birth_date": "1980-02-02"}}}
    return determine({**base, "coverages": list(plans), **case}).as_json()


def both_ways(*plans):
    """The order, the rule between the two and what else was said, whichever plan is listed first."""
    told = [verdict_on(*listed) for listed in (plans, plans[::-1])]
    said = [(one["order"], one["pairs"][0]["rule"], IGNORED & {note["rule"] for note in one["notes"]}) for one in told]
    assert said[0] == said[1]
    return said[0]


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        # The working person's plan first; a plan without that rule only skips it where it comes to another order.
        ({"since": "2020-01-01"}, {"since": "2015-01-01", "work_status": "retired"}, ("X", "NAIC-6D3", set())),
        (
            {"since": "2012-01-01"},
            {"since": "2015-01-01", "work_status": "retired", "has_active_retired_rule": False},
            ("X", "NAIC-6D3", set()),
        ),
        (
            {"since": "2020-01-01"},
            {"since": "2015-01-01", "work_status": "laid_off", "has_active_retired_rule": False},
            ("Y", "NAIC-6D5", {"NAIC-6D3-IGN"}),
        ),
        (
            {"since": "2020-01-01", "has_active_retired_rule": False},
            {"since": "2015-01-01", "work_status": "retired", "has_active_retired_rule": False},
            ("Y", "NAIC-6D5", set()),
        ),
        # The same of continuations.
        (
            {"since": "2020-01-01"},
            {"since": "2015-01-01", "continuation": "cobra", "continuation_was": "employee"},
            ("X", "NAIC-6D4", set()),
        ),
        (
            {"since": "2012-01-01", "has_continuation_rule": False},
            {"since": "2015-01-01", "continuation": "state", "continuation_was": "employee"},
            ("X", "NAIC-6D4", set()),
        ),
        (
            {"since": "2020-01-01", "has_continuation_rule": False},
            {"since": "2015-01-01", "continuation": "cobra", "continuation_was": "employee"},
            ("Y", "NAIC-6D5", {"NAIC-6D4-IGN"}),
        ),
        (
            {"since": "2020-01-01", "has_continuation_rule": False},
            {
                "since": "2015-01-01",
                "continuation": "cobra",
                "continuation_was": "employee",
                "has_continuation_rule": False,
            },
            ("Y", "NAIC-6D5", set()),
        ),
        # A day decides, and the day of joining the group stands in only for a start that is not on record.
        ({"since": "2015-01-01"}, {"since": "2015-01-02"}, ("X", "NAIC-6D5", set())),
        (
            {"since": "2015-01-01", "group_join_date": "2019-01-01"},
            {"since": "2016-01-01"},
            ("X", "NAIC-6D5", set()),
        ),
        (
            {"since": None, "group_join_date": "2015-12-31"},
            {"since": "2016-01-01"},
            ("X", "NAIC-6D5", {"NAIC-6D5-START"}),
        ),
        # An earlier plan counts where this one began no more than a day after it ended.
        (
            {"since": "2020-01-01", "predecessor": {"covered_since": "2012-01-01", "ended_on": "2019-12-31"}},
            {"since": "2015-01-01"},
            ("X", "NAIC-6D5", set()),
        ),
        (
            {"since": "2020-01-01", "predecessor": {"covered_since": "2012-01-01", "ended_on": "2020-03-31"}},
            {"since": "2015-01-01"},
            ("X", "NAIC-6D5", set()),
        ),
        (
            {"since": "2020-01-01", "predecessor": {"covered_since": "2012-01-01", "ended_on": "2019-12-30"}},
            {"since": "2015-01-01"},
            ("Y", "NAIC-6D5", set()),
        ),
        (
            {
                "since": "2020-01-01",
                "predecessor": {"covered_since": "2012-01-01", "ended_on": "2019-06-30"},
                "carrier_changed_only": False,
            },
            {"since": "2015-01-01"},
            ("Y", "NAIC-6D5", set()),
        ),
        (
            {"since": "2020-01-01", "predecessor": {"covered_since": "2012-01-01"}, "carrier_changed_only": True},
            {"since": "2015-01-01"},
            ("X", "NAIC-6D5", set()),
        ),
        ({"since": "2020-01-01", "predecessor": {}}, {"since": "2015-01-01"}, ("Y", "NAIC-6D5", set())),
    ],
    ids=str,
)
def test_which_of_two_own_plans_is_first(x, y, said):
    first, rule, ignored = said

    order, between, also = both_ways(own("X", **x), own("Y", **y))

    assert (order[0], between, also) == (first, rule, ignored)


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ({"covered_since": "2012-01-01", "ended_on": None}, "coverages.X.predecessor.ended_on"),
        ({"covered_since": None, "ended_on": "2019-12-31"}, "coverages.X.predecessor.covered_since"),
    ],
)
def test_an_earlier_plan_only_half_known_leaves_either_order(before, asked):
    verdict = verdict_on(own("X", "2020-01-01", predecessor=before), own("Y", "2015-01-01"))

    assert {tuple(branch["order"]) for branch in verdict["branches"]} == EITHER_WAY
    assert [question["fact"] for question in verdict["questions"]] == [asked]


@pytest.mark.parametrize("before", [{"covered_since": None, "ended_on": "2019-12-30"}, {"covered_since": "2016-01-01"}])
def test_nobody_is_asked_about_an_earlier_plan_that_changes_nothing(before):
    verdict = verdict_on(own("X", "2020-01-01", predecessor=before), own("Y", "2015-01-01"))

    assert (verdict["status"], verdict["order"], verdict["questions"]) == ("determined", ["Y", "X"], [])


def test_plans_that_began_on_one_day_share():
    verdict = verdict_on(own("X", "2020-01-01"), own("Y", "2020-01-01"), own("Z", "2020-01-02"))

    assert (verdict["ties"], verdict["order"][2]) == ([["X", "Y"]], "Z")
    assert [pair["rule"] for pair in verdict["pairs"]] == ["NAIC-6D6", "NAIC-6D5"]


def test_own_plans_that_chase_each_other_stay_a_circle_before_a_spouses_plan(case_of):
    case = case_of("T208")
    circle = determine(case).as_json()
    case["people"]["spouse"] = {"relation": "spouse"}
    case["coverages"].append(own("S", "1999-01-01", subscriber="spouse"))

    verdict = determine(case).as_json()

    assert (circle["status"], verdict["status"]) == ("cycle", "cycle")
    assert verdict["order"] == [*circle["order"], "S"]
    assert verdict["pairs"][-1]["rule"] == "NAIC-6D1a"
