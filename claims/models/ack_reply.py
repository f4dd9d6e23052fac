"""What a person made of an acknowledgement that answers nothing on file: placed with a sending, or why it is not."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.acknowledgement import Acknowledgement
from claims.models.submission import Submission
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet


class Replied(models.TextChoices):
    """As the queue and the file's page say it."""

    PLACED = "placed", "Placed with the claim"
    NOT_OURS = "not_ours", "Not ours"
    DEALT_WITH = "dealt_with", "Dealt with"


class AckReply(Audited):
    """One person's reply to one acknowledgement, once for ever: append-only, like all that was heard."""

    audit_patient_path = "submission__claim__patient_id"

    acknowledgement = models.OneToOneField(Acknowledgement, on_delete=models.PROTECT, related_name="reply")
    reply = models.CharField(max_length=10, choices=Replied)
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The sending a person chose; all that left with it may be answered.",
    )
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        ordering = ("at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(reply="placed", submission__isnull=False)
                | (~Q(reply="placed") & Q(submission=None) & ~Q(reason="")),
                name="ack_reply_names_sending_or_reason",
            )
        ]

    def __str__(self) -> str:
        return self.reply

    def audit_site(self) -> uuid.UUID | None:
        return self.submission.claim.site_id if self.submission else None
