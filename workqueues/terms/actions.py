"""Setting a value from a day on, or going back to the built-in one: one row, one author, one event on the trail."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.turns import Turn, wait_for
from workqueues.models import QueueSetting
from workqueues.queues import BY_SLUG
from workqueues.terms import held
from workqueues.terms.specs import SPECS, Spec, problem_with


class BadTerm(ValueError):
    """A value that cannot be kept; `field` names what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def set_term(
    *,
    name: str,
    value: Any,
    effective_on: date,
    because: str,
    by: User | None,
    queue: str = "",
    site: Site | None = None,
) -> QueueSetting:
    """From that day on it holds for what comes in; items that are open keep the day they were promised.

    A value of None goes back to the practice's or the built-in one. Raises BadTerm.
    """
    spec = _spec(name, queue, site)
    if value is not None and (problem := problem_with(spec, value)):
        raise BadTerm("value", problem)
    if effective_on < timezone.localdate():
        raise BadTerm("effective_on", "Choose today or a day to come: what was decided by the old value stays.")
    if not because.strip():
        raise BadTerm("because", "Say why, so that somebody later understands it.")
    with transaction.atomic():
        wait_for(Turn.OPTIONS)
        _check_together(spec, value, effective_on, queue)
        row = QueueSetting(
            name=name, queue=queue, site=site, value=value, effective_on=effective_on, because=because[:200], set_by=by
        )
        with doing("queue setting changed"):
            row.save()
    return row


def _spec(name: str, queue: str, site: Site | None) -> Spec:
    spec = SPECS.get(name)
    if spec is None:
        raise BadTerm("name", f"{name} is nothing that can be set.")
    if (spec.of == "queue") != (queue in BY_SLUG) or (queue and queue not in BY_SLUG):
        raise BadTerm("queue", "Choose the queue it is about." if spec.of == "queue" else "This is not set by queue.")
    if site is not None and spec.of != "site":
        raise BadTerm("site", "This is not set by site.")
    return spec


def _check_together(spec: Spec, value: Any, day: date, queue: str) -> None:
    """The first touch is promised before the end, and a lead's sum lies between a colleague's and a supervisor's."""
    terms = held.on(day)
    if spec.name in ("first_touch", "close"):
        told = {name: terms.of(name, queue=queue) for name in ("first_touch", "close")}
        told[spec.name] = SPECS[spec.name].default(BY_SLUG[queue]) if value is None else value
        if told["first_touch"] > told["close"]:
            raise BadTerm("value", f"First touch ({told['first_touch']}) must not be after the end ({told['close']}).")
    if spec.group == "Write-offs":
        names = ("write_off_worker", "write_off_lead", "write_off_manager")
        told = {name: terms.of(name) for name in names} | {spec.name: spec.default() if value is None else value}
        sums = [told[name] for name in names]
        if sums != sorted(sums):
            raise BadTerm("value", "A colleague’s sum must not exceed the lead’s, nor the lead’s the supervisor’s.")
