"""What payers were asked about a coverage (270), what they answered (271), and what people made of each thing said."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models.coverage import Coverage
from cob.coverage.models.payer import Payer
from cob.coverage.models.verification import Verification
from cob.patients.models import Patient


class OfPatientsQuerySet(AuditedQuerySet):
    site_path = "patient__site"

    def newest_first(self) -> Self:
        """As a history is read."""
        return self.order_by("-created_at", "-pk")


class AnswerQuerySet(OfPatientsQuerySet):
    def standing(self) -> Self:
        """Of each coverage the last answer that was one: a failed question does not hide what was said before."""
        newer = EligibilityAnswer.objects.filter(
            Q(answered_on__gt=OuterRef("answered_on"))
            | Q(answered_on=OuterRef("answered_on"), created_at__gt=OuterRef("created_at")),
            coverage=OuterRef("coverage"),
            is_failed=False,
        ).order_by()
        return self.filter(~Exists(newer), is_failed=False, coverage__isnull=False)


class InquiryFile(Audited):
    """One 270 that left for one receiver. Its number is taken once for ever; the row is what secures it."""

    audit_patient_path = None

    interchange = models.CharField(max_length=9, unique=True, help_text="ISA13; claims count below 900000000.")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    receiver = models.CharField(max_length=15, help_text="ISA08.")
    kept = models.FileField(upload_to="out/%Y/%m", max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.interchange


class InquiryRejection(Audited):
    """A 270 that was turned away (TA1, 999), whole or one question of it: never put to the payer. Append-only."""

    audit_patient_path = None

    file = models.ForeignKey(InquiryFile, on_delete=models.PROTECT, related_name="rejections", db_index=False)
    place = models.PositiveIntegerField(default=0, help_text="Of the question in its file (ST02); 0: all of them.")
    rejected_on = models.DateField()
    words = models.CharField(max_length=300)
    # The received file holds it raw. Files are known to a higher app, so this is its id and no foreign key.
    source_file = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "place"], name="inquiry_rejected_once")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.rejected_on}"


class Inquiry(Audited):
    """One question to one payer about one coverage. Append-only: what came of it stands in the answers."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="inquiries")
    coverage = models.ForeignKey(Coverage, on_delete=models.PROTECT, related_name="inquiries")
    file = models.ForeignKey(InquiryFile, on_delete=models.PROTECT, related_name="inquiries")
    trace = models.CharField(max_length=30, unique=True, help_text="TRN02; comes back in the answer.")
    service_on = models.DateField(help_text="The day asked about.")
    asked_with = models.CharField(max_length=24, help_text="Digest of what was sent: changed data are worth asking.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = OfPatientsQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = [models.Index(fields=["coverage", "-created_at"], name="inquiry_of_coverage")]

    def __str__(self) -> str:
        return self.trace

    @property
    def place(self) -> int:
        """Of the question in its file, as its trace ends with it."""
        return int(self.trace[-4:])

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id


class EligibilityAnswer(Audited):
    """What one payer said once of one person. Append-only; without a patient it says why it was not placed."""

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="eligibility_answers"
    )
    coverage = models.ForeignKey(
        Coverage, on_delete=models.PROTECT, null=True, blank=True, related_name="eligibility_answers"
    )
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    payer_named = models.CharField(max_length=80)
    payer_id_named = models.CharField(max_length=30, blank=True)
    person_named = models.CharField(max_length=120, blank=True)
    born_on = models.DateField(null=True, blank=True)
    member_id = models.CharField(max_length=80, blank=True)
    trace = models.CharField(max_length=50, blank=True)
    answered_on = models.DateField(help_text="BHT04.")
    service_on = models.DateField(help_text="The day it was asked about, else the day it was made.")
    # The received file holds it raw. Files are known to a higher app, so this is its id and no foreign key.
    source_file = models.UUIDField()
    position = models.PositiveIntegerField(help_text="Segment of its ST.")
    part = models.PositiveIntegerField(default=0, help_text="Persons of one transaction, in turn.")
    fingerprint = models.CharField(max_length=64, unique=True, help_text="The same words sent again are kept once.")
    is_failed = models.BooleanField(default=False, help_text="AAA: the question was not answered.")
    is_active = models.BooleanField(
        null=True, blank=True, help_text="Whether medical cover is in force; null: not said."
    )
    inactive_since = models.DateField(null=True, blank=True)
    has_news = models.BooleanField(default=False, help_text="It says more than that the coverage is in force.")
    hints = models.JSONField(default=list, blank=True, help_text="What bears on payer order, with segment numbers.")
    unmatched_because = models.CharField(max_length=200, blank=True)
    placed_from = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="placed_as",
        help_text="The same answer as it came, which nobody could place; a person said whose it is.",
    )
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["source_file", "position", "part"], name="eligibility_answer_place_in_file"
            ),
            models.CheckConstraint(
                condition=Q(patient__isnull=False, coverage__isnull=False)
                | (Q(patient=None, coverage=None) & ~Q(unmatched_because="")),
                name="eligibility_answer_placed_or_says_why",
            ),
            models.CheckConstraint(
                condition=Q(is_failed=False) | Q(is_active=None, inactive_since=None, has_news=False),
                name="eligibility_answer_failed_says_nothing",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-created_at"], name="eligibility_of_patient"),
            models.Index(fields=["source_file"], name="eligibility_of_file"),
        ]

    def __str__(self) -> str:
        return f"{self.payer_named} {self.answered_on}"

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id if self.patient else None


class Reply(models.TextChoices):
    """What somebody made of one thing a payer said."""

    ON_FILE = "on_file", "Put on file"
    NOT_SO = "not_so", "Not so"
    ASK = "ask", "To ask the patient"
    WORD = "word", "Kept as the payer’s word"


class OfferReply(Audited):
    """One person's reply to one offer. `key` is the offer's: said again by the payer, it is not offered again."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="offer_replies")
    coverage = models.ForeignKey(
        Coverage, on_delete=models.PROTECT, related_name="offer_replies", help_text="Whose payer said it."
    )
    answer = models.ForeignKey(EligibilityAnswer, on_delete=models.PROTECT, related_name="replies")
    key = models.CharField(max_length=24)
    reply = models.CharField(max_length=8, choices=Reply)
    put_on_file = models.ForeignKey(
        Coverage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The coverage made of it.",
    )
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = OfPatientsQuerySet.as_manager()

    class Meta:
        ordering = ("created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["coverage", "key"], condition=Q(reply__in=["on_file", "not_so"]), name="offer_settled_once"
            ),
            models.UniqueConstraint(fields=["coverage", "key"], condition=Q(reply="word"), name="offer_word_kept_once"),
        ]
        indexes = [models.Index(fields=["patient"], name="offer_reply_of_patient")]

    def __str__(self) -> str:
        return self.reply

    def audit_site(self) -> uuid.UUID | None:
        return self.patient.site_id
