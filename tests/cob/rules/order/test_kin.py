"""What somebody is to somebody, from the card and from the file: either says it, and a card says it for the others."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.order.kinds import PARENTS, adult, aged, apart, child, job, letters, plain, set_to


def test_a_step_parent_is_one_whatever_word_the_card_has_for_the_child():
    """The custodial parent's spouse comes before the parent who lives apart (MDL-120 §6.D(2)(b)(iv))."""
    case = apart(job("f", "father"), job("s", "step", relationship="child"))
    verdict = determine(case)

    assert (verdict.order, [pair.rule for pair in verdict.pairs]) == (["s", "f"], ["NAIC-6D2b-iv"])


def test_a_card_makes_a_parent_of_whom_the_file_says_nothing():
    people = {"P": {"birth_date": "2016-03-10"}, "x": {"birth_month_day": "01-31"},
              "mother": {"relation": "mother", "birth_month_day": "05-05"}}  # fmt: skip
    verdict = determine(child(job("m", "mother"), job("x", "x", relationship="child"), people=people))

    assert (verdict.order, [pair.rule for pair in verdict.pairs], verdict.status) == (
        ["x", "m"], ["NAIC-6D2a-i"], "determined",
    )  # fmt: skip


@pytest.mark.parametrize(("kin", "order"), [("spouse", ["a", "b", "M"]), ("domestic_partner", ["M", "a", "b"])])
def test_what_one_card_says_of_two_people_holds_on_their_other_card(kin, order):
    """At 65 a spouse's job counts and a partner's does not (42 CFR 411.172(a)(3)(ii))."""
    longer = {"patient_covered_since": "2010-01-01"}
    case = aged(job("a", "S", relationship=kin, **longer), job("b", "S"), people={"P": {"birth_date": "1958-05-20"},
                                                                              "S": {}})  # fmt: skip
    verdict = determine(case)

    assert (verdict.order, verdict.questions) == (order, [])


def test_what_nobody_said_of_two_people_is_asked_once():
    case = aged(job("a", "S"), people={"P": {"birth_date": "1958-05-20"}, "S": {}})

    assert [question.fact for question in determine(case).questions] == ["coverages.a.relationship"]


def test_a_card_in_nobodys_name_that_says_self_is_the_patients_own():
    own = job("own", relationship="self")
    del own["subscriber"]
    verdict = determine(adult(job("s", "S"), own))

    assert (verdict.order, [pair.rule for pair in verdict.pairs]) == (["own", "s"], ["NAIC-6D1a"])


def test_what_a_card_of_another_kind_says_of_two_people_tells_cases_apart():
    """Somebody's TRICARE card says what the patient is to them, and with that whether their job counts at 65."""
    people = {"P": {"birth_date": "1958-05-20"}, "S": {}}
    case = aged(job("a", "S"), plain("tricare") | {"subscriber": "S"}, people=people)
    case["military"] = {"beneficiary": "tfl"}

    assert letters(case, "coverages.1.relationship", [None, "spouse", "other"]) == "ABC"
    assert determine(set_to(case, "coverages.1.relationship", "spouse")).order == ["a", "M", "X"]
    assert determine(set_to(case, "coverages.1.relationship", "other")).order == ["M", "a", "X"]


@pytest.mark.parametrize("kin", ["child", "stepchild", "sibling", "other", "ward", "foster_child"])
def test_whatever_a_child_is_to_somebody_its_order_was_among_those_possible(kin):
    people = {"P": {"birth_date": "2016-03-10"}, "x": {"birth_month_day": "01-31"}} | PARENTS
    cards = [job(name, holder) for name, holder in (("m", "mother"), ("f", "father"), ("x", "x"))]
    case = child(*cards, people=people)
    before = determine(case)
    (asked,) = [question for question in before.questions if question.fact == "coverages.x.relationship"]

    told = determine(set_to(case, "coverages.2.relationship", kin))

    assert kin in asked.choices
    assert {tuple(one.order) for one in told.branches or [told]} <= {tuple(one.order) for one in before.branches}


def test_somebody_whom_a_plan_in_anothers_name_covers_is_not_offered_as_its_subscriber():
    (asked,) = determine(aged(job("a", "S"), people={"P": {"birth_date": "1958-05-20"}, "S": {}})).questions

    assert "self" not in asked.choices
    assert "child" not in asked.choices
    assert {"spouse", "divorced_spouse", "parent"} <= set(asked.choices)
