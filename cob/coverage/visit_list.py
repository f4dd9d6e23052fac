"""Who comes next: the visits of the coming business day, each with what it still needs, the neediest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cob.accounts.access import DeskRequest, may
from cob.accounts.models import User
from cob.accounts.roles import Permission
from cob.audit.reads import record_view
from cob.coverage.ahead import Ahead, ahead, checks
from cob.coverage.pictures import pictures_of
from cob.dates import ONE_DAY, add_business_days
from cob.patients.models import Patient
from cob.rules.frontdesk import Picture

PAGE_ROWS = 50
WHEN = {"next": "Next business day", "today": "Today", "after": "The one after"}
State = tuple[str, str]  # words and tone


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit: who comes, how the order stands, how old the verification is, what is flagged and what is missing."""

    patient: Patient
    picture: Picture
    ahead: Ahead

    @property
    def order(self) -> State:
        """How the order stands, in a word."""
        picture = self.picture
        if not picture.in_force:
            return "No coverage", "bad"
        if len(picture.in_force) == 1:
            return "One plan", ""
        if picture.order is None:
            return "Not determined", "bad"
        if not picture.needs_order:
            return "Settled", "good"
        return ("A fact is missing", "warn") if picture.order.status == "needs_facts" else ("Settle again", "warn")

    @property
    def verified(self) -> State:
        """The oldest verification among the coverages of that day."""
        if not self.picture.in_force:
            return "—", ""
        if any(card.verified_on is None for card in self.picture.in_force):
            return "Never", "bad"
        age = self.age
        words = "today" if age == 0 else "1 day ago" if age == 1 else f"{age} days ago"
        is_due = any(due.is_due(self.picture.today) for due in checks(self.picture).values())
        return (f"Again; {words}", "warn") if is_due else (words.capitalize(), "good")

    @property
    def age(self) -> int:
        """Days since the oldest verification; never verified is older than anything."""
        days = [card.verified_on for card in self.picture.in_force]
        known = [day for day in days if day is not None]
        return 99_999 if len(known) < len(days) else max(((self.picture.today - day).days for day in known), default=0)

    @property
    def flags(self) -> list[Any]:
        """Those that ask for something; what is only to be known stands on the patient's page."""
        return [row for row in self.ahead.flags if row.raised.sign.tone != "info"]

    @property
    def need(self) -> tuple[int, int, int, int, str]:
        """Smallest for whoever needs most."""
        tones = {"bad": 0, "warn": 1}
        worst = min((tones.get(tone, 2) for tone in (self.order[1], self.verified[1])), default=2)
        urgent = sum(row.raised.sign.tone == "bad" for row in self.flags)
        return worst, -urgent, -len(self.flags), -self.ahead.count, str(self.patient)


SORTS: dict[str, Any] = {
    "patient": lambda row: str(row.patient),
    "on": lambda row: (row.patient.next_visit_on, str(row.patient)),
    "order": lambda row: (row.order[0], str(row.patient)),
    "verified": lambda row: (row.age, str(row.patient)),
    "flags": lambda row: (len(row.flags), str(row.patient)),
    "missing": lambda row: (row.ahead.count, str(row.patient)),
}


def span(when: str, today: date) -> tuple[date, date]:
    """First and last day of a choice; days without business before a business day belong to it."""
    if when == "today":
        return today, today
    following = add_business_days(today, 1)
    if when == "after":
        return following + ONE_DAY, add_business_days(following, 1)
    return today + ONE_DAY, following


def visits(user: User, first: date, last: date, today: date) -> list[VisitRow]:
    """The visits of some days at the person's sites. The number of queries is the same for one and for fifty."""
    coming = Patient.objects.visible_to(user).filter(next_visit_on__range=(first, last), died_on=None)
    patients = list(coming.select_related("site"))
    pictures = pictures_of(patients, today=today)
    is_editable = user.has_perm(Permission.EDIT_PATIENTS)
    return [VisitRow(row, pictures[row.pk], ahead(row, pictures[row.pk], is_editable=is_editable)) for row in patients]


def in_order(rows: list[VisitRow], sort: str) -> list[VisitRow]:
    """Sorted as asked, "-" before a name the other way round; the neediest first unless asked otherwise."""
    chosen = SORTS.get(sort.removeprefix("-"))
    return sorted(rows, key=chosen, reverse=sort.startswith("-")) if chosen else sorted(rows, key=lambda row: row.need)


@require_safe
@may(Permission.VIEW_PATIENTS)
def visit_list(request: DeskRequest) -> HttpResponse:
    """The front desk's list for the next business day."""
    today, when = timezone.localdate(), request.GET.get("when", "next")
    when = when if when in WHEN else "next"
    first, last = span(when, today)
    rows = in_order(visits(request.user, first, last, today), request.GET.get("sort", ""))
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    record_view("visit list", [row.patient.pk for row in page])
    tabs = [{"label": label, "url": f"?when={key}", "is_current": key == when} for key, label in WHEN.items()]
    context = {
        "page": page,
        "tabs": tabs,
        "first": first,
        "last": last,
        "total": len(rows),
        "needy": sum(row.need[0] < 2 or bool(row.flags) for row in rows),
        "has_sites": len({row.patient.site_id for row in rows}) > 1,
    }
    return render(request, "coverage/visits.html", context)
