"""An offer in words: who says what, since when, and under which number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cob.coverage.eligibility.offers import PLACES, Offer
from cob.x12.hints271 import Hint, Said


def title(offer: Offer) -> str:
    """What the payer says, in one sentence."""
    said, payer = offer.said, offer.payer
    span = _span(said)
    other = offer.other or "another payer, without its name"
    match said.hint:
        case Hint.ACTIVE:
            return f"{payer} answers that the coverage is in force{span}."
        case Hint.INACTIVE:
            return f"{payer} answers that the coverage is not in force{_since(offer)}."
        case Hint.COBRA:
            return f"{payer} answers that the coverage is a COBRA continuation{span}."
        case Hint.QMB:
            is_over = said.ends_on is not None and said.ends_on < offer.answer.answered_on
            what = "was a Qualified Medicare Beneficiary" if is_over else "is a Qualified Medicare Beneficiary"
            those = " of those days" if is_over else ""
            return f"{payer} answers that the patient {what}{span}: no cost share{those} is billed."
        case Hint.MANAGED_CARE:
            return f"{payer} answers that {other}, a Medicare Advantage plan, covers the patient{span}: bill the plan."
        case Hint.CARVE_OUT:
            return f"{payer} names {other} as behavioral administrator{span}."
        case _:
            as_what = f"as {PLACES[said.place]}" if said.place else "as another payer"
            because = f" ({said.because})" if said.because and said.hint is Hint.MEDICARE_SECONDARY else ""
            return f"{payer}’s file names {other} {as_what}{because}{span}."


def question(offer: Offer) -> str:
    """What is asked where the dates do not include the day; empty where they do."""
    if not offer.is_question:
        return ""
    day = f"{offer.answer.service_on:%m/%d/%Y}"
    if offer.said.covers(offer.answer.service_on) is None:
        return f"It gives no dates: does {offer.other or 'this payer'} cover the patient on {day}?"
    return f"Its dates do not include {day}: it is no coverage of that day unless the patient says otherwise."


def details(offer: Offer) -> str:
    """Numbers, policyholder and the payer's own words."""
    return ". ".join(_details(offer.said))


def _details(said: Said) -> Iterator[str]:
    numbers = [f"Policy {said.policy}" if said.policy else "", f"group {said.group}" if said.group else ""]
    if any(numbers):
        yield ", ".join(filter(None, numbers)).capitalize() if not said.policy else ", ".join(filter(None, numbers))
    if said.policyholder:
        yield f"Held by {said.policyholder}"
    if said.messages:
        yield "Its words: " + " / ".join(said.messages)


def source(offer: Offer) -> str:
    """Where it stands."""
    answer, said = offer.answer, offer.said
    where = f"{said.code} at segment {said.segment_no}"
    return f"271 of {answer.answered_on:%m/%d/%Y}, trace {answer.trace or 'none'}, {where}"


def _since(offer: Offer) -> str:
    since = offer.answer.inactive_since
    return f" since {since:%m/%d/%Y}" if since and since != offer.answer.service_on else f" on {_day(offer)}"


def _day(offer: Offer) -> str:
    return f"{offer.answer.service_on:%m/%d/%Y}"


def _span(said: Said) -> str:
    def on(day: date) -> str:
        return f"{day:%m/%d/%Y}"

    if said.starts_on and said.ends_on:
        return f" from {on(said.starts_on)} until {on(said.ends_on)}"
    if said.starts_on:
        return f" since {on(said.starts_on)}"
    return f" until {on(said.ends_on)}" if said.ends_on else ""
