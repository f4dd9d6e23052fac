"""Sixteen people press “next” at once: the desk beside bare SQL. Whatever is taken twice is counted."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection, transaction

from bench.queues import by_hand
from cob.accounts.models import User
from cob.audit.acting import acting
from workqueues import actions

Take = Callable[[User, list[str]], object]
THREADS = 4  # of each process, as cob/gunicorn.py has them
STARTING = 1.0  # seconds until everybody has a connection


@dataclass
class Crowd:
    """Everybody takes until the time is over or nothing is left: four threads in each process, as the server has it."""

    take: Take
    slugs: list[str]
    taken: list[object] = field(default_factory=list)

    def run(self, people: list[User], seconds: float) -> float:
        """Items taken in a second."""
        connection.close()  # what is forked must not share it
        begin = time.monotonic() + STARTING
        processes = [self._forked(people[n : n + THREADS], begin, seconds) for n in range(0, len(people), THREADS)]
        for process, told in processes:
            with os.fdopen(told) as lines:
                self.taken.extend(lines.read().split())
            if os.waitpid(process, 0)[1]:
                raise RuntimeError("Somebody's process ended in an error; see above.")
        return len(self.taken) / seconds

    def _forked(self, people: list[User], begin: float, seconds: float) -> tuple[int, int]:
        """A process and where it tells what its people took."""
        here, there = os.pipe()
        process = os.fork()
        if process:
            os.close(there)
            return process, here
        try:
            with os.fdopen(there, "w") as told, ThreadPoolExecutor(len(people)) as threads:
                for took in threads.map(lambda person: self._work(person, begin, begin + seconds), people):
                    told.write("".join(f"{key} " for key in took))
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    def _work(self, person: User, begin: float, end: float) -> list[object]:
        taken: list[object] = []
        connection.ensure_connection()
        time.sleep(max(begin - time.monotonic(), 0))
        with acting(person):
            while time.monotonic() < end:
                key = self.take(person, self.slugs)
                if key is None:
                    break
                taken.append(key)
        connection.close()
        return taken

    @property
    def twice(self) -> int:
        return len(self.taken) - len(set(self.taken))


def ours(person: User, slugs: list[str]) -> object:
    item = actions.take_next(by=person, queues=tuple(slugs))
    return item and item.pk


def by_sql(person: User, slugs: list[str]) -> object:
    """Lock the first free row of the one queue that nobody else holds, set it, and write the same line on the trail."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(by_hand.TAKE, [person.pk, slugs[0]])
        row = cursor.fetchone()
        if row is None:
            return None
        after = f'{{"state": "in_progress", "owner": "{person.pk}"}}'
        cursor.execute(by_hand.TRAIL, [person.pk, str(person), str(row[0]), row[1], after])
    return row[0]


def by_one_statement(person: User, slugs: list[str]) -> object:
    """The same without a trail, which the desk could never do: the database's own floor."""
    found = by_hand.rows(by_hand.TAKE, [person.pk, slugs[0]])
    return found[0][0] if found else None
