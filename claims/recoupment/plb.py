"""What each provider-level reason (PLB03-1) means for the provider's own ledger with a payer; names in `cob.x12.plb`.

A positive PLB lowers the payment. Every row moves its account by minus the PLB amount, so a balance above zero is
money the practice still holds and the payer will take, and one below zero is money taken that nothing accounts for.
Interest, levies and penalties have accounts of their own: they never touch a claim or a patient (invariant 16).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cob.x12.plb import PlbEffect, plb_reason


class Account(StrEnum):
    """Which of the provider's accounts with a payer."""

    OWED = "owed"
    INTEREST = "interest"
    LEVY = "levy"
    WITHHOLDING = "withholding"
    MEDICARE_PENALTY = "medicare_penalty"
    PENALTY = "penalty"
    ADVANCE = "advance"
    NOT_PAYABLE = "not_payable"
    CONTRACT = "contract"
    UNEXPLAINED = "unexplained"


class Move(StrEnum):
    """What a row did. `new`, `applied` and `refund` are the terms of invariant 15; a credit is a refund come back.
    `undone` mirrors a row whose paper was withdrawn."""

    NEW = "new"
    APPLIED = "applied"
    REFUND = "refund"
    CREDITED = "credited"
    BOOKED = "booked"
    EXPLAINED = "explained"
    UNDONE = "undone"


_E = PlbEffect
_ACCOUNTS: Final[dict[PlbEffect, Account]] = {
    _E.RECOVERY: Account.OWED,
    _E.FORWARD: Account.OWED,
    _E.REFUND: Account.OWED,
    _E.INTEREST: Account.INTEREST,
    _E.OFFSET: Account.NOT_PAYABLE,
    _E.LEVY: Account.LEVY,
    _E.PENALTY: Account.PENALTY,
    _E.SETTLEMENT: Account.ADVANCE,
    _E.WITHHOLD: Account.CONTRACT,
    _E.CAPITATION: Account.CONTRACT,
    _E.INCENTIVE: Account.CONTRACT,
    _E.PASS_THROUGH: Account.CONTRACT,
    _E.REVIEW: Account.UNEXPLAINED,
}
# Within the levies each has its own account (X12 RFI 2125).
_OWN: Final[dict[str, Account]] = {"IR": Account.WITHHOLDING, "WU": Account.MEDICARE_PENALTY}
_DOES: Final[dict[PlbEffect, str]] = {
    _E.RECOVERY: "Below zero it opens what is owed; above zero it takes that, by reference or claim (RFI 227, 2370).",
    _E.FORWARD: "Below zero a debt is carried forward; above zero an earlier one is applied (RFI 1604).",
    _E.REFUND: "Our check: with a WO or FB beside it the refund is closed, alone it came back (RFI 1385, 758).",
    _E.INTEREST: "Income of the practice, or income taken back; on no claim.",
    _E.OFFSET: "Sets off what claims show as paid and the payer cannot pay; no money moves.",
    _E.REVIEW: "Kept apart until somebody reads the reference and says what it is.",
}
_OTHERWISE: Final = "An account of its own; no claim is touched."


@dataclass(frozen=True, slots=True)
class Reason:
    """One PLB03-1 as the ledger takes it: its account, its name, and what the desk does with it."""

    account: Account
    name: str
    does: str
    is_confirmed: bool
    is_check: bool  # names a check of ours


ACCOUNT_WORDS: Final[dict[Account, str]] = {
    Account.OWED: "Owed to the payer",
    Account.INTEREST: "Interest earned",
    Account.LEVY: "IRS levy",
    Account.WITHHOLDING: "Tax withheld",
    Account.MEDICARE_PENALTY: "Medicare penalty",
    Account.PENALTY: "Penalties",
    Account.ADVANCE: "Advances and settlements",
    Account.NOT_PAYABLE: "Shown on claims, not payable",
    Account.CONTRACT: "Contract payments",
    Account.UNEXPLAINED: "Not explained yet",
}
MOVE_WORDS: Final[dict[Move, str]] = {
    Move.NEW: "New",
    Move.APPLIED: "Taken",
    Move.REFUND: "Refunded",
    Move.CREDITED: "Our check credited",
    Move.BOOKED: "Booked",
    Move.EXPLAINED: "Explained",
    Move.UNDONE: "Typed wrongly, taken out",
}


def reason_of(code: str) -> Reason:
    """The row of the table for a PLB03-1; one on no list stays unexplained."""
    known = plb_reason(code)
    return Reason(
        account=_OWN.get(code, _ACCOUNTS[known.effect]),
        name=known.name,
        does=_DOES.get(known.effect, _OTHERWISE),
        is_confirmed=known.is_confirmed,
        is_check=known.effect is PlbEffect.REFUND,
    )
