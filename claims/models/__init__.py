"""The rows of a claim's life: what came in, what was billed, sent, answered and posted."""

from __future__ import annotations

from claims.models.ack_reply import AckReply
from claims.models.acknowledgement import Acknowledgement, HeardOf
from claims.models.attachment import (
    Attachment,
    AttachmentKind,
    AttachmentLink,
    Enclosure,
    Report,
    Transmission,
)
from claims.models.claim import Claim, ClaimPayer, Line
from claims.models.crossover import CrossoverNotice, CrossoverWatch, Heard
from claims.models.deposit import BankFile, DayClose, Deposit, DepositTie
from claims.models.edi_file import EdiFile
from claims.models.edit import EditWaiver, StaffEdit
from claims.models.expected import ExpectedPayment
from claims.models.filing import FilingLimit, OthersNamed
from claims.models.ledger_breach import LedgerBreach
from claims.models.order_audit import OrderAudit, OrderAuditPart, OrderDifference
from claims.models.packet import ProofPacket
from claims.models.paper import ClaimPage, EobScan, PaperEob
from claims.models.posting import Posting
from claims.models.provider_ledger import ProviderAccount, ProviderEntry
from claims.models.recoupment import Credit, Recoupment, Refund
from claims.models.remittance import (
    AdjudicatedLine,
    Adjudication,
    ProviderAdjustment,
    Remittance,
    ReportedAdjustment,
)
from claims.models.submission import Submission
from claims.models.undo import PostingUndo

__all__ = [
    "AckReply",
    "Acknowledgement",
    "AdjudicatedLine",
    "Adjudication",
    "Attachment",
    "AttachmentKind",
    "AttachmentLink",
    "BankFile",
    "Claim",
    "ClaimPage",
    "ClaimPayer",
    "Credit",
    "CrossoverNotice",
    "CrossoverWatch",
    "DayClose",
    "Deposit",
    "DepositTie",
    "EdiFile",
    "EditWaiver",
    "Enclosure",
    "EobScan",
    "ExpectedPayment",
    "FilingLimit",
    "Heard",
    "HeardOf",
    "LedgerBreach",
    "Line",
    "OrderAudit",
    "OrderAuditPart",
    "OrderDifference",
    "OthersNamed",
    "PaperEob",
    "Posting",
    "PostingUndo",
    "ProofPacket",
    "ProviderAccount",
    "ProviderAdjustment",
    "ProviderEntry",
    "Recoupment",
    "Refund",
    "Remittance",
    "Report",
    "ReportedAdjustment",
    "StaffEdit",
    "Submission",
    "Transmission",
]
