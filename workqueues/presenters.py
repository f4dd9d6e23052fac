"""Items as the screens show them: words, tones and addresses, no questions to the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cob.audit.models import Event
from workqueues import clocks, queries
from workqueues.aging import age
from workqueues.escalation import MUST_DO
from workqueues.models import Item, State
from workqueues.priority import Score
from workqueues.queues import BY_SLUG, Queue

TIERS = {
    0: ("P0 now", "bad", "A hard limit within 5 days, or a legal clock."),
    1: ("P1 today", "warn", "A limit within 14 days, or a score of 75 and more."),
    2: ("P2 this week", "info", "A score of 50 and more."),
    3: ("P3", "", "A score under 50."),
}
STATES = {
    State.NEW: ("New", "info"),
    State.ASSIGNED: ("Handed over", "info"),
    State.IN_PROGRESS: ("In progress", ""),
    State.WAITING: ("Set aside", "warn"),
    State.RESOLVED: ("Waits for approval", "warn"),
    State.CLOSED: ("Closed", "good"),
}
# Where money that goes back is worked, by what the item is about.
MONEY_PAGES = {
    "claims.recoupment": ("Look at the demand", "claims:recoupment-page"),
    "claims.provideraccount": ("Look at the payer’s ledger", "claims:provider-account"),
    "claims.credit": ("Look at the credit", "claims:credit-page"),
    "claims.refund": ("Look at the refund", "claims:refund-page"),
    "patient_billing.patientrefund": ("Look at the refund", "billing:refund-page"),
}
# The queues whose items are done by sending the claim; in others a payer already has it.
SENT_FROM = ("secondary-submission", "rejected-claims", "timely-filing")
VERBS = {
    "took item": "Took it.",
    "handed over item": "Handed it over.",
    "set item aside": "Set it aside.",
    "picked up item": "Picked it up again.",
    "planned item": "Planned the next step.",
    "closed item": "Closed it.",
    "asked for write-off": "Asked for a write-off.",
    "sent item back": "Did not agree to the write-off.",
    "reopened item": "Opened it again.",
    "declined item": "Did not accept it.",
    "put item back": "Put it back for whoever is free.",
    "gave out item": "Given to somebody in turn.",
    "released item": "Released: nobody worked on it.",
}


def link(name: str, *args: Any) -> str:
    """An address, or nothing where an installation has left the page out."""
    try:
        return reverse(name, args=[arg for arg in args if arg is not None])
    except NoReverseMatch:
        return ""


def worklist(slug: str, kept: str, item: UUID | None = None) -> str:
    """A queue's list as its address had it, with an item beside it where one is named."""
    told = QueryDict(kept if len(kept) < 1000 else "", mutable=True)
    if item:
        told["item"] = str(item)
    address = reverse("workqueues:queue-page", args=[slug])
    return f"{address}{'?' if told else ''}{told.urlencode()}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list of items."""

    item: Item
    today: date
    plans: int = 0  # the patient's coverages in force
    beside: str = ""  # the list's address, to which the item is added

    @property
    def queue(self) -> Queue:
        return BY_SLUG[self.item.queue]

    @property
    def url(self) -> str:
        return reverse("workqueues:item-page", args=[self.item.pk])

    @property
    def beside_url(self) -> str:
        """The same list with this item beside it."""
        return f"{self.beside}{self.item.pk}" if self.beside else ""

    @property
    def title(self) -> str:
        """Who or what it is about."""
        if self.item.patient:
            return str(self.item.patient)
        if self.item.subject_type == "claims.edifile" and self.item.queue == "rejected-claims":
            return "Acknowledgement file"
        what = "offset" if self.item.subject_type == "claims.provideraccount" else "remittance"
        return f"{self.item.payer} {what}" if self.item.payer else "Remittance file"

    @property
    def plans_label(self) -> str:
        return f"{self.plans} plans"

    @property
    def claim(self) -> str:
        return f"Claim {self.item.claim.control_number}" if self.item.claim else ""

    @property
    def state(self) -> tuple[str, str]:
        return STATES[State(self.item.state)]

    @property
    def tier(self) -> tuple[str, str, str]:
        return TIERS[int(self.item.priority_parts.get("tier", 3))]

    @property
    def score(self) -> object:
        return self.item.priority_parts.get("total", "")

    @property
    def limit_days(self) -> int | None:
        return (self.item.limit_on - self.today).days if self.item.limit_on else None

    @property
    def age_days(self) -> int:
        entered = timezone.localdate(self.item.entered_at)
        return age(entered, self.today, in_calendar_days=self.queue.in_calendar_days)

    @property
    def due_on(self) -> date:
        return clocks.last_day(self.item.due_at)

    @property
    def is_late(self) -> bool:
        return self.item.is_open and self.item.state != State.WAITING and self.today > self.due_on

    @property
    def is_due(self) -> bool:
        return self.today == self.due_on and not self.is_late

    @property
    def level(self) -> str:
        return f"L{self.item.escalation_level}" if self.item.escalation_level else ""

    @property
    def level_means(self) -> str:
        level = self.item.escalation_level
        return f"{self.queue.to_whom(level)}: {MUST_DO[level]}" if level else ""

    @property
    def waits(self) -> str:
        """Until when, then what."""
        if self.item.state != State.WAITING or self.item.waiting_until is None:
            return ""
        return f"for {self.item.waiting_for} until {self.item.waiting_until:%m/%d/%Y}, then it returns"


