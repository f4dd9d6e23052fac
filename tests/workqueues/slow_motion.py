"""The nightly asking and the ladder with a pause within and after each of their steps, so that a kill finds them there.

`gunicorn tests.workqueues.slow_motion:application`, `celery -A tests.workqueues.slow_motion worker`, and
`python -m tests.workqueues.slow_motion fill|open|run|show` around them, each in a process of its own.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")

from cob.celery import app
from cob.wsgi import application

__all__ = ["app", "application"]

import time_machine
from django.conf import settings
from django.utils import timezone

from cob.accounts.models import User
from cob.audit import subscribers
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.jobs import actions as jobs
from denials import actions as denial_actions
from tests.cob.jobs.served import mark
from workqueues import actions, ladder, membership
from workqueues.models import Closure, Escalation, Item, Notice

PAUSE_SECONDS = float(os.environ.get("SLOW_MOTION", "0"))
NIGHT = "workqueues.nightly"

# The clock opens nothing besides; what died is still put back by the sweep.
for kind in [*settings.JOB_SCHEDULE]:
    if kind != "jobs.sweep":
        del settings.JOB_SCHEDULE[kind]


def _slowly(module, name):
    """The same step: a mark, a pause, the step, a pause. Steps lie within transactions and between them."""
    step = getattr(module, name)

    def slow(*args, **named):
        mark(name)
        time.sleep(PAUSE_SECONDS)
        done = step(*args, **named)
        time.sleep(PAUSE_SECONDS)
        return done

    setattr(module, name, slow)


if PAUSE_SECONDS:
    for name in ("_ask_one", "_open", "_close_group", "_closure"):
        _slowly(membership, name)
    for name in ("_insert", "_raise_levels", "_pick_up"):
        _slowly(ladder, name)


def fill():
    """A practice three weeks ago, and what has happened since without any event heard: all of it is the night's."""
    from tests.factories import workqueues as make
    from tests.factories.patients import SiteFactory

    subscribers._verbs.clear()
    site = SiteFactory()
    dee = User.objects.create(username="dee", role="denials")
    User.objects.create(username="sol", role="supervisor").sites.add(site)
    dee.sites.add(site)
    with acting("test task"), time_machine.travel(timezone.now() - timedelta(days=21)):
        denials = [make.refused(site) for _ in range(12)]
        for _ in range(4):
            make.two_coverages(site), make.next_payer_due(site), make.held_back(site), make.without_claim(site)
        membership.ask()
    with acting(dee), time_machine.travel(timezone.now() - timedelta(days=9)):
        until = timezone.localdate() + timedelta(days=5)
        for item in Item.objects.filter(subject_id__in=[denial.pk for denial in denials[:3]]):
            item = actions.take(item=item, by=dee)
            actions.set_aside(item=item, waiting_for="Acme Health", until=until, by=dee)
    with acting("test task"):
        for denial in denials[3:7]:
            denial_actions.resolve(denial=denial, resolution=f"Put right {denial.claim.control_number}.")
        for _ in range(6):
            make.refused(site), make.awaiting_primary(site), make.rejected(site)


def open_night():
    jobs.open_job(NIGHT)


def run():
    """The same, undisturbed."""
    jobs.run(jobs.open_job(NIGHT).pk)


def show():
    """Everything the night writes, by what it is about: keys and moments differ from one practice to the next."""
    items = {item.pk: item for item in Item.objects.select_related("claim", "patient", "owner")}
    keys = {pk: _about(item) for pk, item in items.items()}
    states = [
        [keys[pk], item.state, item.reason, item.amount_cents, str(item.owner), item.escalation_level,
         item.reopened_count, item.waiting_for, item.closed_because]
        for pk, item in items.items()
    ]  # fmt: skip
    steps = Escalation.objects.values_list("item", "round", "level", "reason", "to_whom")
    endings = Closure.objects.values_list("item", "code", "because")
    told = Counter()
    for username, queue, level, count in Notice.objects.values_list("user__username", "queue", "level", "count"):
        told[f"{username} {queue} {level}"] += count
    return {
        "items": sorted(states),
        "escalations": sorted([keys[pk], *rest] for pk, *rest in steps),
        "closures": sorted([keys[pk], *rest] for pk, *rest in endings),
        "notices": dict(sorted(told.items())),
        "events": sorted(_events(keys)),
    }


def _about(item):
    what = item.claim.control_number if item.claim else item.patient.chart_number if item.patient else ""
    return f"{item.queue} {what}"


def _events(keys):
    """Each event once for each item it is about; of the ladder's own, how many steps all of them tell of."""
    steps = 0
    known = {str(pk): key for pk, key in keys.items()}
    for event in Event.objects.filter(subject_type="workqueues.item").exclude(verb="saw"):
        if event.verb == "escalated items":
            steps += event.after["count"]
        for pk in (event.after or {}).get("rows", [event.subject_id] if event.subject_id else []):
            yield f"{event.verb}: {known[pk]}"
    yield f"steps told of: {steps}"


if __name__ == "__main__":
    random.seed(1)
    done = {"fill": fill, "open": open_night, "run": run, "show": show}[sys.argv[1]]()
    sys.stdout.write(json.dumps(done))
