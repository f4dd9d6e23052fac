"""Which payer hands claims on to which other by itself, and how long its copy is waited for. Append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from cob.coverage.models.payer import Payer
from cob.coverage.models.payment import Dated


class Way(models.TextChoices):
    """How the payer that hands a claim on knows of the other."""

    AUTOMATIC = "automatic", "By its eligibility file (COBA)"
    CLAIM_BASED = "claim_based", "By the Medigap id on the claim"
    STATE = "state", "By the state’s Medicaid file"


class CrossoverTerms(Dated):
    """From a day of service on, what `payer` gets from `sender` without our doing, and when we may send it ourselves.

    Without a sender the row is about every payer before it; a sender's own row goes before that.
    """

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="crossover_terms")
    sender = models.ForeignKey(Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_on = models.BooleanField(help_text="The copy comes by itself.")
    way = models.CharField(max_length=12, choices=Way, blank=True)
    coba_id = models.CharField(max_length=5, blank=True, help_text="By which the contractor names it; Medigap: 55xxx.")
    is_announced = models.BooleanField(default=True, help_text="The remittance says when a claim was handed on.")
    check_business_days = models.PositiveSmallIntegerField(help_text="Then somebody asks whether the copy is there.")
    wait_days = models.PositiveSmallIntegerField(help_text="Calendar days; after them we may send it ourselves.")
    refuses_early = models.BooleanField(
        default=False, help_text="It rejects what comes before, also when the copy never came."
    )

    class Meta:
        ordering = ("payer", "effective_on", "created_at")
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="crossover_terms_name_their_source"),
            models.CheckConstraint(condition=Q(is_on=False) | ~Q(way=""), name="crossover_terms_say_how"),
        ]
        indexes = [models.Index(fields=["payer", "effective_on"], name="crossover_terms_by_payer")]

    def __str__(self) -> str:
        return f"{self.payer_id} from {self.effective_on}"
