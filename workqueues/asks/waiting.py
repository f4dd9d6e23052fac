"""A claim is with a payer and no answer has come: the first payer's is chased from a day on, later ones are watched."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from claims.filing.on_file import Billed, FilingOnFile, clock_of_row
from claims.models import ClaimPayer, CrossoverNotice, CrossoverWatch, Heard, Submission
from claims.models.claim import PayerState
from denials.models import Denial
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope, joined

SUBJECT = "claims.claimpayer"
CHASE_DAYS, PAPER_CHASE_DAYS = 21, 35
NO_ANSWER_DAYS = 45
CHECK_DAYS = (21, 35, 50)
NOT_CLEAR = "The claim is not waited for there any more."
GONE = {
    PayerState.ADJUDICATED: "{payer}'s answer was posted.",
    PayerState.DENIED: "{payer}'s answer was posted.",
    PayerState.REVERSED: "{payer} took its answer back.",
    PayerState.REOPENED: "A payer before {payer} took its answer back.",
    PayerState.REJECTED: "{payer} rejected the claim.",
    PayerState.FORWARDED: "The claim crossed over to {payer}.",
    PayerState.NOT_BILLABLE: "{payer} is not billed for this claim.",
    PayerState.SUBMITTED: "The claim was sent to {payer} again.",
    PayerState.EXPECTED: "The claim was not sent to {payer}, or nothing came of the crossover.",
}


def _of(scope: Scope, state: PayerState) -> QuerySet[Any]:
    rows: QuerySet[Any] = ClaimPayer.objects.filter(state=state, claim__is_void=False).order_by()
    return scope.of(rows)


def _sent(scope: Scope) -> QuerySet[Any]:
    """Sent and not answered; what this payer refused before is worked as the refusal until that is settled."""
    sendings = Submission.objects.filter(claim_payer=OuterRef("pk")).order_by("-sent_at", "-pk")
    refused = Denial.objects.open().filter(claim_payer=OuterRef("pk")).order_by()
    sent_on = Subquery(sendings.values("sent_at__date")[:1], output_field=DateField())
    rows: QuerySet[Any] = _of(scope, PayerState.SUBMITTED).filter(~Exists(refused))
    sent: QuerySet[Any] = rows.annotate(
        sent_on=Coalesce(F("submitted_on"), sent_on),
        accepted_on=Subquery(sendings.values("accepted_on")[:1]),
        on_paper=Subquery(sendings.values("on_paper")[:1]),
    ).filter(sent_on__isnull=False)
    return sent


def found_primary(scope: Scope, today: date) -> Iterator[Found]:
    """The first payer's answer is overdue: 21 days after the sending, 35 on paper."""
    if not scope.has_payers(PayerState.SUBMITTED):
        return
    electronic = Q(sent_on__lte=today - timedelta(days=CHASE_DAYS))
    on_paper = Q(sent_on__lte=today - timedelta(days=PAPER_CHASE_DAYS))
    due = _sent(scope).filter(rank=1).filter(Q(electronic & ~Q(on_paper=True)) | on_paper)
    rows = due.select_related("claim__site", "payer", "coverage").defer("claim__content")
    filing: FilingOnFile | None = None
    for row in rows.iterator(chunk_size=2000):
        sent_on: date = row.sent_on
        limit = None
        if not row.accepted_on:
            filing = filing or FilingOnFile()
            limit = _filing_limit(row, filing)
        wait = PAPER_CHASE_DAYS if row.on_paper else CHASE_DAYS
        heard = f"took it in on {row.accepted_on:%m/%d/%Y}" if row.accepted_on else "has not said that it has it"
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=f"Sent on {sent_on:%m/%d/%Y}; {row.payer} {heard} and has not answered. {ASK_STATUS}",
            codes=("unanswered" if row.accepted_on else "unacknowledged",),
            next_action=ASK_STATUS,
            amount_cents=max(row.claim.insurer_open_cents, 0),
            limit_on=limit,
            needed_on=sent_on + timedelta(days=NO_ANSWER_DAYS),
            since=sent_on + timedelta(days=wait),
        )


