"""Items for the benchmarks, without patients, so that nothing else of the desk is needed; their past as copies."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from cob import rows
from cob.accounts.models import Site, User
from workqueues.models import Item
from workqueues.queues import QUEUES

DAYS = 90
AT_ONCE = 50_000
NAMES = ("id", "queue", "subject_type", "subject_id", "site_id", "reason", "owner_id", "state", "amount_cents",
         "limit_on", "entered_at", "touched_at", "first_touch_due_at", "due_at", "priority")  # fmt: skip
SLUGS = [queue.slug for queue in QUEUES]


def practice(people: int) -> tuple[Site, list[User]]:
    """One site and who works there."""
    site = Site.objects.create(name="Bench", code="bench", npi="1234567893")
    workers = [User.objects.create(username=f"bench{n}", role="supervisor") for n in range(people)]
    for person in workers:
        person.sites.add(site)
    return site, workers


def fill(site: Site, count: int, *, people: list[User], queue: str = "") -> None:
    """Open items of all queues, half of them somebody's; of one queue and nobody's where it is named."""
    made = _items(site, [person.pk.hex for person in people], queue, count)
    for _ in range(0, count, AT_ONCE):
        with transaction.atomic():
            rows.insert_values(Item, NAMES, [item for item, _ in zip(made, range(AT_ONCE), strict=False)])
    settle()


def close_copies(times: int) -> None:
    """As many closed items for each open one, so that the tables are as large as after years of work."""
    new_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    other = {"id": new_id, "subject_id": new_id, "owner_id": "NULL", "state": "'closed'", "closed_at": "entered_at",
             "closure_code": "'done'"}  # fmt: skip
    columns = [field.column for field in Item._meta.concrete_fields]
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    values = ", ".join(other.get(column, connection.ops.quote_name(column)) for column in columns)
    for _ in range(times):
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO workqueues_item ({quoted}) SELECT {values} FROM workqueues_item WHERE closed_at IS NULL"
            )
    settle()


def _items(site: Site, owners: list[str], queue: str, count: int) -> Iterator[tuple[rows.Plain, ...]]:
    chance, now, today = random.Random(1), timezone.now().replace(microsecond=0), timezone.localdate()
    moments = [rows.moment(now - timedelta(days=day, hours=hour)) for day in range(DAYS + 1) for hour in range(24)]
    ends = [rows.moment(now + timedelta(days=7 - n // 24)) for n in range(len(moments))]
    limits = [rows.day(today + timedelta(days=n)) for n in range(3, 180)]
    for _ in range(count):
        at = chance.randrange(len(moments))
        owner = chance.choice(owners) if owners and not queue and chance.random() < 0.5 else None
        yield (
            uuid.UUID(int=chance.getrandbits(128)).hex,
            queue or chance.choice(SLUGS),
            "bench",
            uuid.UUID(int=chance.getrandbits(128)).hex,
            site.pk.hex,
            "bench",
            owner,
            "in_progress" if owner else "new",
            chance.randint(0, 300_000),
            chance.choice(limits) if chance.random() < 0.3 else None,
            moments[at],
            moments[at],
            ends[at],
            ends[at],
            chance.randint(1, 400) * 10,  # as few ranks as scores have: rows that are equal in it are common
        )


def settle() -> None:
    """What the database does by itself some time after so many changes, now: before a measure, not within it."""
    with connection.cursor() as cursor:
        tables = "workqueues_item, workqueues_escalation" if connection.vendor == "postgresql" else ""
        cursor.execute(f"VACUUM ANALYZE {tables}" if tables else "ANALYZE")
