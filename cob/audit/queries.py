"""Reading the trail: whose events a person may see, the filters, and paging by the last event seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cob.accounts.models import User
from cob.audit.models import Event, EventPatient

PAGE_ROWS = 50
NAMED_MAX = 3
A_TASK = "task"  # instead of a person: what the desk did by itself


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader of the trail asked for; empty fields ask nothing."""

    person: UUID | str | None = None
    verb: str = ""
    subject_type: str = ""
    subject_id: str = ""
    day: date | None = None
    patient: UUID | None = None

    def told(self) -> dict[str, str]:
        """The question itself, for the trail."""
        asked = {name: getattr(self, name) for name in self.__slots__}
        return {name: str(value) for name, value in asked.items() if value}


def visible_to(user: User) -> QuerySet[Event]:
    """The trail of the person's sites.

    An event that names no site is shown when a colleague at one of those sites did it, or when the desk did it by
    itself and no patient is in it: whose patients else they might be is not known.
    """
    events = Event.objects.all()
    if user.sees_all_sites:
        return events
    sites = user.site_ids()
    colleagues = User.objects.filter(sites__in=sites).values("pk")
    somebodys_patient = Exists(EventPatient.objects.filter(event=OuterRef("pk")))
    return events.filter(
        Q(site_id__in=sites)
        | Q(site_id=None, actor_id__in=colleagues)
        | (Q(site_id=None, actor_id=None) & ~Q(somebodys_patient))
    )


def matching(events: QuerySet[Event], asked: Asked) -> QuerySet[Event]:
    """Only what was asked for."""
    if asked.person:
        events = events.filter(actor_id=None if asked.person == A_TASK else asked.person)
    if asked.day:
        start = timezone.make_aware(datetime.combine(asked.day, time.min))
        end = timezone.make_aware(datetime.combine(asked.day + timedelta(days=1), time.min))
        events = events.filter(at__gte=start, at__lt=end)
    if asked.patient:
        events = events.filter(Exists(EventPatient.objects.filter(event=OuterRef("pk"), patient_id=asked.patient)))
    exact = {"verb": asked.verb, "subject_type": asked.subject_type, "subject_id": asked.subject_id}
    return events.filter(**{name: value for name, value in exact.items() if value})


@dataclass(frozen=True, slots=True)
class Patients:
    """Whom an event touched or showed: how many, and who, where they are few."""

    count: int = 0
    ids: tuple[UUID, ...] = ()


NOBODY = Patients()


@dataclass(frozen=True, slots=True)
class Window:
    """One page of the trail, newest first, with each event's patients; `older` is where the next one begins."""

    events: list[Event]
    patients: dict[int, Patients]
    older: int | None


def window(events: QuerySet[Event], *, before: int | None = None) -> Window:
    """A page by key, not by number: as fast at the millionth event, and nothing shifts while people work."""
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events.order_by("-pk")[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    return Window(shown, _patients([event.pk for event in shown]), shown[-1].pk if len(found) > PAGE_ROWS else None)


def _patients(events: list[int]) -> dict[int, Patients]:
    """Counted for all, named where they are few: an import touches thousands."""
    rows = EventPatient.objects.filter(event__in=events)
    counts = dict(rows.order_by().values_list("event").annotate(Count("pk")))
    few = [event for event, count in counts.items() if count <= NAMED_MAX]
    named: dict[int, list[UUID]] = {}
    for event, patient in rows.filter(event__in=few).order_by("patient_id").values_list("event", "patient_id"):
        named.setdefault(event, []).append(patient)
    return {event: Patients(count, tuple(named.get(event, ()))) for event, count in counts.items()}
