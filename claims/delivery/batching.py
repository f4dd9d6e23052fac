"""All claims whose turn it is, in one interchange for each receiver of a site: opened and edited one by one, then sent
together, each once.

Looking takes long and holds nothing; sending is one transaction a file, in which whoever was sent or answered meanwhile
is left out. The number of a file is taken before, so a crash wastes a number and sends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from claims.delivery.due import due
from claims.delivery.handing import hand_over
from claims.delivery.models import OutgoingFile
from claims.delivery.numbers import CLAIMS, take
from claims.delivery.transports.opening import mailbox_for
from claims.edits import objections
from claims.models import Adjudication, ClaimPayer, Submission
from claims.models.claim import PayerState
from claims.next_step import Action
from claims.queries import next_step_of
from claims.submissions.folder import open_folder
from claims.submissions.route import Route, batch_for, route_of
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.jobs.progress import Progress
from cob.turns import Turn, wait_for
from cob.x12.errors import X12Error
from cob.x12.t837p import Batch837P, Claim837P
from cob.x12.write837p import write_837p

# The guide recommends no more claims in one transaction (ST to SE) than this: 005010X222A1, loop 2300 CLM.
MOST_CLAIMS = 5000
CHUNK = 200

Answers = dict[UUID, frozenset[tuple[UUID, object]]]


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that is not sent, and the edit that stops it (or `next_step`, or `file`)."""

    claim: UUID
    site: UUID
    rank: int
    edit: str


@dataclass(slots=True)
class Made:
    """What one run did. `overtaken`: somebody sent the claim, or its payer answered, while the file was being made."""

    files: list[OutgoingFile] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    sent: int = 0
    overtaken: int = 0


@dataclass(frozen=True, slots=True)
class _Ready:
    """One claim as it will go; `answers` are the adjudications it rests on."""

    row: ClaimPayer
    addressed: Claim837P
    route: Route
    answers: frozenset[tuple[UUID, object]]


@dataclass(frozen=True, slots=True)
class _Written:
    """One file as data and as bytes."""

    batch: Batch837P
    data: bytes


def make_batches(
    sites: Iterable[UUID] | None,
    *,
    by: User | None,
    today: date | None = None,
    progress: Progress | None = None,
    by_itself: bool = False,
) -> Made:
    """Send every claim whose turn it is and that no edit stops. `by` None: the task that acts; `by_itself`: only where
    the receiver's mailbox is set to send without anybody pressing a button.

    Done again after being killed it sends nobody anything twice: what was sent is not due any more.
    """
    today, made = today or timezone.localdate(), Made()
    keys = list(due(sites, today).values_list("pk", flat=True))
    if progress:
        progress.of(len(keys), "Claims")
    ways: dict[tuple[UUID, Route], list[_Ready]] = {}
    for ready in _looked_at(keys, today, made, progress):
        ways.setdefault((ready.row.claim.site_id, ready.route), []).append(ready)
    for (_, route), parcel in ways.items():
        if by_itself and not _sends_by_itself(route):
            continue
        in_order = sorted(parcel, key=_together)
        for start in range(0, len(in_order), MOST_CLAIMS):
            _send(in_order[start : start + MOST_CLAIMS], by, today, made)
    return made


def _sends_by_itself(route: Route) -> bool:
    mailbox = mailbox_for(route.receiver[1])
    return mailbox is not None and mailbox.sends_by_itself


def _looked_at(keys: Sequence[UUID], today: date, made: Made, progress: Progress | None) -> Iterator[_Ready]:
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        rows = ClaimPayer.objects.filter(pk__in=part).select_related("payer", "claim__site", "claim__patient")
        found = {row.pk: row for row in rows}
        answers = _answers_of({row.claim_id for row in found.values()})
        for key in part:
            if key in found:
                ready = _ready(found[key], answers, today, made)
                if ready:
                    yield ready
            if progress:
                progress.step()


def _ready(row: ClaimPayer, answers: Answers, today: date, made: Made) -> _Ready | None:
    claim = row.claim
    folder = open_folder(claim)
    step = next_step_of(folder, today)
    rows = [one.pk for one in folder.rows]
    is_turn = step.action is Action.SUBMIT and step.place is not None and folder.rows[step.place.place - 1].pk == row.pk
    if row.pk not in rows or not is_turn:
        if step.action is Action.HOLD:
            made.held.append(Held(claim.pk, claim.site_id, row.rank, "next_step"))
        return None
    sending = folder.sending(row.rank, today)
    stops = [one for one in objections(sending) if one.stops]
    if stops:
        made.held.append(Held(claim.pk, claim.site_id, row.rank, stops[0].edit))
        return None
    return _Ready(row, sending.claim, route_of(claim, sending.claim), answers.get(claim.pk, frozenset()))


