"""A clock set back an hour, by hand or by the end of summer time: nothing is written twice, and nothing is refused."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory, refused
from workqueues import actions, clocks, handing_out, ladder, membership, queries
from workqueues.models import Escalation, Item, State
from workqueues.queues import BY_SLUG

pytestmark = pytest.mark.django_db
QUEUE = BY_SLUG["cob-denials"]
# In Chicago as in New York the hour after midnight of 1 November 2026 comes twice, at one zone's 05:30 and 06:30.
BEFORE, AFTER = "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"
ELEVEN, NOON, NOON_AND_AN_HOUR = (f"2026-10-19T{hour}:00:00Z" for hour in (16, 17, 18))


def _night(now):
    with time_machine.travel(now, tick=False), acting("test task"):
        return membership.ask(), ladder.resume_due(), ladder.escalate(), handing_out.release_idle()


@pytest.mark.parametrize(("first", "then"), [(NOON, ELEVEN), (BEFORE, AFTER), (AFTER, BEFORE)])
def test_the_night_run_again_an_hour_earlier_writes_nothing_more(main, first, then):
    with time_machine.travel(first, tick=False), acting("test task"):
        for days in (0, 7, 30):
            refused(main, on=timezone.localdate() - timedelta(days=days))
    _night(first)
    steps, items = _steps(), list(Item.objects.order_by("pk").values())

    changes, *rest = _night(then)

    assert (changes.opened, changes.reopened, changes.changed, changes.closed, *rest) == (0,) * 7
    assert (_steps(), list(Item.objects.order_by("pk").values())) == (steps, items)
    assert steps


def _released(now):
    with time_machine.travel(now, tick=False), acting("test task"):
        return handing_out.release_idle()


def _steps():
    return sorted(Escalation.objects.values_list("item", "round", "level", "reason", "at"))


def test_what_came_in_an_hour_later_than_now_is_shown_worked_and_closed_as_any_other(main, dee, sign_in):
    with time_machine.travel(NOON, tick=False), acting("test task"):
        item = ItemFactory(patient=PatientFactory(site=main))
    with time_machine.travel(ELEVEN, tick=False):
        client = sign_in(dee)
        page = client.get(reverse("workqueues:queue-page", args=["cob-denials"]))
        assert page.context["rows"][0].age_days == 0
        assert sum(count for _, count, _ in queries.aged(QUEUE, Item.objects.open())) == 1

        client.post(reverse("workqueues:item-take", args=[item.pk]))
        told = {"waiting_for": "Acme", "until": f"{timezone.localdate() + timedelta(days=2)}"}
        assert client.post(reverse("workqueues:item-set-aside", args=[item.pk]), told).status_code == 302
        assert client.post(reverse("workqueues:item-resume", args=[item.pk])).status_code == 302
        with acting(dee):
            actions.add_evidence(item=item, kind="accepted_claim", reference="277CA", by=dee)
        told = {"code": "sent", "root_cause": "order_wrong", "because": "Sent."}
        assert client.post(reverse("workqueues:item-close", args=[item.pk]), told).status_code == 302

    closed = Item.objects.get(pk=item.pk)
    assert (closed.state, closed.waited_days) == (State.CLOSED, 0)
    assert closed.closures.get().is_in_time


def test_what_was_taken_before_the_clock_went_back_is_not_released_early_and_not_held_for_good(main, dee):
    with time_machine.travel(NOON, tick=False), acting(dee):
        item = actions.take(item=ItemFactory(patient=PatientFactory(site=main)), by=dee)

    assert _released(ELEVEN) == 0
    assert _released(NOON_AND_AN_HOUR) == 1
    assert Item.objects.get(pk=item.pk).owner is None


def test_a_promise_of_the_day_with_twenty_five_hours_ends_with_that_day():
    day = date(2026, 11, 1)

    began, ended = (clocks.end_of(each).astimezone(UTC) for each in (day - timedelta(days=1), day))
    assert ended - began == timedelta(hours=25)
    assert clocks.last_day(clocks.end_of(day)) == day
