"""What was heard of a sending before any payer decided: one row for each answered interchange, transaction or claim."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim
from claims.models.edi_file import EdiFile
from claims.models.submission import Submission
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import InquiryFile


class HeardOf(models.TextChoices):
    """What it says, in the words of `cob.x12.acks.Heard`."""

    RECEIVED = "received", "Received"
    ACCEPTED = "accepted", "Accepted"
    WITH_ERRORS = "accepted_with_errors", "Accepted with errors"
    REJECTED = "rejected", "Rejected"
    UNCLEAR = "unclear", "Not found there"


NOTHING_ON_FILE = Q(claim=None, inquiry_file=None)
UNMATCHED = Q(said=HeardOf.REJECTED, claim=None, inquiry_file=None)


class AcknowledgementQuerySet(AuditedQuerySet):
    site_path = "claim__site"

    def unanswered(self) -> Self:
        """What answers nothing on file, and to which nobody has replied."""
        return self.filter(NOTHING_ON_FILE, reply=None)

    def unplaced(self) -> Self:
        """Rejections that answer no sending on file, and to which nobody has replied."""
        return self.filter(UNMATCHED, reply=None)


class Acknowledgement(Audited):
    """Never changed: a later acceptance stands beside an earlier rejection and does not erase it. Without a `claim`
    and without a file of questions it answers something we have not sent, and `unmatched_because` says what. Where it
    is placed later (`AckReply`), it stands once more beside what came, with the sending it answers."""

    audit_patient_path = "claim__patient_id"

    file = models.ForeignKey(EdiFile, on_delete=models.PROTECT, related_name="acknowledgements")
    position = models.PositiveIntegerField(help_text="Its segment in the file.")
    part = models.PositiveIntegerField(default=0, help_text="Several sendings answered by one segment, in turn.")
    kind = models.CharField(max_length=6, help_text="TA1, 999 or 277CA.")
    level = models.CharField(max_length=12, help_text="interchange, transaction, submitter, provider, claim, line")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="acknowledgements")
    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, null=True, blank=True, related_name="acknowledgements"
    )
    inquiry_file = models.ForeignKey(
        InquiryFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="It answers a 270."
    )
    said = models.CharField(max_length=20, choices=HeardOf)
    responder = models.CharField(max_length=80, blank=True)
    codes = models.JSONField(default=list, blank=True, help_text="As received: A7:562:85, TA1 and 999 codes.")
    in_words = models.CharField(max_length=500)
    answers_to = models.CharField(max_length=50, help_text="The control number it names: ISA13, GS06 or CLM01.")
    payer_control_number = models.CharField(max_length=50, blank=True, help_text="REF*1K.")
    charge_cents = models.BigIntegerField(null=True, blank=True)
    on = models.DateField(help_text="The day it speaks of, else the day it came.")
    unmatched_because = models.CharField(max_length=200, blank=True)
    placed_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="The same as it came, which answered nothing on file; it was placed later.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ("on", "created_at", "position")
        constraints = [
            models.UniqueConstraint(fields=["file", "position", "part"], name="acknowledgement_place_in_file"),
            models.CheckConstraint(
                condition=Q(claim__isnull=False) | Q(inquiry_file__isnull=False) | ~Q(unmatched_because=""),
                name="acknowledgement_matched_or_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["claim", "on"], name="acknowledgement_of_claim"),
            models.Index(fields=["submission"], name="acknowledgement_of_sending"),
            models.Index(fields=["file"], name="acknowledgement_unmatched", condition=UNMATCHED),
            models.Index(fields=["answers_to"], name="acknowledgement_waiting", condition=NOTHING_ON_FILE),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.said}"

    @property
    def is_unplaced(self) -> bool:
        """As `unplaced` asks it."""
        is_matched = self.claim_id or self.inquiry_file_id
        return self.said == HeardOf.REJECTED and not is_matched and not hasattr(self, "reply")

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id] if self.claim else []

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id if self.claim else None
