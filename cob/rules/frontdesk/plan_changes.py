"""Plans that end, have ended, or stand in their grace period, with visits still to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cob.dates import ONE_DAY
from cob.rules.frontdesk.flag import Place, Sign, flag, said
from cob.rules.frontdesk.leads import lead
from cob.rules.frontdesk.picture import ACCIDENT, NOT_A_PLAN, Card, Picture
from cob.rules.order.accidents import PAYS_FOR


@flag(
    "PLAN-ENDS", "Plan ends", "GEN-DOS", queue="WQ11",
    gone="What follows the plan is on file and in force or verified, or its last day moved.",
)  # fmt: skip
def plan_ends(picture: Picture) -> Iterator[Sign]:
    """Care after a plan’s last day is nobody’s until the next plan is on file; authorizations do not move with it."""
    for card in filter(_is_plan, picture.cards):
        last = card.ends
        if last is None or (last < picture.today and not _was_the_last(picture, last)):
            continue
        is_near = last - picture.today <= timedelta(days=lead("plan_ends"))
        misses_visit = picture.has_visit and picture.day >= last and card not in picture.in_force
        if (is_near or misses_visit) and not _is_followed(picture, card, last):
            yield _ending(card, last, picture, misses_visit=misses_visit)


def _ending(card: Card, last: date, picture: Picture, *, misses_visit: bool) -> Sign:
    is_over = last < picture.today
    visit = f" and the next visit is on {said(picture.day)}" if misses_visit else ""
    return Sign(
        saw=f"{card.payer} {'ended' if is_over else 'ends'} on {said(last)}{visit}{'; no plan is in force' * is_over}.",
        do="Ask what follows, enter and verify it, and ask for new authorizations for visits after that day.",
        place=Place.NEW_COVERAGE,
        tone="bad" if misses_visit or is_over else "warn",
        on=last + ONE_DAY,
        by=last,
        about=card.id,
    )


def _is_plan(card: Card) -> bool:
    return card.said.get("enrolled") is not False and card.kind not in ACCIDENT | NOT_A_PLAN


def _was_the_last(picture: Picture, last: date) -> bool:
    """No plan ended later, and none is in force now: what should have followed is still to be asked for."""
    ends = [card.ends for card in picture.cards if _is_plan(card) and card.ends is not None]
    return last == max(ends) and not any(map(_is_plan, picture.in_force_on(picture.today)))


def _is_followed(picture: Picture, card: Card, last: date) -> bool:
    """A verified coverage begins around the day after."""
    near = timedelta(days=31)
    return any(
        other.id != card.id
        and other.verified_on is not None
        and other.begins is not None
        and abs(other.begins - last) <= near
        and other.is_in_force(last + ONE_DAY)
        for other in filter(_is_plan, picture.cards)
    )


@flag(
    "NO-COVER", "No plan on the day of the visit", "GEN-DOS", queue="WQ11",
    gone="A coverage in force on the day of the visit is on file.",
)  # fmt: skip
def nothing_in_force(picture: Picture) -> Iterator[Sign]:
    """A visit no plan covers becomes the patient’s bill unless the new card is asked for before."""
    if not picture.has_visit or not picture.cards or any(_covers_the_visit(card, picture) for card in picture.in_force):
        return
    are_over = all(card.ends is not None and card.ends < picture.day for card in picture.cards)
    yield Sign(
        saw=f"Every plan on file has ended before the visit on {said(picture.day)}."
        if are_over
        else f"No plan on file covers the visit on {said(picture.day)}.",
        do="Ask for the new card, or record the patient as uninsured with a plan for payment.",
        place=Place.NEW_COVERAGE,
        tone="bad",
        on=picture.day,
        by=picture.day,
    )


def _covers_the_visit(card: Card, picture: Picture) -> bool:
    """A card that is no plan pays for no visit, and an accident payer for none that is not because of the accident."""
    related, pays_for = picture.fact("claim.related_to"), PAYS_FOR.get(card.kind)
    return card.kind not in NOT_A_PLAN and (related is None or pays_for is None or bool(pays_for & {*related}))


@flag(
    "INACTIVE", "Payer says inactive", "271", queue="WQ11",
    gone="The payer confirms the plan, or its last day is on file.",
)  # fmt: skip
def payer_says_inactive(picture: Picture) -> Iterator[Sign]:
    """The payer’s own answer says the plan is not active: a claim sent to it comes back."""
    for card in picture.in_force:
        if card.inactive_since is not None and card.inactive_since <= picture.day:
            yield Sign(
                saw=f"{card.payer} answers that it is inactive since {said(card.inactive_since)}.",
                do="Ask the patient for the new card, enter the last day of this one, and verify all coming visits.",
                place=Place.COVERAGE,
                tone="bad",
                on=card.inactive_since,
                by=picture.before_visit,
                about=card.id,
                is_news=True,
            )


@flag(
    "PAYER-TELLS", "Payer tells of more", "271", queue="WQ11",
    gone="Somebody said of each thing the payer told whether it is so.",
)  # fmt: skip
def payer_tells_more(picture: Picture) -> Iterator[Sign]:
    """A payer that believes another plan to be first sends the claim back; what it tells is its belief until a person
    says so.
    """
    for card in picture.cards:
        if card.payer_tells and card.said.get("enrolled") is not False:
            yield Sign(
                saw=" ".join(card.payer_tells),
                do="Say of each whether it is so, or ask the patient; nothing is on file of it until then.",
                place=Place.OFFERS,
                by=picture.before_visit,
                about=card.id,
            )


@flag("GRACE", "Grace period", "45 CFR 156.270", is_unconfirmed=True)
def in_grace_period(picture: Picture) -> Iterator[Sign]:
    """In the premium grace period a plan may still take its payments back."""
    for card in picture.in_force:
        if card.grace_until is not None and card.grace_until >= picture.today:
            yield Sign(
                saw=f"{card.payer} is in its premium grace period until {said(card.grace_until)}.",
                do="Warn the patient that the plan may end backward, and look again every month.",
                place=Place.COVERAGE,
                by=min(card.grace_until, (card.verified_on or picture.today) + timedelta(days=lead("grace"))),
                about=card.id,
                is_work=False,
            )
