"""What became of an acknowledgement that answers nothing on file: placed with a sending, or why it is not."""

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
    """The reply to one acknowledgement, once for ever: append-only, like all that was heard. A person's; placed it is
    by the desk itself where the claims came in after it."""

    audit_patient_path = "submission__claim__patient_id"

    acknowledgement = models.OneToOneField(Acknowledgement, on_delete=models.PROTECT, related_name="reply")
    reply = models.CharField(max_length=10, choices=Replied)
    submission = models.ForeignKey(
        Submission,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The sending that is meant; all that left with it may be answered.",
    )
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the desk itself, when the claims came in after it.",
    )
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        ordering = ("at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(reply="placed", submission__isnull=False)
                | (~Q(reply="placed") & Q(submission=None) & ~Q(reason="")),
                name="ack_reply_names_sending_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(reply="placed") | Q(by__isnull=False), name="ack_reply_set_aside_by_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.reply

    @property
    def who(self) -> str:
        """In words."""
        return str(self.by) if self.by else "the desk, when its claims came in"

    def audit_site(self) -> uuid.UUID | None:
        return self.submission.claim.site_id if self.submission else None
