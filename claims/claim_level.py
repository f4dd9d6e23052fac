"""Claim-level adjustments laid on the lines of an answer, and what a later payer repeats where it was posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from claims.ledger import Answer, LineKey
from claims.reasons import PRIOR_PAYER
from cob.cents import allocate
from cob.x12.parts import Adjustment

Room = dict[LineKey, int]  # by line, how much of what earlier answers took may lie there


def share_out(
    on_claim: Sequence[Adjustment],
    lines: Mapping[LineKey, Answer],
    charges: Mapping[LineKey, int],
    settled: Mapping[LineKey, int] | None = None,
) -> dict[LineKey, Answer]:
    """Claim-level adjustments laid on the lines, so that the lines' payments add up to the claim's (CLP04).

    Each is shared in proportion to what is still paid on the lines, or to their charges where nothing is. A later
    payer's reductions repeat what is `settled` before it and are laid on the lines where that is, so that what it pays
    and leaves falls on what is open.
    """
    if not on_claim:
        return dict(lines)
    keys = list(lines)
    paid = {key: lines[key].paid_cents for key in keys}
    extra: dict[LineKey, list[Adjustment]] = {key: [] for key in keys}
    rooms = _repeats(lines, settled or {})
    for adjustment in sorted(on_claim, key=_is_no_echo) if any(any(room.values()) for room in rooms) else on_claim:
        may_lie = rooms if adjustment.reason == PRIOR_PAYER else rooms[:1]
        for key, cents in zip(keys, _shares(adjustment, keys, paid, charges, may_lie), strict=True):
            if cents:
                extra[key].append(replace(adjustment, amount_cents=cents))
                paid[key] -= cents
    return {key: Answer(paid[key], (*lines[key].adjustments, *extra[key]), lines[key].remarks) for key in keys}


def _repeats(lines: Mapping[LineKey, Answer], settled: Mapping[LineKey, int]) -> tuple[Room, Room]:
    """By line, what earlier answers account for and the line's own reductions do not repeat; and how much more it is
    where those are no repeats but this payer's own, as more OA-23 than fits beside them says."""
    repeats, cut_anew = {}, {}
    for key, answer in lines.items():
        before, said = settled.get(key, 0), [a for a in answer.adjustments if a.group != "PR"]
        most = min(before - _sum(a for a in said if a.reason == PRIOR_PAYER), answer.paid_cents)
        repeats[key] = max(0, min(before - _sum(said), answer.paid_cents))
        cut_anew[key] = max(0, most - repeats[key])
    return repeats, cut_anew


def _is_no_echo(adjustment: Adjustment) -> tuple[bool, bool]:
    """OA-23 first, then other reductions, then what is left to the patient."""
    return adjustment.reason != PRIOR_PAYER, adjustment.group == "PR"


def _shares(
    adjustment: Adjustment,
    keys: Sequence[LineKey],
    paid: Mapping[LineKey, int],
    charges: Mapping[LineKey, int],
    rooms: Iterable[Room],
) -> list[int]:
    """One adjustment's part of each line; of each of the `rooms` in turn goes what it takes."""
    shares, cents = [0] * len(keys), adjustment.amount_cents
    for room in rooms if adjustment.group != "PR" else ():
        if (echo := min(cents, sum(room.values()))) > 0:
            cents -= echo
            for n, part in enumerate(allocate(echo, [room[key] for key in keys])):
                shares[n] += part
                room[keys[n]] -= part
    remaining = [paid[key] - part for key, part in zip(keys, shares, strict=True)]
    charged = [abs(charges.get(key, 0)) for key in keys]
    if min(remaining) >= 0 and sum(remaining) >= max(cents, 1):
        rest = allocate(cents, remaining)
    else:
        rest = allocate(cents, charged if any(charged) else [1] * len(keys))
    return [part + more for part, more in zip(shares, rest, strict=True)]


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum(a.amount_cents for a in adjustments)
