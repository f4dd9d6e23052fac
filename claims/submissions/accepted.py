"""What the payer before Medicare has us accept as payment in full (OTAF), for CN1 of the claim to Medicare.

It is that payer's payment and what it left to the patient, where its contract took something off (CO): Medicare pays
no more than what is left of it. 42 CFR 411.33(a); where it stands in the 837P: WPS and Palmetto, MSP claims. A payer
that refused had us accept nothing; one that left all of its fee to the deductible had us accept that, unless our terms
with Medicare say otherwise (equipment suppliers' contractors take no such amount).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claims.submissions.decided import Decided
from claims.submissions.insured import Insured
from cob.reasons import CONTRACTUAL, COST_SHARE
from cob.x12.parts import Adjustment
from cob.x12.t837p import Contract

OTAF = "09"
_BY_CONTRACT = "CO"


def before_medicare(to: Insured, others: Sequence[Insured]) -> Decided | None:
    """What the one payer before Medicare decided; a claim with two before it goes on paper."""
    ahead = [payer for payer in others if payer.place < to.place]
    return ahead[0].decided if to.msp_type and len(ahead) == 1 else None


def on_claim(decided: Decided | None, *, at_zero: bool = True) -> Contract | None:
    """CN1 of the claim (2300), where the payer gave totals only or took some of it off claim-wide."""
    if decided is None or _is_by_line(decided):
        return None
    on_lines = (a for line in decided.lines for a in line.answer.adjustments)
    return _accepted(decided.paid_cents, (*decided.adjustments, *on_lines), at_zero)


def on_line(decided: Decided | None, number: int, *, at_zero: bool = True) -> Contract | None:
    """CN1 of a line (2400), all parts of it together where the payer split it."""
    if decided is None or not _is_by_line(decided):
        return None
    parts = [line.answer for line in decided.lines if line.answer.line == number]
    return _accepted(sum(part.paid_cents for part in parts), [a for part in parts for a in part.adjustments], at_zero)


def _is_by_line(decided: Decided) -> bool:
    return bool(decided.lines) and not any(a.group == _BY_CONTRACT for a in decided.adjustments)


def _accepted(paid_cents: int, adjustments: Iterable[Adjustment], at_zero: bool) -> Contract | None:
    """`at_zero`: whether a fee that the payer left to the patient whole counts."""
    every = list(adjustments)
    off, left = (sum(a.amount_cents for a in every if a.group == group) for group in (_BY_CONTRACT, "PR"))
    has_fee = paid_cents > 0 or (at_zero and left > 0 and _is_covered(every))
    return Contract(OTAF, paid_cents + left) if has_fee and off > 0 else None


def _is_covered(adjustments: Iterable[Adjustment]) -> bool:
    """Nothing but the patient's share of the fee, and what the contract takes off the charge."""
    return all(a.reason in (CONTRACTUAL if a.group == _BY_CONTRACT else COST_SHARE) for a in adjustments)
