"""Each red flag in a table: the last day without it and the first with it, what ends it, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.dates import add_months, month_of
from cob.rules.frontdesk import FLAGS, Place, flags_for
from cob.rules.frontdesk.accidents import last_prompt_day
from cob.rules.frontdesk.aging import child_cover_ends, medicare_age_begins
from cob.rules.frontdesk.leads import LEADS
from tests.cob.rules.frontdesk.pictures import BORN, PARENTS, TODAY, VISIT, card, order, picture


def ids(seen):
    return {raised.id for raised in flags_for(seen)}


def the(flag_id, seen):
    (found,) = [raised for raised in flags_for(seen) if raised.id == flag_id]
    return found


# --- birthdays ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "begins"),
    [
        pytest.param("1961-03-15", "2026-03-01", id="the first of the birthday's month"),
        pytest.param("1961-03-01", "2026-02-01", id="born on the first: the month before"),
        pytest.param("1961-03-02", "2026-03-01", id="born on the second"),
        pytest.param("1961-01-01", "2025-12-01", id="born on January 1"),
        pytest.param("1960-02-29", "2025-02-01", id="born on February 29"),
    ],
)
def test_65_counts_from_the_first_of_the_month_with_the_day_before_the_birthday(born, begins):
    assert medicare_age_begins(date.fromisoformat(born)) == date.fromisoformat(begins)


@pytest.mark.parametrize(("days_before", "stands"), [(121, False), (120, True), (1, True), (0, True), (-400, True)])
def test_turning_65_is_told_120_days_before_it_counts_until_it_is_answered(days_before, stands):
    begins = medicare_age_begins(BORN)
    seen = picture(card(), today=begins - timedelta(days=days_before), visit_on=None)

    assert ("AGE-65" in ids(seen)) is stands
    if stands:
        raised = the("AGE-65", seen)
        assert (raised.sign.on, raised.flag.queue, raised.sign.place) == (begins, "WQ11", Place.NEW_COVERAGE)
        assert raised.sign.tone == ("bad" if days_before <= 0 else "warn")


@pytest.mark.parametrize(
    ("cards", "case"),
    [
        pytest.param([card("Medicare", kind="medicare")], {}, id="a Medicare card"),
        pytest.param([card("Plus", kind="medicare_advantage")], {}, id="an Advantage plan"),
        pytest.param([], {"medicare": {"part_a": None}}, id="never enrolled in Part A"),
    ],
)
def test_turning_65_is_answered_by(cards, case):
    assert "AGE-65" not in ids(picture(card(), *cards, born_on=date(1961, 12, 9), case=case))


def test_an_ended_medicare_card_answers_nothing():
    ended = card("Medicare", kind="medicare", facts={"last_covered_day": "2026-01-31"})

    assert "AGE-65" in ids(picture(ended, born_on=date(1961, 12, 9)))


@pytest.mark.parametrize(
    ("born", "rule", "ends"),
    [
        ("2000-11-15", "", "2026-11-15"),
        ("2000-11-15", "BIRTHDAY_EVE", "2026-11-15"),
        ("2000-11-15", "END_OF_MONTH", "2026-12-01"),
        ("2000-12-31", "END_OF_MONTH", "2027-01-01"),
        ("2000-11-15", "END_OF_YEAR", "2027-01-01"),
        ("2000-11-15", "STATE_AGE(30)", "2030-11-15"),
        ("2000-02-29", "", "2026-02-28"),
    ],
)
def test_a_child_is_off_the_plan_by_the_plans_end_rule_and_by_the_earliest_reading(born, rule, ends):
    assert child_cover_ends(date.fromisoformat(born), rule) == date.fromisoformat(ends)


@pytest.mark.parametrize(("days_before", "stands"), [(91, False), (90, True), (0, True), (-1, True)])
def test_turning_26_is_told_90_days_before(days_before, stands):
    ends = date(2026, 11, 15)
    seen = picture(
        card(relationship="child"), born_on=date(2000, 11, 15), today=ends - timedelta(days=days_before), visit_on=None
    )

    assert ("AGE-26" in ids(seen)) is stands
    if stands:
        assert (the("AGE-26", seen).sign.on, the("AGE-26", seen).is_unconfirmed) == (ends, True)


@pytest.mark.parametrize(
    ("coverage", "case"),
    [
        pytest.param(card(relationship="self"), {}, id="the patient's own plan"),
        pytest.param(card(relationship="spouse"), {}, id="a spouse's plan"),
        pytest.param(card(relationship="child", facts={"last_covered_day": "2027-06-30"}), {}, id="its end is known"),
        pytest.param(card(relationship="child", kind="medicaid"), {}, id="not a commercial plan"),
        pytest.param(
            card(relationship="child"), {"child": {"disabled_dependent": True}}, id="covered as a disabled dependent"
        ),
        pytest.param(
            card(relationship="child"), {"options": {"dependent_age_end": "STATE_AGE(30)"}}, id="kept until 30"
        ),
        pytest.param(card(relationship="child", facts={"enrolled": False}), {}, id="never signed up"),
    ],
)
def test_nobody_ages_off(coverage, case):
    assert "AGE-26" not in ids(picture(coverage, born_on=date(2000, 11, 15), case=case))


def test_a_told_end_rule_is_no_guess():
    case = {"options": {"dependent_age_end": "END_OF_MONTH"}}
    raised = the("AGE-26", picture(card(relationship="child"), born_on=date(2000, 11, 15), case=case))

    assert (raised.sign.on, raised.is_unconfirmed) == (date(2026, 12, 1), False)


# --- kidney months -----------------------------------------------------------------------------------------------


def kidney(month, **given):
    """Kidney month `month` is running today, counted from dialysis."""
    began = add_months(TODAY.replace(day=10), -(month - 1) - 3)
    return {"medicare": {"basis": {"esrd": None}, "esrd": {"first_dialysis": began.isoformat(), **given}}}


@pytest.mark.parametrize(
    ("month", "stands"), [(1, False), (26, False), (27, True), (30, True), (33, True), (34, False)]
)
def test_kidney_months_27_to_33_are_announced(month, stands):
    seen = picture(card(), card("Medicare", kind="medicare"), case=kidney(month))

    assert ("ESRD-30" in ids(seen)) is stands
    if stands:
        raised = the("ESRD-30", seen)
        assert f"Kidney month {month} of 30" in raised.sign.saw
        assert month_of(raised.sign.on) == month_of(TODAY) + 31 - month


@pytest.mark.parametrize(
    ("dates", "start"),
    [
        pytest.param({"first_dialysis": "2024-05-20"}, "2024-08", id="the third month after dialysis began"),
        pytest.param(
            {"first_dialysis": "2024-05-20", "self_training_start": "2024-07-31"}, "2024-05", id="home training in time"
        ),
        pytest.param(
            {"first_dialysis": "2024-05-20", "self_training_start": "2024-08-01"}, "2024-08", id="home training late"
        ),
        pytest.param({"transplant": "2024-08-03"}, "2024-08", id="a transplant"),
        pytest.param({"transplant": "2024-08-03", "preop_admission": "2024-06-30"}, "2024-06", id="admitted 2 months"),
        pytest.param({"transplant": "2024-08-03", "preop_admission": "2024-05-31"}, "2024-06", id="admitted 3 months"),
        pytest.param({"first_dialysis": "2019-01-01", "new_period_from": "2024-08-20"}, "2024-08", id="a new spell"),
        pytest.param({"first_dialysis": "never"}, "2024-09", id="only the month of entitlement"),
    ],
)
def test_the_clock_starts(dates, start):
    case = {"medicare": {"basis": {"esrd": "2024-09"}, "esrd": dates}}
    year, month = map(int, start.split("-"))
    seen = picture(card(), case=case, today=add_months(date(year, month, 15), 29))

    assert "Kidney month 30 of 30" in the("ESRD-30", seen).sign.saw


@pytest.mark.parametrize(
    ("cards", "case"),
    [
        pytest.param([card("Medicare", kind="medicare")], kidney(29), id="no job plan"),
        pytest.param([card(kind="individual")], kidney(29), id="an individual policy only"),
        pytest.param([card()], {"medicare": {"basis": {"age": "2026-01"}}}, id="Medicare by age"),
        pytest.param([card()], kidney(29, dialysis_end="2025-09-30"), id="dialysis stopped over a year ago"),
    ],
)
def test_no_kidney_month_matters_with(cards, case):
    assert "ESRD-30" not in ids(picture(*cards, case=case))


def test_kidney_failure_without_a_date_asks_for_it_and_is_no_task():
    raised = the("ESRD-30", picture(card(), case={"medicare": {"basis": {"esrd": None}}}))

    assert (raised.sign.place, raised.sign.is_work) == (Place.MEDICARE, False)


# --- jobs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "stands"),
    [("2026-10-02", False), ("2026-10-03", True), ("2026-12-31", True), ("2027-01-01", True)],
    ids=["91 days before", "90 days before", "the last day", "over"],
)
def test_cobra_month_18_is_told_90_days_before(today, stands):
    on_cobra = card(facts={"continuation": "cobra", "effective": "2025-07-01"})
    seen = picture(on_cobra, today=date.fromisoformat(today), visit_on=None)

    assert ("COBRA-18" in ids(seen)) is stands
    if stands:
        assert (the("COBRA-18", seen).sign.on, the("COBRA-18", seen).is_unconfirmed) == (date(2027, 1, 1), True)


@pytest.mark.parametrize(
    ("facts", "columns", "ends"),
    [
        pytest.param({}, {}, "2021-07-01", id="the coverage's own start"),
        pytest.param({"employment": {"last_day": "2025-06-30"}}, {}, "2027-01-01", id="the day after the job"),
        pytest.param(
            {"employment": {"last_day": "2025-06-30"}},
            {"continuation_told_from": date(2025, 8, 31)},
            "2027-02-28",
            id="as told with the continuation, and the end of a short month",
        ),
    ],
)
def test_the_18_months_run_from(facts, columns, ends):
    seen = picture(card(facts={"continuation": "cobra", **facts}, **columns), today=date(2027, 6, 1), visit_on=None)

    assert the("COBRA-18", seen).sign.on == date.fromisoformat(ends)


@pytest.mark.parametrize(
    "facts",
    [
        {"continuation": "state"},
        {"continuation": "none"},
        {},
        {"continuation": "cobra", "last_covered_day": "2026-12-31"},
    ],
)
def test_no_18_months_run_for(facts):
    assert "COBRA-18" not in ids(picture(card(facts=facts)))


@pytest.mark.parametrize(
    "facts",
    [
        {"work_status": "retired"},
        {"work_status": "laid_off"},
        {"continuation": "state"},
        {"employment": {"status": "on_leave_job_held"}},
        {"employment": {"status": "deceased"}},
    ],
)
def test_a_plan_without_work_beside_another_is_told_until_the_order_is_settled(facts):
    two = (card(facts=facts), card("Beacon", relationship="spouse"))

    assert "JOB-INACTIVE" in ids(picture(*two))
    assert "JOB-INACTIVE" not in ids(picture(*two, order=order()))
    assert "JOB-INACTIVE" not in ids(picture(two[0]))


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


# --- plans that end ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "visit", "stands"),
    [
        pytest.param(60, None, True, id="in 60 days"),
        pytest.param(61, None, False, id="in 61 days"),
        pytest.param(61, 62, True, id="in 61 days, before the visit"),
        pytest.param(61, 61, False, id="on the day of the visit"),
        pytest.param(0, None, True, id="today"),
        pytest.param(-1, None, False, id="it ended yesterday"),
    ],
)
def test_a_plans_end_is_told(last, visit, stands):
    ends = card(facts={"last_covered_day": (TODAY + timedelta(days=last)).isoformat()})
    seen = picture(ends, visit_on=TODAY + timedelta(days=visit) if visit else None)

    assert ("PLAN-ENDS" in ids(seen)) is stands


@pytest.mark.parametrize(
    ("begins", "verified", "stands"),
    [("2026-11-01", TODAY, False), ("2026-11-01", None, True), ("2020-01-01", TODAY, True)],
    ids=["followed and verified", "followed, not verified", "another plan of long ago"],
)
def test_a_plans_end_is_answered_by_what_follows_it(begins, verified, stands):
    ends = card(facts={"last_covered_day": "2026-10-31"})
    other = card("Beacon", facts={"effective": begins}, verified_on=verified)

    assert ("PLAN-ENDS" in ids(picture(ends, other))) is stands


@pytest.mark.parametrize(("last", "stands"), [("2026-10-20", False), ("2026-10-19", True)])
def test_a_visit_no_plan_covers_is_told(last, stands):
    assert ("NO-COVER" in ids(picture(card(facts={"last_covered_day": last})))) is stands


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
        pytest.param({"continuation": "cobra"}, False, id="COBRA: size does not matter"),
    ],
)
def test_medicare_beside_a_job_plan_asks_what_decides(facts, stands):
    assert ("MSP-WORK" in ids(picture(MEDICARE, card(facts=facts), **AT_67))) is stands


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
            "ACCIDENT-ASK",
            picture(card("Comp", kind="workers_comp")),
            picture(card("Comp", kind="workers_comp"), case={"claim": {"related_to": ["none"]}}),
        ),
    ],
)
def test_a_flag_stands_with_its_trigger_and_not_without(flag_id, with_it, without_it):
    assert flag_id in ids(with_it)
    assert flag_id not in ids(without_it)


# --- accidents ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("related", "accident", "stands"),
    [
        (["none"], {}, False),
        (None, {}, False),
        (["work"], {}, True),
        (["work"], {"workers_comp": {"status": "pending"}}, True),
        (["work"], {"workers_comp": {"status": "denied"}}, False),
        (["auto"], {"no_fault": {"exhausted_on": "never"}}, True),
        (["auto"], {"no_fault": {"exhausted_on": "2026-09-01"}}, False),
        (["work", "auto"], {"workers_comp": {"status": "denied"}}, True),
        (["liability"], {"liability": {"status": "settled"}}, False),
        (["wtc"], {}, True),
    ],
)
def test_an_accident_is_told_until_its_payer_has_answered(related, accident, stands):
    case = {"claim": {"related_to": related} if related else {}, "accident": accident}

    assert ("ACCIDENT" in ids(picture(card(), case=case))) is stands


def test_the_worksheet_says_what_is_not_known():
    case = {"claim": {"related_to": ["auto"]}, "accident": {"date": "2026-10-01"}}

    assert "not known: the state, who answers for it." in the("ACCIDENT", picture(card(), case=case)).sign.saw


@pytest.mark.parametrize(
    ("related", "filed", "last"),
    [
        (["liability"], None, "2026-06-29"),
        (["liability"], "2026-06-01", "2026-06-29"),
        (["liability"], "2026-02-01", "2026-06-01"),
        (["work"], None, None),
        (["work"], "2026-03-01", "2026-06-29"),
    ],
)
def test_day_120_counts_from_service_or_claim_by_the_kind_of_payer(related, filed, last):
    part = {"liability": "liability", "work": "workers_comp"}[related[0]]
    seen = picture(card(), case={"accident": {part: {"claim_filed_on": filed or "never"}}})

    assert last_prompt_day(seen, related, date(2026, 3, 1)) == (date.fromisoformat(last) if last else None)


# --- all of them -------------------------------------------------------------------------------------------------


def test_every_flag_says_why_where_it_stands_and_what_ends_its_task():
    assert len(FLAGS) >= 18
    for flag in FLAGS.values():
        assert flag.sentence.endswith(".")
        assert flag.cite
        assert bool(flag.gone) is bool(flag.queue), flag.id


def test_every_lead_says_what_it_is_for_and_where_it_comes_from():
    assert all(lead.value > 0 and lead.label and lead.source for lead in LEADS.values())


def test_nobody_plans_for_the_dead():
    assert flags_for(picture(card(), born_on=date(1961, 12, 9), died_on=TODAY)) == ()


def test_the_most_urgent_stands_first():
    cards = (card(facts={"last_covered_day": "2026-10-19"}), card("State", kind="medicaid"), card("Beacon"))
    tones = [raised.sign.tone for raised in flags_for(picture(*cards, born_on=date(1961, 12, 9), order=order()))]

    assert tones == sorted(tones, key=("bad", "warn", "info").index)
    assert len(set(tones)) == 3


KINDS = st.sampled_from(["employer", "medicare", "medicare_advantage", "medicaid", "tricare", "va", "no_fault", ""])
DAYS = st.dates(date(1920, 1, 1), date(2030, 1, 1))
CARDS = st.builds(
    lambda number, kind, relationship, ends: card(
        f"Payer {number}", kind=kind, relationship=relationship, facts={"last_covered_day": ends and ends.isoformat()}
    ),
    st.integers(0, 99),
    KINDS,
    st.sampled_from(["self", "spouse", "child", ""]),
    st.none() | DAYS,
)


@given(
    DAYS, st.lists(CARDS, max_size=4, unique_by=lambda one: one.id), st.none() | DAYS, st.sampled_from(["", "divorced"])
)
def test_whatever_is_not_known_no_flag_fails_and_the_same_flag_has_the_same_key(born, cards, visit, marital):
    seen = picture(*cards, born_on=born, visit_on=visit, marital_status=marital)
    raised = flags_for(seen)

    assert [one.key for one in raised] == [one.key for one in flags_for(seen)]
    assert len({(one.key, one.sign.saw) for one in raised}) == len(raised)
    assert all(one.sign.saw.endswith(".") and one.sign.do.endswith(".") for one in raised)
    assert all(len(one.sign.saw) <= 300 for one in raised if one.flag.queue)
