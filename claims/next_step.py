"""What comes next for a claim, with whom, and why: one answer, in the words of the files contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from claims.edits.facts import Order, Place, as_day
from cob.cents import dollars

# Billed even when nothing more is expected: Medicare credits its deductible, Medicaid closes the account.
BILLED_ANYHOW = frozenset({"medicare", "medicare_advantage", "medicaid"})
_REFUSED_ON_ORDER = frozenset({"22", "109"})


class Action(StrEnum):
    """Send it now; wait for a forwarded copy; something has to happen first; nothing is left to do."""

    SUBMIT = "submit"
    WAIT_CROSSOVER = "wait_crossover"
    HOLD = "hold"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NextStep:
    """`place` is the payer it is about; None when it is about no payer. `until` is the day a wait ends."""

    action: Action
    because: str
    place: Place | None = None
    until: date | None = None


def next_step(
    places: Sequence[Place],
    order: Order | None,
    *,
    coverages_in_force: int,
    insurer_open_cents: int,
    today: date,
    limits: Mapping[int, date] | None = None,
    is_void: bool = False,
) -> NextStep:
    """The first payer in the order with whom the claim is not done decides. `limits`: filing limits by place."""
    if is_void:
        return NextStep(Action.NONE, "The claim is void.")
    for at, place in enumerate(places):
        if place.is_passed_over:
            continue
        if _has_its_turn_again(place, places[:at]):
            because = f"{place.payer} took its answer back, and the payer before it has answered: send it a correction."
            return NextStep(Action.SUBMIT, because, place)
        after = [one for one in places[at + 1 :] if not one.is_passed_over]
        if _stands_refused(place) and (not insurer_open_cents or any(one.state == "adjudicated" for one in after)):
            continue  # a refusal is done once a payer behind it has decided, or nothing of it is open any more
        found = _passed_on(place, after, today) or _with(place, today)
        if found:
            return found
        if place.state in ("expected", "rejected", "forwarded"):
            limit = (limits or {}).get(place.place)
            step = _to_be_sent(place, order, coverages_in_force, insurer_open_cents)
            return _too_late(place, limit) if limit and limit < today and step.action is Action.SUBMIT else step
    if not places:
        return NextStep(Action.NONE, "No payer is on this claim.")
    if insurer_open_cents < 0:
        return NextStep(
            Action.NONE, f"Nobody is billed: ${dollars(-insurer_open_cents)} was paid too much and goes back."
        )
    return NextStep(Action.NONE, "Every payer has answered.")


def _has_its_turn_again(place: Place, before: Sequence[Place]) -> bool:
    """The order flipped: whoever is first has answered since this payer took its answer back, or since it was sent the
    claim as an earlier one. Sent after the first had answered, it is the payer's own correction that is awaited."""
    back = place.taken_back_on
    if not back or place.state != "reversed":
        return False
    was_earlier = 0 < place.taken_back_as < place.place
    since = min(back, place.submitted_on or date.min) if was_earlier else back
    return any(p.decided and p.decided.answered_on > since for p in before)


def _with(place: Place, today: date) -> NextStep | None:
    """What keeps the claim with this payer; None when it may go on, to this payer or past it."""
    if place.taken_back_on:
        because = f"{place.payer} took its answer back on {as_day(place.taken_back_on)}; the corrected one is awaited."
        return NextStep(Action.HOLD, because, place)
    if place.unposted or place.unexplained_reversals:
        return NextStep(Action.HOLD, f"An answer of {place.payer} is on file but not posted.", place)
    if (copy := _copy_awaited(place, today)) is not None:
        return copy
    if place.state == "submitted":
        on = f" on {as_day(place.submitted_on)}" if place.submitted_on else ""
        return NextStep(Action.HOLD, f"Sent to {place.payer}{on}; its answer is awaited.", place)
    if place.state == "reopened":
        because = f"A payer before {place.payer} changed its answer since {place.payer} decided: send it a correction."
        return NextStep(Action.SUBMIT, because, place)
    return _refused(place) if place.state == "denied" else None


