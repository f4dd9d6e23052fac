"""What another person can check when an order was decided against the rules. Append-only."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models.determination import Determination


class Proof(models.TextChoices):
    """What the evidence is; each kind is found again in its own place."""

    CALL = "call", "Call with the payer"
    PORTAL = "portal", "Payer portal"
    ELIGIBILITY = "271", "Eligibility answer (271)"
    LETTER = "letter", "Letter from the payer"
    COURT_ORDER = "court_order", "Court order"
    CONTRACT = "contract", "Plan document or contract"
    AGENCY = "agency", "Word of an agency (Medicare’s coordination contractor, state Medicaid)"
    OTHER = "other", "Other document"


class OverrideEvidenceQuerySet(AuditedQuerySet):
    site_path = "determination__patient__site"


class OverrideEvidence(Audited):
    """One piece of evidence behind a person's order: what it is, how it is found, of which day."""

    audit_patient_path = "determination__patient_id"

    determination = models.ForeignKey(Determination, on_delete=models.PROTECT, related_name="evidences")
    kind = models.CharField(max_length=12, choices=Proof)
    reference = models.CharField(max_length=80, help_text="Call reference, trace number, name of the document.")
    dated_on = models.DateField(help_text="Day of the call, the answer or the document.")

    objects: ClassVar = OverrideEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ("dated_on", "kind")
        constraints = [
            models.CheckConstraint(condition=~models.Q(reference=""), name="override_evidence_can_be_found"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.reference}, {self.dated_on:%m/%d/%Y}"

    def audit_site(self) -> uuid.UUID | None:
        return self.determination.patient.site_id
