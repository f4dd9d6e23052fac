"""A file that came in or went out, kept as it was, with what became of it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.accounts.roles import Permission
from cob.audit.models import Audited, AuditedQuerySet
from cob.jobs.models import Job


class Outcome(models.TextChoices):
    """In the words of the command's contract; empty while the import still runs."""

    WAITING = "", "Waiting"
    POSTED = "posted", "Posted"
    STORED = "stored", "Stored"
    ALREADY_IMPORTED = "already_imported", "Already imported"
    QUARANTINED = "quarantined", "Quarantined"
    REFUSED = "refused", "Refused"


class EdiFileQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Files of the user's sites, what they brought in themselves, and for posters what names no site yet.

        A file from the watched folder that cannot be read belongs to no site and to nobody, and somebody must clear it.
        """
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_all_sites:
            return self
        theirs = models.Q(sites__in=user.site_ids()) | models.Q(by=user)
        if user.has_perm(Permission.POST_PAYMENTS):
            theirs |= models.Q(sites=None)
        return self.filter(theirs).distinct()


class EdiFile(Audited):
    """One received file. The same bytes are one row, however often and from however many browsers they come."""

    audit_patient_path = None

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField(help_text="Bytes.")
    kept = models.FileField(upload_to="edi/%Y/%m", max_length=200, help_text="The raw file, named by its hash.")
    kind = models.CharField(max_length=8, blank=True, help_text="835, 837P, … as found in the file.")
    interchange = models.CharField(max_length=20, blank=True, help_text="ISA13 of the first interchange.")
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.WAITING, blank=True)
    reason = models.CharField(
        max_length=500, blank=True, help_text="One sentence: segment, element, expected, what to do."
    )
    result = models.JSONField(null=True, blank=True, help_text="The import's answer as the command prints it.")
    sites = models.ManyToManyField(Site, related_name="edi_files", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    imported_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = EdiFileQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at",)
        indexes = [models.Index(fields=["-received_at"], name="edi_file_newest")]

    def __str__(self) -> str:
        return self.name
