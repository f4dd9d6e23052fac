"""How fast the queue screens and jobs are beside hand-written SQL on the same tables in the same run.

    DATABASE_URL=postgresql://… python bench/queues/run.py [OPEN] [CLOSED FOR EACH OPEN]

Fills a database of its own (it refuses one that holds items): first the open items alone, then the closed ones, so that
what grows with them is seen. The database of DATABASE_URL, or SQLite in COB_DATA_DIR.
"""

# ruff: noqa: E402  Django is set up before its models are imported
from __future__ import annotations

import os
import statistics
import sys
import time
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

from bench.queues import by_hand, taking
from bench.queues.filling import SLUGS, close_copies, fill, practice, settle
from cob.accounts.models import User
from cob.audit.acting import acting
from workqueues import clocks, ladder, paging, queries
from workqueues.models import Escalation, Item
from workqueues.queries import BY_URGENCY, Filters
from workqueues.queues import QUEUES

REPEATS = 25
PAGE = 50
QUEUE = QUEUES[1]
BUSY = 16


def timed(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median in milliseconds."""
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def both(ours: Callable[[], object], floor: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Medians of two, taken by turns, so that a busy machine is as busy for the one as for the other."""
    took = [(timed(ours, 1), timed(floor, 1)) for _ in range(repeats)]
    return statistics.median(each for each, _ in took), statistics.median(each for _, each in took)


def beside(name: str, ours: float, floor: float, unit: str = "ms", *, more_is_better: bool = False) -> None:
    ratio = ours / floor if floor else 0.0
    goal = f"{ratio:6.2f} of by hand" if more_is_better else f"{ratio:6.1f} times by hand"
    print(f"{name:44} {ours:10,.2f} {unit:6} by hand {floor:10,.2f}  {goal}", flush=True)


def main() -> None:
    told = [int(text) for text in sys.argv[1:]]
    count, share = (told + [50_000, 9][len(told) :])[:2]
    call_command("migrate", verbosity=0)
    if Item.objects.exists():
        sys.exit("This database holds items already. Name another one with COB_DATA_DIR or DATABASE_URL.")
    with acting("bench"):
        site, people = practice(20)
        fill(site, count, people=people)
        print(f"{connection.vendor}, {count:,} open items, none closed; median of {REPEATS}", flush=True)
        before = reads(people[0])
        close_copies(share)
        print(f"\n{count:,} open items, {count * share:,} closed", flush=True)
        after = reads(people[0])
        for name, took in after.items():
            print(f"{name:44} {took / before[name]:6.2f} times what it took without closed items")
        escalation()
        if connection.vendor == "postgresql":
            take_next(people[:BUSY])
        else:
            print(f"{'take the next item':44} {timed(lambda: taking.ours(people[0], [QUEUE.slug])):10,.2f} ms")
            print(f"{'take the next item of all queues':44} {timed(lambda: taking.ours(people[0], SLUGS)):10,.2f} ms")


# --- reading ----------------------------------------------------------------------------------------------------------


def reads(user: User) -> dict[str, float]:
    """Pages, counts and buckets; what each took here."""
    took = {"queue page of mine": _page(user, Filters(who="mine")), "queue page": _page(user, Filters())}
    took |= _deep(user)
    took["page with its count"] = timed(
        lambda: paging.turn(_list(user, Filters()), BY_URGENCY, size=PAGE, after=_edge(user))
    )
    print(f"{'page N with “51–100 of 25,000”':44} {took['page with its count']:10,.2f} ms")
    ours, floor = both(lambda: queries.counts(user), lambda: by_hand.counts(user.pk.hex, timezone.now()), 9)
    beside("counts of all queues", ours, floor)
    took["counts of all queues"] = ours
    took["buckets of all queues"] = _buckets(user)
    return took


def _list(user: User, filters: Filters) -> object:
    return queries.listed(queries.in_queue(QUEUE, user, filters))


def _page(user: User, filters: Filters) -> float:
    """Fifty rows as the list shows them: of the whole desk's code, the rows; nothing of the page around them."""
    owner = user.pk.hex if filters.who == "mine" else None
    ours, floor = both(
        lambda: paging.some(_list(user, filters), BY_URGENCY, None, size=PAGE),
        lambda: by_hand.page(QUEUE.slug, owner=owner),
    )
    beside(f"queue page{' of mine' if owner else ''}, 50 rows", ours, floor)
    return ours


def _deep(user: User) -> dict[str, float]:
    """A page near the end beside page 1, found from its edge."""
    edge = paging.read(_edge(user), BY_URGENCY)

    def page(place: list[object] | None) -> Callable[[], object]:
        return lambda: paging.some(_list(user, Filters()), BY_URGENCY, place, size=PAGE)

    deep, first = both(page(edge), page(None))
    print(f"{'page N beside page 1':44} {deep / first:10,.2f} times")
    last = edge[0], edge[1], edge[2].hex
    beside("page N by keyset", *both(page(edge), lambda: by_hand.page(QUEUE.slug, after=last)))
    return {"page N by keyset": deep}


def _edge(user: User) -> str:
    """The last row of the page before the last."""
    rows = queries.in_queue(QUEUE, user, Filters()).order_by(*paging.ordering(BY_URGENCY))
    return paging.edge_of(rows[max(rows.count() - PAGE - 1, 0)], BY_URGENCY)


def _buckets(user: User) -> float:
    """Every queue's aging bar; both countings must agree."""

    def desk() -> dict[tuple[str, int], tuple[int, int]]:
        return {
            (queue.slug, at): (count, cents)
            for queue in QUEUES
            for at, (_, count, cents) in enumerate(queries.aged(queue, queries.in_queue(queue, user, Filters())))
        }

    spans = {queue.slug: queries.buckets_of(queue) for queue in QUEUES}
    edges = {
        slug: [(clocks.end_of(bucket.after) if bucket.after else None, bucket) for bucket in found]
        for slug, found in spans.items()
    }
    told = by_hand.buckets(edges)
    assert {key: value for key, value in desk().items() if value[0]} == told
    ours, floor = both(desk, lambda: by_hand.buckets(edges), 5)
    beside("buckets of all queues", ours, floor)
    return ours


# --- writing ----------------------------------------------------------------------------------------------------------


def escalation() -> None:
    """Everything at once after an outage, the day after, and again with nothing new."""
    floor, written = _by_hand()
    print(f"{'escalate everything, by hand':44} {written:,} records, {floor:,.0f} a second", flush=True)
    settle()
    began = time.perf_counter()
    written = ladder.escalate()
    rate = written / (time.perf_counter() - began)
    beside(f"escalate everything: {written:,} records", rate, floor, "a sec", more_is_better=True)
    settle()
    for name, days in (("the day after", 1), ("again, nothing new", 1)):
        began = time.perf_counter()
        written = ladder.escalate(now=timezone.now() + timedelta(days=days))
        took = time.perf_counter() - began
        print(f"{'escalate ' + name:44} {took * 1000:10,.0f} ms, {written:,} records", flush=True)
    print(f"{'escalate row by row':44} {by_row():10,.0f} records a second")
    settle()


def _by_hand() -> tuple[float, int]:
    """Undone at the end."""
    now, today = timezone.now(), timezone.localdate()
    began = time.perf_counter()
    with transaction.atomic():
        written = by_hand.escalate(now, now, now - timedelta(days=7), today + timedelta(days=5))
        connection.check_constraints()  # what a commit asks of every new row
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return written / took, written


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


def take_next(people: list[User], seconds: float = 3, rounds: int = 3) -> None:
    """Each way has a queue of its own, so that each finds it full, and its turns; the last takes from four queues at
    once, as from “My work”."""
    slugs = iter([queue.slug for queue in QUEUES if not queue.is_overlay])
    ways: dict[str, tuple[taking.Take, list[str]]] = {
        "one statement, no trail": (taking.by_one_statement, [next(slugs)]),
        "by hand": (taking.by_sql, [next(slugs)]),
        "ours": (taking.ours, [next(slugs)]),
        "ours, of 4 queues": (taking.ours, [next(slugs) for _ in range(4)]),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    twice = 0
    for _ in range(rounds):
        for name, (take, queues) in ways.items():
            crowd = taking.Crowd(take, queues)
            rates[name].append(crowd.run(people, seconds))
            twice += crowd.twice
    for name, rate in rates.items():
        told = ", ".join(f"{each:,.0f}" for each in rate)
        print(f"{f'take next, {len(people)} people, {name}':44} {told} a second")
    median = {name: statistics.median(rate) for name, rate in rates.items()}
    beside(f"take next; {twice} taken twice", median["ours"], median["by hand"], "a sec", more_is_better=True)


if __name__ == "__main__":
    main()
