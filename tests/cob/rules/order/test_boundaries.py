"""Both sides of every line the law draws."""

from __future__ import annotations

import pytest

from cob.rules import determine

OPEN_MEDICARE = {"from": "2023-05-01", "to": None}


def aged(**own):
    """Somebody of 67 with Medicare and an own job plan."""
    plan = {
        "id": "own",
        "kind": "employer",
        "subscriber": "P",
        "effective": "2018-01-01",
        "last_covered_day": None,
        "continuation": "none",
        "employment": {"status": "working"},
        "employer": {"size": "20-99"},
    }
    return {
        "id": "b",
        "claim": {"dos": "2026-03-10"},
        "patient": "P",
        "people": {"P": {"birth_date": "1958-05-20"}},
        "medicare": {
            "part_a": OPEN_MEDICARE,
            "part_b": OPEN_MEDICARE,
            "premium_free_part_a": True,
            "basis": {"age": "2023-05"},
        },
        "coverages": [{**plan, **own}, {"id": "M", "kind": "medicare"}],
    }


def kidney(dos, **dates):
    """Somebody under 65 with a tiny employer's plan and kidney failure."""
    case = aged(employer={"size": "<20"})
    case["claim"]["dos"] = dos
    case["people"]["P"]["birth_date"] = "1975-11-11"
    never = dict.fromkeys(
        ("first_dialysis", "self_training_start", "transplant", "preop_admission", "dialysis_end"), "never"
    )
    case["medicare"] |= {"basis": {"esrd": "2024-04"}, "esrd": {**never, **dates}}
    return case


@pytest.mark.parametrize(
    ("employer", "first"),
    [
        ({"meets_20_this_year": False, "meets_20_last_year": False}, "M"),
        ({"meets_20_this_year": True, "meets_20_last_year": False}, "own"),
        ({"meets_20_this_year": False, "meets_20_last_year": True}, "own"),
        ({"meets_20_last_year": False, "twentieth_week_ends": "2026-03-11"}, "M"),
        ({"meets_20_last_year": False, "twentieth_week_ends": "2026-03-10"}, "own"),
        ({"size": "<20"}, "M"),
        ({"size": "20-99"}, "own"),
        ({"size": "100+", "meets_20_this_year": False, "meets_20_last_year": False}, "M"),
    ],
    ids=lambda value: str(value),
)
def test_twenty_employees_in_twenty_weeks(employer, first):
    assert determine(aged(employer=employer)).order[0] == first


@pytest.mark.parametrize(
    ("employment", "first"),
    [
        ({"status": "retired", "last_day": "2026-03-09"}, "M"),
        ({"status": "retired", "last_day": "2026-03-10"}, "own"),
        ({"status": "disability_pay", "disability_pay_start": "2025-09-10"}, "M"),
        ({"status": "disability_pay", "disability_pay_start": "2025-09-11"}, "own"),
        ({"status": "self_employed", "prior_year_net_cents": 39_999}, "M"),
        ({"status": "self_employed", "prior_year_net_cents": 40_000}, "own"),
        ({"status": "director", "prior_year_net_cents": 40_000}, "own"),
        ({"status": "furlough", "on_ssdi": True}, "M"),
        ({"status": "furlough", "on_ssdi": False}, "own"),
        ({"status": "clergy"}, "own"),
        ({"status": "religious_order"}, "M"),
        ({"status": "rehired_retiree", "rehired_qualifies": True}, "own"),
        ({"status": "rehired_retiree", "rehired_qualifies": False}, "M"),
        ({"status": "severance"}, "M"),
    ],
    ids=lambda value: str(value),
)
def test_what_counts_as_current_work(employment, first):
    assert determine(aged(employment=employment)).order[0] == first


@pytest.mark.parametrize(
    ("dos", "first"),
    [("2024-03-31", "M"), ("2024-04-01", "own"), ("2026-09-30", "own"), ("2026-10-01", "M")],
)
def test_the_thirty_kidney_months_run_from_the_first_of_the_third_month_to_the_end_of_the_thirtieth(dos, first):
    assert determine(kidney(dos, first_dialysis="2024-01-10")).order[0] == first


