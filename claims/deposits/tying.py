"""Which remittance a deposit pays: by trace, else by amount and day where only one fits. Pure.

A trace that agrees decides even where the amounts differ, because the difference is then what has to be explained
(BPR02 = deposit for the same TRN02, X12 835 balancing). Amount and day decide only among equals of one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cob.cents import dollars

# A transfer is in the bank within days of BPR16; a check takes its time in the mail and at the counter.
DAYS_APART_MAX = 10
_NOT_KEPT = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Money:
    """One deposit or one remittance: what may be tied."""

    id: UUID
    trace: str
    cents: int
    on: date
    apart: frozenset[UUID] = frozenset()  # what a person said it is not


@dataclass(frozen=True, slots=True)
class Tie:
    """A deposit, a remittance it pays, and which signs say so."""

    deposit: UUID
    remittance: UUID
    how: str


def plain(trace: str) -> str:
    """Banks pad and punctuate: 000-123A is 123a."""
    return _NOT_KEPT.sub("", trace.upper()).lstrip("0")


def ties(deposits: Iterable[Money], remittances: Iterable[Money]) -> list[Tie]:
    """Every tie that is sure; each remittance once, a deposit by amount and day once."""
    made: list[Tie] = []
    left_deposits, left = list(deposits), {r.id: r for r in remittances}
    by_trace: dict[str, list[Money]] = defaultdict(list)
    for remittance in left.values():
        if plain(remittance.trace):
            by_trace[plain(remittance.trace)].append(remittance)
    without = []
    for deposit in left_deposits:
        same = by_trace.get(plain(deposit.trace), [])
        found = _best(deposit, [r for r in same if r.id in left and r.id not in deposit.apart])
        if found is None:
            without.append(deposit)
            continue
        made.append(Tie(deposit.id, found.id, signs(deposit, found)))
        del left[found.id]
    return made + _by_amount(without, list(left.values()))


def _best(deposit: Money, found: Sequence[Money]) -> Money | None:
    """Payers use a number again after years: the same amount first, then the nearest day."""
    near = [r for r in found if r.cents == deposit.cents or days_apart(deposit, r) <= 60]
    return min(near, key=lambda r: (r.cents != deposit.cents, days_apart(deposit, r)), default=None)


def _by_amount(deposits: Sequence[Money], remittances: Sequence[Money]) -> list[Tie]:
    def fits(deposit: Money, remittance: Money) -> bool:
        # Where both give a trace and they differ, the bank says that it is another payment.
        differs = plain(deposit.trace) and plain(remittance.trace)
        return not differs and deposit.cents == remittance.cents and days_apart(deposit, remittance) <= DAYS_APART_MAX

    by_cents: dict[int, list[Money]] = defaultdict(list)
    for remittance in remittances:
        by_cents[remittance.cents].append(remittance)
    others: dict[int, list[Money]] = defaultdict(list)
    for deposit in deposits:
        others[deposit.cents].append(deposit)
    made = []
    for deposit in deposits:
        found = [r for r in by_cents[deposit.cents] if fits(deposit, r)]
        if len(found) == 1 and sum(1 for d in others[deposit.cents] if fits(d, found[0])) == 1:
            made.append(Tie(deposit.id, found[0].id, signs(deposit, found[0])))
    return made


def days_apart(deposit: Money, remittance: Money) -> int:
    return abs((deposit.on - remittance.on).days)


def score(deposit: Money, remittance: Money) -> int:
    """How well they fit, of 100: trace 60, amount 30, day up to 10."""
    same = bool(plain(deposit.trace)) and plain(deposit.trace) == plain(remittance.trace)
    return (
        60 * same + 30 * (deposit.cents == remittance.cents) + max(0, DAYS_APART_MAX - days_apart(deposit, remittance))
    )


def signs(deposit: Money, remittance: Money) -> str:
    """What agrees and what does not, in words."""
    same_trace = bool(plain(deposit.trace)) and plain(deposit.trace) == plain(remittance.trace)
    off = deposit.cents - remittance.cents
    said = ["trace" if same_trace else "", "" if off else "amount"]
    apart = days_apart(deposit, remittance)
    said.append(f"{apart} day{'' if apart == 1 else 's'} apart" if apart else "same day")
    text = ", ".join(filter(None, said))
    return f"{text}; {dollars(abs(off))} {'more' if off > 0 else 'less'} deposited" if off else text
