"""Which item is next. The question is put together once for each person, queue and day: pressed by many at once, Django
would take longer to write it than the database to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from cob.accounts.models import User
from workqueues import queries
from workqueues.models import Item

# What taking reads and writes of an item.
MOVED = (
    "state",
    "owner_id",
    "closed_at",
    "site_id",
    "patient_id",
    "touched_at",
    "first_touched_at",
    "taken_at",
    "handed_by_id",
)
_KEPT = 2_000


def most_urgent(user: User, queues: Sequence[str]) -> str | None:
    """The queue whose first free item comes before those of the others. Each is asked by itself, so that its index
    gives the first row at once; of several together every free row would have to be read and sorted."""
    if len(queues) == 1:
        return queues[0]
    firsts = {slug: _first(user, slug, is_held=False) for slug in queues}
    ranks = {slug: (item.priority, item.due_at, item.pk) for slug, item in firsts.items() if item}
    return min(ranks, key=ranks.__getitem__, default=None)


def held_next(user: User, slug: str) -> Item | None:
    """The queue's first free item, nobody else's until the end of the transaction; those others hold are skipped."""
    return _first(user, slug, is_held=True)


def _first(user: User, slug: str, *, is_held: bool) -> Item | None:
    sites = tuple(user.site_ids()) if user.is_active else ()
    sql, values = _question(user, user.role, user.is_active, sites, slug, timezone.localdate(), is_held)
    return next(iter(Item.objects.raw(sql, values)), None)


@lru_cache(maxsize=_KEPT)
def _question(
    user: User, _role: str, _is_active: bool, _sites: tuple[UUID, ...], slug: str, today: date, is_held: bool
) -> tuple[str, tuple[Any, ...]]:
    """The statement and its values. All that they rest on is named, so that nobody sees by rights of yesterday."""
    free: QuerySet[Item] = queries.up_next(user, [slug], today=today)
    if is_held:
        free = free.only(*MOVED).select_for_update(skip_locked=True, of=("self",))
    else:
        free = free.only(*queries.BY_URGENCY)
    return free[:1].query.sql_with_params()
