"""What came back after somebody had put it right: the same codes at the same payer or patient, since the last fix."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cob.accounts.models import User
from workqueues.models import Item

LOOK_BACK_DAYS = 90
MOST = 50
FIXED = ("done", "sent", "appealed")
COLUMNS = ("pk", "queue", "payer", "payer__name", "patient", "reason_codes", "entered_at", "closed_at", "closure_code",
           "root_cause", "amount_cents", "closed_by")  # fmt: skip


@dataclass
class Repeat:
    """One cause that was fixed and came again."""

    queue: str
    codes: tuple[str, ...]
    payer: str
    fixed_at: datetime
    root_cause: str
    is_same_patient: bool
    again: list[UUID] = field(default_factory=list)
    amount_cents: int = 0


def found(user: User, *, now: datetime | None = None) -> list[Repeat]:
    """Causes with a person's closing and a newer item of the same queue, codes, and payer or patient; most first."""
    now = now or timezone.now()
    since = now - timedelta(days=LOOK_BACK_DAYS)
    fixed = Q(closed_at__gte=since, closed_by__isnull=False, closure_code__in=FIXED)
    rows = Item.objects.visible_to(user).filter(Q(closed_at=None) | fixed).exclude(queue="timely-filing").order_by()
    told = list(rows.values(*COLUMNS))
    repeats = _of(told, "payer", is_same_patient=False) + _of(told, "patient", is_same_patient=True)
    return sorted(repeats, key=lambda one: (-len(one.again), -one.amount_cents))[:MOST]


def _of(told: list[dict[str, Any]], by: str, *, is_same_patient: bool) -> list[Repeat]:
    groups: defaultdict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in told:
        if row[by]:
            groups[row["queue"], row[by], tuple(sorted(row["reason_codes"]))].append(row)
    return [one for key, rows in groups.items() if (one := _repeat(key, rows, is_same_patient=is_same_patient))]


def _repeat(key: tuple[Any, ...], rows: list[dict[str, Any]], *, is_same_patient: bool) -> Repeat | None:
    fixes = [row for row in rows if row["closed_by"] and row["closure_code"] in FIXED]
    if not fixes:
        return None
    fix = min(fixes, key=lambda row: row["closed_at"])
    again = [row for row in rows if row["pk"] != fix["pk"] and row["entered_at"] > fix["closed_at"]]
    if not again:
        return None
    return Repeat(
        queue=key[0],
        codes=key[2],
        payer=fix["payer__name"] or "",
        fixed_at=fix["closed_at"],
        root_cause=fix["root_cause"],
        is_same_patient=is_same_patient,
        again=[row["pk"] for row in again],
        amount_cents=sum(row["amount_cents"] for row in again),
    )
