"""A child with two families: what a court order changes, from which day a plan must follow it, and who comes behind."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written

BY_CUSTODY = [["mother", "father"], ["father", "mother"]]


def plan(of, name=None, **facts):
    card = {
        "id": name or of,
        "kind": "employer",
        "subscriber": of,
        "effective": "2010-01-01",
        "last_covered_day": None,
        "continuation": "none",
        "work_status": "active",
        "patient_covered_since": "2018-01-01",
        "subscriber_covered_since": "2015-01-01",
        "decree_notified_on": "2020-01-15",
        "paid_before_notice": False,
        "plan_year_start": "01-01",
    }
    return card | facts


def child(*plans, dos="2026-03-10", named="father", custody="mother", terms="one_parent", together=False, **options):
    people = {
        "P": {"birth_date": "2016-06-01"},
        "mother": {"relation": "mother", "birth_month_day": "05-05"},
        "father": {"relation": "father", "birth_month_day": "08-08"},
        "stepmother": {"relation": "stepparent", "spouse": "father", "birth_month_day": "01-01"},
        "stepfather": {"relation": "stepparent", "spouse": "mother", "birth_month_day": "02-02"},
    }
    decree = {"terms": terms, "responsible_parent": named}
    case = {
        "id": "f",
        "claim": {"dos": dos},
        "patient": "P",
        "people": people,
        "child": {"parents_living_together": together, "custodial_parent": custody, "decree": decree},
        "coverages": list(plans),
        "options": options,
    }
    return determine(case).as_json()


def shown(verdict):
    return sorted(branch["order"] for branch in verdict["branches"]) or [verdict["order"]]


@pytest.mark.parametrize(
    ("dos", "notice", "firsts"),
    [
        # A plan follows the order from the day it is told, unless it had already paid in that plan year.
        ("2025-06-09", {"decree_notified_on": "2025-06-10"}, {"mother"}),
        ("2025-06-10", {"decree_notified_on": "2025-06-10"}, {"father"}),
        ("2025-06-10", {"decree_notified_on": "2025-06-10", "paid_before_notice": True}, {"mother"}),
        ("2025-12-31", {"decree_notified_on": "2025-06-10", "paid_before_notice": True}, {"mother"}),
        ("2026-01-01", {"decree_notified_on": "2025-06-10", "paid_before_notice": True}, {"father"}),
        ("2026-03-10", {"decree_notified_on": "never"}, {"mother"}),
        # When the plan year begins matters only within a year of the notice.
        (
            "2025-06-11",
            {"decree_notified_on": "2025-06-10", "paid_before_notice": True, "plan_year_start": None},
            {"mother", "father"},
        ),
        (
            "2026-06-09",
            {"decree_notified_on": "2025-06-10", "paid_before_notice": True, "plan_year_start": None},
            {"mother", "father"},
        ),
        (
            "2026-06-10",
            {"decree_notified_on": "2025-06-10", "paid_before_notice": True, "plan_year_start": None},
            {"father"},
        ),
        (
            "2026-06-11",
            {"decree_notified_on": "2025-06-10", "paid_before_notice": True, "plan_year_start": None},
            {"father"},
        ),
        (
            "2027-06-12",
            {"decree_notified_on": "2025-06-10", "paid_before_notice": True, "plan_year_start": None},
            {"father"},
        ),
        # When the plan was told matters, and then whether it had paid.
        ("2026-03-10", {"decree_notified_on": None}, {"mother", "father"}),
        ("2025-07-01", {"decree_notified_on": "2025-06-10", "paid_before_notice": None}, {"mother", "father"}),
    ],
    ids=written,
)
def test_from_which_day_a_plan_follows_the_court(dos, notice, firsts):
    verdict = child(plan("father", **notice), plan("mother"), dos=dos)

    assert {order[0] for order in shown(verdict)} == firsts
    assert len(shown(verdict)) == len(firsts)


@pytest.mark.parametrize(
    ("terms", "together", "custody", "options", "first"),
    [
        ("none", False, "father", {}, "father"),
        ("none", False, "mother", {}, "mother"),
        ("none", True, "father", {}, "mother"),
        ("both_parents", False, "father", {}, "mother"),
        ("joint_custody_silent", False, "father", {}, "mother"),
        ("expired", False, "mother", {}, "mother"),
        ("one_parent", True, "mother", {}, "father"),
        ("financial_only", False, "mother", {}, "mother"),
        ("financial_only", False, "mother", {"decree_financial_only_counts": "YES"}, "father"),
    ],
)
def test_what_the_court_said(terms, together, custody, options, first):
    verdict = child(plan("father"), plan("mother"), terms=terms, together=together, custody=custody, **options)

    assert (verdict["order"][0], verdict["questions"]) == (first, [])


ALL = ("stepmother", "stepfather", "mother", "father")


@pytest.mark.parametrize(
    ("cards", "facts", "orders"),
    [
        # Behind the named parent: the custodial parent, that parent's spouse, the other parent, that one's spouse.
        (ALL, {}, [["father", "mother", "stepfather", "stepmother"]]),
        (ALL, {"custody": "father"}, [["father", "stepmother", "mother", "stepfather"]]),
        (ALL, {"named": "mother"}, [["mother", "stepfather", "father", "stepmother"]]),
        (
            ALL,
            {"decree_rest": "RESPONSIBLE_SPOUSE_SECOND"},
            [["father", "stepmother", "mother", "stepfather"]],
        ),
        (
            ALL,
            {"decree_rest": "ASK"},
            [["father", "mother", "stepfather", "stepmother"], ["father", "stepmother", "mother", "stepfather"]],
        ),
        (
            ("father", "stepfather", "mother"),
            {"decree_rest": "RESPONSIBLE_SPOUSE_SECOND"},
            [["father", "mother", "stepfather"]],
        ),
        (("father", "stepmother"), {"decree_rest": "RESPONSIBLE_SPOUSE_SECOND"}, [["father", "stepmother"]]),
        # The named parent has no plan for the child: that parent's spouse stands in; without one custody decides.
        (("mother", "stepmother"), {}, [["stepmother", "mother"]]),
        (("mother", "stepfather"), {}, [["mother", "stepfather"]]),
        # No order stands: custody alone.
        (ALL, {"terms": "none"}, [["mother", "stepfather", "father", "stepmother"]]),
        (ALL, {"terms": "none", "custody": "father"}, [["father", "stepmother", "mother", "stepfather"]]),
    ],
    ids=written,
)
def test_who_comes_behind(cards, facts, orders):
    assert shown(child(*map(plan, cards), **facts)) == orders


def test_behind_the_named_plan_two_plans_of_one_parent_are_told_apart_by_length():
    newer = plan("mother", "newer", patient_covered_since="2019-01-01")

    verdict = child(newer, plan("mother"), plan("stepfather"), plan("father"))

    assert verdict["order"] == ["father", "mother", "newer", "stepfather"]
    assert [pair["rule"] for pair in verdict["pairs"]] == ["NAIC-6D2b-i", "NAIC-6D5", "COM-DECREE-REST"]


def test_parents_of_one_birthday_by_the_day_the_parent_was_covered_then_by_the_childs():
    same = {"relation": "father", "birth_month_day": "05-05"}
    later = {"subscriber_covered_since": "2016-01-01"}
    case = {
        "id": "s",
        "claim": {"dos": "2026-03-10"},
        "patient": "P",
        "people": {
            "P": {"birth_date": "2016-06-01"},
            "mother": {"relation": "mother", "birth_month_day": "05-05"},
            "father": same,
        },
        "child": {"parents_living_together": True, "decree": {"terms": "none"}},
    }

    def first(*cards):
        verdict = determine({**case, "coverages": list(cards)}).as_json()
        return verdict["order"][0], verdict["pairs"][0]["rule"]

    assert first(plan("mother", **later), plan("father")) == ("father", "NAIC-6D2a-ii")
    assert first(plan("mother"), plan("father", **later)) == ("mother", "NAIC-6D2a-ii")
    assert first(plan("mother", patient_covered_since="2018-01-02"), plan("father")) == ("father", "NAIC-6D5")
