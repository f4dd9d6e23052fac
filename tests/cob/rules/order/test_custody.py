"""Whose plan of a child's is first when step-parents, guardians and shared custody come in, and how sure that is."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written
from tests.cob.rules.order.test_families import child, plan

PARENTS = ("father", "mother")
ALL = ("stepmother", "stepfather", *PARENTS)


def rules(verdict):
    return [pair["rule"] for pair in verdict["pairs"]]


def notes(verdict):
    return {note["rule"] for note in verdict["notes"]}


@pytest.mark.parametrize(
    ("cards", "facts", "order", "said", "status"),
    [
        (PARENTS, {"terms": "both_parents"}, ["mother", "father"], ["NAIC-6D2b-ii"], "determined"),
        (PARENTS, {"terms": "joint_custody_silent"}, ["mother", "father"], ["NAIC-6D2b-iii"], "determined"),
        (PARENTS, {"terms": "none", "together": True}, ["mother", "father"], ["NAIC-6D2a-i"], "determined"),
        (PARENTS, {"terms": "none", "custody": "father"}, ["father", "mother"], ["NAIC-6D2b-iv"], "determined"),
        # Custody shared alike and no order: nothing says so outright, the birthday is the nearest.
        (PARENTS, {"terms": "none", "custody": "equal"}, ["mother", "father"], ["NAIC-6D2b-iv"], "likely"),
        # Step-parents stand behind both parents, in the order of the parents they married.
        (
            ALL,
            {"terms": "both_parents"},
            ["mother", "father", "stepfather", "stepmother"],
            ["NAIC-6D2b-ii"] * 3,
            "likely",
        ),
        (("stepmother", "mother"), {"terms": "both_parents"}, ["mother", "stepmother"], ["NAIC-6D2b-ii"], "likely"),
        (ALL, {"terms": "none"}, ["mother", "stepfather", "father", "stepmother"], ["NAIC-6D2b-iv"] * 3, "determined"),
    ],
    ids=written,
)
def test_the_rule_that_orders_parents_and_their_spouses(cards, facts, order, said, status):
    verdict = child(*map(plan, cards), **facts)

    assert (verdict["order"], rules(verdict), verdict["status"]) == (order, said, status)
    assert verdict["unconfirmed"] is (status == "likely")


@pytest.mark.parametrize(
    ("cards", "status"), [(ALL, "likely"), (("stepfather", "mother", "father"), "determined")], ids=written
)
def test_where_the_state_names_three_places_a_fourth_is_only_likely(cards, status):
    assert child(*map(plan, cards), terms="none", child_noncustodial_spouse="THREE_TIER")["status"] == status


def grown(parent_since, spouse_since, **options):
    """A married child of 24 on the mother's plan and on the husband's."""
    people = {
        "P": {"birth_date": "2002-06-01"},
        "mother": {"relation": "mother", "birth_month_day": "05-05"},
        "husband": {"relation": "spouse", "birth_month_day": "03-03"},
    }
    cards = [plan("mother", patient_covered_since=parent_since), plan("husband", patient_covered_since=spouse_since)]
    case = {"id": "g", "claim": {"dos": "2026-03-10"}, "patient": "P", "people": people}
    return determine({**case, "coverages": cards, "options": options}).as_json()


@pytest.mark.parametrize(
    ("mother", "husband", "first", "rule"),
    [
        ("2018-01-01", "2018-01-02", "mother", "NAIC-6D2d-i"),
        ("2018-01-02", "2018-01-01", "husband", "NAIC-6D2d-i"),
        ("2018-01-01", "2018-01-01", "husband", "NAIC-6D2d-ii"),
    ],
)
def test_a_married_child_has_the_longer_plan_first_and_of_one_day_the_earlier_birthday(mother, husband, first, rule):
    verdict = grown(mother, husband)

    assert (verdict["order"][0], rules(verdict), verdict["status"]) == (first, [rule], "likely")
    assert verdict["unconfirmed"] is True


def test_before_2013_a_married_childs_plans_stand_by_length_alone():
    verdict = grown("2018-01-02", "2018-01-01", adult_child_spouse_rule="PRE2013")

    assert (verdict["order"][0], rules(verdict), verdict["unconfirmed"]) == ("husband", ["NAIC-6D5"], False)


@pytest.mark.parametrize(("relationship", "status"), [("adopted_child", "likely"), ("foster_child", "likely")])
def test_an_adopted_or_foster_child_is_placed_as_a_child_and_only_likely(relationship, status):
    cards = [plan(one, relationship=relationship) for one in PARENTS]

    verdict = child(*cards, terms="none", together=True)

    assert (verdict["order"], verdict["status"]) == (["mother", "father"], status)
    assert "NAIC-ADOPT" in notes(verdict)


def test_a_verdict_of_one_plan_rests_on_the_day_alone():
    verdict = child(plan("mother"))

    assert [position["rule"] for position in verdict["positions"]] == ["GEN-DOS"]
    assert (verdict["status"], verdict["ties"], verdict["pairs"], verdict["conditional"]) == (
        "determined",
        [],
        [],
        False,
    )
