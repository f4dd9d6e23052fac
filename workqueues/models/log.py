"""What was written about an item: notes, contacts, evidence, escalations and closings. Added to, never changed."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Audited, AuditedQuerySet
from workqueues.models.choices import GOT_THROUGH, Channel, ClosureCode, EvidenceKind, Outcome, RootCause
from workqueues.models.item import Item


class LogQuerySet(AuditedQuerySet):
    site_path = "item__site"


class ContactQuerySet(LogQuerySet):
    def got_through(self) -> Self:
        """Contacts of the outer item, since it came in, in which somebody was reached."""
        return self.filter(item=OuterRef("pk"), at__gte=OuterRef("entered_at"), outcome__in=GOT_THROUGH).order_by()


class Entry(Audited):
    """Something a person added to an item."""

    audit_patient_path = "item__patient_id"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="%(class)ss")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = LogQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-at",)

    def audit_site(self) -> uuid.UUID | None:
        return self.item.site_id


class Note(Entry):
    """Free words; `about` says on which occasion ("handed over to Ben Baker")."""

    text = models.CharField(max_length=1000)
    about = models.CharField(max_length=80, blank=True)

    class Meta(Entry.Meta):
        indexes = [models.Index(fields=["item", "at"], name="note_of_item")]

    def __str__(self) -> str:
        return self.text[:60]


class Contact(Entry):
    """A call, portal visit or letter: with whom, how it went, their reference."""

    channel = models.CharField(max_length=10, choices=Channel)
    party = models.CharField(max_length=80, help_text="Payer, patient or other; and who answered.")
    outcome = models.CharField(max_length=14, choices=Outcome)
    reference = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=1000, blank=True)

    objects: ClassVar = ContactQuerySet.as_manager()

    class Meta(Entry.Meta):
        indexes = [models.Index(fields=["item", "at"], name="contact_of_item")]

    def __str__(self) -> str:
        return f"{self.channel} {self.party}"


class Evidence(Entry):
    """A proof: what kind, and where it can be found."""

    kind = models.CharField(max_length=20, choices=EvidenceKind)
    reference = models.CharField(max_length=200, help_text="Claim number, document id, determination, call reference.")

    class Meta(Entry.Meta):
        indexes = [models.Index(fields=["item", "kind"], name="evidence_of_item")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class Closure(models.Model):
    """One ending of an item, kept even when the item is opened again."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="closures")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(max_length=12, choices=ClosureCode)
    root_cause = models.CharField(max_length=20, choices=RootCause, blank=True)
    because = models.CharField(max_length=300, blank=True)
    entered_at = models.DateTimeField(help_text="When this round began.")
    is_in_time = models.BooleanField(help_text="Inside our own promise, the clock's pauses taken off.")

    class Meta:
        ordering = ("-at",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="write_off") | (Q(approved_by__isnull=False) & ~Q(approved_by=F("by"))),
                name="closure_write_off_has_a_second_person",
            )
        ]
        indexes = [models.Index(fields=["at"], name="closure_by_time")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.code}"


class Escalation(models.Model):
    """One step up the ladder: why, to whom, when. Each level once in a round, however often the job runs."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="escalations")
    round = models.PositiveSmallIntegerField(default=0, help_text="How often the item had been opened again.")
    level = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200)
    to_whom = models.CharField(max_length=80)
    told = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Who was told, by name."
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-level")
        constraints = [
            models.UniqueConstraint(fields=["item", "round", "level"], name="escalation_each_level_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="escalation_level_1_to_4"),
        ]
        indexes = [models.Index(fields=["at"], name="escalation_by_time")]

    def __str__(self) -> str:
        return f"L{self.level} {self.item_id}"
