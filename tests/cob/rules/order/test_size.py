"""On which side of a number a band of employees lies, and where it straddles it."""

from __future__ import annotations

import pytest

from cob.rules import determine
from cob.rules.order.size import reaches
from cob.rules.parameters import trying
from tests.cob.rules.order.kinds import aged, disabled, job


@pytest.mark.parametrize(
    ("band", "number", "said"),
    [
        ("<20", 0, True), ("<20", 1, None), ("<20", 19, None), ("<20", 20, False), ("<20", 100, False),
        ("20-99", 19, True), ("20-99", 20, True), ("20-99", 21, None), ("20-99", 99, None), ("20-99", 100, False),
        ("100+", 99, True), ("100+", 100, True), ("100+", 101, None), ("100+", 1_000_000, None),
    ],
)  # fmt: skip
def test_a_band_lies_at_or_above_a_number_below_it_or_across_it(band, number, said):
    assert reaches(band, number) is said


@pytest.mark.parametrize(("band", "order"), [("50+", ["own", "M"]), ("<50", ["M", "own"])])
def test_where_another_number_cuts_through_a_band_each_side_has_its_own_order(band, order):
    with trying({"msp.working_aged.employees": 50}):
        verdict = determine(aged(job(employer={"size": "20-99"})))

    assert {tuple(branch.order) for branch in verdict.branches} == {("own", "M"), ("M", "own")}
    assert [branch.order for branch in verdict.branches if branch.assuming[0].value == band] == [order]


@pytest.mark.parametrize(("who", "band"), [(aged, "20-99"), (aged, "<20"), (disabled, "100+"), (disabled, "20-99")])
def test_a_band_that_decided_is_among_the_facts_used(who, band):
    assert "coverages.own.employer.size" in determine(who(job(employer={"size": band}))).facts_used


def test_the_largest_member_of_a_multi_employer_plan_is_among_the_facts_used_where_it_decided():
    employer = {"size": "20-99", "largest_member": "100+"}

    verdict = determine(disabled(job(kind="union_multiemployer", employer=employer)))

    assert verdict.order == ["own", "M"]
    assert {"coverages.own.employer.size", "coverages.own.employer.largest_member"} <= set(verdict.facts_used)
