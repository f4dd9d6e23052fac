"""Are the codes on the claim ones that were ever published?"""

from __future__ import annotations

from claims.edits.facts import Objection, Sending, from_findings


def codes_published(sending: Sending) -> Objection | None:
    """Place of service, filing indicator, adjustment reasons and remark codes, as the earlier payers gave them."""
    fix = "Look at the remittance the code came with; a code typed from paper may be misread."
    return from_findings(sending.found("C09"), fix, "claim")
