"""Another number may be tried, in memory, in one thread, and it is gone afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from cob.rules import determine
from cob.rules import parameters as numbers
from cob.rules.bulk import Decider
from cob.rules.parameters import is_trying, law, trying
from tests.cob.rules.order.test_boundaries import aged

DAY = date(2026, 3, 10)
MONTHS, DAYS = "msp.kidney.months", "accidents.promptly.days"


def test_a_tried_number_holds_inside_and_not_after():
    with trying({MONTHS: 33}):
        assert (law(MONTHS, DAY), law(DAYS, DAY), is_trying()) == (33, 120, True)

    assert (law(MONTHS, DAY), is_trying()) == (30, False)


def test_it_is_gone_when_what_was_inside_failed():
    with pytest.raises(LookupError), trying({MONTHS: 33}):
        raise LookupError

    assert law(MONTHS, DAY) == 30


def test_a_trial_inside_another_adds_to_it():
    with trying({MONTHS: 33}), trying({DAYS: 90}):
        assert (law(MONTHS, DAY), law(DAYS, DAY)) == (33, 90)


def test_another_thread_goes_by_the_law():
    with trying({MONTHS: 33}), ThreadPoolExecutor(1) as other:
        assert other.submit(law, MONTHS, DAY).result() == 30


def test_the_numbers_are_those_of_the_day_on_both_sides_of_every_change():
    every = numbers.parameters()
    turns = {turn for parameter in every.values() for turn in parameter.values}

    for day in {day for turn in turns for day in (turn - timedelta(days=1), turn)} | {date.min, date.max}:
        assert numbers.numbers(day) == {name: parameter.on(day) for name, parameter in every.items()}


def test_nothing_tried_is_the_law():
    with trying({}):
        assert not is_trying()


@pytest.mark.parametrize(
    ("values", "said"),
    [({"msp.luck": 1}, "msp.luck: there is no such number"), ({MONTHS: -1}, f"{MONTHS}: expected a whole number"),
     ({MONTHS: "33"}, "expected a whole number"), ({MONTHS: True}, "expected a whole number")],
)  # fmt: skip
def test_what_is_no_number_of_the_law_is_refused(values, said):
    with pytest.raises(ValueError, match=said), trying(values):
        pass


@pytest.mark.parametrize(
    ("employer", "least", "order"),
    [
        ({"size": "20-99"}, 20, [("own", "M")]),
        ({"size": "20-99"}, 25, [("own", "M"), ("M", "own")]),
        ({"size": "20-99"}, 100, [("M", "own")]),
        ({"size": "100+"}, 25, [("own", "M")]),
        ({"size": "<20"}, 25, [("M", "own")]),
        ({"size": "<20"}, 10, [("own", "M"), ("M", "own")]),
        ({}, 25, [("own", "M"), ("M", "own")]),
        ({"meets_20_this_year": False, "meets_20_last_year": False}, 25, [("M", "own")]),
        ({"meets_20_this_year": True, "meets_20_last_year": False}, 15, [("own", "M")]),
        ({"meets_20_this_year": True, "meets_20_last_year": False}, 25, [("own", "M"), ("M", "own")]),
    ],
    ids=str,
)
def test_another_number_of_employees_is_held_against_the_band_and_asked_where_it_cuts_one(employer, least, order):
    case = aged(employer=employer)
    with trying({"msp.working_aged.employees": least}):
        verdict = determine(case)
        again = Decider().decide(case)

    found = {tuple(branch.order) for branch in verdict.branches} or {tuple(verdict.order)}
    assert found == set(order)
    assert (verdict.status == "needs_facts") is (len(order) > 1)
    assert again.status == verdict.status


def test_a_number_defined_in_two_files_is_refused(tmp_path, monkeypatch):
    value = "{value: 30, cite: 42 CFR 411.162, url: 'https://example.org'}"
    text = f"kidney.months: {{label: Months, unit: months, values: {{2000-01-01: {value}}}}}"
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(numbers, "FOLDER", tmp_path)

    with pytest.raises(ValueError, match=r"b\.yaml: kidney\.months is already defined"):
        numbers.parameters.__wrapped__()


def test_a_number_of_which_nothing_is_said_is_confirmed():
    assert not numbers.Value(value=1, cite="42 CFR 411.162", url="https://example.org").unconfirmed
