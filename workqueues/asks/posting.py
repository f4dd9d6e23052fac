"""What came and could not be taken in as it should: a file held back, an answer without its claim, an odd answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, UUIDField

from claims.models import Adjudication, EdiFile
from claims.models.edi_file import Outcome
from workqueues.asks import deposits
from workqueues.asks.asking import Ask, Found, Scope

# A predetermination (CLP02 25) that brought no money: its services have no claim yet, so there is none to be found.
_ONLY_PRICES = Q(status="25", paid_cents=0)
_TAKEN_BACK = Adjudication.objects.filter(reverses=OuterRef("pk")).order_by()
FILE, ANSWER = "claims.edifile", "claims.adjudication"
# Nobody knows what is in a file while it is held back; what may follow from that.
HELD = {
    "835": "A remittance is held back",
    "837P": "A file of claims is held back, and none of them is on file",
    "271": "Answers about coverage are held back",
    **dict.fromkeys(("TA1", "999", "277CA"), "A file of acknowledgements is held back, and may reject claims"),
}


def _files(scope: Scope) -> QuerySet[EdiFile]:
    rows = EdiFile.objects.filter(kind__in=HELD).order_by()
    return rows if scope.is_everything else rows.filter(pk__in=scope.files or ())


def _answers(scope: Scope) -> QuerySet[Adjudication]:
    rows = Adjudication.objects.order_by()
    if scope.is_everything:
        return rows
    patients, files = scope.patients or (), scope.files or ()
    return rows.filter(Q(claim__patient__in=patients) | Q(remittance__file__in=files))


def found(scope: Scope, today: date) -> Iterator[Found]:
    yield from _held(scope)
    yield from deposits.found(scope, today)
    # What was odd about an answer that the payer has taken back is nobody's to settle any more.
    odd = (Q(claim=None) & ~_ONLY_PRICES) | (~Q(exceptions=[]) & ~Exists(_TAKEN_BACK))
    rows = _answers(scope).filter(odd, remittance__withdrawn_at=None)
    for row in (
        rows.select_related("claim", "remittance__payer").defer("content", "claim__content").iterator(chunk_size=2000)
    ):
        yield _odd(row)


def _held(scope: Scope) -> Iterator[Found]:
    first = EdiFile.sites.through.objects.filter(edifile=OuterRef("pk")).values("site")[:1]
    rows = (
        _files(scope)
        .filter(outcome=Outcome.QUARANTINED)
        .annotate(n=Count("sites"), site=Subquery(first, output_field=UUIDField()))
    )
    for file in rows.iterator(chunk_size=2000):
        yield Found(
            subject_type=FILE,
            subject_id=file.pk,
            # A file for several sites, or for none that could be read, belongs to none of them alone.
            site_id=file.site if file.n == 1 else None,
            reason=f"{HELD[file.kind]}: {file.reason}"[:300],
            codes=("held_back",),
            amount_cents=_paid(file),
        )


def _paid(file: EdiFile) -> int:
    transactions = (file.result or {}).get("transactions") or []
    return sum(abs(int(each.get("paid_cents") or 0)) for each in transactions)


def _odd(row: Adjudication) -> Found:
    payer = row.remittance.payer
    if row.claim is None:
        reason, codes = f"{payer} answered a claim that is not on file.", ("unmatched",)
    else:
        reason, codes = f"{payer}: {_first(row.exceptions)}"[:300], ("exception",)
    return Found(
        subject_type=ANSWER,
        subject_id=row.pk,
        patient_id=row.claim.patient_id if row.claim else None,
        claim_id=row.claim_id,
        payer_id=payer.pk,
        site_id=row.claim.site_id if row.claim else row.remittance.site_id,
        reason=reason,
        codes=codes,
        amount_cents=abs(row.paid_cents) or row.charge_cents,
        since=row.answered_on,
    )


def _first(exceptions: list[object]) -> str:
    """An exception is a sentence, or an object with its sentence under `why`."""
    first = exceptions[0]
    said = str(first.get("why", "")) if isinstance(first, dict) else str(first)
    return said if len(exceptions) == 1 else f"{said} (and {len(exceptions) - 1} more)"


def of_nobody(scope: Scope) -> tuple[QuerySet[Any], ...]:
    if scope.is_everything:
        return ()
    asked = (_files(scope), _answers(scope), deposits.deposits(scope), deposits.remittances(scope))
    return tuple(rows.values("pk") for rows in asked)


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    files = EdiFile.objects.filter(pk__in=ids).values_list("pk", "kind")
    answers = Adjudication.objects.filter(pk__in=ids).values_list("pk", Exists(_TAKEN_BACK))
    ends = {True: "The payer took this answer back.", False: "Its claim was found."}
    taken = {pk: "The file was posted." if kind == "835" else "The file was read." for pk, kind in files}
    posted = {pk: ends[is_taken_back] for pk, is_taken_back in answers}
    return taken | posted | deposits.gone(ids)


ASK = Ask(found=found, gone=gone, of_nobody=of_nobody)
