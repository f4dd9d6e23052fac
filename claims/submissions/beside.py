"""What bears on sending a claim from beside it: its services on other claims, staff-written edits, waivers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from claims.edits.facts import WRITTEN, Severity, Twin, Waived, WrittenEdit
from claims.edits.written import from_stored
from claims.models import Claim, EditWaiver, Line, StaffEdit
from claims.models.claim import PayerState

# The payer has the claim or has decided it; what it rejected or refused it does not hold against another claim.
_HAS_IT = (PayerState.SUBMITTED, PayerState.FORWARDED, PayerState.ADJUDICATED, PayerState.REOPENED)


def twins_of(claim: Claim) -> dict[UUID, tuple[Twin, ...]]:
    """By coverage, the patient's other claims of these days that its payer has got from the same provider."""
    rows = (
        Line.objects.filter(
            claim__patient=claim.patient_id,
            claim__is_void=False,
            claim__rendering_npi=claim.rendering_npi,
            service_on__range=(claim.service_from, claim.service_to),
            claim__payers__state__in=_HAS_IT,
        )
        .exclude(claim=claim)
        .order_by("claim__control_number", "number")
        .values_list("claim__payers__coverage", "claim__control_number", "procedure", "modifiers", "service_on")
    )
    found: dict[UUID, dict[str, set[tuple[str, tuple[str, ...], date]]]] = defaultdict(lambda: defaultdict(set))
    for coverage, number, procedure, modifiers, day in rows:
        found[coverage][number].add((procedure, tuple(sorted(modifiers.split())), day))
    return {
        coverage: tuple(Twin(number, frozenset(services)) for number, services in claims.items())
        for coverage, claims in found.items()
    }


def waived_on(claim: Claim) -> dict[UUID, tuple[Waived, ...]]:
    """By payer of the claim, the waivers nobody has withdrawn."""
    found: dict[UUID, list[Waived]] = defaultdict(list)
    for row in EditWaiver.objects.standing().filter(claim=claim).select_related("by"):
        found[row.claim_payer_id].append(Waived(row.pk, row.edit, row.version, str(row.by), row.at.date(), row.reason))
    return {payer: tuple(rows) for payer, rows in found.items()}


def written_for(claim: Claim, payers: Iterable[UUID], today: date) -> dict[UUID, tuple[WrittenEdit, ...]]:
    """By payer, the staff-written edits switched on today for it and for the claim's site."""
    ids = set(payers)
    rows = list(
        StaffEdit.objects.on(today)
        .filter(Q(payer=None) | Q(payer__in=ids), Q(site=None) | Q(site=claim.site_id))
        .order_by("name", "pk")
    )
    return {one: tuple(as_edit(row) for row in rows if row.payer_id in (None, one)) for one in ids}


def as_edit(row: StaffEdit) -> WrittenEdit:
    """A stored version as it is asked."""
    return WrittenEdit(
        name=f"{WRITTEN}{row.family.hex}",
        title=row.name,
        when=from_stored(row.when),
        message=row.message,
        fix=row.fix,
        severity=Severity(row.severity),
        is_waivable=row.is_waivable,
    )
