"""Record what a payer refused, and say what became of it. Recording twice records once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from claims.filing.on_file import FilingOnFile
from claims.models import Adjudication, Remittance, Submission
from claims.models.claim import PayerState
from cob.accounts.models import User
from cob.audit.acting import doing
from denials import reading
from denials.clocks import Ends, limit_on, limits_of_payers
from denials.codebook import REFUSING
from denials.models import COB, Denial, Status
from denials.playbooks import ELSEWHERE
from denials.queries import desk_code_book, to_triage, unrecorded
from denials.triage import NEEDS_SUPERVISOR, WORKED_BEFORE, Triage

CHUNK = 500
ANSWERED_ANEW = "The payer answered anew."
TAKEN_BACK = "The payer took its answer back."
ACCEPTED = "A claim sent since was accepted."
VOIDED = "The claim was voided."
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


class AlreadyResolved(ValueError):
    """Somebody was quicker; says who and how."""


def record_denials(*remittances: Remittance, now: datetime | None = None) -> int:
    """Record what these remittances refuse of claims on file; the number of new denials. Safe to run again."""
    return _record(to_triage().filter(remittance__in=remittances), now=now or timezone.now())


def record_missed(*, now: datetime | None = None) -> int:
    """The nightly sweep: every answer on file that refuses something and has no denial yet."""
    return _record(unrecorded(), now=now or timezone.now())


def record_missed_of(patients: Iterable[uuid.UUID], *, now: datetime | None = None) -> int:
    """The same for some patients' claims, such as after a match by hand."""
    return _record(unrecorded().filter(claim__patient__in=list(patients)), now=now or timezone.now())


def _record(answers: QuerySet[Adjudication], *, now: datetime) -> int:
    """Set-based in chunks; the unique (answer, category) makes a second worker harmless."""
    pks = list(answers.order_by("remittance__created_at", "position").values_list("pk", flat=True))
    if not pks:
        return 0
    new, filing = 0, FilingOnFile()
    for start in range(0, len(pks), CHUNK):
        with transaction.atomic(), doing("recorded denials"):
            part = reading.load(pks[start : start + CHUNK])
            found = [row for answer in part for row in _denials(answer, filing, now)]
            new += len(_save_new(found))
    return new


def refresh_limits() -> int:
    """Open denials whose limit is another now: somebody kept the payer's own since, or the next payer came to be known.
    How many changed; safe to run again."""
    pks = list(Denial.objects.open().order_by("adjudication").values_list("adjudication", flat=True).distinct())
    if not pks:
        return 0
    changed, filing, now = 0, FilingOnFile(), timezone.now()
    for start in range(0, len(pks), CHUNK):
        part = pks[start : start + CHUNK]
        ends = {
            (row.adjudication_id, row.category): (row.limit_on, row.limit_name)
            for answer in reading.load(part)
            for row in _denials(answer, filing, now)
        }
        with transaction.atomic(), doing("computed limit anew"):
            other = [
                row
                for row in Denial.objects.open().filter(adjudication__in=part).select_for_update(of=("self",))
                if ends.get(_key(row), (row.limit_on, row.limit_name)) != (row.limit_on, row.limit_name)
            ]
            for row in other:
                row.limit_on, row.limit_name = ends[_key(row)]
            if other:
                Denial.objects.bulk_update(other, ["limit_on", "limit_name"])
        changed += len(other)
    return changed


def _key(row: Denial) -> tuple[uuid.UUID, str]:
    return row.adjudication_id, row.category


def _save_new(rows: Sequence[Denial]) -> list[Denial]:
    """Insert what is not there yet; `attempt` counts earlier refusals of the claim by the payer with the same codes."""
    there = set(
        Denial.objects.filter(adjudication__in={row.adjudication_id for row in rows}).values_list(
            "adjudication_id", "category"
        )
    )
    fresh = [row for row in rows if (row.adjudication_id, row.category) not in there]
    earlier = Denial.objects.filter(claim__in={row.claim_id for row in fresh})
    seen = [_same(denial) for denial in earlier]
    for row in fresh:
        row.attempt = 1 + seen.count(_same(row))
        if row.attempt > 1 and row.family == COB and row.playbook:
            row.flags = [*row.flags, NEEDS_SUPERVISOR]
            row.because = f"{row.because} {WORKED_BEFORE}"[:400]
        seen.append(_same(row))
    return Denial.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=CHUNK) if fresh else []


