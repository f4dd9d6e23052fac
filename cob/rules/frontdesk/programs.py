"""Medicaid beside anything, carve-outs, TRICARE and the VA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cob.rules.frontdesk.flag import Place, Sign, flag
from cob.rules.frontdesk.picture import MEDICARE, NOT_A_PLAN, Card, Picture
from cob.rules.order.medicaid import PROGRAMMES

# Payers that wait for Medicaid, and those that wait for TRICARE and CHAMPVA (32 CFR 199.8(b)(4)).
BEHIND_MEDICAID: Final = frozenset({*PROGRAMMES, "ihs"})
BEHIND_TRICARE: Final = BEHIND_MEDICAID | {"medicaid", "chip", "tricare_supplement", "champva_supplement"}


@flag("MEDICAID-TPL", "Medicaid and another payer", "42 USC 1396a(a)(25)")
def medicaid_beside(picture: Picture) -> Iterator[Sign]:
    """Medicaid pays after every liable payer, with few exceptions, some of them by state (not checked here)."""
    others = [card for card in picture.in_force if card.kind not in NOT_A_PLAN | BEHIND_MEDICAID | {"medicaid"}]
    if not picture.of(frozenset({"medicaid"})) or not others:
        return
    yield Sign(
        saw=f"Medicaid beside {' and '.join(card.payer for card in others)}.",
        do="Bill Medicaid last and look up the state’s exceptions; never bill the patient beyond Medicaid’s limits.",
        place=Place.ASK,
        tone="warn" if picture.needs_order else "info",
        is_work=picture.needs_order,
    )


@flag("CARVE-OUT", "Behavioral carve-out", "MDL-120 §6.A(3)")
def carved_out(picture: Picture) -> Iterator[Sign]:
    """A carve-out is a part of its plan with a payer id of its own: behavioral claims sent to the medical id return."""
    by_id = {card.id: card for card in picture.cards}
    for card in picture.in_force:
        whole = by_id.get(str(card.fact("carve_out_of") or ""))
        if whole is not None:
            yield Sign(
                saw=f"{card.payer} is carved out of {whole.payer}.",
                do=f"Send behavioral care to {card.payer} (payer id {card.payer_id or 'missing'}), the rest to "
                f"{whole.payer}.",
                place=Place.COVERAGE,
                tone="info" if card.payer_id else "warn",
                about=card.id,
                is_work=not card.payer_id,
            )


@flag("TRICARE", "TRICARE or CHAMPVA", "10 USC 1079; 38 USC 1781")
def military_cover(picture: Picture) -> Iterator[Sign]:
    """TRICARE and CHAMPVA pay after every other health insurance except Medicaid, supplements, Indian health and funds
    of last resort; for a member on active duty TRICARE pays alone.
    """
    cards = picture.of(frozenset({"tricare", "champva"}))
    has_other = any(one not in cards and one.kind not in NOT_A_PLAN | BEHIND_TRICARE for one in picture.in_force)
    for card in cards:
        place = picture.fact("military.beneficiary") if card.kind == "tricare" else ""
        if place is None or has_other:
            yield _behind_others(card, place, picture, has_other=has_other)


def _behind_others(card: Card, place: str | None, picture: Picture, *, has_other: bool) -> Sign:
    is_unknown, is_on_duty = place is None, place == "adsm"
    stands = (
        "; the patient’s place in TRICARE is not known" * is_unknown + "; the patient is on active duty" * is_on_duty
    )
    do = "Bill TRICARE alone." if is_on_duty else "Bill the other insurance first."
    return Sign(
        saw=f"{card.payer}{' and other insurance' * has_other} on file{stands}.",
        do="Ask on whose service it rests." if is_unknown else do,
        place=Place.ASK,
        tone="warn" if is_unknown else "info",
        by=picture.before_visit if is_unknown else None,
        about=card.id,
        is_work=is_unknown,
        # Whether Medicare pays for a member on active duty is read in two ways.
        is_unconfirmed=is_on_duty and bool(picture.of(MEDICARE)),
    )


@flag("VA", "Veterans Affairs", "42 CFR 411.8(a)")
def veterans_affairs(picture: Picture) -> Iterator[Sign]:
    """Care the VA authorized is billed to the VA alone; without an authorization the VA is no payer."""
    for card in picture.of(frozenset({"va"})):
        if picture.fact("va.authorised") is None:
            yield Sign(
                saw=f"{card.payer} on file; nobody said whether the VA sent the patient here.",
                do="Ask for the VA’s authorization and its number.",
                place=Place.ASK,
                by=picture.before_visit,
                about=card.id,
            )
