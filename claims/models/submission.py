"""One sending of a claim to one payer, and what was heard of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from claims.models.claim import Claim, ClaimPayer
from claims.models.edi_file import EdiFile
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.x12.t837p import Batch837P


def bare(control: str) -> str:
    """A control number as it is compared: some translators drop leading zeros, others add them."""
    return control.lstrip("0")


class SubmissionQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class Submission(Audited):
    """The 837P we wrote, or the one that the practice's system wrote and we were shown."""

    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="submissions")
    claim_payer = models.ForeignKey(ClaimPayer, on_delete=models.PROTECT, related_name="submissions")
    frequency = models.CharField(
        max_length=1, choices=[("1", "Original"), ("7", "Replacement"), ("8", "Void")], default="1"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_paper = models.BooleanField(default=False, help_text="A CMS-1500 was printed; no interchange carries it.")
    # What the envelope really said, whoever wrote it: TA1 answers the first number, a 999 the other two, and a 277CA
    # for a whole batch its reference.
    interchange = models.CharField(max_length=9, blank=True, db_index=True, help_text="ISA13.")
    group_control = models.CharField(max_length=9, blank=True, db_index=True, help_text="GS06, no leading zeros.")
    set_control = models.CharField(max_length=9, blank=True, help_text="ST02, no leading zeros.")
    batch = models.CharField(max_length=50, blank=True, db_index=True, help_text="BHT03.")
    # Ours: the file with all it carried. Theirs: the file it was seen in.
    sent_in = models.ForeignKey(
        "delivery.OutgoingFile", on_delete=models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    kept = models.FileField(
        upload_to="out/%Y/%m", max_length=200, blank=True, help_text="Where it holds this claim alone: file or form."
    )
    seen_in = models.ForeignKey(EdiFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_on = models.DateField(null=True, blank=True, help_text="277CA acceptance, or the payer's answer.")
    rejected_on = models.DateField(null=True, blank=True)
    rejection = models.CharField(max_length=300, blank=True)
    line_rejected_on = models.DateField(null=True, blank=True, help_text="277CA: a line of it was turned away.")
    line_rejection = models.CharField(max_length=300, blank=True)

    objects: ClassVar = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at",)
        indexes = [
            models.Index(
                fields=["claim_payer"],
                name="submission_line_rejected",
                condition=models.Q(line_rejected_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.sent_at:%Y-%m-%d}"

    def number_as(self, batch: Batch837P) -> None:
        """Take the numbers of the envelope that carries it, and of the batch."""
        if batch.envelope:
            self.interchange = batch.envelope.interchange_control[:9]
            self.group_control = bare(batch.envelope.group_control)[:9]
            self.set_control = bare(batch.transaction_control)[:9]
        self.batch = batch.reference[:50]

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id
