"""Both sides of every line the law draws."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cob.rules import determine
from cob.rules.bulk import Decider, decided

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


@pytest.mark.parametrize("transplant", ["2022-04-01", "2022-04-12"])
@pytest.mark.parametrize(("dos", "first"), [("2025-04-30", "M"), ("2025-05-01", "own")])
def test_a_second_transplant_without_dialysis_ends_its_spell_36_months_later(dos, first, transplant):
    case = aged()
    case["claim"]["dos"] = dos
    never = dict.fromkeys(("first_dialysis", "self_training_start", "preop_admission", "dialysis_end"), "never")
    case["medicare"]["basis"] |= {"esrd": "2022-04"}
    case["medicare"]["esrd"] = {**never, "transplant": transplant, "new_period_from": "2022-04-01"}

    assert determine(case).order[0] == first
    assert decided(determine(case)) == Decider().decide(case)


def asked(dos, basis="2024-04", **dates):
    """What is open about a kidney clock some of whose dates nobody knows: the orders, and the first question."""
    case = kidney(dos, **dates)
    case["medicare"]["basis"] = {"esrd": basis}
    verdict = determine(case)
    assert decided(verdict) == Decider().decide(case)
    orders = sorted(branch.order[0] for branch in verdict.branches) or [verdict.order[0]]
    return orders, verdict.questions[0].fact.removeprefix("medicare.esrd.") if verdict.questions else None


EITHER = ["M", "own"]


@pytest.mark.parametrize(
    ("dates", "basis", "dos", "orders"),
    [
        # The clock may have started before the entitlement on file, never after it.
        ({"first_dialysis": None}, "2024-04", "2026-09-30", EITHER),
        ({"first_dialysis": None}, "2024-04", "2026-10-01", ["M"]),
        ({"transplant": None}, "2024-04", "2026-09-30", EITHER),
        ({"transplant": None}, "2024-04", "2026-10-01", ["M"]),
        # Trained for home dialysis the clock starts with dialysis, else with the third month after.
        ({"first_dialysis": "2024-01-10", "self_training_start": None}, "2024-04", "2026-06-30", ["own"]),
        ({"first_dialysis": "2024-01-10", "self_training_start": None}, "2024-04", "2026-07-01", EITHER),
        ({"first_dialysis": "2024-01-10", "self_training_start": None}, "2024-04", "2026-09-30", EITHER),
        ({"first_dialysis": "2024-01-10", "self_training_start": None}, "2024-04", "2026-10-01", ["M"]),
        ({"first_dialysis": "2024-01-10", "self_training_start": None}, "2024-03", "2026-07-01", ["M"]),
        ({"first_dialysis": "2024-01-10", "self_training_start": None}, "2024-03", "2026-06-30", ["own"]),
        # A transplant starts it that month, in that of an admission just before, or two months before.
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-04", "2026-07-31", ["own"]),
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-04", "2026-08-01", EITHER),
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-04", "2026-09-30", EITHER),
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-04", "2026-10-01", ["M"]),
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-03", "2026-08-31", EITHER),
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-03", "2026-09-01", ["M"]),
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-02", "2026-07-31", ["own"]),
        ({"transplant": "2024-04-15", "preop_admission": None}, "2024-02", "2026-08-01", ["M"]),
        # A stay long before the transplant leaves a clock two months before it; one just before it began the clock.
        ({"transplant": None, "preop_admission": "2024-01-20"}, "2024-02", "2026-07-31", EITHER),
        ({"transplant": None, "preop_admission": "2024-01-20"}, "2024-02", "2026-08-01", ["M"]),
        # Dialysis may follow a kidney that failed again, whose transplant began the clock.
        ({"first_dialysis": "2024-04-15", "transplant": None}, "2024-07", "2026-12-31", EITHER),
        ({"first_dialysis": "2024-04-15", "transplant": None}, "2024-07", "2027-01-01", ["M"]),
    ],
    ids=str,
)
def test_what_an_unknown_kidney_date_leaves_open(dates, basis, dos, orders):
    found, question = asked(dos, basis, **dates)

    assert found == orders
    assert question == (None if len(orders) == 1 else next(name for name, day in dates.items() if day is None))


@pytest.mark.parametrize(
    ("dos", "first"),
    [("2025-04-30", "M"), ("2025-05-01", "own"), ("2027-10-31", "own"), ("2027-11-01", "M")],
)
def test_a_new_kidney_spell_has_thirty_months_of_its_own_from_the_month_it_begins(dos, first):
    old = {"first_dialysis": "2020-07-05", "transplant": "2021-03-10", "dialysis_end": "2021-03-10"}

    assert determine(kidney(dos, **old, new_period_from="2025-05-20")).order[0] == first


@pytest.mark.parametrize(
    ("dates", "last"),
    [
        ({"first_dialysis": "2020-01-10", "dialysis_end": "2023-06-05"}, "2024-06-30"),
        ({"transplant": "2021-03-10"}, "2024-03-31"),
        ({"first_dialysis": "2020-01-10", "dialysis_end": "2022-03-20", "transplant": "2022-03-20"}, "2025-03-31"),
    ],
    ids=str,
)
def test_kidney_medicare_ends_12_months_after_dialysis_and_36_after_a_transplant(dates, last):
    """Then age decides again: somebody of 67 who still works, with Medicare first as long as the kidneys decide."""
    never = dict.fromkeys(
        ("first_dialysis", "self_training_start", "transplant", "preop_admission", "dialysis_end"), "never"
    )
    day = date.fromisoformat(last)

    def first(on):
        case = aged()
        case["claim"]["dos"] = str(on)
        case["medicare"]["basis"] = {"esrd": "2020-04", "age": "2023-05"}
        case["medicare"]["esrd"] = {**never, **dates}
        return determine(case).order[0]

    assert (first(day), first(day + timedelta(days=1))) == ("M", "own")


@pytest.mark.parametrize(("enrolled", "is_late"), [("2024-04-01", False), ("2024-04-30", False), ("2024-05-01", True)])
def test_signing_up_after_the_clock_started_is_said(enrolled, is_late):
    case = kidney("2026-09-30", first_dialysis="2024-01-10")
    case["medicare"]["part_a"] = {"from": enrolled, "to": None}

    verdict = determine(case)

    assert verdict.order[0] == "own"
    assert ("MSP-ESRD-LATE" in {note.rule for note in verdict.notes}) is is_late
