"""Which claim a payer's reference names: our number (CLP01) or the payer's (CLP07), X12 RFI 2370, or its letter's.

As it is written first; where nothing has that number, in other letter case, without leading zeros, by the number of a
letter; last by the parts of what is joined. Two claims it can mean are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from claims.models import Adjudication, Claim, Recoupment
from claims.recoupment.roll import loosely, only, plain, words_of
from cob.coverage.models import Payer

_Known = Mapping[str, set[UUID]]


def claims_named(references: Iterable[str], payer: Payer, site_id: UUID | None) -> dict[str, UUID]:
    """References that name exactly one claim, whole or by one of their parts. Three queries, however many."""
    wanted = {reference: words_of(reference) for reference in references}
    every = {word for words in wanted.values() for word in words}
    if not every:
        return {}
    every |= {word for reference in wanted for tier in loosely(reference) for word in tier}
    every |= {word.lower() for word in every}
    known = _numbers(every, payer, site_id)
    loose: dict[str, set[UUID]] = defaultdict(set)
    for numbers in (known, _letters(every, payer, site_id)):
        for number, claims in numbers.items():
            loose[plain(number)] |= claims
    found: dict[str, UUID] = {}
    for reference, words in wanted.items():
        whole, parts = loosely(reference)
        tiers = (known, [reference]), (known, words), (loose, whole), (loose, parts)
        named = only(_of(numbers, may) for numbers, may in tiers)
        if named:
            found[reference] = named[0]
    return found


def _of(numbers: _Known, may: Iterable[str]) -> set[UUID]:
    return {claim for word in may for claim in numbers.get(word, ())}


def _numbers(every: Iterable[str], payer: Payer, site_id: UUID | None) -> _Known:
    ours = Claim.objects.filter(control_number__in=every, payers__payer=payer)
    theirs = Adjudication.objects.filter(
        payer_control_number__in=every, remittance__payer=payer, claim__isnull=False
    ).order_by()
    if site_id:
        ours, theirs = ours.filter(site=site_id), theirs.filter(claim__site=site_id)
    known: dict[str, set[UUID]] = defaultdict(set)
    for number, pk in ours.values_list("control_number", "pk"):
        known[number].add(pk)
    for number, pk in theirs.values_list("payer_control_number", "claim_id").distinct():
        known[number].add(pk)
    return known


def _letters(every: Iterable[str], payer: Payer, site_id: UUID | None) -> _Known:
    """A letter may have taken over an account that has another number."""
    letters = Recoupment.objects.filter(reference__in=every, payer=payer).order_by()
    if site_id:
        letters = letters.filter(claim__site=site_id)
    named: dict[str, set[UUID]] = defaultdict(set)
    for number, claim in letters.values_list("reference", "claim"):
        named[number].add(claim)
    return named
