"""Payers and coverages, the facts an order rests on with who told us, and determinations, which never change."""

from __future__ import annotations

from cob.coverage.models.checkin import CheckIn, NotKnown
from cob.coverage.models.coverage import Coverage
from cob.coverage.models.crossover import CrossoverTerms, Way
from cob.coverage.models.determination import Determination, Rank
from cob.coverage.models.eligibility import (
    EligibilityAnswer,
    Inquiry,
    InquiryFile,
    InquiryRejection,
    OfferReply,
    Reply,
)
from cob.coverage.models.fact import Fact
from cob.coverage.models.kind import MEDICARE_KINDS, Kind
from cob.coverage.models.msp import MspQuestionnaire
from cob.coverage.models.option import Option, Scope
from cob.coverage.models.override_evidence import OverrideEvidence, Proof
from cob.coverage.models.payer import Employer, Payer
from cob.coverage.models.payment import Contract, Fee, PlanTerms
from cob.coverage.models.verification import Method, Says, Verification

__all__ = [
    "MEDICARE_KINDS",
    "CheckIn",
    "Contract",
    "Coverage",
    "CrossoverTerms",
    "Determination",
    "EligibilityAnswer",
    "Employer",
    "Fact",
    "Fee",
    "Inquiry",
    "InquiryFile",
    "InquiryRejection",
    "Kind",
    "Method",
    "MspQuestionnaire",
    "NotKnown",
    "OfferReply",
    "Option",
    "OverrideEvidence",
    "Payer",
    "PlanTerms",
    "Proof",
    "Rank",
    "Reply",
    "Says",
    "Scope",
    "Verification",
    "Way",
]
