"""What the look at the whole ledger found broken, since when, and when it was gone. Nothing is repaired here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from claims.models.claim import Claim
from claims.models.remittance import Remittance
from cob.accounts.models import Site, SiteScoped


class LedgerBreachQuerySet(SiteScoped):
    def standing(self) -> LedgerBreachQuerySet:
        """Those the last look still found."""
        return self.filter(gone_at=None)


class LedgerBreach(models.Model):
    """One rule that one claim or one remittance breaks; neither: the rule is about more than one."""

    id = models.BigAutoField(primary_key=True)
    rule = models.PositiveSmallIntegerField(help_text="1 to 18.")
    about = models.CharField(max_length=36, blank=True, help_text="The id of its claim, else of its remittance.")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, blank=True, related_name="breaches")
    remittance = models.ForeignKey(Remittance, on_delete=models.CASCADE, null=True, blank=True, related_name="breaches")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=400, help_text="Amounts in words; no code, name or number of a claim.")
    since = models.DateTimeField(default=timezone.now, help_text="When a look found it first.")
    seen_at = models.DateTimeField(default=timezone.now, help_text="When a look found it last.")
    gone_at = models.DateTimeField(null=True, blank=True, help_text="When a look did not find it any more.")

    objects: ClassVar = LedgerBreachQuerySet.as_manager()

    class Meta:
        ordering = ("rule", "since", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "about"], condition=Q(gone_at=None), name="ledger_breach_stands_once"
            ),
            models.CheckConstraint(condition=Q(rule__range=(1, 18)), name="ledger_breach_rule_has_a_number"),
        ]
        indexes = [models.Index(fields=["rule", "since"], name="ledger_breach_standing", condition=Q(gone_at=None))]

    def __str__(self) -> str:
        return f"rule {self.rule}"
