"""A staff-written edit held against what was sent lately: how many it would have spoken of, and which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from claims.edits.written import Groups, Seen, from_stored, holds, seen_in
from claims.models import StaffEdit, Submission
from claims.submissions.folder import insured_of
from claims.submissions.people import patient_of
from claims.submissions.project import VOID, project
from cob.x12 import stored

DAYS, MOST = 31, 2000
LISTED = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """Of `count` sendings since a day it would have spoken of `hits`; `listed` are the newest of those."""

    since: date
    count: int
    hits: int
    listed: list[Submission]


def try_out(edit: StaffEdit, today: date) -> Trial:
    """The newest sendings of the last 31 days in its scope, at most 2,000; the number of queries is always the same."""
    since = today - timedelta(days=DAYS)
    found = list(_hits(from_stored(edit.when), rows := list(_recent(edit, since)[:MOST])))
    return Trial(since, len(rows), len(found), found[:LISTED])


def _recent(edit: StaffEdit, since: date) -> QuerySet[Submission]:
    rows = Submission.objects.filter(sent_at__date__gt=since).exclude(frequency=VOID).order_by("-sent_at", "pk")
    if edit.payer_id:
        rows = rows.filter(claim_payer__payer=edit.payer_id)
    if edit.site_id:
        rows = rows.filter(claim__site=edit.site_id)
    return rows.select_related(
        "claim__patient", "claim_payer__payer", "claim_payer__coverage__payer", "claim_payer__coverage__subscriber"
    )


def _hits(when: Groups, rows: list[Submission]) -> Iterator[Submission]:
    return (row for row in rows if holds(when, _seen(row)))


def _seen(sent: Submission) -> Seen:
    """The claim as that payer got it, as far as a staff-written edit can ask."""
    row, claim = sent.claim_payer, sent.claim
    content = stored.load(claim.content)
    to = insured_of(row.rank, row, claim, content, None, None)
    addressed = project(content, to, (to,), patient_of(claim.patient, content), frequency=sent.frequency)
    kind = row.coverage.kind or row.payer.kind
    return seen_in(addressed, rank=row.rank, kind=kind, service_on=claim.service_from)
