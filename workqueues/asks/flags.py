"""Red flags as subjects of a queue: the same flag about the same thing is the same subject every night.

A flag is no row. Its id is made of the patient, the flag, what it is about and the day it is about, so a task a person
closed is not opened again, and a new date is a new task.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from django.db.models import QuerySet

from cob.coverage.pictures import pictures_of
from cob.patients.models import Patient
from cob.rules.frontdesk import FLAGS, Raised, flags_for
from workqueues.asks.asking import Found
from workqueues.models import Item

SUBJECT = "coverage.flag"
SPACE = uuid.UUID("6f1d2a54-6c1e-4b8e-9a57-0c2f4f1c7a11")
CHUNK = 500
LATE = timedelta(days=31)


def raised(rows: QuerySet[Patient], queue: str, today: date) -> Iterator[Found]:
    """The flags of one queue that stand for these patients, read a few hundred patients at a time."""
    patients = rows.iterator(chunk_size=CHUNK)
    while part := list(islice(patients, CHUNK)):
        yield from _of(part, queue, today)


def _of(part: list[Patient], queue: str, today: date) -> Iterator[Found]:
    """What changed long ago opens no task, unless a payer tells of it now: it stands on the chart. A task that is open
    stays until it is answered.
    """
    pictures = pictures_of(part, today=today)
    open_now = set(
        Item.objects.open().filter(patient__in=part, subject_type=SUBJECT).values_list("subject_id", flat=True)
    )
    for patient in part:
        for one in flags_for(pictures[patient.pk]):
            subject = subject_id(patient.pk, one.key)
            is_new = one.sign.is_news or one.sign.on is None or one.sign.on >= today - LATE
            if one.flag.queue == queue and one.sign.is_work and (is_new or subject in open_now):
                yield Found(
                    subject_type=SUBJECT,
                    subject_id=subject,
                    patient_id=patient.pk,
                    site_id=patient.site_id,
                    reason=one.sign.saw,
                    codes=(one.id,),
                    needed_on=one.sign.by,
                )


def subject_id(patient: uuid.UUID, key: str) -> uuid.UUID:
    """The id a flag has every night."""
    return uuid.uuid5(SPACE, f"{patient}:{key}")


def behind(item: Item, today: date) -> Raised | None:
    """The flag an item is about, as it stands now; None when it no longer does."""
    if item.subject_type != SUBJECT or item.patient is None:
        return None
    standing = flags_for(pictures_of([item.patient], today=today)[item.patient.pk])
    return next((one for one in standing if subject_id(item.patient.pk, one.key) == item.subject_id), None)


def gone(slug: str, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What ended each flag, in the flag's own words."""
    items = Item.objects.open().filter(queue=slug, subject_id__in=ids, subject_type=SUBJECT)
    rows = items.values_list("subject_id", "reason_codes", "patient__died_on")
    return {pk: "The patient has died." if died else FLAGS[codes[0]].gone for pk, codes, died in rows}
