"""The rows of a claim's life: what came in, what was billed, sent, answered and posted."""

from __future__ import annotations

from claims.models.claim import Claim, ClaimPayer, Line
from claims.models.edi_file import EdiFile
from claims.models.order_audit import OrderAudit, OrderAuditPart, OrderDifference
from claims.models.posting import Posting
from claims.models.remittance import (
    AdjudicatedLine,
    Adjudication,
    ProviderAdjustment,
    Remittance,
    ReportedAdjustment,
)
from claims.models.submission import Submission

__all__ = [
    "AdjudicatedLine",
    "Adjudication",
    "Claim",
    "ClaimPayer",
    "EdiFile",
    "Line",
    "OrderAudit",
    "OrderAuditPart",
    "OrderDifference",
    "Posting",
    "ProviderAdjustment",
    "Remittance",
    "ReportedAdjustment",
    "Submission",
]
