"""Rows by the hundred, at the speed of the database: COPY on PostgreSQL, `executemany` on SQLite.

Django's own bulk methods build one expression per value, which is most of their time. Models go through their fields
here; what is made by the dozen is never a model at all. Every constraint and trigger applies. Nothing here is on the
trail: whoever calls it writes the event.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

from django.db import connection, connections, models

# A text or number in one of these is not yet what is stored.
_NEVER_PLAIN = (models.UUIDField, models.DateField, models.TimeField, models.DurationField)
# What both databases take as it is.
Plain = str | int | Decimal | None


class Json(str):
    """JSON that is text already, for the value of a JSON field."""

    __slots__ = ()


def insert(rows: Sequence[models.Model], *, unless_there: bool = False) -> int:
    """New rows of one model, keys and all; how many were written. `unless_there` leaves out what a unique constraint
    refuses. Signals are not sent, and what a field does before it is saved is left out (`goes_as_it_is`)."""
    if not rows:
        return 0
    meta = rows[0]._meta
    values = _values(rows, meta.concrete_fields)
    done = _insert(meta, meta.concrete_fields, values, unless_there=unless_there)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return done


def insert_values(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[Plain, ...]]) -> int:
    """New rows as values in the order of `names` (columns without quotes), prepared by the functions below; what is
    not named gets its default."""
    if not rows:
        return 0
    meta = model._meta
    by_column = {field.column: field for field in meta.concrete_fields}
    others = [field for field in meta.concrete_fields if field.column not in names]
    rest = tuple(_preparing(field)(field.get_default()) for field in others)
    fields = [*(by_column[name] for name in names), *others]
    return _insert(meta, fields, (row + rest for row in rows) if rest else rows)


def update(rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """The named fields of rows on file."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.get_field(name) for name in names]
    values = _values(rows, [*fields, meta.pk])
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_change_of_many(table, fields, meta.pk), [_told(values)])
        else:
            sets = ", ".join(f"{_quoted(field)} = %s" for field in fields)
            change = f"UPDATE {table} SET {sets} WHERE {_quoted(meta.pk)} = %s"  # noqa: S608  names from models
            cursor.executemany(change, list(values))


def goes_as_it_is(model: type[models.Model]) -> bool:
    """Whether Django itself would write the model's values as they stand: one table, and no field that the database
    fills or that has a hand of its own in what is saved."""
    return not model._meta.parents and all(map(_is_plain, model._meta.concrete_fields))


def _is_plain(field: Any) -> bool:
    if isinstance(field, models.FileField | models.BinaryField | models.AutoField) or field.generated:
        return False
    fills = field.has_db_default() or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return not fills


def _insert(meta: Any, fields: Sequence[Any], rows: Iterable[Sequence[Any]], *, unless_there: bool = False) -> int:
    columns = ", ".join(_quoted(field) for field in fields)
    table = connection.ops.quote_name(meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            skip = " ON CONFLICT DO NOTHING" if unless_there else ""
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places}){skip}", list(rows))  # noqa: S608
        elif unless_there:
            cursor.execute(_insert_of_many(table, columns, fields), [_told(rows)])
        else:
            # What PostgreSQL says inside a COPY comes as Django's errors, like everything else.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for values in rows:
                    copy.write_row(values)
        done: int = cursor.rowcount
    return done


# --- values as both databases take them -----------------------------------------------------------------------------


def day(value: date | None) -> str | None:
    """A date for `insert_values`."""
    return value.isoformat() if value else None


def moment(value: datetime) -> str:
    """A moment in UTC for `insert_values`: both databases are spoken to in UTC, and SQLite keeps no zone."""
    return str(value).removesuffix("+00:00")


@lru_cache(maxsize=1024)
def number(value: Decimal | None) -> Plain:
    """A quantity (twelve digits, three of them behind the point) for `insert_values`."""
    prepared: Plain = None if value is None else connection.ops.adapt_decimalfield_value(value, 12, 3)
    return prepared


def words(values: Sequence[str]) -> str:
    """A list of codes as JSON for `insert_values`."""
    return json.dumps(values) if values else "[]"


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _told(rows: Iterable[Sequence[Any]]) -> str:
    """Many rows as one parameter: thousands of parameters take longer to read than to follow."""
    return json.dumps([{f"v{n}": value for n, value in enumerate(values)} for values in rows], default=str)


def _kinds(fields: Sequence[Any]) -> str:
    # JSON within JSON comes as text; a text too long for its column is refused here as anywhere.
    kinds = ("text" if isinstance(field, models.JSONField) else field.db_type(connection) for field in fields)
    return ", ".join(f"v{n} {kind}" for n, kind in enumerate(kinds))


def _reading(n: int, field: Any) -> str:
    return f"v{n}::jsonb" if isinstance(field, models.JSONField) else f"v{n}"


def _insert_of_many(table: str, columns: str, fields: Sequence[Any]) -> str:
    read = ", ".join(_reading(n, field) for n, field in enumerate(fields))
    return (
        f"INSERT INTO {table} ({columns}) SELECT {read} "  # noqa: S608  names come from models
        f"FROM jsonb_to_recordset(%s::jsonb) AS new ({_kinds(fields)}) ON CONFLICT DO NOTHING"
    )


def _change_of_many(table: str, fields: Sequence[Any], key: Any) -> str:
    sets = ", ".join(f"{_quoted(field)} = {_reading(n, field)}" for n, field in enumerate(fields))
    return (
        f"UPDATE {table} SET {sets} "  # noqa: S608  names come from models
        f"FROM jsonb_to_recordset(%s::jsonb) AS new ({_kinds([*fields, key])}) "
        f"WHERE {table}.{_quoted(key)} = v{len(fields)}"
    )


def _values(rows: Iterable[models.Model], fields: Iterable[Any]) -> Iterator[list[Any]]:
    plan = [(field.attname, _preparing(field)) for field in fields]
    for row in rows:
        yield [prepare(getattr(row, name)) for name, prepare in plan]


def _preparing(field: Any) -> Callable[[Any], Any]:
    """How a field's values are prepared; texts, numbers and keys need nothing of what Django does with them."""
    # The connection itself: going through its proxy for every value costs as much as preparing it.
    direct = connections[connection.alias]
    plain = () if isinstance(getattr(field, "target_field", field), _NEVER_PLAIN) else (str, int, bool)

    def prepare(value: Any) -> Any:
        kind = type(value)
        if value is None or kind in plain:
            return value
        if kind is uuid.UUID:
            return value.hex
        return field.get_db_prep_save(value.value if isinstance(value, Enum) else value, direct)

    def prepare_json(value: Any) -> str | None:
        if value is None or type(value) is Json:
            return value
        return json.dumps(value, cls=field.encoder)

    if isinstance(field, models.DateField):
        # Hundreds of rows share a few days and moments.
        return lru_cache(maxsize=64)(prepare)
    return prepare_json if isinstance(field, models.JSONField) else prepare
