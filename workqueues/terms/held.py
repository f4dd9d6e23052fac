"""What holds on a day: the catalogue of queues and the calendars, with what a manager set in place of the built-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from cob.accounts.roles import Role
from workqueues.calendars import STANDARD, Calendar
from workqueues.escalation import LADDER, Rung
from workqueues.models import QueueSetting
from workqueues.queues import BY_SLUG, QUEUES, Queue, Sla
from workqueues.terms.specs import RUNGS, SPECS, rung_at, rung_name

Key = tuple[str, str, UUID | None]
CALENDAR = ("weekdays", "federal", "closed", "opened")


@dataclass(frozen=True)
class Held:
    """The values that hold on one day, by name, queue and site; what is not here is built in."""

    values: dict[Key, Any]

    def of(self, name: str, *, queue: str = "", site: UUID | None = None) -> Any:
        """The value for a queue or a site; a site without its own has the practice's."""
        for key in ((name, queue, site), (name, queue, None)):
            if key in self.values:
                return self.values[key]
        return SPECS[name].default(BY_SLUG.get(queue))

    def queue(self, queue: Queue) -> Queue:
        """The queue as it is worked on this day."""
        slug = queue.slug
        return replace(
            queue,
            sla=Sla(self.of("first_touch", queue=slug), self.of("close", queue=slug)),
            owner=Role(self.of("owner", queue=slug)),
            waiting_days_max=self.of("waiting_days", queue=slug),
            general=self.ladder,
            calendar_of=self.calendar,
        )

    def queues(self, some: Iterable[Queue] = QUEUES) -> list[Queue]:
        return [self.queue(queue) for queue in some]

    @cached_property
    def ladder(self) -> tuple[Rung, ...]:
        return tuple(rung_at(r, self.of(rung_name(r))) if rung_name(r) in RUNGS else r for r in LADDER)

    def calendar(self, site: UUID | None) -> Calendar:
        return self._calendars.get(site, self._calendars[None])

    @property
    def sites_apart(self) -> list[UUID]:
        """The sites whose calendar is not the practice's."""
        return [site for site in self._calendars if site is not None]

    @cached_property
    def _calendars(self) -> dict[UUID | None, Calendar]:
        sites = {site for name, _, site in self.values if name in CALENDAR and site}
        return {None: self._calendar(None), **{site: self._calendar(site) for site in sites}}

    def _calendar(self, site: UUID | None) -> Calendar:
        weekdays, federal, closed, opened = (self.of(name, site=site) for name in CALENDAR)
        told = Calendar(frozenset(weekdays), federal, _days(closed), _days(opened))
        return STANDARD if told == STANDARD else told


def _days(texts: Iterable[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)


def on(day: date) -> Held:
    """What holds on a day: the latest row of each not after it, of two with the same day the one written last."""
    rows = QueueSetting.objects.filter(effective_on__lte=day).order_by("effective_on", "created_at")
    found = {
        (name, queue, site): value for name, queue, site, value in rows.values_list("name", "queue", "site", "value")
    }
    return Held({key: value for key, value in found.items() if value is not None and key[0] in SPECS})


def today() -> Held:
    return on(timezone.localdate())
