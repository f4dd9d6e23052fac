"""A rejection that answers no sending on file: somebody believes a claim was sent which nobody has.

One item for a file, not for each rejection: they have one cause (another system's claims, a translator's numbers), are
settled one after the other or all at once, and two hundred of them would bury the claims that can be worked.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum, UUIDField
from django.db.models.functions import Coalesce

from claims.models import Acknowledgement, AckReply, EdiFile
from claims.models.ack_reply import Replied
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "claims.edifile"
KINDS = ("TA1", "999", "277CA")
NEXT = "Find the sending that was rejected and place it there; where it is none of ours, say so with the reason."


def _files(scope: Scope) -> QuerySet[EdiFile]:
    rows: QuerySet[EdiFile] = EdiFile.objects.filter(kind__in=KINDS).order_by()
    return rows if scope.is_everything else rows.filter(pk__in=scope.files or ())


def _waiting(scope: Scope) -> QuerySet[Any]:
    """Files with what waits in them: how many, since when, for how much, and the words of the first."""
    waits = Acknowledgement.objects.unplaced().filter(file=OuterRef("pk")).order_by()
    each, first = waits.values("file"), waits.order_by("position", "part")
    of_claims = Coalesce(Sum("charge_cents", filter=Q(level="claim")), 0)
    site = EdiFile.sites.through.objects.filter(edifile=OuterRef("pk")).values("site")[:1]
    files: QuerySet[Any] = _files(scope).filter(Exists(waits)).only("pk")
    rows: QuerySet[Any] = files.annotate(
        waiting=Subquery(each.annotate(n=Count("pk")).values("n")),
        since=Subquery(each.annotate(day=Min("on")).values("day")),
        charged=Subquery(each.annotate(cents=of_claims).values("cents")),
        words=Subquery(first.values("in_words")[:1]),
        why=Subquery(first.values("unmatched_because")[:1]),
        at_sites=Count("sites"),
        site=Subquery(site, output_field=UUIDField()),
    )
    return rows


def found(scope: Scope, _today: date) -> Iterator[Found]:
    if not scope.is_everything and not scope.files:
        return
    for file in _waiting(scope).iterator(chunk_size=2000):
        yield Found(
            subject_type=SUBJECT,
            subject_id=file.pk,
            # A file for several sites, or for none that could be read, belongs to none of them alone.
            site_id=file.site if file.at_sites == 1 else None,
            reason=_reason(file)[:300],
            codes=("unplaced",),
            next_action=NEXT,
            amount_cents=file.charged,
            since=file.since,
        )


def _reason(file: Any) -> str:
    if file.waiting == 1:
        return f"{file.why} {file.words}"
    return f"{file.waiting} rejections of one file answer no sending on file. The first: {file.words}"


def of_nobody(scope: Scope) -> tuple[QuerySet[Any], ...]:
    return () if scope.is_everything else (_files(scope).values("pk"),)


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    replies = AckReply.objects.filter(acknowledgement__file__in=ids, acknowledgement__said="rejected")
    told: defaultdict[uuid.UUID, list[tuple[str, int]]] = defaultdict(list)
    rows = replies.values("acknowledgement__file", "reply", "reason").annotate(n=Count("pk"))
    for row in rows.order_by("reply", "reason"):
        words = Replied(row["reply"]).label + (f": {row['reason']}" if row["reason"] else "")
        told[row["acknowledgement__file"]].append((words, row["n"]))
    return {file: _sentence(parts) for file, parts in told.items()}


def _sentence(parts: list[tuple[str, int]]) -> str:
    """“Not ours: sent by the old system.” or “2 × Placed with the claim; 1 × Dealt with: sent again.”"""
    if len(parts) == 1 and parts[0][1] == 1:
        return f"{parts[0][0].rstrip('.')}."
    return "; ".join(f"{n} × {words.rstrip('.')}" for words, n in parts) + "."


ASK = Ask(found=found, gone=gone, of_nobody=of_nobody)
