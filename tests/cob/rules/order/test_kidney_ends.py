"""When Medicare for kidney failure ends, and months of the clock that hang on a single day."""

from __future__ import annotations

import copy

import pytest

from cob.rules import determine
from cob.rules.bulk import Decider, decided
from tests.cob.rules.order.test_boundaries import aged, kidney


def ended(dos, **dates):
    case = kidney(dos, **dates)
    case["medicare"]["basis"] = {"esrd": "2024-04", "disability": "2026-01"}
    return "MSP-ESRD-END" in {note["rule"] for note in determine(case).as_json()["notes"]}


@pytest.mark.parametrize(
    ("dates", "last", "after"),
    [
        # Twelve months after the month dialysis stopped, thirty-six after the month of the transplant.
        ({"first_dialysis": "2024-01-10", "dialysis_end": "2025-02-01"}, "2026-02-28", "2026-03-01"),
        ({"first_dialysis": "2024-01-10", "dialysis_end": "2025-02-28"}, "2026-02-28", "2026-03-01"),
        ({"transplant": "2024-04-15"}, "2027-04-30", "2027-05-01"),
        # The later of the two.
        (
            {"first_dialysis": "2024-01-10", "dialysis_end": "2024-06-15", "transplant": "2024-06-15"},
            "2027-06-30",
            "2027-07-01",
        ),
    ],
    ids=lambda value: str(value),
)
def test_the_last_month_of_kidney_medicare(dates, last, after):
    assert (ended(last, **dates), ended(after, **dates)) == (False, True)


def test_kidney_medicare_goes_on_while_dialysis_does():
    assert not ended("2030-01-01", first_dialysis="2024-01-10")


@pytest.mark.parametrize(("dos", "status"), [("2026-09-30", "likely"), ("2026-10-01", "determined")])
def test_ended_within_the_thirty_months_it_is_only_likely_that_the_old_rules_are_back(dos, status):
    case = kidney(dos, first_dialysis="2024-01-10", dialysis_end="2025-08-10")
    case["medicare"]["basis"] = {"esrd": "2024-04", "disability": "2026-01"}

    verdict = determine(case)

    assert (verdict.order, verdict.status) == (["M", "own"], status)


@pytest.mark.parametrize(
    ("employment", "first"),
    [
        # Pay that begins after the visit does not count yet; that which begins that day does, for six months.
        ({"status": "disability_pay", "disability_pay_start": "2026-03-11"}, "M"),
        ({"status": "disability_pay", "disability_pay_start": "2026-03-10"}, "own"),
        ({"status": "disability_pay", "disability_pay_start": "never"}, "M"),
        # The last day at work still counts, whatever the status; a job that has ended is not held.
        ({"status": "severance", "last_day": "2026-03-10"}, "own"),
        ({"status": "furlough", "on_ssdi": False, "last_day": "2026-03-09"}, "M"),
        ({"status": "clergy", "last_day": "2026-03-09"}, "M"),
        ({"status": "working", "last_day": "never"}, "own"),
        ({"status": "director", "prior_year_net_cents": 39_999}, "M"),
    ],
    ids=lambda value: str(value),
)
def test_work_on_the_day_itself(employment, first):
    assert determine(aged(employment=employment)).order[0] == first


def test_medicare_nobody_knows_the_ground_of_may_be_for_disability_and_kidney_failure_at_once():
    """Of two plans by the work of somebody with 20 to 99 colleagues, each may have paid first before the kidneys failed
    or not; on one ground alone both always stand on the same side of Medicare."""
    plan = {
        "kind": "employer",
        "subscriber": "S",
        "effective": "2018-01-01",
        "last_covered_day": None,
        "work_status": "active",
        "employment": {"status": "working"},
        "patient_covered_since": "2018-01-01",
        "subscriber_covered_since": "2018-01-01",
        "employer": {"size": "20-99"},
    }
    case = {
        "id": "both",
        "claim": {"dos": "2026-03-10", "related_to": ["none"]},
        "patient": "P",
        "people": {"P": {"birth_date": "1973-09-09"}, "S": {"relation": "spouse", "birth_date": "1962-02-02"}},
        "coverages": [{"id": "one", **plan}, {"id": "M", "kind": "medicare", "subscriber": "P"}, {"id": "two", **plan}],
        "medicare": {"part_a": {"from": "2024-02-01", "to": None}, "part_b": {"from": "2024-02-01", "to": None}},
    }
    orders = {tuple(branch.order) for branch in determine(case).branches}
    assert orders >= {("M", "one", "two"), ("one", "two", "M"), ("one", "M", "two"), ("two", "M", "one")}
    told = copy.deepcopy(case)
    told["medicare"]["esrd"] = {"first_dialysis": "2025-12-01"}
    assert {tuple(branch.order) for branch in determine(told).branches} <= orders


def test_a_kidney_date_beside_another_ground_is_never_answered_by_a_case_without():
    decider = Decider()
    without = aged(employer={"size": "20-99"})
    without["people"]["P"]["birth_date"] = "1973-09-09"
    without["medicare"]["basis"] = {"disability": "2026-03"}
    with_kidneys = copy.deepcopy(without)
    with_kidneys["medicare"]["esrd"] = {
        "first_dialysis": "2025-12-01",
        **dict.fromkeys(("self_training_start", "transplant", "preop_admission", "dialysis_end"), "never"),
    }

    for case in (without, with_kidneys):
        assert decider.decide(case) == decided(determine(case))
    assert determine(without).order != determine(with_kidneys).order
