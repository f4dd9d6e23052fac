"""A claim that went out in the wrong order: what puts it right, step by step with where to do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from claims.models import ClaimPayer
from claims.order_audit import SENT, Billed, Difference, Do, Step, compare, due_of
from claims.presenters.reordering import says
from claims.submissions.folder import Folder
from cob.coverage.cases import payer_names
from cob.coverage.models import Kind


@dataclass(frozen=True, slots=True)
class RepairStep:
    """One step; `url` leads to the page that does it, `label` says what pressing does."""

    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """As billed, as due, and the steps between."""

    billed: list[str]
    due: list[str]
    steps: list[RepairStep]
    take_back_cents: int


def repair_of(folder: Folder, paid: Mapping[int, int]) -> Repair | None:
    """None where the claim is in the order on file, where that is not settled, or where it has gone out of date."""
    order, found = folder.order, folder.determination
    if folder.claim.is_void or order is None or found is None or not order.is_settled or order.is_stale:
        return None
    rows = [
        Billed(str(row.coverage_id), row.rank, row.state, paid.get(row.rank, 0), row.rank_from) for row in folder.rows
    ]
    if not any(row.state in SENT for row in rows):
        return None
    difference = compare(rows, due_of(found.verdict), insurer_open_cents=folder.claim.insurer_open_cents)
    if difference is None:
        return None
    names = _names(folder, difference)
    return Repair(
        billed=[names[one] for one in difference.billed],
        due=[names.get(one, "a payer not on file") for one in difference.due],
        steps=_steps(folder, difference, names),
        take_back_cents=difference.take_back_cents,
    )


def _names(folder: Folder, difference: Difference) -> dict[str, str]:
    names = {str(row.coverage_id): str(row.payer) for row in folder.rows}
    if set(difference.due) <= set(names):
        return names
    return payer_names(list(folder.claim.patient.coverages.select_related("payer"))) | names


def _steps(folder: Folder, difference: Difference, names: Mapping[str, str]) -> list[RepairStep]:
    """Whoever decided too early is asked to take the claim back first; then the payers change places by themselves."""
    rows = {str(row.coverage_id): row for row in folder.rows}
    backs, rest = [], []
    for step in difference.steps:
        row = rows.get(step.coverage)
        if row is not None and step.do in (Do.VOID, Do.RECOUP):
            backs.append(_taken_back(folder, row))
        else:
            rest.append(_plain(folder, step, difference, names, row))
    if not backs:
        return rest
    wait = "When its answer is taken back, the payers change places by the order on file, and the first is billed."
    return [*backs, RepairStep(wait), *rest]


def _taken_back(folder: Folder, row: ClaimPayer) -> RepairStep:
    """Medicare Part B takes no void of a professional claim: it is told, and recovers its money by a demand."""
    if (row.coverage.kind or row.payer.kind) == Kind.MEDICARE:
        text = f"Tell {row.payer} that it is not first: it takes no void, reopens the claim and recovers what it paid."
        return RepairStep(text, reverse("claims:recoupment-new", args=[folder.claim.pk]), "Enter its demand")
    text = f"Take the claim back from {row.payer}: a void (8) under its own number."
    return RepairStep(text, reverse("claims:claim-send", args=[folder.claim.pk, row.rank]) + "?frequency=8", "Void it")


def _plain(
    folder: Folder, step: Step, difference: Difference, names: Mapping[str, str], row: ClaimPayer | None
) -> RepairStep:
    text = says(step, difference.due, names, "")
    if row is None or step.do not in (Do.CORRECT, Do.REBILL, Do.SECONDARY):
        return RepairStep(text)
    kind = "?frequency=7" if step.do is Do.CORRECT else ""
    return RepairStep(text, reverse("claims:claim-send", args=[folder.claim.pk, row.rank]) + kind, "Open")