def rows(items: Any, today: date | None = None, *, beside: str = "") -> list[Row]:
    """Rows of a list, with how many plans each patient has: one statement more, however many rows."""
    today, listed = today or timezone.localdate(), list(items)
    patients = {item.patient_id for item in listed if item.patient_id}
    plans = queries.plans_of(sorted(patients), today) if patients else {}
    return [Row(item, today, plans.get(item.patient_id, 0), beside) for item in listed]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work itself is done."""

    label: str
    url: str


def places(
    item: Item, *, rank: int | None = None, remittance: UUID | None = None, rejection: UUID | None = None
) -> list[Place]:
    """The pages an item leads to, the one to start with first; those an installation lacks are left out."""
    found = []
    if item.subject_type == "claims.claimpayer" and item.queue in SENT_FROM:
        found.append(Place("Send the claim", link("claims:claim-send", item.claim_id, rank) if rank else ""))
    if rejection:
        found.append(Place("Place the rejection", link("claims:rejection-place", rejection)))
    if item.subject_type == "claims.edifile":
        found.append(Place("Look at the file", link("claims:file-page", item.subject_id)))
    if item.subject_type == "claims.adjudication":
        if item.claim_id is None:
            found.append(Place("Find its claim", link("claims:adjudication-match", item.subject_id)))
        found.append(Place("Look at the remittance", link("claims:remittance-page", remittance) if remittance else ""))
    if item.subject_type in MONEY_PAGES:
        label, name = MONEY_PAGES[item.subject_type]
        found.append(Place(label, link(name, item.subject_id)))
    if item.subject_type == "claims.deposit":
        found.append(Place("Look at the deposit", link("claims:deposit-page", item.subject_id)))
    if item.subject_type == "claims.remittance":
        found.append(Place("Look at the remittance", link("claims:remittance-page", item.subject_id)))
        found.append(Place("Look for its deposit", link("claims:deposit-days")))
    if item.subject_type == "denials.denial":
        found.append(Place("Look at the denial", link("denials:denial-page", item.subject_id)))
    if item.subject_type == "patient_billing.statementhold":
        found.append(Place("Look at the hold", link("billing:hold-page", item.subject_id)))
    if item.subject_type == "patient_billing.dispute":
        found.append(Place("Look at the dispute", link("billing:dispute-page", item.subject_id)))
    if item.subject_type == "patient_billing.credit" and item.patient_id:
        found.append(Place("Look at the account", link("billing:account", item.patient_id)))
    if item.patient_id:
        label = "Settle the order" if item.subject_type == "patients.patient" else "Look at the patient"
        found.append(Place(label, link("patients:patient-page", item.patient_id)))
    if item.claim_id:
        found.append(Place("Look at the claim", link("claims:claim-page", item.claim_id)))
    return [place for place in found if place.url]


def clock_rows(row: Row) -> list[tuple[str, str]]:
    """The item's days, ours and those set by others."""
    item = row.item
    unit = "day" if row.queue.in_calendar_days else "business day"
    days = f"{row.age_days} {unit}{'' if row.age_days == 1 else 's'}"
    shown = [("Came in", f"{timezone.localdate(item.entered_at):%m/%d/%Y}, {days} ago"), ("Our promise", _promise(row))]
    shown.append(
        (
            "First touched",
            f"{timezone.localtime(item.first_touched_at):%m/%d/%Y}" if item.first_touched_at else "not yet",
        )
    )
    if item.limit_on:
        shown.append(("Limit", f"{item.limit_on:%m/%d/%Y}"))
    if item.needed_on:
        shown.append((row.queue.needed_is, f"{item.needed_on:%m/%d/%Y}"))
    if item.waited_days:
        shown.append(("Stood still", f"{item.waited_days} business day{'' if item.waited_days == 1 else 's'}"))
    return shown


def _promise(row: Row) -> str:
    return f"{row.due_on:%m/%d/%Y}{', late' if row.is_late else ''}"


def parts(score: Score) -> list[dict[str, Any]]:
    """The summands of the priority, each with its reason."""
    return [{"label": p.name.capitalize(), "points": p.points, "of": p.of, "because": p.because} for p in score.parts]


def timeline(item: Item, events: list[Event], queue: Queue) -> list[dict[str, Any]]:
    """Everything that happened to an item, newest first, in sentences."""
    told = [_told(event) for event in events]
    told += [
        {
            "at": step.at,
            "by": "Ladder",
            "text": f"Level {step.level}, to the {step.to_whom}.",
            "detail": f"{step.reason} {MUST_DO[step.level]}",
            "tone": "warn",
        }
        for step in item.escalations.all()
    ]
    told += [
        {"at": end.at, "by": "Desk", "text": "Closed itself.", "detail": end.because, "tone": "good"}
        for end in item.closures.all()
        if end.by_id is None
    ]
    came = "Came back into" if item.reopened_count else "Came into"
    told.append({"at": item.entered_at, "by": "Desk", "text": f"{came} {queue.title}.", "detail": "", "tone": ""})
    return sorted(told, key=lambda entry: entry["at"], reverse=True)


def _told(event: Event) -> dict[str, Any]:
    text = VERBS.get(event.verb, event.verb.capitalize() + ".")
    tone = "good" if event.verb == "closed item" else ""
    return {"at": event.at, "by": event.actor_name, "text": text, "detail": event.reason, "tone": tone}
