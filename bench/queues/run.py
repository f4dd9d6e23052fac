"""How fast the queue screens and jobs are beside the bare SQL they could be at best.

    COB_DATA_DIR=/tmp/bench-queues python bench/queues/run.py [ITEMS]

Fills a database of its own (never the desk's: it refuses one with patients) with ITEMS items, a tenth of them open, and
prints each measure beside the same statement sent as text. DATABASE_URL picks the engine.
"""

# ruff: noqa: E402  Django is set up before its models are imported
from __future__ import annotations

import os
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.acting import acting
from workqueues import actions, ladder, queries
from workqueues.models import Escalation, Item
from workqueues.queries import Filters
from workqueues.queues import QUEUES

REPEATS = 15
OPEN_SHARE = 10


def fill(count: int) -> User:
    """Items without patients, so that nothing else of the desk is needed."""
    site = Site.objects.create(name="Bench", code="bench", npi="1234567893")
    people = [User.objects.create(username=f"bench{n}", role="supervisor") for n in range(20)]
    for person in people:
        person.sites.add(site)
    now, chance = timezone.now(), random.Random(1)
    for start in range(0, count, 5000):
        size = min(5000, count - start)
        Item._base_manager.bulk_create([_item(site, people, now, chance) for _ in range(size)], batch_size=500)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE workqueues_item")
    return people[0]


def _item(site: Site, people: list[User], now: object, chance: random.Random) -> Item:
    entered = now - timedelta(days=chance.randint(0, 90), seconds=chance.randint(0, 80000))
    is_open = chance.randrange(OPEN_SHARE) == 0
    owner = chance.choice(people) if is_open and chance.random() < 0.5 else None
    state = ("in_progress" if owner else "new") if is_open else "closed"
    ended = {} if is_open else {"closed_at": now, "closure_code": "done"}
    return Item(
        queue=chance.choice(QUEUES).slug,
        subject_type="bench",
        subject_id=uuid.UUID(int=chance.getrandbits(128)),
        site=site,
        reason="bench",
        owner=owner,
        state=state,
        amount_cents=chance.randint(0, 300_000),
        entered_at=entered,
        touched_at=entered,
        first_touch_due_at=entered + timedelta(days=1),
        due_at=entered + timedelta(days=7),
        priority=chance.randint(1, 4000),
        **ended,
    )


def timed(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median in milliseconds."""
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def as_text(rows: object) -> Callable[[], object]:
    """The same statement without the ORM around it."""
    sql, params = rows.query.sql_with_params()

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return run


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    call_command("migrate", verbosity=0)
    if Item.objects.exists():
        sys.exit("This database holds items already. Name another one with COB_DATA_DIR or DATABASE_URL.")
    with acting("bench"):
        user = fill(count)
        measure(user, count)


def measure(user: User, count: int) -> None:
    queue = QUEUES[1]
    page = queries.sorted_by(queries.in_queue(queue, user, Filters()), "")[:50]
    mine = queries.sorted_by(queries.in_queue(queue, user, Filters(who="mine")), "")[:50]
    whole = queries.in_queue(queue, user, Filters())
    print(f"{connection.vendor}, {count:,} items, {Item.objects.open().count():,} open; median of {REPEATS}, ms")
    for name, rows in (("queue page, 50 rows", page), ("my rows of a queue", mine)):
        bare, ours = timed(as_text(rows.all())), timed(lambda rows=rows: list(rows.all()))
        print(f"{name:28} {ours:8.2f}  bare {bare:8.2f}  {ours / bare:5.1f}x")
    print(f"{'aging buckets of a queue':28} {timed(lambda: queries.aged(queue, whole)):8.2f}")
    print(f"{'counts of all queues':28} {timed(lambda: queries.counts(user)):8.2f}")
    began = time.perf_counter()
    written = ladder.escalate()
    took = time.perf_counter() - began
    print(f"{'escalate, set-based':28} {took * 1000:8.0f}  {written:,} records, {written / took:,.0f} a second")
    print(f"{'escalate again, nothing new':28} {timed(ladder.escalate, 3):8.2f}")
    print(f"{'escalate, row by row':28} {by_row():8.0f} records a second")
    print(f"{'take the next item':28} {timed(lambda: actions.take_next(by=user, queues=(queue.slug,))):8.2f}")


def by_row(rows: int = 1000) -> float:
    """What the same would cost with one save for each item; undone at the end."""
    items = list(Item.objects.open()[:rows])
    began = time.perf_counter()
    with transaction.atomic():
        for item in items:
            Escalation.objects.create(item=item, round=99, level=1, reason="x", to_whom="x", at=timezone.now())
            item.escalation_level = 1
            item.save(update_fields=["escalation_level"])
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return len(items) / took


if __name__ == "__main__":
    main()
