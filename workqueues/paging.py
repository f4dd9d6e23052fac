"""A list in pages by keyset: a page begins after the last row of the one before it.

So page 400 costs what page 1 does, and nobody skips a row or sees one twice when others close theirs meanwhile. The
address holds what the row at the edge was sorted by, not which row it was: the place is kept when that row has gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Field, OrderBy, Q, QuerySet

from workqueues.models import Item

LONGEST = 200
BETWEEN = "~"
NOTHING = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, how many there are in all and in front of them, and the edges to go on from."""

    rows: list[Item]
    total: int
    ahead: int
    before: str  # the edge of the page in front, empty where there is none
    after: str

    @property
    def first(self) -> int:
        return self.ahead + 1

    @property
    def last(self) -> int:
        return self.ahead + len(self.rows)


def turn(rows: QuerySet[Item], keys: Sequence[str], *, size: int, after: str = "", before: str = "") -> Page:
    """The page after one edge or before another; the first without either, or where the edge is none.

    `keys` are names of fields, `-` before what descends; the last one tells every two rows apart.
    """
    edge = read(before or after, keys)
    is_back = bool(before) and edge is not None
    found = some(rows, keys, edge, size=size, is_back=is_back)
    if edge and is_back and len(found) < size:
        found, edge = some(rows, keys, None, size=size), None
    elif edge and not found:
        # What stood after it has gone: the last page is nearest to where one was.
        found = some(rows, keys, None, size=size, is_back=True)
    in_front = beyond(keys, _values(found[0], keys), is_back=True) if edge and found else NOTHING
    counted = rows.order_by().aggregate(total=Count("pk"), ahead=Count("pk", filter=in_front))
    total, ahead = counted["total"], counted["ahead"]
    return Page(
        rows=found,
        total=total,
        ahead=ahead,
        before=edge_of(found[0], keys) if ahead else "",
        after=edge_of(found[-1], keys) if found and ahead + len(found) < total else "",
    )


def some(
    rows: QuerySet[Item], keys: Sequence[str], edge: Sequence[Any] | None, *, size: int, is_back: bool = False
) -> list[Item]:
    """The rows next to an edge on one side of it, in the list's own order."""
    beside = rows.filter(beyond(keys, edge, is_back=is_back)) if edge else rows
    found = list(beside.order_by(*ordering(keys, is_back=is_back))[:size])
    return found[::-1] if is_back else found


def ordering(keys: Sequence[str], *, is_back: bool = False) -> list[OrderBy]:
    """The same order on both databases, which disagree on where rows without a value go: here they come last."""
    return [_order(key, is_back=is_back) for key in keys]


def _order(key: str, *, is_back: bool) -> OrderBy:
    name, falls = key.lstrip("-"), key.startswith("-") is not is_back
    # Said only where a value can be missing: elsewhere it would keep an index from being read backwards.
    last = {"nulls_first" if is_back else "nulls_last": True} if _field(name).null else {}
    return F(name).desc(**last) if falls else F(name).asc(**last)


def beyond(keys: Sequence[str], edge: Sequence[Any], *, is_back: bool = False) -> Q:
    """The rows past an edge: past it in the first key or, where equal, in the next one."""
    past = NOTHING
    for key, value in zip(reversed(keys), reversed(edge), strict=True):
        past = _past(key, value, is_back=is_back) | (_equal(key, value) & past)
    first = _field(keys[0].lstrip("-"))
    # The first key's bound is said once more by itself, so that an index on it starts at the edge.
    return past if first.null else past & (_past(keys[0], edge[0], is_back=is_back) | _equal(keys[0], edge[0]))


def _equal(key: str, value: Any) -> Q:
    return Q(**{key.lstrip("-"): value})


def _past(key: str, value: Any, *, is_back: bool) -> Q:
    name, falls = key.lstrip("-"), key.startswith("-") is not is_back
    if value is None:
        return Q(**{f"{name}__isnull": False}) if is_back else NOTHING
    found = Q(**{f"{name}__{'lt' if falls else 'gt'}": value})
    return found | Q(**{f"{name}__isnull": True}) if _field(name).null and not is_back else found


def edge_of(item: Item, keys: Sequence[str]) -> str:
    """A row's place as an address can hold it: numbers and days, and no patient."""
    return BETWEEN.join(_field(key.lstrip("-")).value_to_string(item) for key in keys)


def read(text: str, keys: Sequence[str]) -> list[Any] | None:
    """The values of an edge; None for what is none or belongs to another order."""
    parts = text[:LONGEST].split(BETWEEN)
    if len(parts) != len(keys):
        return None
    try:
        return [_value(_field(key.lstrip("-")), part) for key, part in zip(keys, parts, strict=True)]
    except ValidationError:
        return None


def _value(field: Field[Any, Any], text: str) -> Any:
    if text == "" and field.null:
        return None
    value = field.to_python(text)
    is_day_without_end = isinstance(value, date) and value.year in (MINYEAR, MAXYEAR)
    if value is None or is_day_without_end or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValidationError("An edge names whole values.")
    return value


def _values(item: Item, keys: Sequence[str]) -> list[Any]:
    return [getattr(item, key.lstrip("-")) for key in keys]


def _field(name: str) -> Field[Any, Any]:
    return cast("Field[Any, Any]", Item._meta.get_field(name))
