"""What the rules remark beside the order, and when an order is only likely: a line-up a row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written
from tests.cob.rules.order.kinds import PARENTS, adult, aged, child, disabled, job, set_to
from tests.cob.rules.order.test_reasons import FAMILY, RETIREE, injured, other


def notes(case):
    return {note.rule: note.text for note in determine(case).notes}


@pytest.mark.parametrize(("waited", "speaks"), [(0, False), (30, False), (31, True), (400, True)])
def test_plans_that_disagree_for_more_than_thirty_days_are_asked_for_equal_shares(waited, speaks):
    case = adult()
    case["claim"]["plans_disagree_since"] = str(date(2026, 3, 10) - timedelta(days=waited))

    assert ("NAIC-9D" in notes(case)) is speaks


def test_the_thirty_days_run_to_the_day_of_the_question():
    case = adult()
    case["claim"] |= {"plans_disagree_since": "2026-03-10", "as_of": "2026-04-10"}

    assert "NAIC-9D" in notes(case)
    assert "NAIC-9D" not in notes(set_to(case, "claim.as_of", "2026-04-09"))


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2026-06-10", "if the other plan has not paid by 2026-06-10, bill Medicaid."),
        ("2026-06-11", "the other plan was billed 2026-03-02 and has had 100 days; bill Medicaid now."),
    ],
)
def test_in_a_child_support_case_medicaid_is_billed_when_a_hundred_days_are_over(as_of, said):
    case = adult(job(), other("medicaid"))
    case["claim"]["as_of"] = as_of
    case["medicaid"] = {"child_support_case": True, "other_payer_billed_on": "2026-03-02"}

    assert notes(case)["MCD-CSE"] == f"A child-support case: {said}"


@pytest.mark.parametrize(
    ("medicaid", "speaks"),
    [
        ({"child_support_case": True}, True),
        ({"child_support_case": False, "other_payer_billed_on": "2026-01-01"}, False),
        ({"other_payer_billed_on": "2026-01-01"}, False),
    ],
)
def test_only_a_child_support_case_is_told_of_the_hundred_days(medicaid, speaks):
    assert ("MCD-CSE" in notes(adult(job(), other("medicaid"), medicaid=medicaid))) is speaks
    assert "MCD-CSE" not in notes(adult(other("medicaid"), medicaid=medicaid))


@pytest.mark.parametrize(
    ("category", "options", "said"),
    [
        ("preventive_pediatric", {"medicaid_peds_mode": "PAY_AND_CHASE_NOW"},
         {"MCD-PEDS": "A child's preventive visit: Medicaid may be billed now; it recovers from the other plan."}),
        ("preventive_pediatric", {"medicaid_peds_mode": "COST_AVOID_90"},
         {"MCD-PEDS": "A child's preventive visit: bill the other plan first; after 90 days Medicaid may be billed."}),
        ("prenatal", {}, {"MCD-PRENATAL": None}),
        ("school_iep", {}, {}),
    ],
    ids=written,
)  # fmt: skip
def test_what_medicaid_says_to_a_sort_of_visit(category, options, said):
    case = adult(job(), other("medicaid"), options=options)
    case["claim"]["category"] = category
    found = notes(case)

    assert {name for name in found if name in ("MCD-PEDS", "MCD-PRENATAL")} == set(said)
    assert all(text is None or found[name] == text for name, text in said.items())


@pytest.mark.parametrize(
    ("card", "speaks"),
    [
        (job(coordination="always_excess"), True),
        (job(coordination="standard"), False),
        ({**other("tricare"), "coordination": "always_excess"}, False),
    ],
    ids=["a plan", "a plan with rules", "TRICARE"],
)
def test_a_plan_may_not_say_that_medicaid_pays_first(card, speaks):
    assert ("MCD-VOID" in notes(adult(card, other("medicaid"), **FAMILY))) is speaks


@pytest.mark.parametrize(
    ("cards", "facts", "said"),
    [
        ([job(), other("tricare")], {}, {"TRI-LAST"}),
        ([other("tricare")], {}, set()),
        ([job(denial="untimely"), other("tricare")], {}, {"TRI-LAST", "TRI-NOWAIVE"}),
        ([other("tricare"), other("medicaid")], {}, {"TRI-EXC"}),
        ([other("tricare"), other("wic")], {}, set()),
        ([job(), other("medicaid")], {}, set()),
    ],
    ids=written,
)
def test_what_tricare_says(cards, facts, said):
    found = notes(adult(*cards, **FAMILY, **facts))

    assert {name for name in found if name.startswith("TRI-")} == said


def test_a_step_parents_plan_is_before_the_childs_tricare():
    people = {"P": {"birth_date": "2016-03-10"}, **PARENTS, "step": {"relation": "stepparent", "spouse": "mother"}}
    case = child(job("s", "step"), other("tricare"), people=people, **FAMILY)

    assert "TRI-STEP" in notes(case)
    assert "TRI-STEP" not in notes(set_to(case, "coverages.0.subscriber", "mother"))


@pytest.mark.parametrize(("kind", "speaks"), [("workers_comp", True), (None, False)])
def test_tricare_may_advance_money_where_somebody_else_pays_for_an_injury(kind, speaks):
    case = injured(adult, ["work"], *([kind] if kind else []), "tricare") | FAMILY

    assert ("TRI-ACC" in notes(case)) is speaks


@pytest.mark.parametrize(
    ("card", "said"),
    [
        (job(), {"TRI-GHP-MCR"}),
        (RETIREE, set()),
        (job(employer={"size": "<20"}), set()),
    ],
    ids=["a job plan", "a retiree plan", "a small employer's"],
)
def test_job_plan_medicare_tricare(card, said):
    found = notes(aged(card, other("tricare"), **FAMILY))

    assert {name for name in found if name == "TRI-GHP-MCR"} == said


@pytest.mark.parametrize(
    ("beneficiary", "part_b", "speaks"),
    [
        ("retiree_family", None, True),
        ("retiree_family", {"from": "2023-05-01", "to": None}, False),
        ("adfm", None, False),
        ("trs", None, False),
    ],
)
def test_a_retiree_family_with_part_a_needs_part_b(beneficiary, part_b, speaks):
    case = aged(job(), other("tricare"), military={"beneficiary": beneficiary})

    assert ("TRI-PARTB" in notes(set_to(case, "medicare.part_b", part_b))) is speaks


@pytest.mark.parametrize(("part_b", "speaks"), [(None, True), ({"from": "2023-05-01", "to": None}, False)])
def test_somebody_with_part_a_needs_part_b_to_keep_champva(part_b, speaks):
    assert ("CVA-PARTB" in notes(set_to(aged(job(), other("champva")), "medicare.part_b", part_b))) is speaks


@pytest.mark.parametrize(
    ("part_a", "part_b", "speaks"),
    [
        ({}, {"to": "2026-03-09"}, True),
        ({}, {"to": "2026-03-10"}, False),
        ({}, {"from": "2026-03-10"}, False),
        ({}, {"from": "2026-03-11"}, True),
        ({"from": "2026-03-11"}, {"to": "2026-03-09"}, False),
        ({"to": "2026-03-09"}, {"to": "2026-03-09"}, False),
    ],
)
@pytest.mark.parametrize(("kind", "said"), [("tricare", "TRI-PARTB"), ("champva", "CVA-PARTB")])
def test_which_parts_somebody_has_is_told_by_the_day(kind, said, part_a, part_b, speaks):
    case = aged(job(), other(kind), military={"beneficiary": "retiree"})
    for name, part in (("part_a", part_a), ("part_b", part_b)):
        case["medicare"][name] = {"from": "2023-05-01", "to": None} | part

    assert (said in notes(case)) is speaks


@pytest.mark.parametrize(("born", "speaks"), [("1936-06-04", False), ("1936-06-05", True)])
def test_who_was_65_before_june_2001_keeps_champva_without_part_b(born, speaks):
    case = set_to(set_to(aged(job(), other("champva")), "medicare.part_b", None), "people.P.birth_date", born)

    assert ("CVA-PARTB" in notes(case)) is speaks


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, set()),
        ({"denial": "not_covered"}, {"MSP-NOTCOVERED"}),
        ({"denial": "exhausted"}, {"MSP-NOTCOVERED"}),
        ({"denial": "says_medicare_first"}, {"MSP-PREEMPT", "MSP-CONDITIONAL"}),
        ({"denial": "untimely"}, {"MSP-CONDITIONAL"}),
        ({"coordination": "always_excess"}, {"MSP-PREEMPT"}),
    ],
    ids=written,
)
def test_what_a_plan_ahead_of_medicare_may_not_refuse(facts, said):
    every = {"MSP-NOTCOVERED", "MSP-PREEMPT", "MSP-CONDITIONAL"}

    assert every & set(notes(aged(job(**facts)))) == said
    # Behind Medicare it may say what it likes.
    assert every & set(notes(aged({**RETIREE, **facts}))) == set()


@pytest.mark.parametrize(
    ("cards", "speaks"),
    [([job(), other("individual")], True), ([job()], False), ([RETIREE], False), ([other("individual")], False)],
    ids=["both sides", "before", "after", "after, bought"],
)
def test_medicare_stands_between_the_plans(cards, speaks):
    assert ("COM-SANDWICH" in notes(aged(*cards))) is speaks


@pytest.mark.parametrize(
    ("cards", "speaks"),
    [([job()], False), ([job(), job("s", "S")], True), ([job(), other("medicaid")], False)],
    ids=["one plan", "two", "one and Medicaid"],
)
def test_two_plans_hear_how_the_first_and_the_second_pay(cards, speaks):
    assert ({"NAIC-6A1", "NAIC-6C"} <= set(notes(adult(*cards)))) is speaks


@pytest.mark.parametrize(
    ("first", "second", "claim", "speaks"),
    [
        (True, None, {"in_panel": False}, True),
        (True, False, {"in_panel": False, "emergency": False}, True),
        (True, None, {"in_panel": False, "emergency": True}, False),
        (True, True, {"in_panel": False}, False),
        (False, None, {"in_panel": False}, False),
        (True, None, {"in_panel": True}, False),
        (True, None, {}, False),
    ],
)
def test_outside_a_closed_panel_the_second_plan_pays_as_if_it_were_first(first, second, claim, speaks):
    case = adult(job(closed_panel=first), job("s", "S", closed_panel=second))
    case["claim"] |= claim

    assert ("NAIC-6A2" in notes(case)) is speaks


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("medicaid", "ihs"), {"MCD-AHEAD", "IHS-LAST"}),
        (("medicaid", "title_v"), {"MCD-AHEAD"}),
        (("medicaid",), set()),
        (("ihs",), {"IHS-LAST"}),
        (("ryan_white",), {"RW-BEFORE-IHS"}),
        (("chip",), {"CHIP-NOOTHER"}),
        (("champva",), {"CVA-LAST"}),
    ],
    ids=written,
)
def test_programmes_at_the_end_say_why_they_wait(kinds, said):
    every = {"MCD-AHEAD", "IHS-LAST", "RW-BEFORE-IHS", "CHIP-NOOTHER", "CVA-LAST"}

    assert every & set(notes(adult(job(), *map(other, kinds)))) == said
    if len(kinds) == 1:
        assert every & set(notes(adult(*map(other, kinds)))) == set()


@pytest.mark.parametrize("kinds", [("title_v", "wic"), ("school_program", "ryan_white"), ("wic",), ("champva", "ihs")])
def test_an_order_no_text_settles_is_only_likely(kinds):
    assert determine(adult(job(), *map(other, kinds))).status == "likely"


@pytest.mark.parametrize("kinds", [("title_v",), ("ryan_white", "ihs"), ("medicaid", "ryan_white")])
def test_an_order_the_texts_settle_is_determined(kinds):
    assert determine(adult(job(), *map(other, kinds))).status == "determined"


def test_wic_alone_is_in_no_doubt():
    assert determine(adult(other("wic"))).status == "determined"


@pytest.mark.parametrize(
    ("decided", "order"),
    [
        ("2026-03-10", ["M", "tricare"]),
        ("2026-03-09", ["M", "tricare"]),
        ("2026-03-11", ["tricare"]),
        ("never", ["M", "tricare"]),
    ],
)
def test_before_the_day_of_a_backward_award_tricare_pays_as_if_there_were_no_medicare(decided, order):
    case = disabled(other("tricare"), **FAMILY)
    case["medicare"]["retro_award_date"] = decided
    verdict = determine(case)

    assert verdict.order[: len(order)] == order


def test_a_plan_without_rules_is_first_whoever_it_covers():
    nobody_said = job("a", None, coordination="no_rules")
    del nobody_said["subscriber"]
    verdict = determine(adult(nobody_said, job("b")))

    assert (verdict.order, [pair.rule for pair in verdict.pairs]) == (["a", "b"], ["NAIC-6B1"])
    assert verdict.questions == []


def test_where_it_is_open_by_which_rule_medicare_turns_a_contract_round_no_rule_is_named_as_certain():
    """Whoever the large plan covers: as a dependent's it would stand behind by 6.D(1), as an own one by its length."""
    large = job("L", employer={"size": "100+"}, patient_covered_since="2020-01-01")
    del large["subscriber"]
    bought = {**other("individual"), "id": "B", "patient_covered_since": "2010-01-01"}
    verdict = determine(disabled(large, bought))

    assert (verdict.order, verdict.status) == (["L", "M", "B"], "likely")
    assert "COM-PREEMPT-CROSS" in {note.rule for note in verdict.notes}
    assert "NAIC-6D1b" not in {note.rule for note in verdict.notes}


def test_where_it_is_open_whether_medicare_turns_a_contract_round_the_verdict_is_only_likely():
    open_ = {**RETIREE, "work_status": None, "patient_covered_since": None}
    agrees = {**RETIREE, "patient_covered_since": "2019-01-01"}

    assert (determine(aged(job(), agrees)).status, "COM-PREEMPT-CROSS" in notes(aged(job(), agrees))) == (
        "determined", False,
    )  # fmt: skip
    assert (determine(aged(job(), open_)).status, "COM-PREEMPT-CROSS" in notes(aged(job(), open_))) == ("likely", True)
