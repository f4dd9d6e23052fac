"""The ladder: each level once, on time, late, twice, or after an outage, with the same result."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cob.audit.acting import acting
from cob.dates import add_business_days
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory, two_coverages
from workqueues import clocks, ladder, membership
from workqueues.escalation import LADDER, Facts, reached
from workqueues.models import Escalation, Item
from workqueues.queues import BY_SLUG, QUEUES

MONDAY = date(2026, 10, 19)


def _facts(**changes):
    quiet = {"due_on": date(2026, 12, 31), "entered_on": MONDAY, "touched_on": MONDAY, "sla_days": 5}
    return Facts(**{**quiet, **changes})


# what is so → the levels reached on Monday 19 October 2026
TRIGGERS = {
    "the promise ends today": ({"due_on": MONDAY}, []),
    "the promise ended on Friday": ({"due_on": date(2026, 10, 16)}, [1]),
    "untouched for 2 business days": ({"touched_on": date(2026, 10, 15)}, []),
    "untouched for 3 business days": ({"touched_on": date(2026, 10, 14)}, [1]),
    "twice the promise is not over yet": ({"due_on": date(2026, 10, 9)}, [1]),
    "twice the promise is over": ({"due_on": date(2026, 10, 8)}, [1, 2]),
    "three times the promise is over": ({"due_on": date(2026, 10, 1)}, [1, 2, 3]),
    "a limit in 31 days": ({"limit_on": MONDAY + timedelta(days=31)}, []),
    "a limit in 30 days": ({"limit_on": MONDAY + timedelta(days=30)}, [2]),
    "a limit in 15 days": ({"limit_on": MONDAY + timedelta(days=15)}, [2]),
    "a limit in 14 days": ({"limit_on": MONDAY + timedelta(days=14)}, [2, 3]),
    "a limit in 6 days": ({"limit_on": MONDAY + timedelta(days=6)}, [2, 3]),
    "a limit in 5 days": ({"limit_on": MONDAY + timedelta(days=5)}, [2, 3, 4]),
    "a limit that passed": ({"limit_on": MONDAY - timedelta(days=5)}, [2, 3, 4]),
    "a first attempt": ({"attempt": 1}, []),
    "a second attempt": ({"attempt": 2}, [2]),
    "2,499.99 at risk": ({"amount_cents": 249_999}, []),
    "2,500.00 at risk": ({"amount_cents": 250_000}, [3]),
    "a legal clock": ({"has_legal_clock": True}, [4]),
    "set aside, late and untouched": (
        {"due_on": date(2026, 9, 1), "touched_on": date(2026, 9, 1), "is_waiting": True},
        [],
    ),
    "set aside with a near limit": ({"limit_on": MONDAY + timedelta(days=5), "is_waiting": True}, [2, 3, 4]),
}


@pytest.mark.parametrize(("changes", "levels"), TRIGGERS.values(), ids=TRIGGERS)
def test_each_rung_holds_from_its_boundary_on(changes, levels):
    assert list(reached(_facts(**changes), MONDAY)) == levels


@pytest.mark.parametrize(
    ("slug", "changes", "levels"),
    [
        pytest.param("cob-determination", {"needed_on": MONDAY + timedelta(days=1)}, [1], id="visit tomorrow"),
        pytest.param("cob-determination", {"needed_on": MONDAY + timedelta(days=2)}, [], id="visit the day after"),
        pytest.param("cob-denials", {"attempt": 2}, [2], id="refused a second time"),
        pytest.param("secondary-submission", {"entered_on": date(2026, 10, 9)}, [1], id="unsent for 5 business days"),
        pytest.param("secondary-submission", {"entered_on": date(2026, 10, 13)}, [], id="unsent for 4"),
        pytest.param("coverage-change", {"needed_on": MONDAY + timedelta(days=15)}, [], id="a change in 15 days"),
        pytest.param("coverage-change", {"needed_on": MONDAY + timedelta(days=14)}, [1], id="a change in 14 days"),
        pytest.param("accident-liability", {"needed_on": MONDAY + timedelta(days=21)}, [], id="day 99 of 120"),
        pytest.param("accident-liability", {"needed_on": MONDAY + timedelta(days=20)}, [1], id="day 100 of 120"),
        pytest.param("posting-exceptions", {"entered_on": date(2026, 10, 14)}, [1], id="unposted for 3 business days"),
        pytest.param("posting-exceptions", {"amount_cents": 500_001}, [2, 3], id="more than 5,000 unposted"),
        pytest.param("posting-exceptions", {"amount_cents": 500_000}, [3], id="5,000 unposted"),
    ],
)
def test_queues_have_rungs_of_their_own(slug, changes, levels):
    assert list(reached(_facts(**changes), MONDAY, BY_SLUG[slug].ladder)) == levels


@pytest.fixture
def late(main):
    """A denial item that came in on 19 October and nobody touches."""
    with time_machine.travel(datetime(2026, 10, 19, 18, tzinfo=UTC), tick=False), acting("test task"):
        item = ItemFactory.build(patient=PatientFactory(site=main), site=main)
        clocks.start(item, BY_SLUG["cob-denials"], timezone.now())
        item.save()
    return item


def _escalate(on):
    with time_machine.travel(datetime(on.year, on.month, on.day, 18, tzinfo=UTC), tick=False), acting("test task"):
        return ladder.escalate()


def _levels(item):
    return list(Escalation.objects.filter(item=item).order_by("level").values_list("level", "reason", "to_whom"))


@pytest.mark.django_db
def test_a_level_is_written_once_however_often_the_job_runs(late):
    day = add_business_days(MONDAY, 3)

    assert [_escalate(day), _escalate(day), _escalate(day + timedelta(days=1))] == [1, 0, 0]
    assert _levels(late) == [(1, "Nobody has touched it for 3 business days.", "Denial lead")]
    late.refresh_from_db()
    assert late.escalation_level == 1


@pytest.mark.django_db
def test_after_an_outage_the_same_levels_stand_as_if_it_had_run_each_day(late):
    last = add_business_days(MONDAY, 17)
    day = MONDAY
    while day <= last:
        _escalate(day)
        day += timedelta(days=1)
    daily = [level for level, *_ in _levels(late)]

    twin = Item.objects.get(pk=late.pk)
    twin.pk, twin.subject_id, twin.escalation_level, twin._state.adding = uuid4(), late.pk, 0, True
    with acting("test task"):
        twin.save()
    _escalate(last)

    assert daily == [level for level, *_ in _levels(twin)] == [1, 2, 3]


@pytest.mark.django_db
def test_all_queues_are_asked_in_one_statement_a_level_that_reads_to_its_end_before_it_writes(late):
    """In order, because what is sorted is read first: else each row would be looked for among those just written."""
    with CaptureQueriesContext(connection) as asked:
        _escalate(add_business_days(MONDAY, 30))

    climbs = [query["sql"] for query in asked if query["sql"].startswith('INSERT INTO "workqueues_escalation"')]
    assert len(climbs) == 4
    assert all("ORDER BY" in climb for climb in climbs)


@pytest.mark.django_db
def test_an_item_opened_again_climbs_anew(late):
    day = add_business_days(MONDAY, 3)
    _escalate(day)
    with acting("test task"):
        Item.objects.filter(pk=late.pk).update(reopened_count=1, escalation_level=0)

    assert _escalate(day) == 1


@pytest.mark.django_db
def test_a_closed_item_climbs_no_further(late, dee):
    with acting("test task"):
        Item.objects.filter(pk=late.pk).update(state="closed", closed_at=timezone.now(), closure_code="done")

    assert _escalate(add_business_days(MONDAY, 20)) == 0


@pytest.mark.django_db
def test_a_visit_tomorrow_is_told_to_the_lead_at_once(main):
    with acting("test task"):
        two_coverages(main, next_visit_on=timezone.localdate() + timedelta(days=1))
        membership.ask()
        ladder.escalate()

    assert Escalation.objects.get(level=1).to_whom == "COB lead"


DAYS = st.dates(date(2026, 8, 1), date(2026, 12, 31))
FACTS = st.fixed_dictionaries(
    {
        "queue": st.sampled_from([queue.slug for queue in QUEUES]),
        "entered": DAYS,
        "touched": DAYS,
        "due": DAYS,
        "limit_on": st.none() | DAYS,
        "needed_on": st.none() | DAYS,
        "amount_cents": st.sampled_from([0, 249_999, 250_000, 500_000, 500_001]),
        "attempt": st.sampled_from([1, 2, 3]),
        "has_legal_clock": st.booleans(),
        "is_waiting": st.booleans(),
    }
)


@pytest.mark.django_db
@given(st.lists(FACTS, min_size=1, max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_statement_for_all_says_what_the_rule_says_of_each(main, dee, rows):
    from django.db import transaction

    class Undo(Exception):
        pass

    try:
        with transaction.atomic(), acting("test task"):
            patient = PatientFactory(site=main)
            items = [_made(patient, dee, row) for row in rows]
            _escalate(MONDAY)
            for item in items:
                queue = BY_SLUG[item.queue]
                told = reached(clocks.facts(item, queue), MONDAY, queue.ladder)
                expected = [(level, rung.says, queue.to_whom(level)) for level, rung in told.items()]
                assert _levels(item) == expected
            raise Undo
    except Undo:
        pass


def _made(patient, owner, row):
    noon = {name: datetime(*row[name].timetuple()[:3], 18, tzinfo=UTC) for name in ("entered", "touched")}
    wait = {"state": "waiting", "owner": owner, "waiting_for": "Acme", "waiting_until": MONDAY + timedelta(days=9),
            "waiting_since": MONDAY} if row["is_waiting"] else {}  # fmt: skip
    return ItemFactory(
        patient=patient,
        queue=row["queue"],
        entered_at=noon["entered"],
        touched_at=noon["touched"],
        due_at=clocks.end_of(row["due"]),
        **{name: row[name] for name in ("limit_on", "needed_on", "amount_cents", "attempt", "has_legal_clock")},
        **wait,
    )


def test_every_level_goes_to_somebody_named_and_every_rung_says_why():
    for queue in QUEUES:
        assert all(queue.to_whom(level) for level in (1, 2, 3, 4))
        assert all(rung.says.endswith(".") for rung in queue.ladder)
    assert {rung.level for rung in LADDER} == {1, 2, 3, 4}
