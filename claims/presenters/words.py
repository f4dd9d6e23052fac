"""The trade's codes and our states in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from claims.models.claim import PayerState
from claims.models.edi_file import Outcome
from cob.reasons import CONTRACTUAL

STATE_TONES = {
    PayerState.EXPECTED: "",
    PayerState.SUBMITTED: "info",
    PayerState.FORWARDED: "info",
    PayerState.REJECTED: "bad",
    PayerState.ADJUDICATED: "good",
    PayerState.DENIED: "bad",
    PayerState.REVERSED: "warn",
    PayerState.REOPENED: "warn",
    PayerState.NOT_BILLABLE: "",
}
OUTCOME_TONES = {
    Outcome.WAITING: "info",
    Outcome.POSTED: "good",
    Outcome.STORED: "good",
    Outcome.ALREADY_IMPORTED: "",
    Outcome.QUARANTINED: "bad",
    Outcome.REFUSED: "bad",
}
# CLP02: how a claim was processed, not whether it was paid.
PROCESSED = {
    "1": "as primary",
    "2": "as secondary",
    "3": "as tertiary",
    "4": "denied",
    "19": "as primary, forwarded",
    "20": "as secondary, forwarded",
    "21": "as tertiary, forwarded",
    "22": "takes back",
    "23": "not theirs, forwarded",
    "25": "estimate",
}
# What a row of the ledger is.
KINDS = {
    "payment": "Payment",
    "write_off": "Write-off",
    "responsibility": "Patient or next payer",
    "reversal": "Reversal",
    "refund": "Refund",
}
RANKS = {1: "Primary", 2: "Secondary", 3: "Tertiary"}
_REASONS = {
    "1": "deductible",
    "2": "coinsurance",
    "3": "copayment",
    "16": "information missing",
    "18": "duplicate",
    "22": "another payer may be first",
    "23": "paid by the payer before",
    "29": "filed too late",
    "96": "not covered",
    "97": "included in another service",
    "100": "paid to the patient",
    "109": "not this payer's",
    "204": "not covered by this plan",
    "253": "sequestration",
}


_more_reasons: list[Callable[[], Mapping[str, str]]] = []


def know_reasons(fn: Callable[[], Mapping[str, str]]) -> None:
    """Let a higher app say what more reasons mean: code to a few words, asked when first needed."""
    if fn not in _more_reasons:
        _more_reasons.append(fn)


def reasons() -> dict[str, str]:
    """Every adjustment reason we have words for."""
    known = {code: text for fn in _more_reasons for code, text in fn().items()}
    return known | CONTRACTUAL | _REASONS


def reason(carc: str) -> str:
    """An adjustment reason in a few words; nothing where we have none."""
    return _REASONS.get(carc) or CONTRACTUAL.get(carc, "")


def rank(place: int) -> str:
    """Primary, Secondary, Tertiary, Payer 4 …"""
    return RANKS.get(place, f"Payer {place}")
