"""A month of care management that was not billed although the month before it was.

What is asked are the claims alone: codes of behavioral health integration and collaborative care are billed once a
calendar month and patient (CMS, MLN909432), so a billed month with a closed and unbilled one after it is a month
somebody should look at. It is a candidate, not lost money: whether minutes and consent support it a person must say.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from claims.bhi.codes import CODES, MORE
from claims.models import ClaimPayer, Line
from cob.coverage.models import Kind
from cob.dates import add_months, first_day, last_day, month_of, month_text
from workqueues.asks import flags
from workqueues.asks.asking import Ask, Found, Scope
from workqueues.models import Item

SLUG, SUBJECT = "missed-care-months", "patients.month"
# Care management of a month; 99494 is an add-on and stands for no month of its own.
MONTHS = tuple(sorted(CODES - {MORE}))
CLOSED_AFTER_DAYS = 3
# A gap found later opens no new task; an open one stays until it is answered or the year to file is over.
NEW_WITHIN_DAYS = 62
YEAR = 12


@dataclass(frozen=True, slots=True)
class Billed:
    """The latest care-management line of one patient's month."""

    patient: uuid.UUID
    site: uuid.UUID
    claim: uuid.UUID
    cents: int


def _billed(scope: Scope, today: date) -> dict[uuid.UUID, dict[int, Billed]]:
    # A month missed a year ago may be filed until the day it ended on, and the billed one is the month before.
    since = first_day(month_of(today) - YEAR - 1)
    rows = Line.objects.filter(procedure__in=MONTHS, claim__is_void=False, service_on__gte=since)
    rows = scope.of(rows)
    columns = ("claim__patient", "claim__patient__site", "claim", "charge_cents", "service_on")
    found: defaultdict[uuid.UUID, dict[int, Billed]] = defaultdict(dict)
    alive = rows.filter(claim__patient__died_on=None).order_by("service_on", "pk")
    for patient, site, claim, cents, day in alive.values_list(*columns).iterator(chunk_size=2000):
        found[patient][month_of(day)] = Billed(patient, site, claim, cents)
    return found


def subject_id(patient: uuid.UUID, month: int) -> uuid.UUID:
    """The id a patient's month has every night."""
    return uuid.uuid5(flags.SPACE, f"{patient}:care:{month}")


def found(scope: Scope, today: date) -> Iterator[Found]:
    billed = _billed(scope, today)
    missed = [(of, month + 1) for months in billed.values() for month, of in months.items() if month + 1 not in months]
    open_now = set(_open(scope).values_list("subject_id", flat=True))
    medicare = _medicare_first({of.claim for of, _ in missed})
    for of, month in missed:
        looked_at_from = last_day(month) + timedelta(days=CLOSED_AFTER_DAYS)
        subject = subject_id(of.patient, month)
        is_new = looked_at_from <= today <= looked_at_from + timedelta(days=NEW_WITHIN_DAYS)
        if looked_at_from <= today and (is_new or subject in open_now):
            limit = add_months(last_day(month), YEAR) if of.claim in medicare else None
            yield _found(of, month, subject, limit, looked_at_from)


def _found(of: Billed, month: int, subject: uuid.UUID, limit: date | None, since: date) -> Found:
    return Found(
        subject_type=SUBJECT,
        subject_id=subject,
        patient_id=of.patient,
        site_id=of.site,
        reason=f"Care management was billed for {_said(month - 1)} and not for {_said(month)}. {LOOK}",
        codes=(f"care_{month_text(month)}",),
        next_action=LOOK,
        amount_cents=of.cents,
        limit_on=limit,
        needed_on=last_day(month) + timedelta(days=30),
        since=since,
    )


LOOK = "Look whether the month's time and consent support a claim; somebody must review it."


def _said(month: int) -> str:
    return f"{first_day(month):%m/%Y}"


def _medicare_first(claims: set[uuid.UUID]) -> set[uuid.UUID]:
    """Of these claims those that Medicare answers for first: only its year to file is the same under every contract."""
    ids, found = sorted(claims), set[uuid.UUID]()
    for start in range(0, len(ids), flags.CHUNK):
        rows = ClaimPayer.objects.filter(claim__in=ids[start : start + flags.CHUNK], rank=1)
        found.update(rows.filter(coverage__kind=Kind.MEDICARE).order_by().values_list("claim", flat=True))
    return found


def _open(scope: Scope) -> QuerySet[Item]:
    return scope.of(Item.objects.open().filter(queue=SLUG).order_by(), "patient")


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return dict.fromkeys(ids, "The month was billed, the claim before it is void, or the year to file is over.")


ASK = Ask(found=found, gone=gone)