def _same(denial: Denial) -> tuple[uuid.UUID, uuid.UUID, str, tuple[str, ...]]:
    return denial.claim_id, denial.payer_id, denial.category, tuple(sorted(denial.codes))


def _denials(answer: reading.Answered, filing: FilingOnFile, now: datetime) -> list[Denial]:
    """One row per category among the answer's lines; alerts and adjustments never make one."""
    book = desk_code_book()
    by_category: dict[str, list[tuple[reading.Unit, Triage]]] = {}
    for unit, told in reading.triaged(answer, book):
        if told.kind in REFUSING:
            by_category.setdefault(told.category, []).append((unit, told))
    if not by_category:
        return []
    of_payers = limits_of_payers(answer, filing, book.limits)
    return [_row(answer, hits, of_payers, now) for hits in by_category.values()]


def _row(
    answer: reading.Answered, hits: list[tuple[reading.Unit, Triage]], of_payers: dict[str, Ends], now: datetime
) -> Denial:
    row, told = answer.row, hits[0][1]
    claim = answer.claim
    limit = limit_on(
        (deadline["limit"] for deadline in told.deadlines),
        desk_code_book().limits,
        answered_on=row.answered_on,
        service_on=claim.service_to,
        payer_kind=answer.payer_kind,
        of_payers=of_payers,
    )
    return Denial(
        site_id=claim.site_id,
        claim=claim,
        claim_payer_id=row.claim_payer_id,
        adjudication=row,
        payer_id=answer.payer_id,
        line_id=hits[0][0].line_id if len(hits) == 1 else None,
        kind=told.kind,
        family=told.family,
        category=told.category,
        playbook=told.playbook or "",
        queue=told.queue or "",
        codes=list(dict.fromkeys(code for _, hit in hits for code in hit.codes)),
        because=told.because[:400],
        flags=list(told.flags),
        appealable=told.appealable,
        at_risk_cents=sum(unit.refused_cents for unit, _ in hits),
        answered_on=row.answered_on,
        limit_on=limit[0] if limit else None,
        limit_name=limit[1] if limit else "",
        recorded_on=timezone.localdate(now),
        recorded_at=now,
    )


def resolve(
    *, denial: Denial, resolution: str, root_cause: str = "", by: User | None = None, on: date | None = None
) -> None:
    """End a denial by what was done about it. Raises AlreadyResolved when somebody was quicker."""
    with transaction.atomic(), doing("resolved denial", reason=resolution):
        mine = Denial.objects.filter(pk=denial.pk, status=Status.OPEN)
        won = mine.update(
            status=Status.RESOLVED,
            resolved_on=on or timezone.localdate(),
            resolved_by=by,
            resolution=resolution[:200],
            root_cause=root_cause,
        )
    denial.refresh_from_db()
    if not won:
        raise AlreadyResolved(f"Resolved on {denial.resolved_on:%m/%d/%Y}: {denial.resolution}")


def reopen(*, denial: Denial) -> None:
    """Take a resolution back: the denial still stands, whatever ended it."""
    ending = {"resolved_on": None, "resolved_by": None, "resolution": "", "root_cause": ""}
    with doing("reopened denial"):
        ended = Denial.objects.filter(pk=denial.pk, status=Status.RESOLVED)
        ended.update(status=Status.OPEN, reopened_at=timezone.now(), **ending)
    denial.refresh_from_db()


