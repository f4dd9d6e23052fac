"""A rule that bears on a line-up is named although it moves nobody, an order without a text behind it is only likely,
and what nobody told is asked though another fact seems to answer it."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written
from tests.cob.rules.order.kinds import GONE, adult, aged, apart, hurt, job, kidney, set_to
from tests.cob.rules.order.test_families import child, plan
from tests.cob.rules.order.test_reasons import FAMILY, RETIREE, other

ADVANTAGE = {"id": "MA", "kind": "medicare_advantage", "subscriber": "P", "effective": "2023-05-01",
             "last_covered_day": None}  # fmt: skip
STATIONED = {"military": {"beneficiary": "adsm"}}
DENIED = {"status": "denied", "claim_filed_on": None}


def named(case):
    return {note.rule for note in determine(case).notes}


def with_advantage(case):
    """The same with the card of an Advantage plan alone."""
    return case | {"coverages": [*case["coverages"][:-1], ADVANTAGE]}


@pytest.mark.parametrize(
    ("rule", "case", "speaks"),
    [
        ("MCD-UNKNOWN", adult(other("medicaid"), medicaid={"unverified_other_cover": True}), True),
        ("MCD-UNKNOWN", adult(other("medicaid"), medicaid={"unverified_other_cover": False}), False),
        ("GEN-MA", with_advantage(aged()), True),
        ("GEN-MA", aged(), False),
        ("TRI-MCR", aged(RETIREE, other("tricare"), **FAMILY), True),
        ("TRI-MCR", adult(other("tricare"), **FAMILY), False),
        ("CVA-MCR", aged(RETIREE, other("champva")), True),
        ("CVA-MCR", set_to(aged(other("champva")), "medicare.part_b", None), True),
        ("CVA-MCR", adult(other("champva")), False),
        ("ACC-LIAB-120", hurt("workers_comp", workers_comp=DENIED), True),
        ("ACC-LIAB-120", hurt("workers_comp", workers_comp={"status": "accepted", "claim_filed_on": None}), False),
        ("EXC-ADSM", aged(other("tricare"), options={"adsm_with_medicare": "MEDICARE_FIRST"}, **STATIONED), True),
        ("EXC-ADSM", aged(other("tricare"), options={"adsm_with_medicare": "MEDICARE_FIRST"}, **FAMILY), False),
        ("NAIC-6D2-DECREE", apart(terms="both_parents"), True),
        ("NAIC-6D2-DECREE", apart(terms="joint_custody_silent"), False),
    ],
    ids=written,
)
def test_it_is_named(rule, case, speaks):
    assert (rule in named(case)) is speaks


IN_CLOCK, AFTER_CLOCK = "2026-03-10", "2026-10-05"
LEFT = {"employment": {"status": "retired", "last_day": "2024-06-30"}, "work_status": "retired"}


def two_grounds(dos, aged_on="2023-05", **facts):
    """Sixty-five, at a large employer, with a kidney clock from April 2024 on."""
    case = kidney(job(employer={"size": "100+"}, **facts))
    case["claim"]["dos"] = dos
    case["people"]["P"]["birth_date"] = "1958-05-20" if aged_on == "2023-05" else "1960-06-10"
    case["medicare"]["basis"] = {"age": aged_on, "esrd": "2024-04"}
    return case


@pytest.mark.parametrize("dos", [IN_CLOCK, AFTER_CLOCK])
@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, {"MSP-DUAL-WORK"}),
        # Retired since: in the month before the clock began the plan came from work.
        ({**LEFT, "paid_after_medicare_before_esrd": False}, {"MSP-DUAL-WORK"}),
        ({"continuation": "cobra", "paid_after_medicare_before_esrd": False}, set()),
        ({"aged_on": "2025-06"}, {"MSP-DUAL-FIRST"}),
    ],
    ids=written,
)
def test_which_of_two_grounds_came_first_is_said_in_and_after_the_thirty_months(dos, facts, said):
    found = named(two_grounds(dos, **facts))

    assert {rule for rule in found if rule in ("MSP-DUAL-WORK", "MSP-DUAL-FIRST")} == said


@pytest.mark.parametrize(
    ("facts", "order", "rules"),
    [
        # Nobody has a plan whom the court's order would put first, so the children's other rules decide.
        ({"custody": "mother"}, ["mother", "stepfather"], ["NAIC-6D2b-iv"]),
        ({"together": True, "custody": None}, ["mother", "stepfather"], ["NAIC-6D2a-i"]),
    ],
    ids=written,
)
def test_a_court_that_names_a_parent_without_a_plan_puts_nobody_first(facts, order, rules):
    verdict = child(plan("stepfather"), plan("mother"), **facts)

    assert (verdict["order"], [pair["rule"] for pair in verdict["pairs"]]) == (order, rules)
    assert verdict["status"] == "likely"
    assert verdict["questions"] == []
    assert "COM-DECREE-REST" in {note["rule"] for note in verdict["notes"]}


def test_whose_wife_she_is_may_decide_who_is_second_and_is_asked():
    case = apart(job("f", "father"), job("m", "mother"), job("w", "wife"), terms="one_parent",
                 responsible_parent="father")  # fmt: skip
    case["options"] = {"decree_rest": "RESPONSIBLE_SPOUSE_SECOND"}
    case["people"]["wife"] = {"relation": "stepparent", "spouse": "father", "birth_month_day": "02-02"}
    for card in case["coverages"]:
        card |= {"decree_notified_on": "2020-01-01", "paid_before_notice": False}
    case["people"].pop("step")
    assert determine(case).order == ["f", "w", "m"]

    unknown = determine(set_to(case, "people.wife.spouse", GONE))
    assert {tuple(branch.order) for branch in unknown.branches} == {("f", "w", "m"), ("f", "m", "w")}
    assert [question.fact for question in unknown.questions] == ["people.wife.spouse"]


@pytest.mark.parametrize(("state_age", "outcomes"), [("STATE_AGE(28)", {("x",), ()}), ("BIRTHDAY_EVE", {("x",)})])
def test_whether_somebody_of_28_is_on_a_plan_as_a_child_is_asked_where_the_state_lets_children_stay(
    state_age, outcomes
):
    case = adult(job("x", "X"), options={"dependent_age_end": state_age})
    case["people"] = {"P": {"birth_date": "1998-03-10"}, "X": {}}
    verdict = determine(case)

    assert {tuple(branch.order) for branch in verdict.branches} or {tuple(verdict.order)} == outcomes
    assert bool(verdict.branches) is (len(outcomes) > 1)


def tribal(*cards):
    return adult(job("T", kind="tribal_self_funded", tribal={"last_resort": True}), *cards)


@pytest.mark.parametrize(("case", "status"), [(tribal(job("s", "S")), "likely"), (tribal(), "determined")])
def test_a_tribes_plan_that_pays_last_is_only_likely_behind_whomever_it_waits_for(case, status):
    assert determine(case).status == status


@pytest.mark.parametrize("size", [GONE, "<20"])
def test_an_exception_approved_for_the_person_says_that_the_employer_is_small(size):
    case = aged(job(kind="union_multiemployer", employer={"size": "<20", "largest_member": "100+",
                                                          "small_employer_exception": True}))  # fmt: skip
    verdict = determine(set_to(case, "coverages.0.employer.size", size))

    assert (verdict.status, verdict.order) == ("determined", ["M", "own"])
    assert verdict.pairs[0].rule == "MSP-WA-MULTI-EXC"
