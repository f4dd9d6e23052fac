"""Red flags that a calendar raises: 65, 26, kidney months and the end of COBRA, each with the last day without it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cob.dates import add_months, first_day, month_of
from cob.rules.frontdesk import Place
from cob.rules.frontdesk.aging import child_cover_ends, medicare_age_begins
from tests.cob.rules.frontdesk.pictures import BORN, TODAY, card, ids, order, picture, the

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
        pytest.param(card(relationship="child", kind="student"), {}, id="a student plan"),
        pytest.param(card(relationship="child", kind="hra"), {}, id="an employer's account"),
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
        pytest.param(
            {"first_dialysis": "2024-05-20", "self_training_start": "2024-09-01"}, "2024-08", id="training later still"
        ),
        pytest.param({"transplant": "2024-08-03"}, "2024-08", id="a transplant"),
        pytest.param({"transplant": "2024-08-03", "preop_admission": "2024-06-30"}, "2024-06", id="admitted 2 months"),
        pytest.param({"transplant": "2024-08-03", "preop_admission": "2024-05-31"}, "2024-06", id="admitted 3 months"),
        pytest.param({"first_dialysis": "2019-01-01", "new_period_from": "2024-08-20"}, "2024-08", id="a new spell"),
        pytest.param(
            {"first_dialysis": "2019-01-01", "dialysis_end": "2024-02-10", "new_period_from": "2024-08-20"},
            "2024-08",
            id="a new spell half a year after the last",
        ),
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


@pytest.mark.parametrize(
    ("begins", "stands"), [(TODAY, False), (first_day(month_of(TODAY) + 1), True)], ids=["this month", "next month"]
)
def test_a_new_spell_counts_from_the_month_it_begins_in(begins, stands):
    case = kidney(30, new_period_from=begins.isoformat())

    assert ("ESRD-30" in ids(picture(card(), card("Medicare", kind="medicare"), case=case))) is stands


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
