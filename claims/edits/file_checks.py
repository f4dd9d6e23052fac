"""What else do the file's own checks find?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings

# Asked by another edit, in words that know the claim's history.
_ASKED_ELSEWHERE = frozenset("C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14 C15 C16 C18 C21 REQUIRED".split())


def file_checks(sending: Sending) -> Objection | None:
    """Codes, order of payers, lengths: whatever no other edit speaks of is not lost."""
    rest = [f for f in sending.findings if f.rule not in _ASKED_ELSEWHERE]
    return from_findings(rest, "Correct the claim, or send it if you know the payer takes it so.", "claim")
