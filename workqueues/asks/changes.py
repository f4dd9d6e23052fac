"""A coverage is about to change: 65, 26, a plan's end, COBRA's last months, the kidney months, a marriage's end."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from cob.coverage.models import Coverage, EligibilityAnswer, Fact
from cob.dates import add_months
from cob.patients.models import MaritalStatus, Patient
from cob.rules.frontdesk.leads import lead
from cob.rules.frontdesk.picture import CHILDREN, COUPLES, NOT_A_PLAN, RAISING
from cob.rules.order.accidents import PAYS_FOR
from workqueues.asks import denials, flags
from workqueues.asks.asking import Ask, Found, Scope
from workqueues.models import Item

SLUG, QUEUE = "coverage-change", "WQ11"
APART = (MaritalStatus.SEPARATED, MaritalStatus.DIVORCED)


def _candidates(scope: Scope, today: date) -> QuerySet[Patient]:
    """Everybody of whom a flag could speak: a little wider than the flags, which alone decide."""
    rows = Patient.objects.filter(died_on=None)
    rows = scope.of(rows, "pk")
    own = Coverage.objects.filter(patient=OuterRef("pk"), enrolled=True).order_by()
    told = Fact.objects.filter(patient=OuterRef("pk")).order_by()
    worked = Item.objects.open().filter(patient=OuterRef("pk"), queue=SLUG, subject_type=flags.SUBJECT).order_by()
    found: QuerySet[Patient] = rows.filter(
        _near_65(today)
        | Q(_may_turn_26(today), Exists(own.filter(_is_to(CHILDREN, RAISING), ended_on=None)))
        | Exists(own.filter(ended_on__range=(today - flags.LATE, today + timedelta(days=lead("plan_ends")))))
        | Q(
            Exists(own.filter(ended_on__lte=OuterRef("next_visit_on"))) | _nothing_covers_the_visit(),
            next_visit_on__gte=today,
        )
        | Exists(told.filter(path__endswith=".continuation", value="cobra"))
        | Exists(EligibilityAnswer.objects.filter(patient=OuterRef("pk"), has_news=True).order_by())
        | Exists(told.filter(path__startswith="medicare.esrd"))
        | Exists(told.filter(path="medicare.basis", value__has_key="esrd"))
        | Q(Exists(own.filter(_is_to(COUPLES, COUPLES), ended_on=None)), marital_status__in=APART)
        | Exists(own.filter(relationship__in=COUPLES, ended_on=None, subscriber__relation="divorced_spouse"))
        # An open task is asked about until it is answered, however long ago its day was.
        | Exists(worked)
    )
    return found.order_by(F("pk"))


def _is_to(told: Collection[str], subscriber: Collection[str]) -> Q:
    """What the patient is to the subscriber: told for the plan, or said by who the subscriber is."""
    return Q(relationship__in=told) | Q(relationship="", subscriber__relation__in=subscriber)


def _nothing_covers_the_visit() -> Q:
    """Cards are on file, and each has ended, begins later, was never taken up, or may cover no such visit: an accident
    payer, a card that is no plan, Medicare by the days of its parts.
    """
    cards = Coverage.objects.filter(patient=OuterRef("pk")).order_by()
    begun = Q(effective_on=None) | Q(effective_on__lte=OuterRef("next_visit_on"))
    goes_on = Q(ended_on=None) | Q(ended_on__gt=OuterRef("next_visit_on"))
    plans = cards.exclude(kind__in=NOT_A_PLAN | PAYS_FOR.keys() | {"medicare"})
    return Q(Exists(cards), ~Exists(plans.filter(begun, goes_on, enrolled=True)))


def _near_65(today: date) -> Q:
    """65 counts from a month's first day, up to a month before the birthday."""
    latest = add_months(today + timedelta(days=lead("age_65") + 32), -65 * 12)
    return Q(birth_on__range=(add_months(today - flags.LATE, -65 * 12), latest))


def _may_turn_26(today: date) -> Q:
    """By the earliest reading; plans that keep children longer are found, too, and the flag waits for their day."""
    return Q(birth_on__lte=add_months(today + timedelta(days=lead("age_26") + 1), -26 * 12))


def found(scope: Scope, today: date) -> Iterator[Found]:
    yield from flags.raised(_candidates(scope, today), QUEUE, today)
    yield from denials.owned_by(SLUG, scope)


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    return denials.gone(ids) | flags.gone(SLUG, ids)


ASK = Ask(found=found, gone=gone)
