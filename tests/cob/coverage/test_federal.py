"""Against federal law: every pair turned round, every payer left out, every one put in; contracts may be judged."""

from __future__ import annotations

import pytest

from cob.coverage.federal import broken_by, is_federal
from cob.coverage.rulebook import verdict_on

JOB = {
    "id": "job", "kind": "employer", "subscriber": "P", "relationship": "self", "effective": "2020-01-01",
    "last_covered_day": None, "work_status": "active", "continuation": "none", "employer": {"size": "100+"},
    "employment": {"status": "working"}, "patient_covered_since": "2020-01-01",
    "subscriber_covered_since": "2020-01-01",
}  # fmt: skip
UNION = JOB | {"id": "union", "effective": "2022-01-01", "subscriber_covered_since": "2022-01-01",
               "patient_covered_since": "2022-01-01"}  # fmt: skip
CARD = {"id": "card", "kind": "medicare", "subscriber": "P", "relationship": "self", "last_covered_day": None}
AID = {"id": "aid", "kind": "medicaid", "subscriber": "P", "relationship": "self", "effective": "2020-01-01",
       "last_covered_day": None}  # fmt: skip
OVER = JOB | {"id": "over", "last_covered_day": "2021-01-01"}
MEDICARE = {
    "part_a": {"from": "2024-06-01", "to": None}, "part_b": {"from": "2024-06-01", "to": None},
    "premium_free_part_a": True, "basis": {"age": "2024-06"},
}  # fmt: skip


def _case(*coverages):
    case = {
        "id": "one",
        "claim": {"dos": "2026-03-10", "related_to": ["none"]},
        "patient": "P",
        "people": {"P": {"birth_date": "1959-06-01"}},
        "coverages": list(coverages),
    }
    return case | ({"medicare": MEDICARE} if CARD in coverages else {})


def _broken(coverages, order):
    case = _case(*coverages)
    return {(one.first, one.second, one.is_left_out) for one in broken_by(case, verdict_on(case), order)}


@pytest.mark.parametrize(
    ("order", "broken"),
    [
        (["job", "card", "aid"], set()),
        (["card", "job", "aid"], {("job", "card", False)}),
        (["aid", "job", "card"], {("job", "aid", False), ("card", "aid", False)}),
        (["card", "aid"], {("job", "card", True), ("job", "aid", True)}),
        (["job", "aid"], {("card", "aid", True)}),
        (["job"], set()),
    ],
    ids=["as the law says", "Medicare first", "Medicaid first", "the job plan left out", "Medicare left out", "alone"],
)
def test_each_pair_turned_round_or_left_out_is_named(order, broken):
    assert _broken([JOB, CARD, AID], order) == broken


def test_a_pair_moved_apart_is_found_though_another_plan_stands_between():
    assert ("job", "card", False) in _broken([JOB, UNION, CARD], ["union", "card", "job"])


def test_what_contracts_order_may_be_judged_by_a_person():
    assert _broken([JOB, UNION], ["union", "job"]) == set()
    assert _broken([JOB, UNION], ["job", "union"]) == set()


def test_a_plan_that_ended_is_no_matter_of_federal_law():
    assert _broken([JOB, OVER], ["over", "job"]) == set()


@pytest.mark.parametrize(
    ("rule", "federal"),
    [("MSP-WA-20", True), ("MCD-LAST", True), ("TRI-LAST", True), ("NAIC-6D5", False), ("X", False)],
)
def test_federal_is_what_cites_federal_law(rule, federal):
    assert is_federal(rule) is federal
