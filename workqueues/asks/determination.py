"""Who pays first is not settled: two coverages or more, and no order that can be relied on."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from claims.models import Claim
from cob.coverage import catalogue
from cob.coverage.knowing import who_could_know
from cob.coverage.models import Coverage, Determination
from cob.patients.models import Patient
from cob.rules.frontdesk import CHECKED_ONCE, good_from
from cob.rules.frontdesk.leads import lead
from workqueues.asks import msp_answers, order_work
from workqueues.asks.asking import Ask, Found, Scope, in_words
from workqueues.asks.order_work import SETTLED

SUBJECT = "patients.patient"
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
REASONS = {
    "undetermined": "no order is on file",
    "coverage_added": "a coverage was added after the order was settled",
    "order_expired": "the order on file has come to its end",
    "needs_facts": "the order waits for an answer",
    "kind_unknown": "nobody said what kind of plan one of them is",
    "unverified": "one of them was never verified",
    "verification_old": "one of them is to be verified again before the visit",
} | order_work.REASONS


def _in_force(day: Combinable, patient: str) -> QuerySet[Coverage]:
    """The outer row's coverages whose dates include an expression's day."""
    begun = Q(effective_on=None) | Q(effective_on__lte=day)
    return Coverage.objects.filter(
        begun, Q(ended_on=None) | Q(ended_on__gte=day), patient=OuterRef(patient), enrolled=True
    ).order_by()


def _count(rows: QuerySet[Coverage]) -> Coalesce:
    counted = rows.values("patient").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _open_claims() -> QuerySet[Claim]:
    return Claim.objects.filter(patient=OuterRef("pk"), insurer_open_cents__gt=0, is_void=False).order_by()


def _likely(scope: Scope, today: date) -> QuerySet[Patient]:
    """Patients with two cards, whenever these hold, or with an order, a payer's word or an unanswered question that is
    work without them. Most patients are none of these, and after an event that ends the asking before the dearer
    questions.
    """
    on_file = _has_two_cards() | order_work.any_no_coverage()
    told = order_work.shows_otherwise() | msp_answers.has_any(today)
    return scope.of(Patient.objects.filter(on_file | told), "pk")


def _candidates(likely: QuerySet[Patient], today: date) -> QuerySet[Patient]:
    """Of these, patients with two coverages at once: on the day of their next visit (or today), or of a claim still
    open; and those with claims that went out in another order, whose payer shows another one or denies cover, or who
    could not answer Medicare's questionnaire, whatever is in force.
    """
    upcoming = When(next_visit_on__gte=today, then=F("next_visit_on"))
    rows = likely.annotate(day=Case(upcoming, default=Value(today), output_field=DateField()))
    now = _in_force(OuterRef("day"), "pk")
    claims = _open_claims().alias(n=_count(_in_force(OuterRef("service_from"), "patient"))).filter(n__gte=2)
    both: QuerySet[Patient] = rows.annotate(n_now=_count(now), on_claim=Exists(claims))
    others = order_work.has_changed_claims() | order_work.shows_otherwise() | msp_answers.has_any(today)
    return both.filter(Q(n_now__gte=2) | Q(on_claim=True) | others)


def _has_two_cards() -> Q:
    cards = Coverage.objects.filter(patient=OuterRef("pk")).order_by().values("patient")
    return Q(GreaterThanOrEqual(Subquery(cards.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 2))


def _verified_too_long_ago(today: date) -> Q:
    """The cadence as a condition: each of the few visit days for which a verification may be due now, with the first
    day on which one counts. A plan year that begins inside a month is left to the page of the patient.
    """
    found = Q(pk=None)
    for days in range(lead("verify_weekly_days") + 1):
        visit = today + timedelta(days=days)
        for weekly in (False, True):
            counts = good_from(visit, comes_weekly=weekly)
            if counts <= today:
                found |= Q(patient__next_visit_on=visit, patient__comes_weekly=weekly, verified_on__lt=counts)
    return found & ~Q(kind__in=CHECKED_ONCE)


def _order_on(day: Combinable) -> Coalesce:
    """Which order on file of the outer patient this day rests on: that of the day itself, else of the nearest day
    before it, else after it. What was decided last of a day long past says nothing of today.
    """
    rows = Determination.objects.current().filter(patient=OuterRef("pk"))
    up_to = rows.filter(service_on__lte=day).order_by("-service_on", "-decided_at")
    later = rows.filter(service_on__gt=day).order_by("service_on", "-decided_at")
    return Coalesce(Subquery(up_to.values("pk")[:1]), Subquery(later.values("pk")[:1]))


def _with_facts(rows: QuerySet[Patient], today: date) -> QuerySet[Patient]:
    now = _in_force(OuterRef("day"), "pk")
    order = Determination.objects.filter(pk=OuterRef("order")).order_by()
    owed = _open_claims().values("patient").annotate(total=Sum("insurer_open_cents")).values("total")
    rows = rows.alias(order=_order_on(OuterRef("day"))).annotate(
        order_status=Subquery(order.values("status")[:1]),
        questions=Subquery(order.values("verdict__questions")[:1], output_field=JSONField()),
        order_at=Subquery(order.values("decided_at")[:1], output_field=DateTimeField()),
        expires_on=Subquery(order.values("expires_on")[:1], output_field=DateField()),
        owed=Coalesce(Subquery(owed), 0),
        kind_unknown=Exists(now.filter(kind="")),
        unverified=Exists(now.filter(verified_on=None)),
        verification_old=Exists(now.filter(_verified_too_long_ago(today))),
        asked_in_vain=msp_answers.has_any(today),
    )
    added = Exists(now.filter(created_at__gt=OuterRef("order_at")))
    no_order = When(order_at=None, then=Value(False))
    asked: QuerySet[Patient] = rows.annotate(coverage_added=Case(no_order, default=added, output_field=BooleanField()))
    return asked


def found(scope: Scope, today: date) -> Iterator[Found]:
    columns = (
        "pk", "site_id", "next_visit_on", "day", "n_now", "on_claim", "owed", "order_status", "expires_on", "questions",
    )  # fmt: skip
    flags = ("coverage_added", "kind_unknown", "unverified", "verification_old", "asked_in_vain")
    likely = _likely(scope, today)
    if not likely.exists():
        return
    rows = _with_facts(_candidates(likely, today), today).values(*columns, *flags).iterator(chunk_size=2000)
    for row, work in order_work.with_work(rows, today):
        own = _codes(row)
        if codes := (*own, *work.codes):
            visit, first = row["next_visit_on"], _first_step(own, row["questions"] or []) if own else work.first
            yield Found(
                subject_type=SUBJECT,
                subject_id=row["pk"],
                patient_id=row["pk"],
                site_id=row["site_id"],
                reason=_words(codes, row["n_now"], first) if own else order_work.alone(codes, first),
                codes=codes,
                next_action=first,
                amount_cents=row["owed"] + work.amount_cents,
                attempt=work.attempt,
                needed_on=visit if visit and visit >= today else None,
            )


def _codes(row: dict[str, Any]) -> tuple[str, ...]:
    status = row["order_status"]
    if row["n_now"] < 2 and not row["on_claim"]:
        return ()
    codes = [] if status in SETTLED else ["needs_facts" if status == "needs_facts" else "undetermined"]
    if status in SETTLED and row["coverage_added"]:
        codes.append("coverage_added")
    if status in SETTLED and row["expires_on"] and row["expires_on"] <= row["day"]:
        codes.append("order_expired")
    return (*codes, *(flag for flag in ("kind_unknown", "unverified", "verification_old") if row[flag]))


def _words(codes: tuple[str, ...], count: int, first: str) -> str:
    how_many = f"{count} coverages at once" if count >= 2 else "Two coverages on the day of an open claim"
    said = [REASONS[code] for code in codes]
    if not first:
        return f"{how_many}: {in_words(said)}."
    also = f" Also: {in_words(said[1:])}." if said[1:] else ""
    return f"{how_many}: {said[0]}. {first}{also}"


def _first_step(codes: tuple[str, ...], questions: list[dict[str, Any]]) -> str:
    """Whom to ask what, where the verdict on file says which answer it waits for."""
    if "needs_facts" not in codes or not questions:
        return ""
    fact = questions[0]["fact"]
    # A person nobody said the relation of goes by an id in the question; the fact's own name does without.
    ask = catalogue.label(fact) if AN_ID.search(questions[0]["ask"]) else questions[0]["ask"]
    more = f" Then {len(questions) - 1} more." if len(questions) > 1 else ""
    return f"Ask {who_could_know(fact)}: {ask[:110]}{more}"


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    order = Determination.objects.filter(pk=OuterRef("order")).order_by()
    patients = Patient.objects.filter(pk__in=ids).alias(order=_order_on(Value(timezone.localdate())))
    rows = patients.values_list("pk", Subquery(order.values("status")[:1]))
    settled = "The order was settled and the coverages are verified."
    said = {pk: settled if status in SETTLED else "Only one coverage is left in force." for pk, status in rows}
    return said | dict.fromkeys(msp_answers.alone_in(SUBJECT, ids), msp_answers.ANSWERED)


ASK = Ask(found=found, gone=gone)
