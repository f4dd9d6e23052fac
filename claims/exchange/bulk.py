"""Many rows of one kind at once (`cob.rows`), with one event on the trail for all that a chunk wrote."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import models

from cob import rows as many
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
        if rows:
            many.insert(rows)
            self.created[rows[0]._meta.label_lower] += len(rows)

    def write(self, model: type[models.Model], names: Sequence[str], rows: Sequence[tuple[many.Plain, ...]]) -> None:
        """New rows as values in the order of `names`; see `cob.rows.insert_values`."""
        if rows:
            many.insert_values(model, names, rows)
            self.created[model._meta.label_lower] += len(rows)

    def update(self, rows: Sequence[models.Model], names: Sequence[str]) -> None:
        """The named fields of rows on file."""
        if rows:
            many.update(rows, names)
            self.changed[rows[0]._meta.label_lower] += len(rows)

    def tell(
        self, subject: models.Model | str, patients: Iterable[uuid.UUID], site_id: uuid.UUID | None = None
    ) -> None:
        """One event for the chunk: what was written, for which patients, on whose behalf."""
        if self.created or self.changed:
            after = {"created": dict(self.created), "changed": dict(self.changed)}
            record(current().verb or "imported", subject, patients=patients, site_id=site_id, after=after)
