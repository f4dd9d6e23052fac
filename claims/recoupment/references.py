"""Which claim a payer's reference names: our number (CLP01) or the payer's (CLP07), X12 RFI 2370."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from claims.models import Adjudication, Claim
from claims.recoupment.roll import words_of
from cob.coverage.models import Payer


def claims_named(references: Iterable[str], payer: Payer, site_id: UUID | None) -> dict[str, UUID]:
    """References that name exactly one claim, whole or by one of their parts. Two queries, however many references."""
    wanted = {reference: words_of(reference) for reference in references}
    every = {word for words in wanted.values() for word in words}
    if not every:
        return {}
    known: dict[str, set[UUID]] = defaultdict(set)
    ours = Claim.objects.filter(control_number__in=every, payers__payer=payer)
    theirs = Adjudication.objects.filter(
        payer_control_number__in=every, remittance__payer=payer, claim__isnull=False
    ).order_by()
    if site_id:
        ours, theirs = ours.filter(site=site_id), theirs.filter(claim__site=site_id)
    for number, pk in ours.values_list("control_number", "pk"):
        known[number].add(pk)
    for number, pk in theirs.values_list("payer_control_number", "claim_id").distinct():
        known[number].add(pk)
    found: dict[str, UUID] = {}
    for reference, words in wanted.items():
        named = known.get(reference) or set().union(*(known.get(word, set()) for word in words))
        if len(named) == 1:
            found[reference] = next(iter(named))
    return found
