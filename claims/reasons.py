"""What an adjustment reason does to the ledger: written off, left to somebody, an echo of an earlier payer, refused.

Only what posting has to know. What a refusal means and what to do about it is decided elsewhere. Reasons are those of
the X12 external code list 139 (x12.org/codes); the classes follow the group codes' definitions there and are ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from cob.reasons import CONTRACTUAL, COST_SHARE, POINTS_ELSEWHERE
from cob.x12.parts import Adjustment


class Effect(StrEnum):
    """What one adjustment does."""

    WRITE_OFF = "write_off"
    RESPONSIBILITY = "responsibility"
    SENT_TO_PATIENT = "sent_to_patient"
    EARLIER_PAYER = "earlier_payer"
    MOVES_ON = "moves_on"
    REFUSED = "refused"


SEQUESTRATION = "253"
PRIOR_PAYER = "23"
PAID_TO_PATIENT = "100"
FEE_SCHEDULE = "45"
QMB = "209"
COPAY = "3"

# Remarks that forbid billing a qualified Medicare beneficiary for covered cost sharing.
QMB_REMARKS = frozenset({"N781", "N782", "N783"})


def effect_of(adjustment: Adjustment, *, something_allowed: bool) -> Effect:
    """What this adjustment does on a line on which the payer allowed something, or nothing.

    A reduction beside a payment (CO, PI) is written off whatever its reason; where nothing was allowed, only what a
    contract or the law took away is. The rest stays open until a person decides.
    """
    group, reason = adjustment.group, adjustment.reason
    if reason == PRIOR_PAYER:
        return Effect.EARLIER_PAYER
    if reason == QMB:
        return Effect.MOVES_ON
    if group == "PR":
        return Effect.SENT_TO_PATIENT if reason == PAID_TO_PATIENT else Effect.RESPONSIBILITY
    if reason in CONTRACTUAL:
        return Effect.WRITE_OFF
    return Effect.WRITE_OFF if something_allowed and group in {"CO", "PI"} else Effect.REFUSED


# CLP02: not this payer's claim, passed on to another; beside it the claim refused as a whole.
NOT_OURS = "23"
_NOT_DECIDED_ON_MONEY = frozenset({"4", NOT_OURS})


def is_denial(status: str, adjustments: Iterable[Adjustment]) -> bool:
    """Whether an answer that moved no money refuses the claim (`status` is CLP02).

    Where the earlier payers left nothing (all of it OA-23, or their reductions said again), a later payer has decided
    the claim and paid zero.
    """
    return status in _NOT_DECIDED_ON_MONEY or any(_says_no(a) for a in adjustments if a.amount_cents)


def _says_no(adjustment: Adjustment) -> bool:
    effect = effect_of(adjustment, something_allowed=False)
    return effect is Effect.REFUSED or (effect is Effect.RESPONSIBILITY and adjustment.reason in POINTS_ELSEWHERE)


def is_refusal(adjustment: Adjustment) -> bool:
    """Whether it says no, rather than how much: worth a look by those who work denials, whatever was posted."""
    group, reason = adjustment.group, adjustment.reason
    if not adjustment.amount_cents or reason in {PRIOR_PAYER, QMB, PAID_TO_PATIENT} or reason in CONTRACTUAL:
        return False
    return group != "PR" or reason not in COST_SHARE | {"45", "275"}
