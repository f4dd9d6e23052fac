"""Many rows of one kind at once, at the speed of the database, with one event on the trail for all of them.

Django's own bulk methods build one expression per value; for a file of ten thousand claims that is most of the time.
Values still go through their fields, and every constraint and trigger applies.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, connections, models

from cob.audit.acting import current
from cob.audit.models import record


class Bulk:
    """The writes of one chunk. `tell` ends it: without an author nothing is written, without `tell` no trail."""

    def __init__(self) -> None:
        current()
        self.created: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()

    def insert(self, rows: Sequence[models.Model]) -> None:
        """New rows of one model, keys and all."""
        if not rows:
            return
        meta = rows[0]._meta
        fields = list(meta.concrete_fields)
        columns = ", ".join(_quoted(field) for field in fields)
        table = connection.ops.quote_name(meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for values in _values(rows, fields):
                        copy.write_row(values)
            else:
                places = ", ".join(["%s"] * len(fields))
                insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608  names come from models
                cursor.executemany(insert, list(_values(rows, fields)))
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias
        self.created[meta.label_lower] += len(rows)

    def update(self, rows: Sequence[models.Model], names: Sequence[str]) -> None:
        """The named fields of rows on file."""
        if not rows:
            return
        meta = rows[0]._meta
        fields = [meta.get_field(name) for name in names]
        sets = ", ".join(f"{_quoted(field)} = %s" for field in fields)
        table = connection.ops.quote_name(meta.db_table)
        with connection.cursor() as cursor:
            change = f"UPDATE {table} SET {sets} WHERE {_quoted(meta.pk)} = %s"  # noqa: S608  names come from models
            cursor.executemany(change, list(_values(rows, [*fields, meta.pk])))
        self.changed[meta.label_lower] += len(rows)

    def tell(
        self, subject: models.Model | str, patients: Iterable[uuid.UUID], site_id: uuid.UUID | None = None
    ) -> None:
        """One event for the chunk: what was written, for which patients, on whose behalf."""
        if self.created or self.changed:
            after = {"created": dict(self.created), "changed": dict(self.changed)}
            record(current().verb or "imported", subject, patients=patients, site_id=site_id, after=after)


def _quoted(field: Any) -> str:
    return connection.ops.quote_name(field.column)


def _values(rows: Iterable[models.Model], fields: Sequence[Any]) -> Iterator[list[Any]]:
    # The connection itself: going through its proxy for every value costs as much as preparing it.
    direct = connections[connection.alias]
    plan = [(field.attname, field.get_db_prep_save) for field in fields]
    for row in rows:
        yield [prepare(getattr(row, name), direct) for name, prepare in plan]
