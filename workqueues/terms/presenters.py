"""Settings as their pages show them: what holds today, what is to come, and everything set before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cob.accounts.models import User
from workqueues.models import QueueSetting
from workqueues.queues import BY_SLUG, QUEUES, Queue
from workqueues.terms.held import Held
from workqueues.terms.specs import SPECS, Spec, in_words

IN_TABLE = ("owner", "lead", "hand_out", "first_touch", "close", "waiting_days")


@dataclass(frozen=True, slots=True)
class Shown:
    """One value on a list, with the page where it is set."""

    label: str
    says: str
    is_built_in: bool
    url: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """One row of the history."""

    whose: str
    says: str
    on: date
    stands: str
    tone: str
    because: str
    by: str
    at: datetime


def names() -> dict[str, str]:
    return {str(user.pk): str(user) for user in User.objects.all()}


def url_of(spec: Spec, queue: str = "") -> str:
    address = reverse("terms:term-page", args=[spec.name])
    return f"{address}?queue={queue}" if queue else address


def groups(terms: Held, people: dict[str, str]) -> list[tuple[str, list[Shown]]]:
    """What is set for the whole practice or by site."""
    found: dict[str, list[Shown]] = {}
    for spec in SPECS.values():
        if spec.of != "queue":
            found.setdefault(spec.group, []).append(_shown(terms, spec, None, people))
    return list(found.items())


def by_queue(terms: Held, people: dict[str, str]) -> list[tuple[Queue, list[Shown]]]:
    return [(queue, [_shown(terms, SPECS[name], queue, people) for name in IN_TABLE]) for queue in QUEUES]


def of_queue(terms: Held, queue: Queue, people: dict[str, str]) -> list[Shown]:
    return [_shown(terms, spec, queue, people) for spec in SPECS.values() if spec.of == "queue"]


def _shown(terms: Held, spec: Spec, queue: Queue | None, people: dict[str, str]) -> Shown:
    slug = queue.slug if queue else ""
    value = terms.of(spec.name, queue=slug)
    says = in_words(spec, value, people)
    if value is None and spec.name == "lead" and queue:
        says = queue.lead
    is_built_in = (spec.name, slug, None) not in terms.values
    return Shown(spec.label, says, is_built_in, url_of(spec, slug), spec.hint)


def history(spec: Spec, queue: str, people: dict[str, str]) -> list[Past]:
    """Everything set about it, newest first, with what holds now."""
    rows = QueueSetting.objects.filter(name=spec.name, queue=queue).select_related("site", "set_by")
    newest = list(rows.order_by("-effective_on", "-created_at"))
    today = timezone.localdate()
    seen: set[Any] = set()
    told = []
    for row in newest:
        to_come = row.effective_on > today
        stands = ("to come", "info") if to_come else ("before", "") if row.site_id in seen else ("holds", "good")
        if not to_come:
            seen.add(row.site_id)
        told.append(_past(row, spec, people, stands))
    return told


def _past(row: QueueSetting, spec: Spec, people: dict[str, str], stands: tuple[str, str]) -> Past:
    whose = str(row.site) if row.site else BY_SLUG[row.queue].title if row.queue else "The practice"
    says = "the built-in value" if row.value is None else in_words(spec, row.value, people)
    by = str(row.set_by) if row.set_by else "The desk"
    return Past(whose, says, row.effective_on, *stands, row.because, by, row.created_at)


def changes(people: dict[str, str]) -> list[tuple[str, Past]]:
    """The last changes of all settings, for the page's foot."""
    rows = QueueSetting.objects.select_related("site", "set_by").order_by("-created_at")[:20]
    return [(SPECS[row.name].label, _past(row, SPECS[row.name], people, ("", ""))) for row in rows if row.name in SPECS]
