"""A claim opened for reckoning: its services, its payers in order, and what each of them finally decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.claim_level import share_out
from claims.ledger import Answer as LineAnswer
from claims.ledger import LineKey
from claims.models import Claim, ClaimPayer, Line
from claims.models.claim import PayerState
from claims.reasons import QMB
from claims.submissions.answers import answers_to
from claims.submissions.decided import Decided, net
from cob.coverage.payment_terms import PaymentOnFile
from cob.x12.parts import Adjustment

WHOLE: LineKey = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`decided` runs in step with `payers`; None: that payer has decided nothing that stands."""

    claim: Claim
    lines: tuple[Line, ...]
    payers: tuple[ClaimPayer, ...]
    decided: tuple[Decided | None, ...]
    on_file: PaymentOnFile

    def answers(
        self, decided: Decided, *, by_line: bool, behind: Mapping[LineKey, LineAnswer] | None = None
    ) -> dict[LineKey, LineAnswer]:
        """What one of the payers decided, by line; on the claim as a whole where it cannot be laid on lines. `behind`
        is what the payer before it decided."""
        every = [adjustment for line in decided.lines for adjustment in line.answer.adjustments]
        if not by_line:
            return {WHOLE: LineAnswer(decided.paid_cents, (*decided.adjustments, *every), decided.remarks)}
        keys = {line.number: line.pk for line in self.lines}
        found: dict[LineKey, LineAnswer] = {line.pk: LineAnswer(0, (), decided.remarks) for line in self.lines}
        for line in decided.lines:
            key = keys[line.answer.line or 0]
            before = found[key]
            both = (*before.adjustments, *line.answer.adjustments)
            found[key] = LineAnswer(before.paid_cents + line.answer.paid_cents, both, decided.remarks)
        charges: dict[LineKey, int] = {line.pk: line.charge_cents for line in self.lines}
        # An answer accounts for the whole charge: what it does not leave over, it and those before it settled.
        settled = {key: charges.get(key, 0) - left_over(one) for key, one in (behind or {}).items()}
        return share_out(decided.adjustments, found, charges, settled)

    def lies_on_lines(self, at: int) -> bool:
        """Whether every service of an answer is tied to a line, every line is answered, and charges agree."""
        decided = self.decided[at]
        if decided is None:
            return False
        charged: dict[int, int] = {}
        for line in decided.lines:
            if line.answer.line is None:
                return False
            charged[line.answer.line] = charged.get(line.answer.line, 0) + line.answer.charge_cents
        return charged == {line.number: line.charge_cents for line in self.lines}


def open_sheets(claims: Sequence[Claim]) -> list[Sheet]:
    """Ten queries for any number of claims; `claims` come with lines, and payers with payer and coverage, fetched."""
    answers = answers_to(*claims)
    rows = {claim.pk: [row for row in claim.payers.all() if row.state != PayerState.NOT_BILLABLE] for claim in claims}
    on_file = PaymentOnFile(row.payer_id for kept in rows.values() for row in kept)
    return [
        Sheet(
            claim,
            tuple(claim.lines.all()),
            tuple(rows[claim.pk]),
            tuple(net(answers.get(row.pk, []), claim.charge_cents) for row in rows[claim.pk]),
            on_file,
        )
        for claim in claims
    ]


def left_over(answer: LineAnswer) -> int:
    """What an answer leaves to the patient or the next payer."""
    left = (a for a in answer.adjustments if (a.group == "PR" and a.reason != "100") or a.reason == QMB)
    return sum(a.amount_cents for a in left)


def added_up(answers: Sequence[LineAnswer]) -> tuple[int, int, tuple[Adjustment, ...]]:
    """Of several earlier payers: all they paid, all they sent to the patient, and the share the last of them left."""
    paid = sum(answer.paid_cents for answer in answers)
    sent = sum(a.amount_cents for answer in answers for a in answer.adjustments if (a.group, a.reason) == ("PR", "100"))
    last = tuple(a for a in answers[-1].adjustments if a.group == "PR" and a.reason != "100")
    return paid, sent, last
