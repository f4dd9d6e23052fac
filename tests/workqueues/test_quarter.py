"""A quarter, day by day: every item comes in, climbs and goes exactly as a sheet of paper says it must."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from cob.audit.acting import acting
from denials import actions as denial_actions
from denials.models import Denial
from tests.factories.workqueues import refused
from tests.reference.work import DAY, Line, after, levels, works
from workqueues import actions, ladder, membership
from workqueues.models import Escalation, Item
from workqueues.queues import BY_SLUG

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
QUEUE = "cob-denials"


def _script(chance: random.Random) -> Line:
    """A denial's life: brought up to a week late, touched or not, perhaps set aside, perhaps settled."""
    answered = FIRST + timedelta(days=chance.randint(0, 60))
    brought = answered + timedelta(days=chance.choice([0, 0, 1, 7]))
    settled = brought + timedelta(days=chance.randint(0, 45)) if chance.random() < 0.6 else None
    days = [brought + timedelta(days=n) for n in range(1, 40)]
    touched = tuple(sorted(chance.sample(days, chance.choice([0, 0, 1, 3]))))
    aside = until = None
    if chance.random() < 0.4:
        aside = brought + timedelta(days=chance.randint(1, 12))
        until = aside + timedelta(days=chance.randint(1, 30))
        # While it waits nobody touches it, and what is settled meanwhile is settled all the same.
        touched = tuple(day for day in touched if not aside <= day <= until)
    limit = answered + timedelta(days=chance.choice([20, 60, 180]))
    return Line(answered, brought, settled, touched, aside, until, limit, chance.choice([10_000, 249_999, 250_000]))


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


@pytest.mark.django_db
def test_every_item_of_a_quarter_enters_climbs_and_ends_as_reckoned_on_paper(main, dee):
    lines = [_script(random.Random(n)) for n in range(16)]
    denials: dict[int, Denial] = {}
    day = FIRST
    while day <= LAST:
        with time_machine.travel(_noon(day), tick=False):
            _morning(lines, denials, main, day)
            _people(lines, denials, dee, day)
        day += DAY

    for n, line in enumerate(lines):
        item = Item.objects.get(subject_id=denials[n].pk)
        told = {
            level: timezone.localdate(at)
            for level, at in Escalation.objects.filter(item=item).values_list("level", "at")
        }
        assert told == levels(line, LAST), (n, line)
        assert timezone.localdate(item.entered_at) == line.answered
        ended = line.settled if line.settled and line.settled <= LAST else None
        # Settled at noon, seen by the next morning's sweep.
        closed = timezone.localdate(item.closed_at) if item.closed_at else None
        assert closed == (ended + DAY if ended and ended < LAST else None), (n, line)
        assert (item.closed_because == "Put right.") is (closed is not None)


def _morning(lines, denials, site, day):
    """What was brought in, the sweep, what comes back, the ladder; each twice, as a clock may tick."""
    with acting("test task"):
        for n, line in enumerate(lines):
            if line.brought == day:
                denials[n] = refused(site, on=line.answered)
                Denial.objects.filter(pk=denials[n].pk).update(limit_on=line.limit, at_risk_cents=line.cents)
        for _ in range(2):
            membership.ask(queues=[BY_SLUG[QUEUE]])
            ladder.resume_due()
            ladder.escalate()


def _people(lines, denials, dee, day):
    """At the desk: touching, setting aside, settling."""
    with acting(dee):
        for n, line in enumerate(lines):
            item = Item.objects.filter(subject_id=denials[n].pk, closed_at=None).first() if n in denials else None
            if item is None:
                continue
            if day in line.touched:
                actions.add_note(item=item, text="Called.", by=dee)
            if line.aside == day:
                item = actions.take(item=item, by=dee)
                actions.set_aside(item=item, waiting_for="Acme", until=line.until, by=dee)
            if line.settled == day:
                denial_actions.resolve(denial=denials[n], resolution="Put right.", by=dee)


def test_the_sheet_itself_counts_as_the_catalogue_says():
    """Worked by hand: answered Wednesday 1 July; the 3rd is a holiday, the fifth business day Thursday the 9th."""
    line = Line(FIRST, FIRST, None, (), None, None, date(2027, 1, 1), 100)

    assert after(FIRST, 5) == date(2026, 7, 9)
    assert not works(date(2026, 7, 3))
    # Untouched for three business days on the 7th; twice the promise is over on the 17th, three times on the 24th.
    assert levels(line, LAST) == {1: date(2026, 7, 7), 2: date(2026, 7, 17), 3: date(2026, 7, 24)}
