"""What payers refused of a claim, as the files contract prints it."""

from __future__ import annotations

from typing import Any

from claims.models import Claim


def denials_part(claim: Claim) -> list[dict[str, Any]]:
    """The part "denials" of a claim: each with the codes it was read from and the playbook that answers it."""
    rows = claim.denials.select_related("payer").order_by("recorded_at", "category")
    return [
        {
            "payer": row.payer.edi_id,
            "family": row.family,
            "category": row.category,
            "playbook": row.playbook,
            "queue": row.queue,
            "codes": row.codes,
            "because": row.because,
            "appealable": row.appealable,
            "attempt": row.attempt,
            "at_risk_cents": row.at_risk_cents,
            "limit_on": row.limit_on.isoformat() if row.limit_on else None,
            "status": row.status,
        }
        for row in rows
    ]
