"""A crowd at one queue: everybody takes, writes, sets aside, puts back and closes at once.

    DATABASE_URL=postgresql://… python bench/queues/crowd.py [PEOPLE] [SECONDS]

What must hold at the end is asked of the trail, not of what the threads believe: between one person taking an item and
that person letting it go nobody else acts on it, every note written is there, and no closing is counted twice.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

QUEUE = "cob-denials"
LETS_GO = ("put item back", "closed item")


@dataclass
class Report:
    """What the crowd did, and every way in which it broke a rule."""

    did: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)


def run(people: list[Any], seconds: float, seed: int = 1) -> Report:
    """One thread for each person until the time is over or nothing is left; then the check."""
    from django.db import connection

    report, lock = Report(), threading.Lock()
    end = time.monotonic() + seconds

    def work(person: object, chance: random.Random) -> None:
        mine: Counter[str] = Counter()
        try:
            while time.monotonic() < end:
                mine[_one_step(person, chance)] += 1
        except Exception as broken:
            with lock:
                report.breaches.append(f"{person}: {type(broken).__name__}: {broken}")
        finally:
            with lock:
                report.did.update(mine)
            connection.close()

    threads = [threading.Thread(target=work, args=(person, random.Random(seed + n))) for n, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.breaches += check(report)
    return report


def _one_step(person: object, chance: random.Random) -> str:
    """Take the next one, or what somebody else may have; do something with it."""
    from cob.audit.acting import acting
    from workqueues import actions
    from workqueues.models import Item

    with acting(person):
        if chance.random() < 0.2:
            # As from a list that is a moment old: somebody may be quicker.
            seen = list(Item.objects.open().filter(queue=QUEUE)[:20])
            try:
                item = actions.take(item=chance.choice(seen), by=person) if seen else None
            except actions.Refused:
                return "too late"
        else:
            item = actions.take_next(by=person, queues=(QUEUE,))
        if item is None:
            return "nothing left"
        actions.add_note(item=item, text=f"Note of {person}", by=person)
        return _end(item, person, chance.random())


def _end(item: object, person: object, chance: float) -> str:
    from django.utils import timezone

    from workqueues import actions

    if chance < 0.4:
        actions.put_back(item=item, reason="Not mine.", by=person)
        return "put back"
    if chance < 0.7:
        until = timezone.localdate() + timedelta(days=7)
        actions.set_aside(item=item, waiting_for="Acme", until=until, by=person)
        actions.resume(item=item, by=person)
        actions.put_back(item=item, reason="Answered.", by=person)
        return "set aside"
    actions.add_evidence(item=item, kind="accepted_claim", reference="277CA", by=person)
    actions.close(item=item, code="done", root_cause="normal_work", because="Done", by=person)
    return "closed"


def check(report: Report) -> list[str]:
    """What the trail says against the rules."""
    from cob.audit.models import Event
    from workqueues.models import Closure, Note

    breaches, holder = [], {}
    events = Event.objects.filter(subject_type="workqueues.item").exclude(verb="saw").order_by("id")
    for item, verb, actor in events.values_list("subject_id", "verb", "actor_id"):
        if verb == "took item":
            if item in holder:
                breaches.append(f"{item} was taken by {actor} while {holder[item]} had it")
            holder[item] = actor
        elif item in holder and holder[item] != actor:
            breaches.append(f"{actor} did '{verb}' to {item}, which {holder[item]} had")
        if verb in LETS_GO:
            holder.pop(item, None)
    did = report.did
    notes = did["put back"] * 2 + did["set aside"] * 2 + did["closed"]
    if Note.objects.count() != notes:
        breaches.append(f"{Note.objects.count()} notes are there, {notes} were written")
    if Closure.objects.count() != did["closed"]:
        breaches.append(f"{Closure.objects.count()} closings are there, {did['closed']} were made")
    return breaches


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")
    django.setup()
    from bench.queues.filling import fill, practice
    from cob.audit.acting import acting

    count, seconds = (int(text) for text in (sys.argv[1:] + ["50", "60"][len(sys.argv) - 1 :])[:2])
    with acting("bench"):
        site, people = practice(count)
        fill(site, 20_000, people=people, queue=QUEUE)
    began = time.monotonic()
    report = run(people, seconds)
    took = time.monotonic() - began
    steps = sum(report.did.values())
    print(f"{count} people, {took:.0f} s: {steps:,} steps, {steps / took:,.0f} a second; {dict(report.did)}")
    print("\n".join(report.breaches[:20]) or "Nobody held what another had; nothing written was lost.")
    sys.exit(bool(report.breaches))


if __name__ == "__main__":
    main()
