"""However many facts are unknown, the answer comes at once, and a plan's own facts are only asked when they matter."""

from __future__ import annotations

import time

import pytest

from cob.rules import determine
from tests.cob.rules.order.test_boundaries import aged


def own_plans(**facts):
    case = aged()
    del case["medicare"]
    plan = {**case["coverages"][0], "work_status": "active"}
    starts = {f"plan{n}": f"20{10 + n}-01-01" for n in range(5)}
    case["coverages"] = [{**plan, "id": name, "patient_covered_since": day, **facts} for name, day in starts.items()]
    return case


@pytest.mark.parametrize(
    "facts",
    [
        {"patient_covered_since": None},
        {"patient_covered_since": None, "work_status": None},
        {"effective": None, "work_status": None},
        {"subscriber": None, "work_status": None, "continuation": None},
    ],
    ids=lambda facts: " and ".join(facts),
)
def test_five_plans_with_many_unknown_facts_are_answered_at_once(facts):
    case = own_plans(**facts)

    started = time.process_time()
    verdict = determine(case)
    spent = time.process_time() - started

    assert verdict.status == "needs_facts"
    assert 2 <= len(verdict.branches) <= 64
    assert verdict.questions
    assert spent < 1


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
