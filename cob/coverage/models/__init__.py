"""Payers and coverages, the facts an order rests on with who told us, and determinations, which never change."""

from __future__ import annotations

from cob.coverage.models.checkin import CheckIn, NotKnown
from cob.coverage.models.coverage import Coverage
from cob.coverage.models.determination import Determination, Rank
from cob.coverage.models.fact import Fact
from cob.coverage.models.kind import MEDICARE_KINDS, Kind
from cob.coverage.models.msp import MspQuestionnaire
from cob.coverage.models.option import Option, Scope
from cob.coverage.models.override_evidence import OverrideEvidence, Proof
from cob.coverage.models.payer import Employer, Payer
from cob.coverage.models.verification import Method, Says, Verification

__all__ = [
    "MEDICARE_KINDS",
    "CheckIn",
    "Coverage",
    "Determination",
    "Employer",
    "Fact",
    "Kind",
    "Method",
    "MspQuestionnaire",
    "NotKnown",
    "Option",
    "OverrideEvidence",
    "Payer",
    "Proof",
    "Rank",
    "Says",
    "Scope",
    "Verification",
]
