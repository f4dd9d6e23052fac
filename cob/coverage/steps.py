"""What the answers at check-in lead to: one page after the other, until all is captured."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from cob.coverage.visits import Visit
from cob.patients.models import Patient

# Step → what the desk does there, and the page.
PAGES: dict[str, tuple[str, str]] = {
    "coverage-new:card": ("Add the new card", "coverage:coverage-new"),
    "coverage-new:other": ("Add the other coverage", "coverage:coverage-new"),
    "coverage-new:medicare": ("Add the Medicare card", "coverage:coverage-new"),
    "medicare": ("Medicare’s parts and dates", "coverage:facts-medicare"),
    "accident": ("What happened, and who answers for it", "coverage:facts-accident"),
    "patient": ("Address and telephone", "patients:patient-edit"),
}
EDIT = "coverage-edit"


@dataclass(frozen=True, slots=True)
class Step:
    """One page still to fill in."""

    key: str
    label: str
    url: str


def next_step(patient: Patient, visit: Visit) -> Step | None:
    """The first step not done yet."""
    left = left_to_do(patient, visit)
    return left[0] if left else None


def left_to_do(patient: Patient, visit: Visit) -> list[Step]:
    """All of them, in order; a coverage is named by its payer."""
    keys = visit.steps
    if not keys:
        return []
    wanted = [key.partition(":")[2] for key in keys if key.startswith(f"{EDIT}:")]
    payers = {str(row.pk): str(row.payer) for row in patient.coverages.filter(pk__in=wanted).select_related("payer")}
    return [step for key in keys if (step := _step(key, patient, payers))]


def _step(key: str, patient: Patient, payers: dict[str, str]) -> Step | None:
    kind, _, pk = key.partition(":")
    if kind == EDIT:
        return (
            Step(key, f"Look at {payers[pk]} again", reverse("coverage:coverage-edit", args=[pk]))
            if pk in payers
            else None
        )
    label, address = PAGES[key]
    return Step(key, label, reverse(address, args=[patient.pk]))
