"""Documents that belong to one patient: what they are, what they are about, and which go with a claim to a payer."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims import documents
from claims.models.claim import Claim, ClaimPayer
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Coverage
from cob.patients.models import Patient


class AttachmentKind(models.TextChoices):
    """What a document is to the desk."""

    EOB = "eob", "Explanation of benefits"
    CARD = "card", "Insurance card"
    LETTER = "letter", "Letter of a payer"
    PROOF = "proof", "Letter of an employer, court order, other proof of the order"
    APPROVAL = "approval", "Authorization or referral"
    RECORD = "record", "Medical record"
    OTHER = "other", "Something else"


class AttachmentQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def shown(self) -> Self:
        return self.filter(withdrawn_at=None)


class Attachment(Audited):
    """One document of one patient. The bytes lie under their hash; the name it came under is kept nowhere."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=8, choices=AttachmentKind)
    about = models.CharField(max_length=120, blank=True, help_text="In the words of whoever brought it.")
    dated_on = models.DateField(null=True, blank=True, help_text="The date on the document.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    media = models.CharField(max_length=4, choices=documents.Kind)
    pages = models.PositiveSmallIntegerField()
    kept = models.FileField(upload_to="attachments", max_length=200, help_text="The original, named by its hash.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Set: shown to nobody any more.")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "sha256"], condition=Q(withdrawn_at=None), name="attachment_once_per_patient"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""), name="attachment_withdrawn_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.about or self.get_kind_display()

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id


class AttachmentLink(Audited):
    """What a document is about beside its patient: a coverage, a claim, a piece of work. Append-only."""

    audit_patient_path = "attachment__patient_id"

    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="links")
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, null=True, blank=True, related_name="attached")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="attached")
    # Work is known to a higher app, so this is its id and no foreign key.
    item = models.UUIDField(null=True, blank=True, db_index=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("made_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(coverage__isnull=False, claim=None, item=None)
                | Q(coverage=None, claim__isnull=False, item=None)
                | Q(coverage=None, claim=None, item__isnull=False),
                name="attachment_link_to_one_thing",
            ),
            models.UniqueConstraint(fields=["attachment", "coverage"], name="attachment_once_per_coverage"),
            models.UniqueConstraint(fields=["attachment", "claim"], name="attachment_once_per_claim"),
            models.UniqueConstraint(fields=["attachment", "item"], name="attachment_once_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id}"


class Report(models.TextChoices):
    """PWK01: what the payer is told the document is; those a coordination desk sends."""

    EOB = "EB", "Explanation of benefits"
    SUPPORT = "OZ", "Support data for the claim"
    REFERRAL = "B4", "Referral form"
    CERTIFICATION = "CT", "Certification"
    RECORD = "M1", "Medical record"


class Transmission(models.TextChoices):
    """PWK02: how it reaches the payer."""

    MAIL = "BM", "By mail"
    FAX = "FX", "By fax"
    ELECTRONIC = "EL", "Electronically, by the clearinghouse"
    EMAIL = "EM", "By e-mail"
    FILE = "FT", "By file transfer or portal"
    ON_REQUEST = "AA", "When the payer asks for it"


class Enclosure(Audited):
    """A document that goes with a claim to one payer: the claim names it (PWK) by a number that its cover repeats."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="enclosures")
    claim_payer = models.ForeignKey(ClaimPayer, on_delete=models.PROTECT, related_name="enclosures")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="enclosures")
    report = models.CharField(max_length=2, choices=Report)
    transmission = models.CharField(max_length=2, choices=Transmission)
    control_number = models.CharField(max_length=20, unique=True, help_text="PWK06: never used again.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Set: the next sending does not name it.")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("made_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["claim_payer", "attachment"], condition=Q(withdrawn_at=None), name="enclosed_once_per_payer"
            )
        ]

    def __str__(self) -> str:
        return self.control_number

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
