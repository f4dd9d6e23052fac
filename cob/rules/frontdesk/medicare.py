"""Medicare beside work, Medicare under 65, an Advantage plan beside the card, and QMB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cob.rules.frontdesk.aging import medicare_age_begins
from cob.rules.frontdesk.flag import Place, Sign, flag
from cob.rules.frontdesk.picture import GROUP, MEDICARE, Card, Picture
from cob.rules.order.medicare import COUNTS_AT_65

# Standings that are no current work whatever else is known (42 CFR 411.104).
OVER: Final = frozenset({"terminated", "severance", "retired", "deceased", "religious_order"})


def _is_aged(picture: Picture) -> bool:
    return picture.day >= medicare_age_begins(picture.born_on)


def _at_work(picture: Picture) -> list[Card]:
    """Job plans that may rest on current work: said so, or nobody said otherwise."""
    return [card for card in picture.of(GROUP) if not card.is_continuation and _may_work(card)]


def _may_work(card: Card) -> bool:
    """By the standing Medicare counts; the plan's own words tell only where that is not known. Somebody furloughed is
    laid off there and at work here.
    """
    status = card.fact("employment.status")
    if status is None:
        return card.fact("work_status") in ("active", "laid_off", None)
    is_unfit = status == "rehired_retiree" and card.fact("employment.rehired_qualifies") is False
    return status not in OVER and not is_unfit


def _counts_at_65(card: Card) -> bool:
    """From 65 a plan counts for the worker and the worker's spouse; of the others nobody need ask how large it is."""
    return not card.relationship or card.relationship in COUNTS_AT_65


def _unsized(card: Card, *counts: str) -> bool:
    """Nobody said how large the employer is, nor gave one of the counts the law asks of it."""
    of_members = ("largest_member",) if card.kind == "union_multiemployer" else ()
    return all(card.fact(f"employer.{name}") is None for name in ("size", *counts, *of_members))


@flag("MSP-WORK", "Medicare and a job plan", "42 CFR 411.172(a)")
def medicare_and_work(picture: Picture) -> Iterator[Sign]:
    """At 65 a plan from current work goes before Medicare where the employer has 20 people or more."""
    is_bought = picture.fact("medicare.premium_free_part_a") is False  # then Medicare is first whoever works
    if not picture.of(MEDICARE) or not _is_aged(picture) or is_bought:
        return
    for card in filter(_counts_at_65, _at_work(picture)):
        lacks = [
            word
            for word, is_open in (
                ("whether the subscriber still works", card.fact("employment.status") is None),
                ("how many people the employer has", _unsized(card, "meets_20_this_year", "meets_20_last_year")),
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
            if _unsized(card, "meets_100_last_year"):
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
