"""What others' limits threaten: an overlay on the items of other queues, and refusals because it was filed too late.

It is asked last, because it looks at what the other queues found: an open item with a limit has no accepted submission.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from denials.models import Denial
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope, joined
from workqueues.models import Item

SLUG = "timely-filing"
NEAR_DAYS = 45
# Limits of these are days to give money back or to answer a demand, not days to file.
NOT_FILING = ("recoupment", "credit-balances")
COPIED = ("subject_type", "subject_id", "site_id", "patient_id", "claim_id", "payer_id", "amount_cents", "limit_on")


def _items(scope: Scope) -> QuerySet[Item]:
    rows = Item.objects.open().exclude(queue__in=(SLUG, *NOT_FILING)).order_by()
    return scope.of(rows, "patient")


def found(scope: Scope, today: date) -> Iterator[Found]:
    # The nearest limit of a subject comes last: of several it is the one that is kept.
    near = _items(scope).filter(limit_on__lte=today + timedelta(days=NEAR_DAYS), patient__isnull=False)
    for item in near.order_by("-limit_on", "pk").iterator(chunk_size=2000):
        limit: date = item.limit_on  # type: ignore[assignment]  # filtered above
        came = limit - timedelta(days=NEAR_DAYS)
        yield Found(
            **{name: getattr(item, name) for name in COPIED},
            reason=f"Limit {limit:%m/%d/%Y} and nothing accepted. {item.reason}"[:300],
            codes=("limit_near",),
            since=max(came, timezone.localdate(item.entered_at)),
        )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    ended = Denial.objects.filter(pk__in=ids).exclude(resolution="").values_list("pk", "resolution")
    return dict.fromkeys(ids, "It was put right, or the limit is further away now.") | dict(ended)


ASK = joined(Ask(found=found, gone=gone), denials.of(SLUG))
