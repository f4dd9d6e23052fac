"""Red flags that cards raise: two plans, a plan that ends, Medicare beside a job; with what ends each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cob.rules.frontdesk import flags_for, missing_for
from tests.cob.rules.frontdesk.pictures import PARENTS, TODAY, VISIT, card, ids, order, picture, the

# --- two plans ---------------------------------------------------------------------------------------------------

OWN = (card(), card("Beacon"))
OF_PARENTS = tuple(card(name, relationship="child", holder=PARENTS[name]) for name in ("mother", "father"))


@pytest.mark.parametrize(("flag_id", "cards"), [("TWO-SELF", OWN), ("CHILD-TWO", OF_PARENTS)])
@pytest.mark.parametrize(
    ("given", "stands"),
    [
        pytest.param({}, True, id="no order"),
        pytest.param({"order": order()}, False, id="settled"),
        pytest.param({"order": order(is_stale=True)}, True, id="facts changed since"),
        pytest.param({"order": order("needs_facts")}, True, id="a fact missing"),
        pytest.param({"order": order(expires_on=VISIT)}, True, id="it ends on the day"),
        pytest.param({"order": order(expires_on=VISIT + timedelta(days=1))}, False, id="it ends the day after"),
    ],
)
def test_two_plans_are_told_until_an_order_holds(flag_id, cards, given, stands):
    assert (flag_id in ids(picture(*cards, born_on=date(2015, 5, 5), **given))) is stands


def test_a_child_of_two_plans_says_what_is_not_known():
    unknown = replace(PARENTS["father"], has_birthday=False)
    cards = (OF_PARENTS[0], replace(OF_PARENTS[1], holder=unknown))
    apart = {"child": {"parents_living_together": False}}

    assert the("CHILD-TWO", picture(*cards, case=apart)).sign.saw.endswith(
        "not known: Father’s birthday, custody, whether a court order speaks of health care."
    )


def test_two_plans_of_one_parent_are_no_question_of_birthdays():
    both = tuple(card(name, relationship="child", holder=PARENTS["mother"]) for name in ("Acme", "Beacon"))

    assert "CHILD-TWO" not in ids(picture(*both))


@pytest.mark.parametrize(
    ("coverage", "marital", "stands"),
    [
        (card(relationship="spouse"), "divorced", True),
        (card(relationship="spouse"), "separated", True),
        (card(relationship="spouse"), "married", False),
        (card(relationship="spouse"), "", False),
        (card(relationship="divorced_spouse"), "divorced", False),
        (card(relationship="self"), "divorced", False),
        (card(relationship="spouse", facts={"last_covered_day": "2026-12-31"}), "divorced", False),
        (card(relationship="spouse", holder=replace(PARENTS["mother"], relation="divorced_spouse")), "", True),
    ],
)
def test_a_marriage_that_ended_is_told_while_the_spouses_plan_stands_open(coverage, marital, stands):
    assert ("DIVORCE" in ids(picture(coverage, marital_status=marital))) is stands


@pytest.mark.parametrize(
    ("relation", "flag_id", "stands"),
    [
        ("mother", "AGE-26", True),
        ("stepparent", "AGE-26", True),
        ("guardian", "AGE-26", True),
        ("grandparent", "AGE-26", False),
        ("spouse", "AGE-26", False),
        ("spouse", "DIVORCE", True),
        ("domestic_partner", "DIVORCE", False),
    ],
)
def test_where_the_plan_does_not_say_what_the_patient_is_the_subscriber_does(relation, flag_id, stands):
    plan = card(relationship=None, holder=replace(PARENTS["mother"], relation=relation))
    seen = picture(plan, born_on=date(2000, 11, 15), marital_status="separated")

    assert (flag_id in ids(seen)) is stands
    assert "relationship" in {one.field for one in missing_for(seen)}


# --- plans that end ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "visit", "stands"),
    [
        pytest.param(60, None, True, id="in 60 days"),
        pytest.param(61, None, False, id="in 61 days"),
        pytest.param(61, 62, True, id="in 61 days, before the visit"),
        pytest.param(61, 61, False, id="on the day of the visit"),
        pytest.param(0, None, True, id="today"),
        pytest.param(-1, None, True, id="it ended yesterday, and nothing is in force"),
    ],
)
def test_a_plans_end_is_told(last, visit, stands):
    ends = card(facts={"last_covered_day": (TODAY + timedelta(days=last)).isoformat()})
    seen = picture(ends, visit_on=TODAY + timedelta(days=visit) if visit else None)

    assert ("PLAN-ENDS" in ids(seen)) is stands


@pytest.mark.parametrize("kind", ["discount_card", "sharing_ministry", "no_fault"])
def test_what_is_no_plan_does_not_follow_one(kind):
    ends = card(facts={"last_covered_day": "2026-10-31"})
    other = card("Other", kind=kind, facts={"effective": "2026-11-01"}, verified_on=TODAY)

    assert "PLAN-ENDS" in ids(picture(ends, other))


@pytest.mark.parametrize(
    ("begins", "verified", "stands"),
    [("2026-11-01", TODAY, False), ("2026-11-01", None, True), ("2020-01-01", TODAY, True)],
    ids=["followed and verified", "followed, not verified", "another plan of long ago"],
)
def test_a_plans_end_is_answered_by_what_follows_it(begins, verified, stands):
    ends = card(facts={"last_covered_day": "2026-10-31"})
    other = card("Beacon", facts={"effective": begins}, verified_on=verified)

    assert ("PLAN-ENDS" in ids(picture(ends, other))) is stands


@pytest.mark.parametrize(
    ("others", "stands"),
    [
        ((), True),
        ((card("Auto", kind="no_fault"), card("Card", kind="discount_card")), True),
        ((card("Later", facts={"effective": "2026-11-01"}),), True),
        ((card("Older", facts={"last_covered_day": "2025-12-31"}),), True),
        ((card("Refused", facts={"enrolled": False}),), True),
        ((card("Newer", facts={"last_covered_day": "2026-10-18"}),), False),
        ((card("Medicare", kind="medicare"),), False),
    ],
    ids=["alone", "beside no plan", "one begins later", "the older one", "one refused", "a newer one", "one in force"],
)
def test_a_plan_that_has_ended_is_told_while_it_left_nothing_in_force(others, stands):
    ended = card(facts={"last_covered_day": "2026-10-17"})
    about = {one.sign.about for one in flags_for(picture(ended, *others, visit_on=None)) if one.id == "PLAN-ENDS"}

    assert ("Acme Health" in about) is stands


@pytest.mark.parametrize(("last", "stands"), [("2026-10-20", False), ("2026-10-19", True)])
def test_a_visit_no_plan_covers_is_told(last, stands):
    assert ("NO-COVER" in ids(picture(card(facts={"last_covered_day": last})))) is stands


@pytest.mark.parametrize(("is_covered", "told"), [(True, set()), (None, set()), (False, {"NO-COVER", "PLAN-ENDS"})])
def test_whether_the_last_day_itself_is_covered_is_read_as_the_order_reads_it(is_covered, told):
    options = {} if is_covered is None else {"term_date_is_last_day": is_covered}
    ends = card(facts={"last_covered_day": "2026-12-20"})
    seen = picture(ends, visit_on=date(2026, 12, 20), case={"options": options})

    assert ids(seen) == told


PARTS_OVER = {"medicare": {"part_a": {"from": "2020-01-01", "to": "2026-09-30"}, "part_b": None}}
PARTS_TO_COME = {"medicare": {"part_a": {"from": "2026-11-01"}, "part_b": {"from": "2026-11-01"}}}
NO_ACCIDENT = {"claim": {"related_to": ["none"]}}


@pytest.mark.parametrize(
    ("kind", "case", "covers"),
    [
        pytest.param("discount_card", {}, False, id="no plan"),
        pytest.param("sharing_ministry", {}, False, id="a sharing ministry"),
        pytest.param("medicare", PARTS_TO_COME, False, id="Medicare begins after the visit"),
        pytest.param("medicare", PARTS_OVER, False, id="Medicare ended before it"),
        pytest.param("medicare", {"medicare": {"part_a": {"from": "2026-11-01"}}}, True, id="Part B not known"),
        pytest.param("medicare", {}, True, id="no part known"),
        pytest.param("no_fault", NO_ACCIDENT, False, id="an accident payer, and no accident"),
        pytest.param("no_fault", {}, True, id="an accident payer, nobody asked"),
        pytest.param("no_fault", {"claim": {"related_to": ["auto"]}}, True, id="an accident payer of this accident"),
        pytest.param("workers_comp", {"claim": {"related_to": ["auto"]}}, False, id="compensation, a car accident"),
        pytest.param("wtc", NO_ACCIDENT, False, id="the World Trade Center program, another reason"),
        pytest.param("ihs", {}, True, id="Indian health"),
    ],
)
def test_a_card_that_pays_for_no_such_visit_does_not_hide_that_nobody_covers_it(kind, case, covers):
    ended = card(facts={"last_covered_day": "2026-10-19"})

    assert ("NO-COVER" not in ids(picture(ended, card("Other", kind=kind), case=case))) is covers


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"last_covered_day": "2026-10-19"}, "Every plan on file has ended before the visit on 10/20/2026."),
        ({"effective": "2026-10-21"}, "No plan on file covers the visit on 10/20/2026."),
        ({"enrolled": False}, "No plan on file covers the visit on 10/20/2026."),
    ],
    ids=["ended", "begins later", "never taken up"],
)
def test_why_no_plan_covers_the_visit_is_not_guessed(facts, says):
    assert the("NO-COVER", picture(card(facts=facts))).sign.saw == says


def test_what_a_payer_answers_is_told():
    assert "INACTIVE" in ids(picture(card(inactive_since=TODAY)))
    assert "INACTIVE" not in ids(picture(card(inactive_since=date(2027, 1, 1))))
    assert "GRACE" in ids(picture(card(grace_until=TODAY)))
    assert "GRACE" not in ids(picture(card(grace_until=TODAY - timedelta(days=1))))


# --- Medicare ----------------------------------------------------------------------------------------------------

MEDICARE = card("Medicare", kind="medicare")
AT_67 = {"born_on": date(1959, 6, 1)}


@pytest.mark.parametrize(
    ("facts", "stands"),
    [
        pytest.param({}, True, id="nothing known"),
        pytest.param({"employment": {"status": "working"}}, True, id="size not known"),
        pytest.param({"employer": {"size": "20-99"}}, True, id="work not known"),
        pytest.param({"employment": {"status": "working"}, "employer": {"size": "<20"}}, False, id="both known"),
        pytest.param({"employment": {"status": "retired"}}, False, id="retired: size does not matter"),
        pytest.param(
            {"employment": {"status": "working", "rehired_qualifies": False}}, True, id="not rehired: no rule reads it"
        ),
        pytest.param({"employment": {"status": "rehired_retiree", "rehired_qualifies": False}}, False, id="rehired"),
        pytest.param({"continuation": "cobra"}, False, id="COBRA: size does not matter"),
    ],
)
def test_medicare_beside_a_job_plan_asks_what_decides(facts, stands):
    assert ("MSP-WORK" in ids(picture(MEDICARE, card(facts=facts), **AT_67))) is stands


@pytest.mark.parametrize(
    ("status", "standing", "stands"),
    [
        ("furlough", "laid_off", True),
        ("rehired_retiree", "retired", True),
        ("director", "active", True),
        ("clergy", "active", True),
        ("disability_pay", "none", True),
        (None, "laid_off", True),
        (None, "retired", False),
        ("terminated", "active", False),
        ("religious_order", "active", False),
    ],
)
def test_the_standing_medicare_counts_goes_before_the_plans_own_word_for_it(status, standing, stands):
    facts = {"employment": {"status": status} if status else {}, "work_status": standing}

    assert ("MSP-WORK" in ids(picture(MEDICARE, card(facts=facts), **AT_67))) is stands


@pytest.mark.parametrize(
    ("relationship", "kind", "employer", "case", "stands"),
    [
        ("spouse", "employer", {}, {}, True),
        ("divorced_spouse", "employer", {}, {}, True),
        ("domestic_partner", "employer", {}, {}, False),
        ("parent", "employer", {}, {}, False),
        ("self", "hra", {}, {}, True),
        ("self", "employer", {"largest_member": "100+"}, {}, True),
        ("self", "union_multiemployer", {"largest_member": "100+"}, {}, False),
        ("self", "employer", {"meets_100_last_year": False}, {}, True),
        ("self", "employer", {"meets_20_last_year": True}, {}, False),
        ("self", "employer", {}, {"medicare": {"premium_free_part_a": False}}, False),
    ],
)
def test_the_size_is_asked_where_it_decides_and_by_the_count_the_law_takes(relationship, kind, employer, case, stands):
    facts = {"employment": {"status": "working"}, "employer": employer}
    plan = card(relationship=relationship, kind=kind, facts=facts)

    assert ("MSP-WORK" in ids(picture(MEDICARE, plan, case=case, **AT_67))) is stands


@pytest.mark.parametrize(("count", "stands"), [("meets_100_last_year", False), ("meets_20_last_year", True)])
def test_under_65_only_a_count_of_100_answers(count, stands):
    case = {"medicare": {"basis": {"disability": "2024-01"}}}

    assert ("MSP-UNDER-65" in ids(picture(MEDICARE, card(facts={"employer": {count: True}}), case=case))) is stands


@pytest.mark.parametrize(
    ("kind", "place", "others", "do"),
    [
        ("tricare", "retiree", ("employer",), "Bill the other insurance first."),
        ("tricare", "tfl", ("medicare",), "Bill the other insurance first."),
        ("tricare", "adsm", ("employer",), "Bill TRICARE alone."),
        ("tricare", "retiree", ("medicaid",), None),
        ("tricare", "retiree", ("tricare_supplement", "ihs", "discount_card"), None),
        ("champva", None, ("medicaid",), None),
        ("champva", None, ("medicaid", "individual"), "Bill the other insurance first."),
    ],
)
def test_what_pays_after_tricare_is_not_told_to_be_billed_first(kind, place, others, do):
    cards = [card("T", kind=kind), *(card(other, kind=other) for other in others)]
    raised = [
        one for one in flags_for(picture(*cards, case={"military": {"beneficiary": place}})) if one.id == "TRICARE"
    ]

    assert [one.sign.do for one in raised] == ([do] if do else [])


def test_whether_medicare_pays_for_a_member_on_active_duty_is_unconfirmed():
    duty = {"military": {"beneficiary": "adsm"}}

    assert the("TRICARE", picture(card("T", kind="tricare"), MEDICARE, case=duty)).is_unconfirmed
    assert not the("TRICARE", picture(card("T", kind="tricare"), card(), case=duty)).is_unconfirmed


@pytest.mark.parametrize("kind", ["ihs", "ryan_white", "title_v", "wic", "school_program", "crime_victim"])
def test_medicaid_is_not_last_behind_a_programme_that_waits_for_it(kind):
    state, programme = card("State", kind="medicaid"), card("Programme", kind=kind)

    assert "MEDICAID-TPL" not in ids(picture(state, programme))
    assert the("MEDICAID-TPL", picture(state, programme, card())).sign.saw == "Medicaid beside Acme Health."


@pytest.mark.parametrize(
    ("case", "facts", "stands"),
    [
        ({}, {}, True),
        ({"medicare": {"basis": {"disability": "2024-01"}}}, {}, True),
        ({"medicare": {"basis": {"disability": "2024-01"}}}, {"employer": {"size": "100+"}}, False),
        ({"medicare": {"basis": {"esrd": "2026-01"}}}, {}, False),
    ],
)
def test_medicare_under_65_asks_why_and_for_the_100(case, facts, stands):
    assert ("MSP-UNDER-65" in ids(picture(MEDICARE, card(facts=facts), case=case))) is stands
    assert "MSP-UNDER-65" not in ids(picture(MEDICARE, card(facts=facts), case=case, **AT_67))


@pytest.mark.parametrize(
    ("flag_id", "with_it", "without_it"),
    [
        ("MA-CARD", picture(MEDICARE, card("Plus", kind="medicare_advantage")), picture(MEDICARE)),
        (
            "QMB",
            picture(MEDICARE, case={"medicare": {"qmb": True}}),
            picture(MEDICARE, case={"medicare": {"qmb": False}}),
        ),
        ("MEDICAID-TPL", picture(card(), card("State", kind="medicaid")), picture(card("State", kind="medicaid"))),
        (
            "TRICARE",
            picture(card("T", kind="tricare")),
            picture(card("T", kind="tricare"), case={"military": {"beneficiary": "retiree"}}),
        ),
        ("VA", picture(card("V", kind="va")), picture(card("V", kind="va"), case={"va": {"authorised": False}})),
        (
            "CARVE-OUT",
            picture(card(), card("Mind", facts={"carve_out_of": "Acme Health"})),
            picture(card(), card("Mind")),
        ),
        ("SAME-PERSON", picture(card(), charts_alike=("M10001",)), picture(card())),
        (
            "SAME-PERSON",
            picture(card(member_id="A1", payer_id="X"), card("A2", member_id="A2", payer_id="X")),
            picture(card(member_id="A1", payer_id="X"), card("A2", member_id="A1", payer_id="X")),
        ),
        (
            "SAME-PERSON",
            picture(card(member_id="A1", payer_id="X"), card("A2", member_id="A2", payer_id="X")),
            picture(card(member_id="A1", payer_id="X"), card("A2", payer_id="X")),
        ),
        (
            "ACCIDENT-ASK",
            picture(card("Comp", kind="workers_comp")),
            picture(card("Comp", kind="workers_comp"), case={"claim": {"related_to": ["none"]}}),
        ),
    ],
)
def test_a_flag_stands_with_its_trigger_and_not_without(flag_id, with_it, without_it):
    assert flag_id in ids(with_it)
    assert flag_id not in ids(without_it)
