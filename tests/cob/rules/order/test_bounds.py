"""However many facts are unknown the work is bounded, every outcome is told, and only what matters is asked."""

from __future__ import annotations

from itertools import permutations

import pytest

from cob.rules import determine, read_case
from cob.rules.order.determination import run
from cob.rules.order.visit import Visit
from cob.rules.reading import MOST_RUNS, MOST_WAYS
from tests.cob.rules.order.test_boundaries import aged


def own_plans(count=5, **facts):
    case = aged()
    del case["medicare"]
    plan = {**case["coverages"][0], "work_status": "active"}
    starts = {f"plan{n}": f"20{10 + n}-01-01" for n in range(count)}
    case["coverages"] = [{**plan, "id": name, "patient_covered_since": day, **facts} for name, day in starts.items()]
    return case


def runs_of(case):
    """How often the law was run to answer."""
    visit = Visit(read_case(case))
    visit.explore(lambda: run(visit), same=lambda outcome: outcome.key)
    return visit.spent


@pytest.mark.parametrize(
    "facts",
    [
        {"patient_covered_since": None},
        {"patient_covered_since": None, "work_status": None},
        {"effective": None, "work_status": None},
        {"subscriber": None, "work_status": None, "continuation": None},
        {"effective": None, "subscriber": None, "continuation": None, "patient_covered_since": None},
    ],
    ids=lambda facts: " and ".join(facts),
)
def test_five_plans_with_many_unknown_facts_take_bounded_work(facts):
    case = own_plans(**facts)

    verdict = determine(case)

    assert verdict.status == "needs_facts"
    assert verdict.branches
    assert verdict.questions
    assert runs_of(case) <= MOST_RUNS + MOST_WAYS


@pytest.mark.parametrize("count", [6, 12, 20])
def test_many_plans_of_unknown_length_take_no_more_runs_than_a_few(count):
    """Runs that end in another question count: of twenty plans there would be millions of those alone."""
    assert runs_of(own_plans(count, patient_covered_since=None)) <= MOST_RUNS + MOST_WAYS


@pytest.mark.parametrize(("count", "outcomes"), [(2, 3), (3, 13), (4, 75), (5, 541)])
def test_lengths_nobody_knows_leave_every_order_and_every_tie(count, outcomes):
    """As many outcomes as there are ways to rank so many plans with ties (the ordered Bell numbers)."""
    verdict = determine(own_plans(count, patient_covered_since=None))

    assert len(verdict.branches) == outcomes
    named = {tuple(branch.order) for branch in verdict.branches}
    assert named == set(permutations(f"plan{n}" for n in range(count)))
    assert not [note for note in verdict.notes if "More orders are possible" in note.text]


def test_where_not_every_way_was_tried_the_verdict_says_so_and_calls_nothing_certain():
    case = own_plans(patient_covered_since=None, work_status=None)
    case["coverages"].append({"id": "MCD", "kind": "medicaid", "effective": "2020-01-01", "last_covered_day": None})

    verdict = determine(case)

    assert [note for note in verdict.notes if "More orders are possible" in note.text]
    assert (verdict.order, verdict.certain_suffix) == ([], ["MCD"])


def test_a_retiree_plan_never_asks_for_employer_size():
    verdict = determine(aged(employment={"status": "retired"}, employer={}))

    assert verdict.status == "determined"
    assert "coverages.own.employer.size" not in verdict.facts_used


def test_nineteen_employees_never_ask_about_the_job():
    verdict = determine(aged(employment={}, employer={"size": "<20"}))

    assert (verdict.status, verdict.questions) == ("determined", [])


def test_unknown_size_and_unknown_job_are_both_asked():
    verdict = determine(aged(employment={}, employer={}))

    assert {question.fact for question in verdict.questions} == {
        "coverages.own.employment.status",
        "coverages.own.employer.size",
    }