ASK_STATUS = "Ask for the claim's status, and again every 10 days."


def _filing_limit(row: Any, filing: FilingOnFile) -> date | None:
    """What no payer is known to have taken in is not filed: its limit runs on."""
    clock = clock_of_row(filing, Billed.of(row), row.claim.service_to, row.rank, row.payer.name, None)
    return clock.on if clock else None


def found_later(scope: Scope, today: date) -> Iterator[Found]:
    """A later payer has the claim: watched from the sending until it answers."""
    if not scope.has_payers(PayerState.SUBMITTED):
        return
    rows = _sent(scope).filter(rank__gt=1)
    for row in rows.select_related("claim", "payer").defer("claim__content").iterator(chunk_size=2000):
        sent_on: date = row.sent_on
        next_on = _check_day(sent_on, today)
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=f"Sent on {sent_on:%m/%d/%Y}; {row.payer} has not answered yet. {CHECK_LATER}",
            codes=("awaiting",),
            next_action=CHECK_LATER,
            next_on=next_on,
            amount_cents=max(row.claim.insurer_open_cents, 0),
            since=sent_on,
        )


CHECK_LATER = "Ask for the claim's status on day 21, 35 and 50."


def _check_day(sent_on: date, today: date) -> date:
    """The day of the check that is due, or of the first one."""
    days = [sent_on + timedelta(days=count) for count in CHECK_DAYS]
    return max((day for day in days if day <= today), default=days[0])


def found_crossed(scope: Scope, today: date) -> Iterator[Found]:
    """A copy went from payer to payer: neither billed twice nor lost. After the wait it is billed (WQ04)."""
    if not scope.has_payers(PayerState.FORWARDED):
        return
    earlier = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__lt=OuterRef("rank"), answered_on__isnull=False)
    answered = Subquery(earlier.order_by("-answered_on").values("answered_on")[:1], output_field=DateField())
    rows = _of(scope, PayerState.FORWARDED).annotate(answered_last=answered, check_on=_check_of_copy())
    rows = rows.filter(Q(crossover_until=None) | Q(crossover_until__gte=today))
    for row in rows.select_related("claim", "payer").defer("claim__content").iterator(chunk_size=2000):
        yield Found(
            subject_type=SUBJECT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=f"The claim crossed over to {row.payer}. {WATCH}{_until(row)}.",
            codes=("crossed_over",),
            next_action=WATCH,
            next_on=row.check_on or row.crossover_until,
            amount_cents=max(row.claim.insurer_open_cents, 0),
            since=row.answered_last,
        )


def _check_of_copy() -> Subquery:
    """From when the payer is asked for its copy; no more once it was asked then and has it."""
    asked = CrossoverNotice.objects.filter(
        claim_payer=OuterRef("claim_payer"), heard=Heard.ON_FILE, told_on__gte=OuterRef("check_on")
    )
    day = Case(When(Exists(asked), then=Value(None)), default=F("check_on"))
    last = CrossoverWatch.objects.filter(claim_payer=OuterRef("pk")).order_by("-created_at")
    return Subquery(last.annotate(day=day).values("day")[:1])


def _until(row: Any) -> str:
    if not row.crossover_until:
        return ""
    ask = f"ask it from {row.check_on:%m/%d/%Y} on, then bill it" if row.check_on else "then ask, and bill it"
    return f" until {row.crossover_until:%m/%d/%Y}; {ask}"


WATCH = "Wait for its answer"


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = ClaimPayer.objects.filter(pk__in=ids).values_list("pk", "state", "payer__name")
    return {pk: GONE.get(PayerState(state), NOT_CLEAR).format(payer=payer) for pk, state, payer in rows}


PRIMARY = Ask(found=found_primary, gone=gone)
LATER = joined(Ask(found=found_later, gone=gone), denials.of("awaiting-payer"))
CROSSED = joined(Ask(found=found_crossed, gone=gone), denials.of("crossover-watch"))