def settle(denials: QuerySet[Denial] | None = None, *, today: date | None = None) -> int:
    """Resolve open denials whose reason has gone: answered anew, taken back, a later claim accepted, or the claim void.
    Set-based.

    A denial ends on the day of the claim that put it right, or of the answer that ended it, not on the day we heard.
    """
    rows = (Denial.objects.all() if denials is None else denials).filter(status=Status.OPEN)
    today = today or timezone.localdate()
    done = 0
    ends = (
        (answered_anew(), ANSWERED_ANEW),
        (taken_back(), TAKEN_BACK),
        (Q(claim__is_void=True), VOIDED),
        (_accepted(), ACCEPTED),
    )
    for condition, words in ends:
        by_day: dict[date, list[uuid.UUID]] = defaultdict(list)
        ended = rows.filter(condition).annotate(put_right_on=_put_right_on(), answered_anew_on=_answered_anew_on())
        for pk, *days in ended.values_list("pk", "put_right_on", "answered_anew_on"):
            by_day[min(filter(None, days), default=today)].append(pk)
        for day, pks in by_day.items():
            done += _settle(pks, day, words)
    return done


def forget_unmatched() -> int:
    """What was recorded of answers that a person took off their claim since: it is recorded anew when they are matched.

    A refusal booked to the wrong claim is no refusal of it; the trail keeps who took it off and why.
    """
    with transaction.atomic(), doing("forgot denial"):
        return Denial.objects.filter(adjudication__claim=None).delete()[0]


def _settle(pks: Sequence[uuid.UUID], day: date, words: str) -> int:
    done = 0
    for start in range(0, len(pks), CHUNK):
        with transaction.atomic(), doing("resolved denial", reason=words):
            part = Denial.objects.filter(pk__in=pks[start : start + CHUNK], status=Status.OPEN)
            done += part.update(status=Status.RESOLVED, resolved_on=day, resolution=words)
    return done


def _later_answers() -> QuerySet[Adjudication]:
    """What the same payer said of the claim after the refusing answer, and after a person opened the denial again."""
    later = Adjudication.objects.filter(claim=OuterRef("claim"), remittance__payer=OuterRef("payer"))
    same_remittance = Q(
        remittance=OuterRef("adjudication__remittance"), position__gt=OuterRef("adjudication__position")
    )
    newer = Q(remittance__created_at__gt=OuterRef("adjudication__remittance__created_at"))
    later = later.filter(newer | same_remittance).exclude(pk=OuterRef("adjudication"))
    return later.filter(remittance__created_at__gt=_opened_at())


def answered_anew() -> Exists:
    """A later answer of the same payer that is no reversal: what counts is what it says now."""
    return Exists(_later_answers().exclude(status="22"))


def taken_back() -> Exists:
    return Exists(Adjudication.objects.filter(reverses=OuterRef("adjudication")))


def _putting_right() -> QuerySet[Submission]:
    """Sendings of the claim after the day it was refused that put it right.

    Acceptance by a payer, not the bare sending: only that stops the clock, and only by the payer that refused, unless
    the playbook bills another. Paying it proves acceptance as well, whoever does.
    """
    playbook = ExpressionWrapper(OuterRef("playbook"), output_field=CharField())
    sent = Submission.objects.alias(playbook=playbook).filter(
        claim=OuterRef("claim"), sent_at__date__gt=OuterRef("answered_on"), rejected_on=None
    )
    is_meant = Q(claim_payer__payer=OuterRef("payer")) | Q(playbook__in=ELSEWHERE)
    acknowledged = Q(accepted_on__isnull=False) & ~Q(accepted_on__lt=F("sent_at__date"))
    paid = Q(claim_payer__state=PayerState.ADJUDICATED, claim_payer__answered_on__gte=F("sent_at__date"))
    return sent.filter((is_meant & acknowledged) | paid, sent_at__gt=_opened_at())


def _opened_at() -> Coalesce:
    return Coalesce(OuterRef("reopened_at"), Value(LONG_AGO), output_field=DateTimeField())


def _accepted() -> Exists:
    return Exists(_putting_right())


def _put_right_on() -> Subquery:
    return Subquery(_putting_right().order_by("sent_at").values("sent_at__date")[:1], output_field=DateField())


def _answered_anew_on() -> Subquery:
    ended = _later_answers().filter(answered_on__gte=OuterRef("answered_on"))
    return Subquery(ended.order_by("answered_on").values("answered_on")[:1], output_field=DateField())
