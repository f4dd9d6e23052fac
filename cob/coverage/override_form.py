"""The form of a person's order: a place for every payer, why, what proves it, and each law it goes against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cob.coverage.deciding import Evidence
from cob.coverage.federal import Broken
from cob.coverage.inputs import DayField
from cob.coverage.models import Proof

ROWS = range(3)
NO_EVIDENCE = "Name at least one piece of evidence that another person can check: choose what it is."
NO_REFERENCE = "Give what it is found by: call reference, trace number, document name."
NO_DAY = "Give the day of the call, the answer or the document."


class OverrideForm(forms.Form):
    """Shape only; `confirming` adds a box for each rule of federal law that has to be confirmed by name."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why this order is right."},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, coverages: Mapping[str, str], order: list[str]
    ) -> None:
        super().__init__(data)
        places = [("", "Not in the order"), *((str(n), str(n)) for n in range(1, len(coverages) + 1))]
        for one, name in coverages.items():
            place = str(order.index(one) + 1) if one in order else ""
            self.fields[f"place-{one}"] = forms.ChoiceField(label=name, choices=places, required=False, initial=place)
        for row in ROWS:
            self._add_evidence(row)
        self.order_fields([*(f"place-{one}" for one in coverages), "reason"])
        self.coverages = list(coverages)
        self.broken: Sequence[Broken] = ()

    def _add_evidence(self, row: int) -> None:
        """Three inputs a piece; the first piece is required."""
        is_first = row == 0
        kinds = [("", "Choose" if is_first else "None"), *Proof.choices]
        more = "" if is_first else f" {row + 1}"
        self.fields |= {
            f"proof-{row}": forms.ChoiceField(
                label=f"Evidence{more}", choices=kinds, required=is_first, error_messages={"required": NO_EVIDENCE}
            ),
            f"reference-{row}": forms.CharField(
                label=f"Reference{more}", max_length=80, required=is_first, error_messages={"required": NO_REFERENCE}
            ),
            f"dated-{row}": DayField(
                label=f"Of which day{more}", required=is_first, error_messages={"required": NO_DAY}
            ),
        }

    def confirming(self, broken: Sequence[Broken]) -> None:
        """Ask for each rule to be confirmed; a box that was ticked for a rule no longer broken is not asked again."""
        self.broken = broken
        for rule, one in {one.rule: one for one in broken}.items():
            label = f"I have read {rule}: {one.sentence} ({one.cite}). This order goes against it, and I answer for it."
            self.fields[f"confirm-{rule}"] = forms.BooleanField(label=label, required=False)

    @property
    def places(self) -> list[forms.BoundField]:
        """One field a payer."""
        return [self[f"place-{one}"] for one in self.coverages]

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The evidence, three inputs a piece."""
        return [[self[f"{name}-{row}"] for name in ("proof", "reference", "dated")] for row in ROWS]

    @property
    def confirmations(self) -> list[forms.BoundField]:
        """One box a rule."""
        return [self[name] for name in self.fields if name.startswith("confirm-")]

    def order(self) -> list[str]:
        """Coverage ids by the places given. Two in one place is refused in `clean`."""
        placed = {one: self.cleaned_data.get(f"place-{one}") for one in self.coverages}
        return sorted((one for one in placed if placed[one]), key=lambda one: int(placed[one] or 0))

    def evidence(self) -> list[Evidence]:
        """The pieces that were named."""
        said = self.cleaned_data
        rows = [row for row in ROWS if said.get(f"proof-{row}")]
        return [Evidence(said[f"proof-{row}"], said[f"reference-{row}"], said[f"dated-{row}"]) for row in rows]

    def confirmed(self) -> list[str]:
        """The rules whose box was ticked, also before the boxes are shown: the data is the person's word."""
        return [name.removeprefix("confirm-") for name in self.data if name.startswith("confirm-") and self.data[name]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        taken = [cleaned[f"place-{one}"] for one in self.coverages if cleaned.get(f"place-{one}")]
        for row in ROWS:
            self._check_evidence(row, cleaned)
        if len(set(taken)) < len(taken):
            raise ValidationError("Two payers have the same place. Give each its own.")
        if "1" not in taken:
            raise ValidationError("Somebody must pay first: give one payer place 1.")
        return cleaned

    def _check_evidence(self, row: int, cleaned: Mapping[str, Any]) -> None:
        kind, reference, day = (cleaned.get(f"{name}-{row}") for name in ("proof", "reference", "dated"))
        if (reference or day) and not kind and f"proof-{row}" not in self.errors:
            self.add_error(f"proof-{row}", "Choose what kind of evidence this is.")
        if kind and not reference and f"reference-{row}" not in self.errors:
            self.add_error(f"reference-{row}", NO_REFERENCE)
        if kind and not day and f"dated-{row}" not in self.errors:
            self.add_error(f"dated-{row}", NO_DAY)
        if day and day > timezone.localdate():
            self.add_error(f"dated-{row}", "This day has not come.")
