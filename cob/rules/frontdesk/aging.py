"""Birthdays that end or begin a coverage: 65 and 26."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cob.dates import birthdays, eve, first_day, month_of
from cob.rules.frontdesk.flag import Place, Sign, flag, said
from cob.rules.frontdesk.leads import lead
from cob.rules.frontdesk.picture import COMMERCIAL, MEDICARE, NO_AGE_LIMIT, Card, Picture
from cob.rules.parameters import law


def medicare_age_begins(born: date) -> date:
    """The first of the month that contains the day before the 65th birthday."""
    years = law("msp.aged.years", born)
    return first_day(month_of(eve(birthdays(born, years)[-1])))


def child_cover_ends(born: date, rule: str = "") -> date:
    """The first day a child is no longer covered, by the plan's end rule; the earliest reading where there are two."""
    age = int(rule[10:12]) if rule.startswith("STATE_AGE") else law("commercial.child.years", born)
    birthday = birthdays(born, age)[0]
    if rule == "END_OF_MONTH":
        return first_day(month_of(birthday) + 1)
    return date(birthday.year + 1, 1, 1) if rule == "END_OF_YEAR" else birthday


@flag(
    "AGE-65", "Turning 65", "42 CFR 411.170(c)", queue="WQ11",
    gone="Medicare is on file, or the patient was never enrolled.",
)  # fmt: skip
def turning_65(picture: Picture) -> Iterator[Sign]:
    """At 65 Medicare may begin; who pays first then depends on whether the patient or spouse still works, and where."""
    begins = medicare_age_begins(picture.born_on)
    is_near = picture.today >= begins - timedelta(days=lead("age_65"))
    if not is_near or _has_medicare_answer(picture):
        return
    is_over = picture.today >= begins
    yield Sign(
        saw=f"65 counts {'since' if is_over else 'from'} {said(begins)}, and no Medicare is on file.",
        do=(
            "Ask which parts begin when, whether the patient or spouse works and for how large an employer; fill in "
            "Medicare’s questionnaire, and verify on the day it begins."
        ),
        place=Place.NEW_COVERAGE,
        tone="bad" if is_over else "warn",
        on=begins,
        by=begins,
    )


def _has_medicare_answer(picture: Picture) -> bool:
    """A card that has not ended, or "never enrolled" said of Part A."""
    has_card = any(card.kind in MEDICARE and (card.ends or picture.today) >= picture.today for card in picture.cards)
    parts = picture.fact("medicare") or {}
    return has_card or ("part_a" in parts and parts["part_a"] is None)


@flag(
    "AGE-26", "Turning 26", "45 CFR 147.120(a)", queue="WQ11",
    gone="The plan’s last day is on file, or the dependent stays covered.",
)  # fmt: skip
def turning_26(picture: Picture) -> Iterator[Sign]:
    """A parent’s plan ends at 26, on the birthday, at the month’s or the year’s end; federal law sets the least."""
    if picture.fact("child.disabled_dependent") is True:
        return
    rule = str(picture.fact("options.dependent_age_end") or "")
    ends = child_cover_ends(picture.born_on, rule)
    if picture.today < ends - timedelta(days=lead("age_26")):
        return
    for card in picture.cards:
        if _covers_as_child(card, picture.today):
            yield _aging_off(card, ends, rule, picture.today)


def _covers_as_child(card: Card, today: date) -> bool:
    is_limited = card.kind in COMMERCIAL - NO_AGE_LIMIT
    return is_limited and card.is_as_child and card.ends is None and card.is_in_force(today)


def _aging_off(card: Card, ends: date, rule: str, today: date) -> Sign:
    is_over = today >= ends
    word = "should have ended with the day before" if is_over else "ends with the day before"
    guess = "" if rule else " if it ends on the birthday"
    return Sign(
        saw=f"{card.payer} {word} {said(ends)}{guess}; no last day is on file.",
        do=(
            "Ask the plan when cover ends at 26 (birthday, end of month or year, longer by state or disability), enter "
            "the last day, and ask about COBRA or a marketplace plan."
        ),
        place=Place.COVERAGE,
        tone="bad" if is_over else "warn",
        on=ends,
        by=ends,
        about=card.id,
        is_unconfirmed=not rule,
    )
