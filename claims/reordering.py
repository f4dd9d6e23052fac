"""Claims that went out in another order than the one due now: found in rows, and worked out anew from the facts.

The rows give the queues their answer: payers on claims joined to the places of the order on file. The facts give the
page its answer, also before anybody has put the new order on file. Neither moves a payer that has the claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable

from claims.models import Claim, ClaimPayer, Posting
from claims.models.claim import PayerState
from claims.models.posting import PostingKind
from claims.order_audit import SENT, SETTLED, Billed, Difference, Kind, compare, due_of
from cob.coverage.cases import NeedsKind, cases_for
from cob.coverage.deciding import rests_on
from cob.coverage.models import Determination, Rank
from cob.coverage.rulebook import Malformed, verdict_on
from cob.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Changed:
    """One claim with the order due and how it differs. `asked` says in words why no order is due yet."""

    claim: Claim
    verdict: Mapping[str, Any] | None
    difference: Difference
    decided: Determination | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of service with what its claims say of the visit, and the order due on it."""

    service_on: date
    claim: Mapping[str, Any]
    verdict: Mapping[str, Any] | None
    on_file: Determination | None
    is_on_file: bool
    asked: str = ""


def out_of_order(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Of these claims, those somebody has been sent whose payers are not those, or not in the order, on file for their
    day. Among payers that share a place any order is right.
    """
    on_file = Determination.objects.current().filter(status__in=SETTLED).order_by()
    on_file = on_file.filter(patient=OuterRef("patient"), service_on=OuterRef("service_from"))
    billed = ClaimPayer.objects.filter(claim=OuterRef("pk")).exclude(state=PayerState.NOT_BILLABLE).order_by()
    not_due = billed.filter(~Exists(_places("claim__patient", "claim__service_from", "coverage")))
    swapped = billed.annotate(due=_due()).filter(Exists(_behind_but_due_ahead()))
    missing = _places("patient", "service_from").filter(~Exists(_on_claim()))
    sent = claims.filter(Exists(billed.filter(state__in=SENT)), Exists(on_file), is_void=False)
    found: QuerySet[Claim] = sent.filter(Exists(not_due) | Exists(missing) | Exists(swapped))
    return found


def _places(patient: str, day: str, coverage: str = "") -> QuerySet[Rank]:
    """The places in the settled order on file for the outer row's patient and day."""
    places = Rank.objects.filter(
        determination__patient=OuterRef(patient),
        determination__service_on=OuterRef(day),
        determination__superseded_by=None,
        determination__status__in=SETTLED,
    ).order_by()
    return places.filter(coverage=OuterRef(coverage)) if coverage else places


def _due() -> Combinable:
    """The place that is due to the outer payer; none where several share the places."""
    places = _places("claim__patient", "claim__service_from", "coverage").exclude(determination__status="tie")
    return Subquery(places.values("rank")[:1])


def _behind_but_due_ahead() -> QuerySet[ClaimPayer]:
    """Payers of the outer payer's claim that stand behind it and are due ahead of it."""
    rows = ClaimPayer.objects.filter(claim=OuterRef("claim"), rank__gt=OuterRef("rank")).order_by()
    ahead: QuerySet[Any] = rows.exclude(state=PayerState.NOT_BILLABLE).annotate(due=_due())
    return ahead.filter(due__lt=OuterRef("due"))


def _on_claim() -> QuerySet[ClaimPayer]:
    """The outer place's coverage on the claim around it, unless an order set it aside."""
    rows = ClaimPayer.objects.filter(claim=OuterRef(OuterRef("pk")), coverage=OuterRef("coverage")).order_by()
    return rows.exclude(state=PayerState.NOT_BILLABLE, rank_from="determined")


def changed_claims(patient: Patient) -> list[Changed]:
    """Every claim of the patient that is not in the order due today, newest service first. The number of queries does
    not depend on how many claims there are.
    """
    claims = claims_of(patient)
    return changed_among(claims, days_of(patient, claims), paid_by_payer(claim.pk for claim in claims))


def changed_among(claims: Iterable[Claim], days: Iterable[Day], paid: Mapping[tuple[UUID, int], int]) -> list[Changed]:
    """Of these claims, those whose payers are not in the order due on their day."""
    by_day = {(day.service_on, _key(day.claim)): day for day in days}
    found = (_changed(claim, by_day[claim.service_from, _key(visit_of(claim))], paid) for claim in claims)
    return [one for one in found if one is not None]


def claims_of(patient: Patient) -> list[Claim]:
    """The patient's claims with their payers, without what was void."""
    payers = Prefetch("payers", queryset=ClaimPayer.objects.select_related("payer").order_by("rank"))
    rows = Claim.objects.filter(patient=patient, is_void=False).defer("content").prefetch_related(payers)
    return list(rows.order_by("-service_from", "control_number"))


def days_of(patient: Patient, claims: Iterable[Claim]) -> list[Day]:
    """Each day of service of these claims with the order due: a person's where it still stands, else the rules'."""
    asked = {(claim.service_from, _key(visit_of(claim))): visit_of(claim) for claim in claims}
    if not asked:
        return []
    order = list(asked)
    cases = cases_for(patient, [(day, asked[day, key]) for day, key in order])
    rows = Determination.objects.current().filter(patient=patient, service_on__in={day for day, _ in order})
    on_file = {row.service_on: row for row in rows.order_by("decided_at")}
    return [_day(day, asked[day, key], found, on_file.get(day)) for (day, key), found in zip(order, cases, strict=True)]


def visit_of(claim: Claim) -> dict[str, Any]:
    """What a claim says of its visit, in the contract's words; nothing where it says nothing."""
    said = [one for one in claim.related_to if one != "none"]
    return {"related_to": said} if said else {}


def _key(visit: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(visit.get("related_to", ())))


def _day(day: date, visit: Mapping[str, Any], found: Any, on_file: Determination | None) -> Day:
    if isinstance(found, NeedsKind):
        return Day(day, visit, None, on_file, is_on_file=False, asked=found.ask)
    if on_file is not None and rests_on(on_file, found.case):
        return Day(day, visit, on_file.verdict, on_file, is_on_file=True)
    try:
        verdict = verdict_on(found.case)
    except Malformed as wrong:
        return Day(day, visit, None, on_file, is_on_file=False, asked=f"What is on file contradicts itself: {wrong}")
    return Day(day, visit, verdict, on_file, is_on_file=False)


def _changed(claim: Claim, day: Day, paid: Mapping[tuple[UUID, int], int]) -> Changed | None:
    due = due_of(day.verdict or {"status": "needs_facts"})
    ranks = [
        Billed(str(row.coverage_id), row.rank, row.state, paid.get((claim.pk, row.rank), 0), row.rank_from)
        for row in claim.payers.all()
    ]
    found = compare(ranks, due, insurer_open_cents=claim.insurer_open_cents, patient_cents=claim.patient_cents)
    was_settled = day.on_file is not None and day.on_file.is_settled
    if found is None or (Kind.OPEN in found.kinds and not was_settled):
        return None  # an order that was never known has not changed
    questions = (day.verdict or {}).get("questions") or []
    asked = day.asked or (questions[0]["ask"] if questions else "")
    return Changed(claim, day.verdict, found, day.on_file if day.is_on_file else None, asked)


def paid_by_payer(claims: Iterable[UUID | str]) -> dict[tuple[UUID, int], int]:
    """What each payer of the claims of these ids has paid and not taken back, by claim and place: one query."""
    payment = Q(kind=PostingKind.PAYMENT) | Q(reverses__kind=PostingKind.PAYMENT)
    rows = Posting.objects.filter(payment, claim__in=list(claims)).order_by()
    summed = rows.values_list("claim", "rank").annotate(cents=Sum("amount_cents"))
    return {(claim, rank): cents for claim, rank, cents in summed}