def _copy_awaited(place: Place, today: date, then: str = "send it") -> NextStep | None:
    """The wait for the answer to a forwarded copy, its last day included; `then` is to be done where none comes."""
    if place.state != "forwarded" or place.crossover_until is None or today > place.crossover_until:
        return None
    until = as_day(place.crossover_until)
    because = f"The claim was forwarded to {place.payer}; wait for its answer until {until}, then {then}."
    return NextStep(Action.WAIT_CROSSOVER, because, place, place.crossover_until)


def _passed_on(place: Place, after: Sequence[Place], today: date) -> NextStep | None:
    """Not its claim (CLP02 23; CARC 22 or 109 under any other status): there is nothing to correct or to appeal. A copy
    it passed on is waited for as any other; when none is under way, or its wait has ended, the order on file is what
    was wrong."""
    if not _says_not_its_claim(place) and not _refused_on_order(place):
        return None
    copies = (_copy_awaited(one, today, "settle the order") for one in after)
    if (copy := next((found for found in copies if found), None)) is not None:
        return copy
    if not _says_not_its_claim(place):
        return None
    because = f"{place.payer} says the claim is not its own and passed it on: settle the order."
    return NextStep(Action.HOLD, because, place)


def _says_not_its_claim(place: Place) -> bool:
    """Whether it refused without deciding anything, which only an answer that passes the claim on does."""
    return _stands_refused(place) and place.decided is None


def _refused_on_order(place: Place) -> bool:
    """Whether it refused because another payer comes first, or the claim is another's."""
    return _stands_refused(place) and bool(_reasons(place) & _REFUSED_ON_ORDER)


def _stands_refused(place: Place) -> bool:
    is_clear = not (place.taken_back_on or place.unposted or place.unexplained_reversals)
    return place.state == "denied" and is_clear


def _reasons(place: Place) -> set[str]:
    lines = place.decided.lines if place.decided else ()
    on_claim = place.decided.adjustments if place.decided else ()
    return {a.reason for a in (*on_claim, *(a for line in lines for a in line.answer.adjustments))}


def _refused(place: Place) -> NextStep:
    if _reasons(place) & _REFUSED_ON_ORDER:
        return NextStep(Action.HOLD, f"{place.payer} says another payer comes first: settle the order.", place)
    because = (
        f"{place.payer} refused the whole claim: correct it, appeal, or accept it before the next payer is billed."
    )
    return NextStep(Action.HOLD, because, place)


def _too_late(place: Place, limit: date) -> NextStep:
    because = f"The filing limit of {place.payer} passed on {as_day(limit)}: ask it for an exception, or write it off."
    return NextStep(Action.HOLD, because, place, limit)


def _to_be_sent(place: Place, order: Order | None, in_force: int, open_cents: int) -> NextStep:
    nothing_left = place.place > 1 and open_cents <= 0
    if nothing_left and (open_cents < 0 or place.kind not in BILLED_ANYHOW):
        never = " The copy it was to get never came." if place.crossover else ""
        because = f"Nothing is left for {place.payer}: the payers before left no open amount.{never}"
        return NextStep(Action.NONE, because, place)
    is_settled = order is not None and order.is_settled and not order.is_stale
    if not is_settled and (place.place > 1 or in_force > 1):
        return NextStep(Action.HOLD, "Who pays when is not determined for this date of service.", place)
    if place.state == "rejected":
        return NextStep(
            Action.SUBMIT, f"The file to {place.payer} was rejected: put it right and send it again.", place
        )
    if place.state == "forwarded":
        return NextStep(Action.SUBMIT, f"No answer of {place.payer} came from the forwarded copy: send it.", place)
    if place.place == 1:
        return NextStep(Action.SUBMIT, f"{place.payer} is the first payer and has not got the claim.", place)
    if nothing_left:
        because = f"The payers before left nothing open; {place.payer} is billed all the same, for its records."
        return NextStep(Action.SUBMIT, because, place)
    return NextStep(Action.SUBMIT, f"The payers before {place.payer} have answered and an amount is open.", place)
