"""Sixteen people press “next” at once: the desk beside bare SQL. Whatever is taken twice is counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction

from bench.queues import by_hand
from cob.accounts.models import User
from cob.audit.acting import acting
from workqueues import actions

Take = Callable[[User, list[str]], object]


@dataclass
class Crowd:
    """Everybody takes until the time is over or nothing is left."""

    take: Take
    slugs: list[str]
    taken: list[object] = field(default_factory=list)

    def run(self, people: list[User], seconds: float) -> float:
        """Items taken in a second."""
        end = time.monotonic() + seconds
        threads = [threading.Thread(target=self._work, args=(person, end)) for person in people]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(self.taken) / (time.perf_counter() - began)

    def _work(self, person: User, end: float) -> None:
        with acting(person):
            while time.monotonic() < end:
                taken = self.take(person, self.slugs)
                if taken is None:
                    break
                self.taken.append(taken)
        connection.close()

    @property
    def twice(self) -> int:
        return len(self.taken) - len(set(self.taken))


def ours(person: User, slugs: list[str]) -> object:
    item = actions.take_next(by=person, queues=tuple(slugs))
    return item and item.pk


def by_sql(person: User, slugs: list[str]) -> object:
    """Lock the first free row that nobody else holds, set it, and write the same line on the trail."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(by_hand.TAKE, [person.pk, slugs])
        row = cursor.fetchone()
        if row is None:
            return None
        after = f'{{"state": "in_progress", "owner": "{person.pk}"}}'
        cursor.execute(by_hand.TRAIL, [person.pk, str(person), str(row[0]), row[1], after])
    return row[0]


def by_one_statement(person: User, slugs: list[str]) -> object:
    """The same without a trail, which the desk could never do: the database's own floor."""
    found = by_hand.rows(by_hand.TAKE, [person.pk, slugs])
    return found[0][0] if found else None
