"""The eighteen rules of the ledger as people read them, what holds each, and the place where an app adds its check.

A rule is held before it can be broken wherever it can be: by quarantine at the door, by a constraint or a trigger of
the database. The look at the whole ledger asks again, every night and on demand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from claims.invariants import CHECKED_BY_CLAIM, Broken

Finder = Callable[[], Iterable[Broken]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `is_credit`: breaking it is no fault of the ledger but money to give back."""

    number: int
    name: str
    says: str
    held_by: str
    is_credit: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether some check asks it of what is on file."""
        return str(self.number) in CHECKED_BY_CLAIM or bool(_finders.get(self.number))


_finders: dict[int, list[Finder]] = {}
_QUARANTINE = "quarantine of the file"
RULES: dict[int, Rule] = {
    rule.number: rule
    for rule in (
        Rule(1, "Line adds up", "A service’s charge less its adjustments is its payment.", _QUARANTINE),
        Rule(2, "Claim adds up", "A claim’s charge less every adjustment is its payment.", _QUARANTINE),
        Rule(3, "Payment adds up", "The claims less provider adjustments are the check or transfer.", _QUARANTINE),
        Rule(4, "Payment is the deposit", "What a remittance pays is what the bank received under its trace.", ""),
        Rule(5, "Lines make the claim", "The services’ charges and payments are those of the claim.", _QUARANTINE),
        Rule(
            6,
            "Account adds up",
            "Charge = paid + written off + open with insurers + the patient’s, as the postings say.",
            "a constraint",
        ),
        Rule(7, "Settled lines stay settled", "Where nothing is open, no line is open at another’s cost.", ""),
        Rule(8, "Patient owes what the last payer left", "Never a sum of several payers’ shares.", ""),
        Rule(9, "No reduction becomes the patient’s", "What a payer took off (CO, PI) is nobody’s debt.", ""),
        Rule(10, "Payers pay at most the charge", "More is a credit that belongs to somebody.", "", is_credit=True),
        Rule(11, "Protected patients owe nothing", "A QMB owes no cost sharing, Medicaid’s at most a copay.", ""),
        Rule(12, "Medicare second pays within its allowance", "Not below zero, not above what it allows.", ""),
        Rule(13, "Patient paid at most their share", "More is a refund to that patient.", "", is_credit=True),
        Rule(
            14,
            "A reversal and its original are nothing",
            "The ledger is only added to; a reversal mirrors the one entry that it names.",
            "triggers, a unique key, a constraint",
        ),
        Rule(15, "Provider’s ledger rolls", "Opening + new − applied − refunds = closing.", ""),
        Rule(16, "Interest is on no claim", "From an answer no more and no less is posted than it paid.", ""),
        Rule(17, "Whole cents", "No fraction of a cent anywhere.", "the columns’ types"),
        Rule(18, "Posted once", "Payer, trace, claim, line and sign post once.", "a unique key"),
    )
}


def finds(number: int) -> Callable[[Finder], Finder]:
    """Let a module ask a rule of rows that it knows: the function is called once per look and yields what is broken,
    each with its claim or its remittance where there is one. Raises KeyError for a rule that there is not.
    """
    rule = RULES[number]

    def register(finder: Finder) -> Finder:
        found = _finders.setdefault(rule.number, [])
        if finder not in found:
            found.append(finder)
        return finder

    return register


def finders() -> list[Finder]:
    """Every registered check once, in the order of the rules."""
    return list(dict.fromkeys(finder for number in sorted(_finders) for finder in _finders[number]))
