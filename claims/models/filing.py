"""How a payer wants its claims, from a day of service on: by when, and whether the first payer hears of the others.
Append-only: what changes is a later row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from claims.filing.limit import Basis, Limit, Position, Sure, Unit
from cob.coverage.models import Payer
from cob.coverage.models.payment import Dated

POSITIONS = {
    Position.PRIMARY: "As the first payer",
    Position.LATER: "As a later payer",
    Position.CORRECTED: "A corrected claim",
    Position.TAKEN_BACK: "After another payer took its money back",
}


class FilingLimit(Dated):
    """By when this payer must have a claim; no length withdraws, so that the built-in limit holds again."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="filing_limits")
    position = models.CharField(max_length=10, choices=[(p.value, words) for p, words in POSITIONS.items()])
    basis = models.CharField(max_length=14, choices=[(b.value, b.value) for b in Basis], blank=True)
    length = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=6, choices=[(u.value, u.value) for u in Unit], default=Unit.DAYS.value)
    cap_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days after the service, at the latest."
    )
    rolls = models.BooleanField(default=False, help_text="A weekend or holiday moves it to the next business day.")
    silent_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Days without an answer of the payer before, after which it takes the claim."
    )

    class Meta:
        ordering = ("payer", "position", "effective_on", "created_at")
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="filing_limit_names_its_source"),
            models.CheckConstraint(
                condition=Q(length=None) | (Q(length__gt=0) & ~Q(basis="")), name="filing_limit_has_its_basis"
            ),
        ]
        indexes = [models.Index(fields=["payer", "effective_on"], name="filing_limit_by_payer")]

    def __str__(self) -> str:
        return f"{self.payer_id} {self.position} from {self.effective_on}"

    def as_limit(self) -> Limit | None:
        """What the row says; None where it withdraws."""
        if self.length is None:
            return None
        return Limit(
            basis=Basis(self.basis),
            length=self.length,
            unit=Unit(self.unit),
            cap_days=self.cap_days,
            rolls=self.rolls,
            silent_days=self.silent_days,
            source=self.source,
            sure=Sure.KEPT,
        )


class OthersNamed(Dated):
    """Whether a claim to this payer as the first names the other coverages (loop 2320, box 11d)."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="others_named")
    is_named = models.BooleanField()

    class Meta:
        ordering = ("payer", "effective_on", "created_at")
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="others_named_names_its_source")]
        indexes = [models.Index(fields=["payer", "effective_on"], name="others_named_by_payer")]

    def __str__(self) -> str:
        return f"{self.payer_id} from {self.effective_on}"
