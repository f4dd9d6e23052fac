"""An audit of payer order: one run over claims, the parts it is done in, and each claim found in another order.

Derived from claims, facts and the rules of that day; a later run replaces what an earlier one found. Nothing here is
told to a payer or changes a claim. A hypothetical run asks under numbers or choices that are not in force.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim
from cob.accounts.models import Site, SiteScoped, User
from cob.coverage.models import Payer
from cob.jobs.models import Job


class OrderAuditQuerySet(SiteScoped):
    def visible_to(self, user: Any) -> Self:
        """Runs over any of the user's sites; what they found is narrowed to those sites again."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_all_sites:
            return self
        theirs = OrderAudit.sites.through.objects.filter(orderaudit=models.OuterRef("pk"))
        everywhere = ~models.Exists(theirs)
        return self.filter(everywhere | models.Exists(theirs.filter(site__in=user.site_ids())))

    def real(self) -> Self:
        """Those that asked the law and the choices in force."""
        return self.filter(as_if=[])


class OrderAudit(models.Model):
    """One run. `sites` empty: every site."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sites = models.ManyToManyField(Site, related_name="+", blank=True)
    since = models.DateField(null=True, blank=True, help_text="First day of service; empty: from the first claim on.")
    until = models.DateField(null=True, blank=True, help_text="Last day of service; empty: to the last claim.")
    as_if = models.JSONField(default=list, blank=True, help_text="NAME=VALUE, each; empty: as the law is.")
    claims = models.BigIntegerField(default=0, help_text="How many there were to ask about when it was opened.")
    rules_version = models.CharField(max_length=64)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = OrderAuditQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at",)
        indexes = [models.Index(fields=["-asked_at"], name="order_audit_newest")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"

    @property
    def is_hypothetical(self) -> bool:
        return bool(self.as_if)


class OrderAuditPart(models.Model):
    """A stretch of patient ids that one job does, `at` being the last patient done: a worker killed there costs the
    chunk it was at. `counts` are by site: claims asked, in order, different, open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(OrderAudit, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    first = models.UUIDField()
    last = models.UUIDField()
    at = models.UUIDField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="order_audit_part_once")]

    def __str__(self) -> str:
        return f"part {self.number}"


class Entered(models.TextChoices):
    """How the order on a claim came about."""

    DETERMINED = "determined", "Determined by the rules"
    PERSON = "person", "Decided by a person"
    FILE = "file", "As billed, from a file"
    HAND = "hand", "As billed"


class OrderDifferenceQuerySet(SiteScoped):
    def differ(self) -> Self:
        """Claims in an order that is not the one due."""
        return self.exclude(kinds="open")

    def cannot_tell(self) -> Self:
        """Claims of which nobody can say in which order they should be, before a fact is known."""
        return self.filter(kinds="open")


class OrderDifference(models.Model):
    """One claim whose order is not the one due, as of the run. `billed` and `due` are coverage ids in paying order;
    of a hypothetical run `billed` is the order due as the law is.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(OrderAudit, on_delete=models.CASCADE, related_name="differences")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    kinds = models.CharField(max_length=40, help_text="swapped, missing, not_due; or open.")
    entered = models.CharField(max_length=10, choices=Entered)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: no person."
    )
    payer = models.ForeignKey(
        Payer, on_delete=models.PROTECT, null=True, related_name="+", help_text="The first one out of its place."
    )
    rule = models.CharField(max_length=40, blank=True)
    asks = models.CharField(max_length=80, blank=True, help_text="The fact to ask for first, without whose it is.")
    billed = models.JSONField(default=list)
    due = models.JSONField(default=list)
    take_back_cents = models.BigIntegerField(default=0, help_text="Paid by payers billed too early or not due.")
    open_cents = models.BigIntegerField(default=0, help_text="Still expected from payers asked in that order.")
    patient_cents = models.BigIntegerField(default=0, help_text="Left to the patient under that order.")
    at_stake_cents = models.BigIntegerField(default=0)

    objects: ClassVar = OrderDifferenceQuerySet.as_manager()

    class Meta:
        ordering = ("-at_stake_cents", "id")
        constraints = [
            models.UniqueConstraint(fields=["run", "claim"], name="order_difference_once_per_run"),
            models.CheckConstraint(
                condition=Q(
                    at_stake_cents=models.F("take_back_cents") + models.F("open_cents") + models.F("patient_cents")
                ),
                name="order_difference_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["run", "site", "-at_stake_cents"], name="order_difference_by_stake")]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.kinds}"
