"""May the patient get a statement for this claim? Only when every payer is done and nothing is in dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.ledger import ANSWERED, DENIED, NOT_BILLABLE, RESPONSIBILITY, Posted, standing
from claims.reasons import POINTS_ELSEWHERE, QMB_REMARKS

_WAITING = {
    "expected": "has not been billed",
    "submitted": "has not answered",
    "forwarded": "has the claim by crossover and has not answered",
    "rejected": "rejected the claim",
    "reversed": "took its answer back",
    DENIED: "refused the claim, and nobody has decided on that yet",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """Whether it is held, and why or why not."""

    held: bool
    because: str


def statement_of(
    payers: Sequence[tuple[int, str, str]],
    rows: Sequence[Posted],
    *,
    insurer_open_cents: int,
    patient_cents: int,
    has_unposted: bool = False,
    is_void: bool = False,
) -> Statement:
    """`payers` as (rank, name, state). Held unless all hold: every payer final, no answer unposted, no credit, nothing
    that points to another payer or protects the patient, nothing open with insurers."""
    if is_void:
        return Statement(True, "The claim is void.")
    last = max((rank for rank, _, state in payers if state == ANSWERED), default=0)
    for rank, name, state in payers:
        if state in (ANSWERED, NOT_BILLABLE) or (state == DENIED and rank < last):
            continue
        return Statement(True, f"{name} {_WAITING.get(state, 'is not done')}.")
    alive = standing(rows)
    if has_unposted:
        return Statement(True, "An answer is on file that could not be posted.")
    if any(QMB_REMARKS.intersection(row.rarc) for row in alive):
        return Statement(True, "The patient is a qualified Medicare beneficiary and may not be billed.")
    if any(row.kind == RESPONSIBILITY and row.carc in POINTS_ELSEWHERE for row in alive):
        return Statement(True, "A payer says that another payer comes first.")
    if insurer_open_cents:
        what = "A credit has to be cleared first." if insurer_open_cents < 0 else "An amount is open with insurers."
        return Statement(True, what)
    if not patient_cents:
        return Statement(True, "The patient owes nothing.")
    return Statement(False, "Every payer has answered; the rest is the patient's.")
