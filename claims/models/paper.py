"""A paper EOB: the scan as it came, the draft somebody types beside it, the masked page that goes to one claim.

What is typed becomes an 835 and is posted as one (`claims.paper`); nothing here moves money.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim
from claims.models.remittance import Remittance
from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet


class ScanKind(models.TextChoices):
    """Found from the contents, never from the name."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG picture"
    PNG = "png", "PNG picture"


class PaperQuerySet(AuditedQuerySet):
    site_path = "site"


class EobScan(Audited):
    """One scanned document. It may show many patients, so it is seen only by who posts payments at its site."""

    audit_patient_path = None

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="eob_scans")
    name = models.CharField(max_length=120, help_text="As the file was called, without its folder.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    kind = models.CharField(max_length=4, choices=ScanKind)
    pages = models.PositiveSmallIntegerField()
    kept = models.FileField(upload_to="scans", max_length=200, help_text="The original, named by its hash.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = PaperQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at",)
        constraints = [models.UniqueConstraint(fields=["site", "sha256"], name="eob_scan_once_per_site")]

    def __str__(self) -> str:
        return self.name


class EobState(models.TextChoices):
    DRAFT = "draft", "Being typed"
    POSTED = "posted", "Posted"
    DISCARDED = "discarded", "Discarded"
    WITHDRAWN = "withdrawn", "Taken back"


class PaperEobQuerySet(PaperQuerySet):
    def drafts(self) -> Self:
        return self.filter(state=EobState.DRAFT)


class PaperEob(Audited):
    """One paper EOB from the first key to the ledger. `content` is what was typed, as it was typed
    (`claims.paper.typed`); `version` counts its savings, so that of two people at one draft one is told."""

    audit_patient_path = None

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="paper_eobs")
    scan = models.ForeignKey(EobScan, on_delete=models.PROTECT, null=True, blank=True, related_name="eobs")
    state = models.CharField(max_length=9, choices=EobState, default=EobState.DRAFT)
    content = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    remittance = models.OneToOneField(
        Remittance, on_delete=models.PROTECT, null=True, blank=True, related_name="paper_eob"
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", help_text="Who began to type it.")
    started_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    posted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    posted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PaperEobQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        indexes = [models.Index(fields=["site", "state", "-started_at"], name="paper_eob_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"], remittance=None)
                | Q(state__in=["posted", "withdrawn"], remittance__isnull=False),
                name="paper_eob_posted_has_its_remittance",
            )
        ]

    def __str__(self) -> str:
        return self.number or "paper EOB"

    @property
    def number(self) -> str:
        """The check number as typed so far."""
        return str(self.content.get("number", ""))

    def audit_patients(self) -> list[uuid.UUID]:
        """Whoever's claims are typed in it."""
        ids = [c["claim"] for c in self.content.get("claims", []) if c.get("claim")]
        return list(Claim.objects.filter(pk__in=ids).values_list("patient_id", flat=True)) if ids else []


class ClaimPageQuerySet(AuditedQuerySet):
    site_path = "claim__site"

    def shown(self) -> Self:
        return self.filter(withdrawn_at=None)


class ClaimPage(Audited):
    """One page of a scan as it belongs to one claim: other patients burnt out of the copy, never merely covered.

    `masks` are the rectangles as (left, top, width, height) in ten-thousandths of the page.
    """

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="pages")
    scan = models.ForeignKey(EobScan, on_delete=models.PROTECT, related_name="claim_pages")
    page = models.PositiveSmallIntegerField(help_text="From 1.")
    masks = models.JSONField(default=list, blank=True)
    is_alone = models.BooleanField(default=False, help_text="Somebody said that the page shows nobody else.")
    kept = models.FileField(upload_to="claim_pages", max_length=200, help_text="The masked picture.")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="Set: shown to nobody any more.")
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar = ClaimPageQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at",)
        constraints = [
            models.CheckConstraint(condition=Q(is_alone=True) | ~Q(masks=[]), name="claim_page_masked_or_alone")
        ]

    def __str__(self) -> str:
        return f"{self.scan} {self.page}"

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
