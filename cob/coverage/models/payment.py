"""What a payer pays and what our contract with it says, from a day on: terms, contracts, fees. Append-only."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.models import Audited, AuditedQuerySet
from cob.coverage.models.payer import Payer


class DatedQuerySet(AuditedQuerySet):
    def newest_first(self) -> Self:
        """As a history is read."""
        return self.order_by("-effective_on", "-created_at")


class Dated(Audited):
    """A row that holds from a day of service until a later row of the same owner; of two with one day, the later
    written one. Nothing is edited: what changes is a new row."""

    audit_patient_path = None

    effective_on = models.DateField(help_text="The first day of service it holds for.")
    source = models.CharField(max_length=200, help_text="Where it stands, so that somebody else can check.")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


class PlanTerms(Dated):
    """How a payer works out its share, for all its plans or for one by name. `terms` are `payment_terms.OnFile`."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="plan_terms")
    plan_name = models.CharField(max_length=80, blank=True, help_text="Empty: every plan of the payer.")
    terms = models.JSONField()

    class Meta:
        ordering = ("payer", "plan_name", "effective_on", "created_at")
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="plan_terms_name_their_source")]
        indexes = [models.Index(fields=["payer", "effective_on"], name="plan_terms_by_payer")]

    def __str__(self) -> str:
        return f"{self.payer_id} from {self.effective_on}"


class Contract(Dated):
    """Whether we have a contract with a payer, at one site or at all."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="contracts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_in_network = models.BooleanField()

    class Meta:
        ordering = ("payer", "effective_on", "created_at")
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="contract_names_its_source")]
        indexes = [models.Index(fields=["payer", "effective_on"], name="contract_by_payer")]

    def __str__(self) -> str:
        return f"{self.payer_id} from {self.effective_on}"


class Fee(Dated):
    """What a payer allows for a service by contract or fee schedule, per unit; none at all withdraws the row before."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="fees")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    procedure = models.CharField(max_length=48)
    modifiers = models.CharField(max_length=20, blank=True, help_text="Up to four, joined by a blank.")
    amount_cents = models.BigIntegerField(null=True, blank=True)
    coinsurance_percent = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="What Medicare leaves of it to the patient; empty: not said."
    )

    class Meta:
        ordering = ("payer", "procedure", "modifiers", "effective_on", "created_at")
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="fee_names_its_source"),
            models.CheckConstraint(condition=Q(amount_cents=None) | Q(amount_cents__gte=0), name="fee_not_negative"),
            models.CheckConstraint(
                condition=Q(coinsurance_percent=None) | Q(coinsurance_percent__lte=100), name="fee_coinsurance_percent"
            ),
        ]
        indexes = [models.Index(fields=["payer", "procedure", "effective_on"], name="fee_by_procedure")]

    def __str__(self) -> str:
        return f"{self.procedure} from {self.effective_on}"