def _answers_of(claims: Iterable[UUID]) -> Answers:
    """What stands on file about each claim; when it is the same later, nothing was answered or undone meanwhile."""
    found: dict[UUID, set[tuple[UUID, object]]] = {}
    rows = Adjudication.objects.filter(claim__in=list(claims)).values_list("claim_id", "pk", "posted_at")
    for claim, pk, posted_at in rows:
        found.setdefault(claim, set()).add((pk, posted_at))
    return {claim: frozenset(answers) for claim, answers in found.items()}


def _together(ready: _Ready) -> tuple[str, ...]:
    """Claims of one provider and one subscriber stand under one HL."""
    claim = ready.addressed
    return claim.billing.party.id, claim.payer.party.id, claim.subscriber.party.id, claim.control_number


def _send(parcel: Sequence[_Ready], by: User | None, today: date, made: Made) -> None:
    interchange = take(CLAIMS)
    with transaction.atomic():
        wait_for(Turn.POSTINGS)
        held = _as_seen(parcel)
        made.overtaken += len(parcel) - len(held)
        written, goes = _written(held, interchange, made)
        if written is None:
            return
        _mark(goes, today)
        claims = [ready.row.claim for ready in goes]
        file = hand_over(
            interchange=interchange,
            kind="837",
            data=written.data,
            site=claims[0].site,
            receiver=goes[0].route.receiver[1],
            items=len(goes),
            charge_cents=sum(ready.addressed.charge_cents for ready in goes),
            by=by,
        )
        _put_on_file(goes, file, written.batch, by)
    made.files.append(file)
    made.sent += len(goes)


def _as_seen(parcel: Sequence[_Ready]) -> list[_Ready]:
    """Those that are still as they were looked at, held until the commit."""
    there: dict[UUID, tuple[str, date | None, bool]] = {}
    answers: Answers = {}
    for start in range(0, len(parcel), CHUNK):
        part = parcel[start : start + CHUNK]
        rows = ClaimPayer.objects.select_for_update(of=("self",)).filter(pk__in=[ready.row.pk for ready in part])
        there |= {pk: tuple(rest) for pk, *rest in rows.values_list("pk", "state", "submitted_on", "claim__is_void")}
        answers |= _answers_of({ready.row.claim_id for ready in part})
    return [
        ready
        for ready in parcel
        if there.get(ready.row.pk) == (ready.row.state, ready.row.submitted_on, False)
        and answers.get(ready.row.claim_id, frozenset()) == ready.answers
    ]


def _written(parcel: Sequence[_Ready], interchange: str, made: Made) -> tuple[_Written | None, list[_Ready]]:
    """The file of all that can be written. One claim that cannot be does not stop the others."""
    if not parcel:
        return None, []
    try:
        return _one_file(parcel, interchange), list(parcel)
    except X12Error:
        fits = [ready for ready in parcel if _fits(ready, interchange, made)]
        return (_one_file(fits, interchange), fits) if fits else (None, [])


def _fits(ready: _Ready, interchange: str, made: Made) -> bool:
    try:
        _one_file([ready], interchange)
    except X12Error:
        claim = ready.row.claim
        made.held.append(Held(claim.pk, claim.site_id, ready.row.rank, "file"))
        return False
    return True


def _one_file(parcel: Sequence[_Ready], interchange: str) -> _Written:
    claims = tuple(ready.addressed for ready in parcel)
    batch = batch_for(claims, parcel[0].route, interchange, timezone.localtime(), is_test=False)
    return _Written(batch, write_837p(batch))


def _mark(parcel: Sequence[_Ready], today: date) -> None:
    """The rows are held, so this is what makes the claims sent."""
    with doing("claim submitted"):
        for start in range(0, len(parcel), CHUNK):
            keys = [ready.row.pk for ready in parcel[start : start + CHUNK]]
            ClaimPayer.objects.filter(pk__in=keys).update(state=PayerState.SUBMITTED, submitted_on=today)


def _put_on_file(parcel: Sequence[_Ready], file: OutgoingFile, batch: Batch837P, by: User | None) -> None:
    """A sending for each claim, and the event the queues and the claim's trail follow."""
    rows = [
        Submission(
            claim=ready.row.claim,
            claim_payer=ready.row,
            frequency=ready.addressed.frequency,
            by=by,
            sent_at=file.made_at,
            sent_in=file,
        )
        for ready in parcel
    ]
    for row in rows:
        row.number_as(batch)
    Submission.objects.bulk_create(rows, batch_size=CHUNK)
    for row in rows:
        claim = row.claim
        after = {"rank": row.claim_payer.rank, "interchange": file.interchange, "frequency": row.frequency}
        record("claim submitted", claim, patients=[claim.patient_id], site_id=claim.site_id, after=after)
