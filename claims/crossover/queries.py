"""What became of each copy, worked out by the database: received, late, failed, sent by us, waiting, or never received.

Queues ask `to_check` (WQ05: somebody asks the payer), `lapsed` (nothing came; the claim may be sent, WQ04) and `failed`
(WQ04); the page asks `seen_by` and `by_payer`. Every query costs the same for one copy as for fifty thousand.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Case, CharField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import TruncDate

from claims.models import Adjudication, CrossoverNotice, CrossoverWatch, Submission
from claims.models.claim import PayerState
from claims.models.crossover import FAILED
from cob.accounts.models import User

# `CrossoverWatch` rows with what `watches` adds to them, which the type checker does not know.
Copies = QuerySet[Any]
# How a copy stands, with the words and the tone of the page; the order is that of the columns.
STANDS: Final[dict[str, tuple[str, str]]] = {
    "received": ("Received", "good"),
    "late": ("Received late", "warn"),
    "waiting": ("Waiting", "info"),
    "check": ("Ask the payer", "warn"),
    "never": ("Never received", "bad"),
    "failed": ("Failed", "bad"),
    "sent": ("Sent by us", ""),
    "withdrawn": ("Answer taken back", ""),
}
ARRIVED: Final = ("received", "late")
# What no longer says anything about the road between the two payers.
NOT_COUNTED: Final = ("withdrawn",)
# Younger copies may still come; older ones are the measure of a road (K20).
SETTLED_DAYS: Final = 45
_NO_ANSWER: Final = ("22", "25")


def watches(today: date) -> Copies:
    """Every copy with `received_on`, `sent_on`, `failed_on` and how it `stands` on a day."""
    answers = Adjudication.objects.filter(
        claim_payer=OuterRef("claim_payer"), posted_at__isnull=False, answered_on__gte=OuterRef("forwarded_on")
    ).exclude(status__in=_NO_ANSWER)
    sendings = Submission.objects.filter(claim_payer=OuterRef("claim_payer")).annotate(on=TruncDate("sent_at"))
    notices = CrossoverNotice.objects.filter(
        claim_payer=OuterRef("claim_payer"), heard__in=FAILED, told_on__gte=OuterRef("forwarded_on")
    )
    taken_back = Adjudication.objects.filter(reverses=OuterRef("answer")).order_by()
    rows = CrossoverWatch.objects.annotate(
        received_on=_first(answers.order_by("answered_on").values("answered_on")),
        sent_on=_first(sendings.filter(on__gte=OuterRef("forwarded_on")).order_by("on").values("on")),
        failed_on=_first(notices.order_by("told_on").values("told_on")),
        is_taken_back=Q(answer__posted_at=None)
        | Q(answer__recoupment__isnull=False)
        | ~Q(answer__claim=F("claim"))
        | Exists(taken_back),
    )
    return rows.annotate(stands=_stands(today))


def _first(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows[:1], output_field=DateField())


def _stands(today: date) -> Case:
    """Our own sending ends the wait: an answer after it is the answer to that."""
    by_itself = Q(received_on__isnull=False) & (Q(sent_on=None) | Q(received_on__lt=F("sent_on")))
    is_waited_for = Q(claim_payer__state=PayerState.FORWARDED, claim_payer__crossover_until__gte=today)
    return Case(
        When(by_itself & Q(received_on__lte=F("until")), then=Value("received")),
        When(by_itself, then=Value("late")),
        When(is_taken_back=True, then=Value("withdrawn")),
        When(failed_on__isnull=False, then=Value("failed")),
        When(sent_on__isnull=False, then=Value("sent")),
        When(is_waited_for & Q(check_on__gt=today), then=Value("waiting")),
        When(is_waited_for, then=Value("check")),
        default=Value("never"),
        output_field=CharField(),
    )


def seen_by(user: User, today: date) -> Copies:
    """Copies of claims at the user's sites."""
    mine = CrossoverWatch.objects.visible_to(user).order_by().values("pk")
    return watches(today).filter(pk__in=mine)


# --- for the queues -------------------------------------------------------------------------------------------------


def to_check(today: date, patients: Collection[uuid.UUID] | None = None) -> Copies:
    """Fifteen business days (or the payer's own number) went by: somebody asks the payer whether it has the claim.
    A copy that was asked about waits until its new day."""
    asked = CrossoverNotice.objects.filter(
        claim_payer=OuterRef("claim_payer"), heard="on_file", told_on__gte=OuterRef("check_on")
    )
    return _of(watches(today).filter(stands="check").filter(~Exists(asked)), patients)


def lapsed(today: date, patients: Collection[uuid.UUID] | None = None) -> Copies:
    """Nothing came in time and nobody sent the claim: it may be sent from the day after `crossover_until`."""
    return _of(watches(today).filter(stands="never"), patients)


def failed(today: date, patients: Collection[uuid.UUID] | None = None) -> Copies:
    """Said not to have crossed over, not sent since, and not held by a payer that rejects what comes too early."""
    is_held = Q(claim_payer__state=PayerState.FORWARDED, claim_payer__crossover_until__gte=today)
    return _of(watches(today).filter(stands="failed", sent_on=None).exclude(is_held), patients)


def _of(rows: Copies, patients: Collection[uuid.UUID] | None) -> Copies:
    return rows if patients is None else rows.filter(claim__patient__in=patients)


# --- expected against received --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Road:
    """One payer's copies of a span: how many stand how, and how many of the settled ones came by themselves."""

    payer_id: uuid.UUID
    payer: str
    counts: dict[str, int] = field(default_factory=dict)
    settled: int = 0
    came: int = 0

    @property
    def expected(self) -> int:
        """Handed on, and not taken back since."""
        return sum(count for stands, count in self.counts.items() if stands not in NOT_COUNTED)

    @property
    def percent(self) -> int | None:
        """Of copies at least 45 days old, in whole percent rounded down; None where there is none."""
        return self.came * 100 // self.settled if self.settled else None


def by_payer(user: User, today: date, since: date, until: date) -> list[Road]:
    """Expected against received by the payer that gets the copies, handed on in a span of days; two queries."""
    rows = seen_by(user, today).filter(forwarded_on__range=(since, until)).order_by()
    of = ("claim_payer__payer", "claim_payer__payer__name")
    roads: dict[uuid.UUID, Road] = {}
    for pk, name, stands, count in rows.values_list(*of, "stands").annotate(n=Count("pk")):
        road = roads.setdefault(pk, Road(pk, name))
        road.counts[stands] = road.counts.get(stands, 0) + count
    old = rows.filter(forwarded_on__lte=today - timedelta(days=SETTLED_DAYS)).exclude(stands__in=NOT_COUNTED)
    for pk, stands, count in old.values_list(of[0], "stands").annotate(n=Count("pk")):
        roads[pk].settled += count
        roads[pk].came += count if stands in ARRIVED else 0
    return sorted(roads.values(), key=lambda road: (-road.expected, road.payer))
