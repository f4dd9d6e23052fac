"""The rows of a patient's side of a claim: what was told, held, paid, refunded, sent and disputed."""

from __future__ import annotations

from claims.patient_billing.models.dispute import Cause, Dispute, DisputeNote, DisputeOutcome
from claims.patient_billing.models.hold import Ground, HoldChange, StatementHold
from claims.patient_billing.models.payment import Allocation, Method, PatientPayment
from claims.patient_billing.models.refund import PatientRefund, RefundState
from claims.patient_billing.models.statement import Statement, StatementClaim, StatementRun, StatementRunResult
from claims.patient_billing.models.told import BillingFact

__all__ = [
    "Allocation",
    "BillingFact",
    "Cause",
    "Dispute",
    "DisputeNote",
    "DisputeOutcome",
    "Ground",
    "HoldChange",
    "Method",
    "PatientPayment",
    "PatientRefund",
    "RefundState",
    "Statement",
    "StatementClaim",
    "StatementHold",
    "StatementRun",
    "StatementRunResult",
]
