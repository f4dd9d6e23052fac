"""From claims that may be in another order to differences on file: the money on them, who entered the order, and the
comparison itself. Three queries for all claims of a chunk, none when there are none.

What is at stake on a claim, in whole cents, is what payers paid that should have paid later or not at all (they may
take it back), what is still open with insurers that were asked in that order, and what that order left to the patient.
Payments are net of reversals. Of claims nobody can order yet, nothing is taken back before the facts are known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from claims.auditing.asking import Asked
from claims.auditing.reading import ClaimRead
from claims.models import Claim
from claims.models.order_audit import Entered, OrderDifference
from claims.order_audit import Billed, Difference, Kind, compare
from claims.reordering import paid_by_payer
from cob.coverage.catalogue import owner_and_key
from cob.coverage.models import Determination

# How the order on a claim came about, and the person behind it.
Origin = tuple[Entered, UUID | None]


class _Held(NamedTuple):
    """What of a claim is open, and in which file it came."""

    insurer_cents: int
    patient_cents: int
    file: UUID | None
    brought_by: UUID | None


class _Found(NamedTuple):
    """One claim that differs; `kinds` are those of `claims.order_audit.Kind`, or "settles" where a supposition would
    make an open order plain."""

    kinds: str
    billed: tuple[str, ...]
    due: tuple[str, ...]
    rule: str
    take_back_cents: int


SETTLES = "settles"


def differences(asked: Sequence[Asked]) -> list[OrderDifference]:
    """The claims of these that differ, as rows that are not saved and belong to no run yet."""
    if not asked:
        return []
    claims = [one.claim.pk for one in asked]
    held, paid = _held(claims), _paid([one.claim.pk for one in asked if one.due.is_settled])
    there = [one for one in asked if one.claim.pk in held]
    found = [(one, told) for one in there if (told := _told(one, paid.get(one.claim.pk, {})))]
    origins = _Origins([one.claim for one, _ in found])
    return [_row(one, told, held[one.claim.pk], origins.of(one.claim, held[one.claim.pk])) for one, told in found]


def _row(one: Asked, told: _Found, held: _Held, origin: Origin) -> OrderDifference:
    claim, needs = one.claim, one.needs
    payer = one.payers.get(_out_of_place(told)) or one.payers.get(claim.payers[0][1] if claim.payers else "")
    left = max(held.insurer_cents, 0)
    return OrderDifference(
        claim_id=UUID(claim.pk),
        site_id=UUID(claim.site),
        kinds=told.kinds,
        entered=origin[0],
        person_id=origin[1],
        payer_id=UUID(payer) if payer else None,
        rule=told.rule[:40],
        asks=owner_and_key(needs[0])[1][:80] if needs else "",
        billed=list(told.billed),
        due=list(told.due),
        take_back_cents=told.take_back_cents,
        open_cents=left,
        patient_cents=held.patient_cents,
        at_stake_cents=told.take_back_cents + left + held.patient_cents,
    )


def _told(one: Asked, paid: Mapping[int, int]) -> _Found | None:
    """The claim compared with what is due; with a supposition, what was due compared with what would be."""
    rows = [Billed(who, rank, state, paid.get(rank, 0), entered) for rank, who, state, entered in one.claim.payers]
    on_claim = compare(rows, one.due)
    take_back = on_claim.take_back_cents if on_claim else 0
    if one.was is None:
        return (
            _Found(" ".join(on_claim.kinds), on_claim.billed, on_claim.due, on_claim.rule, take_back)
            if on_claim
            else None
        )
    was = one.was
    if not was.is_settled:
        kinds = SETTLES if one.due.is_settled else Kind.OPEN
        return _Found(kinds, was.ids, one.due.ids, next(iter(one.due.rules), ""), take_back)
    # Where it did not matter who was first, the claim's own arrangement is what was right.
    before = rows if compare(rows, was) is None else [Billed(who, at, "expected") for at, who in enumerate(was.ids)]
    return _found(compare(before, one.due), take_back)


def _found(difference: Difference | None, take_back: int) -> _Found | None:
    if difference is None:
        return None
    return _Found(" ".join(difference.kinds), difference.billed, difference.due, difference.rule, take_back)


def _out_of_place(told: _Found) -> str:
    """The first payer that stands where another should."""
    for place, one in enumerate(told.billed):
        if place >= len(told.due) or told.due[place] != one:
            return one
    return told.billed[0] if told.billed else ""


def _held(claims: Collection[str]) -> dict[str, _Held]:
    rows = Claim.objects.filter(pk__in=claims).order_by()
    columns = ("pk", "insurer_open_cents", "patient_cents", "file_id", "file__by_id")
    return {str(pk): _Held(*rest) for pk, *rest in rows.values_list(*columns)}


def _paid(claims: Collection[str]) -> dict[str, dict[int, int]]:
    """By claim and rank: payments that were not taken back."""
    paid: dict[str, dict[int, int]] = {}
    for (claim, rank), cents in paid_by_payer(claims).items():
        paid.setdefault(str(claim), {})[rank] = cents
    return paid


class _Origins:
    """Who entered the order a claim is in: whoever determined it, else whoever brought the file that billed it."""

    def __init__(self, claims: Sequence[ClaimRead]) -> None:
        whose = {claim.patient for claim in claims if _is_determined(claim)}
        rows = Determination.objects.current().filter(patient__in=whose).order_by("decided_at")
        self._decided: dict[tuple[str, date], Origin] = {
            (str(patient), day): (Entered.PERSON if how == "person" else Entered.DETERMINED, by)
            for patient, day, how, by in rows.values_list("patient_id", "service_on", "decided_how", "decided_by_id")
        }

    def of(self, claim: ClaimRead, held: _Held) -> Origin:
        if _is_determined(claim):
            return self._decided.get((claim.patient, claim.service_on), (Entered.DETERMINED, None))
        return (Entered.FILE, held.brought_by) if held.file else (Entered.HAND, None)


def _is_determined(claim: ClaimRead) -> bool:
    return any(row[3] == "determined" for row in claim.payers)
