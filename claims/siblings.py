"""A patient's other claims that belong to one: of the same day, the same accident, or billed to the same payers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from claims.models import Claim, ClaimPayer
from claims.models.claim import PayerState

MOST = 200
SAME_DAY, SAME_ACCIDENT, SAME_PAYERS = "same visit", "same accident", "same payers"


@dataclass(frozen=True, slots=True)
class Sibling:
    """One other claim; `why` says what joins it, `payers` are in order."""

    claim: Claim
    why: str
    payers: list[ClaimPayer]


def siblings_of(claim: Claim) -> list[Sibling]:
    """The nearest first: same visit, same accident, then the others that a change of this order touches too. Three
    queries, however many there are; without what is void, and the newest 200."""
    payers = Prefetch("payers", queryset=ClaimPayer.objects.select_related("payer").order_by("rank"))
    rows = Claim.objects.filter(patient=claim.patient_id, is_void=False).only(
        "id", "control_number", "service_from", "service_to", "charge_cents", "insurer_open_cents", "patient_cents",
        "related_to", "site", "patient",
    )  # fmt: skip
    others = rows.exclude(pk=claim.pk).order_by("-service_from", "control_number").prefetch_related(payers)[:MOST]
    mine = _coverages(ClaimPayer.objects.filter(claim=claim))
    found = [
        Sibling(one, why, [p for p in one.payers.all() if p.state != PayerState.NOT_BILLABLE])
        for one in others
        if (why := _why(claim, mine, one))
    ]
    nearness = (SAME_DAY, SAME_ACCIDENT, SAME_PAYERS)
    return sorted(found, key=lambda one: nearness.index(one.why))


def _why(claim: Claim, mine: frozenset[object], other: Claim) -> str:
    if other.service_from <= claim.service_to and claim.service_from <= other.service_to:
        return SAME_DAY
    accident = {one for one in claim.related_to if one != "none"}
    if accident and accident & set(other.related_to):
        return SAME_ACCIDENT
    return SAME_PAYERS if len(mine) > 1 and _coverages(other.payers.all()) == mine else ""


def _coverages(payers: Iterable[ClaimPayer]) -> frozenset[object]:
    return frozenset(row.coverage_id for row in payers)
