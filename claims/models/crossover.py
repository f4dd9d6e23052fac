"""A claim that one payer hands on to another by itself: what is waited for, and what was heard of it. Append-only."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from claims.models.claim import Claim, ClaimPayer
from claims.models.remittance import Adjudication
from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer


class OfClaimQuerySet(AuditedQuerySet):
    site_path = "claim__site"


class _OfClaim(Audited):
    audit_patient_path = "claim__patient_id"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+")
    claim_payer = models.ForeignKey(ClaimPayer, on_delete=models.PROTECT, related_name="%(class)ss")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = OfClaimQuerySet.as_manager()

    class Meta:
        abstract = True

    def audit_patients(self) -> list[uuid.UUID]:
        return [self.claim.patient_id]

    def audit_site(self) -> uuid.UUID | None:
        return self.claim.site_id


class CrossoverWatch(_OfClaim):
    """One payer's copy of one claim that is on its way. What became of it follows from the answers, the sendings and
    the notices (`claims.crossover.queries`); the day from which the claim may be sent is `ClaimPayer.crossover_until`.
    """

    answer = models.ForeignKey(Adjudication, on_delete=models.PROTECT, related_name="crossovers")
    sender = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+", help_text="Who handed it on.")
    forwarded_on = models.DateField(help_text="BPR16 of its remittance: the wait runs from there.")
    signs = models.JSONField(help_text="CLP02 19, NM1*TT, MA18 …; “setting” where only our own setting says so.")
    named = models.CharField(max_length=80, blank=True, help_text="The carrier in NM1*TT.")
    check_on = models.DateField(help_text="From then on somebody asks whether the copy is there.")
    until = models.DateField(help_text="The last day of the wait as it was set.")
    refuses_early = models.BooleanField(help_text="The payer rejects what comes before, also when nothing came.")
    wait_source = models.CharField(max_length=200)

    class Meta:
        ordering = ("-forwarded_on", "created_at")
        constraints = [
            models.UniqueConstraint(fields=["answer", "claim_payer"], name="crossover_watched_once_per_answer")
        ]
        indexes = [models.Index(fields=["forwarded_on"], name="crossover_by_day")]

    def __str__(self) -> str:
        return f"{self.sender_id} to {self.claim_payer_id}"


class Heard(models.TextChoices):
    """What was heard of a copy."""

    REMARK = "remark", "The remittance says that it was not handed on"
    LETTER = "letter", "A letter or list of claims that did not cross over"
    NOT_ON_FILE = "not_on_file", "The payer was asked and has no such claim"
    INCOMPLETE = "incomplete", "The payer got it without the data it needs"
    ON_FILE = "on_file", "The payer was asked and has the claim"


FAILED = (Heard.REMARK, Heard.LETTER, Heard.NOT_ON_FILE, Heard.INCOMPLETE)


class CrossoverNotice(_OfClaim):
    """One thing heard: on a remittance, by letter, by telephone or portal."""

    heard = models.CharField(max_length=12, choices=Heard)
    answer = models.ForeignKey(
        Adjudication, on_delete=models.PROTECT, null=True, blank=True, related_name="crossover_notices"
    )
    code = models.CharField(max_length=20, blank=True, help_text="RARC, or the error code of the letter.")
    told_on = models.DateField()
    reference = models.CharField(max_length=80, blank=True, help_text="Of the call, portal page or letter.")
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("told_on", "created_at")

    def __str__(self) -> str:
        return f"{self.heard} {self.told_on}"
