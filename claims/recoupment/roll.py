"""One remittance's provider adjustments rolled into the provider's accounts with that payer. No Django.

New debts first, then checks of ours the payer credits, then what it takes: the order of the segments means nothing.
What is taken clears the debt under its reference, else the debts of the claim the reference names, else the debt whose
refund was credited beside it, else a forward balance of exactly that amount; the rest stays below zero for a person.
What opens a debt, and a check credited, first fill what was taken for the same before anybody knew why. Without a
claim nothing of another provider number is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from claims.recoupment.plb import Account, Move, reason_of

_BETWEEN = re.compile(r"[\s:;,/|*^]+")
_JOINED = re.compile(r"[-_.#]+")
_SHORTEST_PART = 4  # a shorter one is a suffix, and names something by chance
_FORWARD = "FB"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Key:
    """One account: the provider (PLB01), which account, and the payer's reference."""

    npi: str
    account: Account
    reference: str


@dataclass(frozen=True, slots=True)
class Plb:
    """One PLB pair as the payer signed it, in cents."""

    id: UUID
    npi: str
    reason: str
    reference: str
    amount_cents: int

    @property
    def key(self) -> Key:
        return Key(self.npi, reason_of(self.reason).account, self.reference)


@dataclass(frozen=True, slots=True)
class Debt:
    """An account with this payer that is on file: its balance, its claim, and the reason that opened it."""

    balance_cents: int
    claim: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SentRefund:
    """A check of ours that the payer has not acknowledged yet."""

    id: UUID
    check: str
    amount_cents: int
    key: Key | None
    claim: UUID | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is on file with this payer. `claims` are the claims that references name."""

    debts: Mapping[Key, Debt] = field(default_factory=dict)
    claims: Mapping[str, UUID] = field(default_factory=dict)
    refunds: Sequence[SentRefund] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row to write. `is_inferred`: a check of ours that was not recorded here, known only from its credit."""

    plb: Plb
    key: Key
    move: Move
    amount_cents: int
    claim: UUID | None = None
    refund: UUID | None = None
    note: str = ""

    @property
    def is_inferred(self) -> bool:
        return self.move is Move.REFUND


@dataclass(slots=True)
class Rolled:
    """The rows, and what became of our checks: acknowledged, or sent back with the payment."""

    rows: list[Row] = field(default_factory=list)
    acknowledged: list[UUID] = field(default_factory=list)
    returned: list[UUID] = field(default_factory=list)


def words_of(reference: str) -> tuple[str, ...]:
    """The numbers a PLB03-2 may hold: the whole, and its parts."""
    parts = [part for part in _BETWEEN.split(reference) if part]
    return tuple(dict.fromkeys([reference, *parts])) if reference else ()


def plain(word: str) -> str:
    """A number as it is compared when it is found nowhere as it is written: upper case, no leading zeros."""
    return word.upper().lstrip("0")


def loosely(reference: str) -> tuple[set[str], set[str]]:
    """What a reference may mean that is found nowhere as it is written, the surer first: its words plain; the parts
    of what is joined by - _ . or #."""
    whole = {plain(word) for word in words_of(reference)} - {""}
    parts = {plain(part) for word in _BETWEEN.split(reference) for part in _JOINED.split(word)}
    return whole, {part for part in parts if len(part) >= _SHORTEST_PART} - whole


def only(tiers: Iterable[Iterable[_T]]) -> list[_T]:
    """Of the first tier that has any, the one; none where it has several."""
    found = next((several for tier in tiers if (several := list(tier))), [])
    return found if len(found) == 1 else []


def roll(plbs: Sequence[Plb], known: Known) -> Rolled:
    """Every row one remittance makes; together, the inferred ones apart, they are minus the sum of the PLB amounts."""
    return _Roll(known).of(plbs)