@pytest.mark.parametrize(
    ("dates", "last_month_first"),
    [
        ({"first_dialysis": "2024-01-31"}, "2026-09-30"),
        ({"first_dialysis": "2024-01-10", "self_training_start": "2024-03-31"}, "2026-06-30"),
        ({"first_dialysis": "2024-01-10", "self_training_start": "2024-04-01"}, "2026-09-30"),
        ({"transplant": "2024-04-15"}, "2026-09-30"),
        ({"transplant": "2024-04-15", "preop_admission": "2024-02-01"}, "2026-07-31"),
        ({"transplant": "2024-04-15", "preop_admission": "2024-01-31"}, "2026-07-31"),
        ({"transplant": "2024-04-15", "preop_admission": "2024-03-01"}, "2026-08-31"),
        ({"first_dialysis": "2020-01-10", "dialysis_end": "2021-01-10", "new_period_from": "2024-04-30"}, "2026-09-30"),
    ],
    ids=lambda value: str(value),
)
def test_where_the_kidney_clock_starts(dates, last_month_first):
    year, month, _ = (int(part) for part in last_month_first.split("-"))
    following = f"{year + month // 12}-{month % 12 + 1:02d}-01"

    assert determine(kidney(last_month_first, **dates)).order == ["own", "M"]
    assert determine(kidney(following, **dates)).order == ["M", "own"]


@pytest.mark.parametrize("transplant", ["2024-06-30", "2024-07-01"])
def test_a_transplant_too_late_for_the_entitlement_on_file_cannot_have_begun_it(transplant):
    """Whatever day dialysis began, the thirty months from 04/2024 are over."""
    case = kidney("2026-10-31", first_dialysis=None, transplant=transplant, preop_admission=None)
    case["medicare"]["esrd"]["dialysis_end"] = transplant

    assert determine(case).order == ["M", "own"]


@pytest.mark.parametrize(
    ("dos", "status", "first"), [("2025-07-31", "determined", "M"), ("2025-08-01", "likely", "own")]
)
def test_at_65_a_disabled_patients_test_changes(dos, status, first):
    case = aged()
    case["claim"]["dos"] = dos
    case["people"]["P"]["birth_date"] = "1960-08-20"
    case["medicare"]["basis"] = {"disability": "2023-05"}

    verdict = determine(case)

    assert (verdict.status, verdict.order[0]) == (status, first)


def test_the_day_65_begins_is_announced_before_it_comes():
    case = aged()
    case["claim"]["dos"] = "2025-07-31"
    case["people"]["P"]["birth_date"] = "1960-08-20"
    case["medicare"]["basis"] = {"disability": "2023-05"}

    assert [entry.on for entry in determine(case).watch] == ["2025-08-01"]


@pytest.mark.parametrize(("dos", "order"), [("2026-05-09", ["dad"]), ("2026-05-10", [])])
def test_a_child_leaves_the_plan_on_the_26th_birthday(dos, order):
    case = {
        "id": "b",
        "claim": {"dos": dos},
        "patient": "P",
        "people": {"P": {"birth_date": "2000-05-10"}, "dad": {"relation": "father"}},
        "child": {"disabled_dependent": False},
        "coverages": [
            {
                "id": "dad",
                "kind": "employer",
                "subscriber": "dad",
                "effective": "2018-01-01",
                "last_covered_day": None,
            }
        ],
    }

    assert determine(case).order == order
    assert determine({**case, "child": {"disabled_dependent": True}}).order == ["dad"]
    assert determine({**case, "options": {"dependent_age_end": "END_OF_YEAR"}}).order == ["dad"]
    assert determine({**case, "options": {"dependent_age_end": "STATE_AGE(27)"}}).order == ["dad"]


@pytest.mark.parametrize(("last", "is_last", "order"), [("2026-03-10", True, ["own"]), ("2026-03-10", False, [])])
def test_a_term_date_may_be_the_last_day_or_the_first_without(last, is_last, order):
    case = aged(last_covered_day=last)
    del case["medicare"]
    case["coverages"].pop()

    assert determine({**case, "options": {"term_date_is_last_day": is_last}}).order == order


@pytest.mark.parametrize(("paid", "order"), [(199_999, ["PIP", "own"]), (200_000, ["own", "PIP"])])
def test_massachusetts_splits_auto_benefits_at_two_thousand_dollars(paid, order):
    case = aged(funding="insured")
    del case["medicare"]
    case["coverages"][1] = {"id": "PIP", "kind": "no_fault", "effective": "2020-01-01", "last_covered_day": None}
    case["claim"]["related_to"] = ["auto"]
    case["accident"] = {"state": "MA", "no_fault": {"paid_to_date_cents": paid, "exhausted_on": "never"}}

    assert determine(case).order == order
