"""One piece of work: a subject that answers a queue's question, with its clocks, its owner and its ending."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models import Claim, EdiFile
from cob.accounts.models import Site, User
from cob.accounts.roles import Permission
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models import Payer
from cob.patients.models import Patient
from workqueues.models.choices import ClosureCode, RootCause, State

OPEN = Q(closed_at=None)


class ItemQuerySet(AuditedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Items of the user's sites; those of no site are for posters, for their owner and for who brought the file."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        if user.sees_all_sites:
            return self
        homeless = Q(site=None)
        if not user.has_perm(Permission.POST_PAYMENTS):
            brought = EdiFile.objects.filter(by=user).order_by().values("pk")
            homeless &= Q(owner=user) | Q(subject_id__in=brought)
        return self.filter(Q(site__in=user.site_ids()) | homeless)

    def open(self) -> Self:
        return self.filter(OPEN)

    def of(self, user: User) -> Self:
        return self.filter(owner=user)

    def unowned(self) -> Self:
        return self.filter(owner=None)

    def by_priority(self) -> Self:
        return self.order_by("priority", "due_at", "id")


class Item(Audited):
    """What to do next about one subject. Which items there are is asked of the facts; how they are handled is kept."""

    queue = models.CharField(max_length=30, help_text="Slug of its queue.")
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    reason = models.CharField(max_length=300, help_text="Why it is here, in words.")
    reason_codes = models.JSONField(default=list, blank=True)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    amount_cents = models.BigIntegerField(default=0, help_text="Money at risk.")
    limit_on = models.DateField(null=True, blank=True, help_text="The nearest hard limit set by others.")
    needed_on = models.DateField(null=True, blank=True, help_text="A visit for which it must be done before.")
    attempt = models.PositiveSmallIntegerField(default=1)
    is_harmful = models.BooleanField(default=False, help_text="A patient is being harmed now.")
    has_legal_clock = models.BooleanField(default=False)

    entered_at = models.DateTimeField(default=timezone.now)
    first_touch_due_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Our own promise: the end of its last business day.")
    first_touched_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(help_text="Last worked on; at first, when it came in.")
    taken_at = models.DateTimeField(null=True, blank=True, help_text="When its owner took it; empty once worked on.")
    handed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who handed it over.",
    )
    handed_out_at = models.DateTimeField(null=True, blank=True, help_text="When the desk itself gave it to somebody.")
    # Ascending, 1 first, so that (priority, due_at, id) is the order of the list and of its index.
    priority = models.PositiveIntegerField(default=4004)
    priority_parts = models.JSONField(default=dict, blank=True)
    escalation_level = models.PositiveSmallIntegerField(default=0)

    next_action = models.CharField(max_length=200, blank=True)
    next_action_on = models.DateField(null=True, blank=True)
    waiting_for = models.CharField(max_length=120, blank=True)
    waiting_until = models.DateField(null=True, blank=True)
    waiting_since = models.DateField(null=True, blank=True)
    waited_days = models.PositiveSmallIntegerField(default=0, help_text="Business days its clock stood still.")

    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    root_cause = models.CharField(max_length=20, choices=RootCause, blank=True)
    closure_code = models.CharField(max_length=12, choices=ClosureCode, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_because = models.CharField(max_length=300, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    failed_closures = models.PositiveSmallIntegerField(default=0, help_text="Closings that did not hold for 30 days.")

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("priority", "due_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["queue", "subject_id"], condition=OPEN, name="item_open_once_per_subject"),
            models.CheckConstraint(
                condition=(Q(state="closed", closed_at__isnull=False) & ~Q(closure_code=""))
                | (~Q(state="closed") & Q(closed_at=None)),
                name="item_closed_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", waiting_until__isnull=False, waiting_since__isnull=False)
                & ~Q(waiting_for="")
                | ~Q(state="waiting"),
                name="item_set_aside_says_for_whom_and_until",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(state__in=("assigned", "in_progress", "waiting", "resolved")),
                name="item_being_worked_has_an_owner",
            ),
            models.CheckConstraint(condition=Q(site__isnull=False) | Q(patient=None), name="item_of_patient_has_site"),
        ]
        indexes = [
            # The worker's own list, the manager's list, and what nobody has taken: each in list order.
            models.Index(fields=["queue", "owner", "priority", "due_at", "id"], name="item_mine", condition=OPEN),
            models.Index(fields=["queue", "priority", "due_at", "id"], name="item_queue", condition=OPEN),
            models.Index(
                fields=["queue", "priority", "due_at", "id"], name="item_unowned", condition=OPEN & Q(owner=None)
            ),
            models.Index(fields=["owner", "priority", "due_at", "id"], name="item_my_work", condition=OPEN),
            models.Index(fields=["queue", "entered_at", "amount_cents"], name="item_aging", condition=OPEN),
            models.Index(fields=["due_at"], name="item_due", condition=OPEN),
            models.Index(fields=["subject_id", "queue"], name="item_of_subject"),
            models.Index(fields=["claim"], name="item_of_claim"),
            models.Index(fields=["closed_at", "queue"], name="item_closed", condition=~OPEN),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.reason}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def cause(self) -> tuple[str, ...]:
        """What told apart a return of the same reason from a new one."""
        return tuple(sorted(self.reason_codes))

    def audit_site(self) -> uuid.UUID | None:
        return self.site_id
