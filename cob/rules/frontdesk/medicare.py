"""Medicare beside work, Medicare under 65, an Advantage plan beside the card, and QMB."""

from __future__ import annotations

from collections.abc import Iterator

from cob.rules.frontdesk.aging import medicare_age_begins
from cob.rules.frontdesk.flag import Place, Sign, flag
from cob.rules.frontdesk.picture import GROUP, MEDICARE, Card, Picture


def _is_aged(picture: Picture) -> bool:
    return picture.day >= medicare_age_begins(picture.born_on)


def _at_work(picture: Picture) -> list[Card]:
    """Job plans that may rest on current work: said so, or nobody said otherwise."""
    working = ("working", "self_employed", "on_leave_job_held", "furlough", "seasonal_break", "hours_bank", None)
    return [
        card
        for card in picture.of(GROUP)
        if not card.is_continuation
        and card.fact("work_status") in ("active", None)
        and card.fact("employment.status") in working
    ]


def _unsized(card: Card) -> bool:
    sizes = ("size", "meets_20_this_year", "meets_20_last_year", "meets_100_last_year", "largest_member")
    return all(card.fact(f"employer.{name}") is None for name in sizes)


@flag("MSP-WORK", "Medicare and a job plan", "42 CFR 411.172(a)")
def medicare_and_work(picture: Picture) -> Iterator[Sign]:
    """At 65 a plan from current work goes before Medicare where the employer has 20 people or more."""
    if not picture.of(MEDICARE) or not _is_aged(picture):
        return
    for card in _at_work(picture):
        lacks = [
            word
            for word, is_open in (
                ("whether the subscriber still works", card.fact("employment.status") is None),
                ("how many people the employer has", _unsized(card)),
            )
            if is_open
        ]
        if lacks:
            yield Sign(
                saw=f"Medicare beside {card.payer}; not known: {' and '.join(lacks)}.",
                do="Fill in Medicare’s questionnaire and ask for proof of the employer’s size.",
                place=Place.ASK,
                by=picture.before_visit,
                about=card.id,
            )


@flag("MSP-UNDER-65", "Medicare under 65", "42 CFR 411.206")
def medicare_under_65(picture: Picture) -> Iterator[Sign]:
    """Under 65 Medicare rests on disability or kidney failure; a job plan goes first from 100 employees, or for the
    kidney months.
    """
    cards = picture.of(MEDICARE)
    if not cards or _is_aged(picture):
        return
    basis = picture.fact("medicare.basis")
    if not basis:
        yield Sign(
            saw="Medicare under 65, and nobody said whether for disability or kidney failure.",
            do="Ask why the patient has Medicare and since which month.",
            place=Place.MEDICARE,
            by=picture.before_visit,
        )
    elif "disability" in basis and "esrd" not in basis:
        for card in _at_work(picture):
            if _unsized(card):
                yield Sign(
                    saw=f"Medicare for disability beside {card.payer}; the employer’s size is not known.",
                    do="Ask whether the employer has 100 people or more, any family member’s employer included.",
                    place=Place.ASK,
                    by=picture.before_visit,
                    about=card.id,
                )


@flag("MA-CARD", "Advantage plan beside a Medicare card", "42 CFR 422.108")
def advantage_beside_card(picture: Picture) -> Iterator[Sign]:
    """A member of an Advantage plan is billed to that plan, not to Original Medicare, whatever card is shown."""
    kinds = {card.kind for card in picture.in_force}
    if kinds >= MEDICARE:
        advantage = next(card for card in picture.in_force if card.kind == "medicare_advantage")
        yield Sign(
            saw=f"Both a Medicare card and {advantage.payer} are on file.",
            do=f"Bill {advantage.payer}; the red, white and blue card is for hospice only.",
            place=Place.COVERAGE,
            tone="info",
            about=advantage.id,
            is_work=False,
        )


@flag("QMB", "Qualified Medicare Beneficiary", "42 USC 1396a(n)(3)", is_unconfirmed=True)
def qualified_beneficiary(picture: Picture) -> Iterator[Sign]:
    """A Qualified Medicare Beneficiary owes no Medicare deductible, coinsurance or copay; billing it is forbidden."""
    if picture.fact("medicare.qmb") is True and picture.of(MEDICARE):
        yield Sign(
            saw="The patient is a Qualified Medicare Beneficiary.",
            do="Take no copay for Medicare services and send no statement for them.",
            place=Place.MEDICARE,
            tone="info",
            is_work=False,
        )