class _Roll:
    def __init__(self, known: Known) -> None:
        self._known = known
        self._balance = {key: debt.balance_cents for key, debt in known.debts.items()}
        self._claim = {key: debt.claim for key, debt in known.debts.items()}
        self._reason = {key: debt.reason for key, debt in known.debts.items()}
        self._credited: list[Key] = []
        self._unseen = list(known.refunds)
        self._done = Rolled()

    def of(self, plbs: Sequence[Plb]) -> Rolled:
        owed = [p for p in plbs if p.key.account is Account.OWED and p.amount_cents]
        checks = [p for p in owed if reason_of(p.reason).is_check]
        moving = [p for p in owed if not reason_of(p.reason).is_check]
        for plb in plbs:
            if plb.key.account is not Account.OWED and plb.amount_cents:
                self._add(plb, plb.key, Move.BOOKED, -plb.amount_cents)
        for plb in moving:
            if plb.amount_cents < 0:
                self._owe(plb)
        covered = sum(p.amount_cents for p in moving if p.amount_cents > 0)
        for plb in checks:
            covered = self._credit(plb, covered)
        for plb in moving:
            if plb.amount_cents > 0:
                self._take(plb)
        return self._done

    def _add(self, plb: Plb, key: Key, move: Move, cents: int, refund: UUID | None = None, note: str = "") -> None:
        claim = self._claim.get(key) or self._claim_of(plb)
        self._claim[key] = claim
        self._balance[key] = self._balance.get(key, 0) + cents
        self._done.rows.append(Row(plb, key, move, cents, claim, refund, note))

    def _claim_of(self, plb: Plb) -> UUID | None:
        return self._known.claims.get(plb.reference)

    # --- what it opens ----------------------------------------------------------------------------------------------

    def _owe(self, plb: Plb) -> None:
        self._reason.setdefault(plb.key, plb.reason)
        left = -plb.amount_cents - self._fill(plb, self._same(plb), Move.NEW)
        if left:
            self._add(plb, plb.key, Move.NEW, left)

    def _fill(self, plb: Plb, keys: Iterable[Key], move: Move, refund: UUID | None = None) -> int:
        """Put a PLB below zero on those of these accounts that stand below zero; how much of it that took."""
        left = -plb.amount_cents
        for key in dict.fromkeys([*keys]):
            part = min(left, max(0, -self._balance.get(key, 0)))
            if part:
                self._add(plb, key, move, part, refund)
                left -= part
        return -plb.amount_cents - left

    # --- our checks -------------------------------------------------------------------------------------------------

    def _credit(self, plb: Plb, covered: int) -> int:
        """A check of ours in the payer's books; what is left of the taking that covers it. It came back unless it
        evens out what the payer takes here, or took before."""
        refund = self._refund_of(plb) if plb.amount_cents < 0 else None
        if refund:
            return self._credit_ours(plb, refund, covered)
        key = next(self._same(plb), plb.key)
        self._add(plb, key, Move.CREDITED, -plb.amount_cents)
        self._credited.append(key)
        if plb.amount_cents < 0:
            note = "A check that is not recorded here; the payer has it."
            self._add(plb, key, Move.REFUND, plb.amount_cents, note=note)
        return covered

    def _credit_ours(self, plb: Plb, refund: SentRefund, covered: int) -> int:
        key = refund.key or next(self._same(plb), plb.key)
        taken = [key, *self._of_claim(refund.claim), *self._same(plb)]
        left = -plb.amount_cents - self._fill(plb, taken, Move.CREDITED, refund.id)
        if left:
            self._add(plb, key, Move.CREDITED, left, refund.id)
        self._credited.append(key)
        if covered < left:
            self._done.returned.append(refund.id)
            return covered
        self._done.acknowledged.append(refund.id)
        return covered - left

    def _refund_of(self, plb: Plb) -> SentRefund | None:
        """By the check's number as it is written; else by the one it can mean; else by its claim and amount; else by
        its amount where only one has it."""
        words, claim, cents = set(words_of(plb.reference)), self._claim_of(plb), -plb.amount_cents
        by_check = [r for r in self._unseen if r.check and r.check in words]
        meant = only([r for r in self._unseen if plain(r.check) in may] for may in loosely(plb.reference))
        by_claim = [r for r in self._unseen if claim and r.claim == claim and r.amount_cents == cents]
        by_cents = [r for r in self._unseen if r.amount_cents == cents]
        found = (by_check or meant or by_claim or (by_cents if len(by_cents) == 1 else []))[:1]
        for refund in found:
            self._unseen.remove(refund)
        return found[0] if found else None

    # --- what the payer takes ---------------------------------------------------------------------------------------

    def _take(self, plb: Plb) -> None:
        left = plb.amount_cents
        for key in dict.fromkeys([*self._same(plb), *self._beside(plb)]):
            part = min(left, max(0, self._balance.get(key, 0)))
            if part:
                self._add(plb, key, Move.APPLIED, -part)
                left -= part
        if left:
            self._add(plb, plb.key, Move.APPLIED, -left)

    # --- which accounts a reference is about ------------------------------------------------------------------------

    def _same(self, plb: Plb) -> Iterator[Key]:
        """Accounts under this reference, then those of the claim it names, of whichever provider number. Without a
        claim only the same provider's, and where the reference is found nowhere, the one it can mean."""
        words, claim = words_of(plb.reference), self._claim_of(plb)
        own = [key for key in self._claim if key.account is Account.OWED and key.npi == plb.npi and key.reference]
        named = [key for key in own if key.reference in words]
        if plb.key in self._balance:
            yield plb.key
        yield from self._of_claim(claim)
        yield from named
        if not claim and not named:
            yield from only([key for key in own if plain(key.reference) in may] for may in loosely(plb.reference))

    def _of_claim(self, claim: UUID | None) -> list[Key]:
        """What is owed or was taken for a claim."""
        return [key for key, of in self._claim.items() if claim and of == claim and key.account is Account.OWED]

    def _beside(self, plb: Plb) -> Iterator[Key]:
        yield from self._credited
        if plb.reason == _FORWARD:
            same = [
                key
                for key, cents in self._balance.items()
                if cents == plb.amount_cents and key.npi == plb.npi and self._reason.get(key) == _FORWARD
            ]
            if len(same) == 1:
                yield same[0]
