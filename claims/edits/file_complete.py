"""Has the claim everything that an 837P must have?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings


def file_complete(sending: Sending) -> Objection | None:
    """Diagnoses, service lines, the patient's birth date and address, the practice's address and tax number."""
    fix = "Complete the patient's page, or correct the claim in the billing system."
    return from_findings(sending.found("REQUIRED"), fix, "patient")
