"""What the rules say of cases drawn once (`drawn.py`): what the reference says; which are of one kind; which words."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from cob.rules import determine
from cob.rules.order.partition import partition
from tests.cob.rules.drawn import grown, pair, rows, words
from tests.cob.rules.order.test_watch import DAYS

AGAIN = "draw again where this is right: python -m tests.cob.rules.drawn"
HUNDREDS = {name: range(0, len(rows(f"{name}.jsonl")), 100) for name in ("answers", "days", "apart", "alike", "said")}


def hundred(name, start):
    return rows(f"{name}.jsonl")[start : start + 100]


@pytest.mark.parametrize("start", HUNDREDS["answers"])
def test_the_rules_say_what_the_reference_says(start):
    for row in hundred("answers", start):
        verdict = determine(grown(row)).as_json()
        if "orders" in row:
            same_outcomes(verdict, row)
        else:
            same_answer(verdict, row)


def same_answer(verdict, row):
    assert verdict["status"] == row["status"], row
    if row["status"] == "data_conflict":
        return
    assert {entry["coverage"] for entry in verdict["set_aside"]} == set(row["aside"]), row
    assert (verdict["msp_type"], verdict["conditional"]) == (row["msp_type"], row["conditional"]), row
    assert shows(verdict["order"], row["groups"]), row
    assert sorted(map(sorted, verdict["ties"])) == sorted(sorted(group) for group in row["groups"] if len(group) > 1), (
        row
    )


def same_outcomes(verdict, row):
    orders = [branch["order"] for branch in verdict["branches"]]
    assert all(any(shows(order, groups) for groups in row["orders"]) for order in orders), row
    assert all(any(shows(order, groups) for order in orders) for groups in row["orders"]), row
    assert (verdict["order"], verdict["certain_suffix"]) == (row["prefix"], row["suffix"]), row


def shows(order, groups):
    """Whether an order is that of the groups; those who share equally may stand in it either way round."""
    place = {name: number for number, group in enumerate(groups) for name in group}
    return set(order) == set(place) and [place[name] for name in order] == sorted(place.values())


@pytest.mark.parametrize("start", HUNDREDS["days"])
def test_a_verdict_names_the_days_on_which_it_changes(start):
    for row in hundred("days", start):
        case = pair(row)[1]
        last = str(date.fromisoformat(case["claim"]["dos"]) + timedelta(days=DAYS - 1))
        watch = determine(case).watch
        assert [day.on for day in watch if day.on <= last and "prompt" not in day.because] == row["days"], (row, AGAIN)


@pytest.mark.parametrize("start", HUNDREDS["apart"])
def test_what_is_decided_differently_is_not_of_one_kind(start):
    for row in hundred("apart", start):
        before, after = pair(row)
        assert partition(before) != partition(after), (row, AGAIN)


@pytest.mark.parametrize("start", HUNDREDS["alike"])
def test_what_the_law_does_not_read_makes_no_kind_of_its_own(start):
    for row in hundred("alike", start):
        before, after = pair(row)
        assert partition(before) == partition(after), (row, AGAIN)


@pytest.mark.parametrize("start", HUNDREDS["said"])
def test_a_verdict_says_why_in_the_words_it_was_read_in(start):
    for row in hundred("said", start):
        assert json.loads(json.dumps(words(determine(grown(row)).as_json()))) == row["said"], (row, AGAIN)
