"""One claim as its patient's share is worked out from it, and what of it is final."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from claims import ledger
from claims.ledger import Answer, LineKey, Posted
from claims.models import Claim, ClaimPayer
from claims.models import Line as ClaimLine
from claims.models.claim import PayerState
from claims.next_step import BILLED_ANYHOW
from claims.patient_billing.share import Share

# It refused the claim, or never took it in.
_SAID_NO = (PayerState.DENIED, PayerState.REJECTED)


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer to a claim, posted or not."""

    pk: uuid.UUID
    status: str
    is_posted: bool
    payer: str
    remarks: tuple[str, ...]
    is_passed_on: bool = False
    passed_on_to: str = ""  # as the answer names it, where it does


@dataclass(slots=True)
class Picture:
    """One claim as its patient's share is worked out from it. `claim` comes with its patient and site."""

    claim: Claim
    lines: list[ClaimLine] = field(default_factory=list)
    payers: list[ClaimPayer] = field(default_factory=list)
    rows: list[Posted] = field(default_factory=list)
    answers: list[Heard] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    not_billed: list[str] = field(default_factory=list)  # the payers' names, one for each coverage
    reported: dict[uuid.UUID, dict[LineKey, Answer]] = field(default_factory=dict)
    allowed: dict[tuple[uuid.UUID, LineKey], int] = field(default_factory=dict)
    # Of each answered line, what neither a payment nor a write-off accounts for; below zero there is a credit.
    left: dict[LineKey, int] = field(default_factory=dict)
    fees: dict[tuple[int, LineKey], int] = field(default_factory=dict)
    shares: dict[LineKey, Share] = field(default_factory=dict)
    refused: set[LineKey] = field(default_factory=set)
    # Reasons of higher apps to hold the statement: a ground and a sentence.
    others: list[tuple[str, str]] = field(default_factory=list)

    @property
    def awaited(self) -> list[ClaimPayer]:
        """The payers whose answer counts. Where nothing is left, one that was never asked is none, nor is one whose
        refusal or rejection was given up or was of nothing."""
        if not self._has_nothing_left:
            return self.payers
        done = (PayerState.EXPECTED, *_SAID_NO)
        return [p for p in self.payers if p.state not in done or (p.state == done[0] and _is_billed_anyhow(p))]

    @property
    def _has_nothing_left(self) -> bool:
        return bool(self.claim.paid_cents + self.claim.written_off_cents == self.claim.charge_cents)

    @property
    def is_final(self) -> bool:
        """Whether every payer is done."""
        awaited = self.awaited
        if self._has_nothing_left and all(p.state == PayerState.NOT_BILLABLE for p in awaited):
            return any(p.state in _SAID_NO for p in self.payers)
        return ledger.all_final([(p.rank, p.state) for p in awaited])

    @property
    def owes_cents(self) -> int | None:
        """What the patient owes of the claim; None while payers may still answer or a fact is not known."""
        if self._is_taken_away:
            return 0
        if not self.is_final or not self.shares or any(s.question for s in self.shares.values()):
            return None
        if any(self.shares[key].owes_cents for key in self.left_out):
            return None
        return sum(share.owes_cents or 0 for share in self.shares.values())

    @property
    def _is_taken_away(self) -> bool:
        """Void, and no payer's money stands on it: one that paid has yet to take that back."""
        return self.claim.is_void and not self.claim.paid_cents

    def over_cents(self, patient_paid_cents: int) -> int:
        """How much of what the patient has paid is beyond a share that is final (13). Nothing while it may change."""
        owes = self.owes_cents
        is_settled = self._is_taken_away or self.claim.insurer_open_cents == 0
        return max(0, patient_paid_cents - owes) if is_settled and owes is not None else 0

    @property
    def not_billable_cents(self) -> int:
        """Left of the charge, and not to be asked of the patient."""
        return sum(share.not_billable_cents for share in self.shares.values()) if self.is_final else 0

    @property
    def to_write_off(self) -> dict[LineKey, int]:
        """What a contract or the law forbids to ask, by line. What a payer refused at the provider's cost is not in it:
        that is for those who work denials. Nor is what a payer left out: it may pay it yet."""
        if not self.is_final:
            return {}
        left_out = self.left_out
        return {
            key: share.not_billable_cents
            for key, share in self.shares.items()
            if self._is_forbidden(key) and key not in left_out
        }

    def _is_forbidden(self, key: LineKey) -> bool:
        share = self.shares[key]
        return bool(share.not_billable_cents) and share.row != "provider_liable" and key not in self.refused

    def left_out_by(self, payer: ClaimPayer) -> list[ClaimLine]:
        """Lines the payer said nothing of while it answered others: what is left of them is not final yet."""
        said = {row.line for row in self.alive if row.rank == payer.rank and row.kind != ledger.REFUND}
        if payer.state != PayerState.ADJUDICATED or not said or None in said:
            return []
        unheard = [line for line in self.lines if line.pk not in said and line.pk in self.shares]
        return [line for line in unheard if self.shares[line.pk].owes_cents != 0 or self._is_forbidden(line.pk)]

    @property
    def left_out(self) -> frozenset[LineKey]:
        """Of every payer whose answer counts."""
        return frozenset(line.pk for payer in self.awaited for line in self.left_out_by(payer))

    @property
    def alive(self) -> list[Posted]:
        return ledger.standing(self.rows)

    @property
    def has_something_left(self) -> bool:
        """Whether any standing answer leaves anything to the patient."""
        return any(r.kind == ledger.RESPONSIBILITY and r.amount_cents > 0 for r in self.alive)


def _is_billed_anyhow(payer: ClaimPayer) -> bool:
    return (payer.coverage.kind or payer.payer.kind) in BILLED_ANYHOW


Pictures = dict[uuid.UUID, Picture]
