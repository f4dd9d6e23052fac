"""What leaves and comes back: the numbers used up, the files sent, how far each is, and the mailboxes between."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet

# A name inside a mailbox: folders below its root, never above it, never hidden.
FOLDER = RegexValidator(
    r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$",
    "Name a folder with letters, digits, dots, dashes and slashes; not from “/” on, and no “..”.",
)
SECRET = RegexValidator(
    r"^[A-Za-z0-9_][A-Za-z0-9._-]*$", "Only the name of the file in the folder of secrets, without a path."
)


class ControlNumber(models.Model):
    """The last number taken of a series. It only grows, and what was taken is gone whether or not a file came of it."""

    series = models.CharField(max_length=12, unique=True)
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.series} {self.last}"


class OutgoingFile(Audited):
    """One interchange as it left, 837P or 270. Never changed: how far it is stands in its delivery."""

    audit_patient_path = None

    interchange = models.CharField(max_length=9, unique=True, help_text="ISA13, never used again.")
    kind = models.CharField(max_length=3, choices=[("837", "Claims"), ("270", "Eligibility questions")])
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    receiver = models.CharField(max_length=15, help_text="ISA08.")
    items = models.PositiveIntegerField(help_text="Claims or questions inside.")
    charge_cents = models.BigIntegerField(default=0, help_text="Of all claims inside.")
    kept = models.FileField(upload_to="out/%Y/%m", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(help_text="Bytes.")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-interchange")
        indexes = [models.Index(fields=["site", "-made_at"], name="outgoing_newest_per_site")]

    def __str__(self) -> str:
        return self.interchange

    @property
    def name(self) -> str:
        """As the mailbox has it."""
        return f"{self.interchange}.{self.kind}"


class After(models.TextChoices):
    """What becomes of an answer in the mailbox once it is here."""

    MOVE = "move", "Move it to the folder of fetched files"
    LEAVE = "leave", "Leave it there"
    DELETE = "delete", "Delete it"


class Mailbox(Audited):
    """Where a clearinghouse or payer takes files and lays answers. Secrets are named, never held: see `key_file`."""

    audit_patient_path = None

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=6, choices=[("folder", "A folder of this machine"), ("sftp", "SFTP")])
    receivers = models.CharField(
        max_length=200, blank=True, help_text="Receiver ids (ISA08) whose files go here, by blanks. Empty: all others."
    )
    outbox = models.CharField(max_length=120, validators=[FOLDER], default="outbox")
    inbox = models.CharField(max_length=120, validators=[FOLDER], blank=True, default="inbox")
    after_fetch = models.CharField(max_length=6, choices=After, default=After.MOVE)
    fetched_folder = models.CharField(max_length=120, validators=[FOLDER], blank=True, default="fetched")
    host = models.CharField(max_length=120, blank=True)
    port = models.PositiveIntegerField(default=22, validators=[MinValueValidator(1), MaxValueValidator(65535)])
    username = models.CharField(max_length=60, blank=True)
    host_key = models.TextField(
        blank=True, help_text="The server's public key as the clearinghouse tells it: ssh-ed25519 AAAA…; one a line."
    )
    key_file = models.CharField(max_length=80, blank=True, validators=[SECRET])
    password_file = models.CharField(max_length=80, blank=True, validators=[SECRET])
    sends_by_itself = models.BooleanField(
        default=False, help_text="Every morning the claims whose turn it is are sent without anybody pressing a button."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def takes(self, receiver: str) -> bool:
        return receiver in self.receivers.split()


class DeliveryState(models.TextChoices):
    """How far a file is."""

    QUEUED = "queued", "Waiting"
    TRYING = "trying", "Being delivered"
    DELIVERED = "delivered", "Delivered"


class How(models.TextChoices):
    """What the receipt rests on."""

    PUT = "put", "Put there and named"
    FOUND = "found", "Found there with the same contents after an interruption"
    TAKEN = "taken", "Taken from there before the interruption was over"


class Delivery(models.Model):
    """One file on its way. Whoever works on it holds it by the number of the attempt; receipts are never taken back."""

    file = models.OneToOneField(OutgoingFile, on_delete=models.PROTECT, related_name="delivery", primary_key=True)
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.QUEUED)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    attempts = models.PositiveIntegerField(default=0)
    is_written = models.BooleanField(default=False, help_text="It lay there whole; only its own name was missing yet.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    started_at = models.DateTimeField(null=True, blank=True)
    try_after = models.DateTimeField(default=timezone.now)
    trouble = models.CharField(max_length=300, blank=True)
    needs_person = models.BooleanField(default=False, help_text="Trying again alone will not help.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    remote_name = models.CharField(max_length=200, blank=True)
    how = models.CharField(max_length=5, choices=How, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["try_after"], name="delivery_on_its_way", condition=~models.Q(state=DeliveryState.DELIVERED)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=DeliveryState.DELIVERED, delivered_at__isnull=False)
                | (~models.Q(state=DeliveryState.DELIVERED) & models.Q(delivered_at=None)),
                name="delivery_delivered_has_its_receipt",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"


class MailboxLook(models.Model):
    """When a mailbox was last looked into for answers, and what went wrong."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="look", primary_key=True)
    looked_at = models.DateTimeField(null=True, blank=True, help_text="The last time that went well.")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    try_after = models.DateTimeField(default=timezone.now)
    trouble = models.CharField(max_length=300, blank=True)
    needs_person = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.looked_at}"


class Fetched(Audited):
    """A file of a mailbox that is here, known by what tells it from a later one of the same name."""

    audit_patient_path = None

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="fetched")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    changed_at = models.BigIntegerField(help_text="Seconds since 1970 by the mailbox's clock.")
    file = models.ForeignKey("claims.EdiFile", on_delete=models.PROTECT, related_name="+")
    fetched_at = models.DateTimeField(default=timezone.now)
    is_settled = models.BooleanField(default=False, help_text="It was moved or deleted there, or stays by choice.")

    objects: ClassVar = AuditedQuerySet.as_manager()

    class Meta:
        ordering = ("-fetched_at",)
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "name", "size", "changed_at"], name="fetched_once_from_mailbox")
        ]

    def __str__(self) -> str:
        return self.name
