"""What a manager sets holds from its day on, for what it is about, and what cannot be kept is refused with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from cob.audit.models import Event
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory, refused
from workqueues import clocks, ladder, membership, queries
from workqueues.models import Escalation, Item, QueueSetting
from workqueues.queues import BY_SLUG, QUEUES
from workqueues.terms import held
from workqueues.terms.actions import BadTerm, set_term
from workqueues.terms.specs import SPECS

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 19)
DENIALS = "cob-denials"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel("2026-10-19T16:00:00Z", tick=False):
        yield


def _set(name, value, sol, **told):
    with acting(sol):
        return set_term(
            name=name, value=value, by=sol, **{"effective_on": timezone.localdate(), "because": "Agreed", **told}
        )


def test_without_settings_every_queue_is_as_built_in():
    terms = held.on(MONDAY)

    assert terms.queues() == list(QUEUES)
    assert terms.queue(BY_SLUG[DENIALS]).ladder == BY_SLUG[DENIALS].ladder


def test_a_promise_holds_from_its_day_on_and_for_its_queue_alone(sol):
    _set("close", 2, sol, queue=DENIALS, effective_on=MONDAY + timedelta(days=1))

    before, after = held.on(MONDAY), held.on(MONDAY + timedelta(days=1))
    assert before.queue(BY_SLUG[DENIALS]).sla.close == 5
    assert after.queue(BY_SLUG[DENIALS]).sla.close == 2
    assert after.queue(BY_SLUG["other-denials"]).sla.close == 5


def test_of_two_rows_of_one_day_the_later_one_holds_and_withdrawing_goes_back(sol):
    _set("close", 2, sol, queue=DENIALS)
    _set("close", 4, sol, queue=DENIALS)
    assert held.today().of("close", queue=DENIALS) == 4

    _set("close", None, sol, queue=DENIALS)
    assert held.today().of("close", queue=DENIALS) == 5


def test_what_comes_in_is_promised_by_the_value_of_its_day_and_what_is_open_keeps_its_day(main, sol):
    with acting("test task"):
        refused(main, on=MONDAY)
        membership.ask()
    _set("close", 2, sol, queue=DENIALS)
    with acting("test task"):
        refused(main, on=MONDAY)
        membership.ask()

    due = sorted(clocks.last_day(item.due_at) for item in Item.objects.filter(queue=DENIALS))
    assert due == [date(2026, 10, 21), date(2026, 10, 26)]


def test_a_level_moved_by_a_manager_says_its_new_bound(main, sol):
    _set("level_3_money", 100_000, sol)
    with acting("test task"):
        item = ItemFactory(patient=PatientFactory(site=main), amount_cents=100_000)
        ladder.escalate()

    assert Escalation.objects.get(item=item, level=3).reason == "$1,000.00 or more is at risk."


def test_a_site_with_its_own_holidays_escalates_a_day_later_than_the_others(main, north, sol):
    """Nobody touched either for three business days, one of which was none at the north site."""
    _set("closed", ["2026-10-20"], sol, site=north)
    with acting("test task"):
        here = ItemFactory(patient=PatientFactory(site=main))
        there = ItemFactory(patient=PatientFactory(site=north), site=north)
        with time_machine.travel("2026-10-22T16:00:00Z", tick=False):
            ladder.escalate()
            assert list(Escalation.objects.values_list("item", flat=True)) == [here.pk]
        with time_machine.travel("2026-10-23T16:00:00Z", tick=False):
            ladder.escalate()

    assert Escalation.objects.filter(item=there, level=1).exists()


def test_buckets_follow_their_setting_and_still_add_up(main, sol):
    _set("buckets", [0, 2, 10], sol)
    with acting("test task"):
        for days in (0, 3, 30):
            ItemFactory(patient=PatientFactory(site=main), entered_at=timezone.now() - timedelta(days=days))
    queue = BY_SLUG[DENIALS]

    told = queries.aged(queue, Item.objects.filter(queue=DENIALS))

    # Friday is one business day ago, thirty days are twenty.
    assert [(bucket.key, count) for bucket, count, _ in told] == [("0-1", 2), ("2-9", 0), ("10+", 1)]


# name, value, where → what is said
REFUSED = {
    "no business day": ("weekdays", [], {}, "at least one weekday"),
    "no day": ("closed", ["20/10/2026"], {}, "is no day"),
    "falling starts": ("buckets", [0, 6, 3], {}, "rising"),
    "not from zero": ("long_buckets", [1, 6], {}, "beginning with 0"),
    "a count too high": ("waiting_days", 31, {"queue": DENIALS}, "from 1 to 30"),
    "no number": ("close", "", {"queue": DENIALS}, "whole number"),
    "yes as a number": ("close", True, {"queue": DENIALS}, "whole number"),
    "first touch after the end": ("first_touch", 9, {"queue": DENIALS}, "must not be after the end"),
    "a colleague above the lead": ("write_off_worker", 200_00, {}, "must not exceed"),
    "no such role": ("owner", "auditor", {"queue": DENIALS}, "role that works items"),
    "no such way": ("hand_out", "lottery", {"queue": DENIALS}, "given out"),
    "without its queue": ("close", 3, {}, "Choose the queue"),
    "of a queue that is none": ("close", 3, {"queue": "nowhere"}, "Choose the queue"),
    "nothing that can be set": ("luck", 3, {}, "nothing that can be set"),
    "a day that is over": (
        "close",
        3,
        {"queue": DENIALS, "effective_on": MONDAY - timedelta(days=1)},
        "today or a day",
    ),
    "without a reason": ("close", 3, {"queue": DENIALS, "because": " "}, "Say why"),
}


@pytest.mark.parametrize(("name", "value", "where", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_kept_is_refused_in_words(sol, name, value, where, said):
    with pytest.raises(BadTerm, match=said):
        _set(name, value, sol, **where)
    assert not QueueSetting.objects.exists()


def test_a_setting_is_on_the_trail_and_can_be_neither_changed_nor_deleted(sol):
    row = _set("close", 3, sol, queue=DENIALS)

    assert Event.objects.get(verb="queue setting changed").actor_id == sol.pk
    for act in (lambda: QueueSetting._base_manager.update(value=9), lambda: QueueSetting._base_manager.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert QueueSetting.objects.get().value == row.value


# --- its pages ---------------------------------------------------------------------------------------------------


def test_every_setting_has_a_page_that_shows_what_holds(sol, sign_in):
    client = sign_in(sol)

    assert client.get(reverse("terms:term-list")).status_code == 200
    for spec in SPECS.values():
        query = {"queue": DENIALS} if spec.of == "queue" else {}
        assert client.get(reverse("terms:term-page", args=[spec.name]), query).status_code == 200, spec.name


# what is typed → what is kept
TYPED = {
    "a count": ("close?queue=cob-denials", {"value": "4"}, 4),
    "dollars": ("write_off_manager", {"value": "$1,000"}, 100_000),
    "days": ("closed", {"value": "12/24/2026\n12/31/2026"}, ["2026-12-24", "2026-12-31"]),
    "first days": ("buckets", {"value": "0, 5 10"}, [0, 5, 10]),
    "weekdays": ("weekdays", {"value": ["0", "5"]}, [0, 5]),
    "no": ("federal", {"value": "False"}, False),
    "nobody named": ("level_2_person", {"value": ""}, None),
    "back to the built-in": ("close?queue=cob-denials", {"value": "4", "withdraw": "on"}, None),
}


@pytest.mark.parametrize(("page", "typed", "kept"), TYPED.values(), ids=TYPED)
def test_a_value_is_typed_as_people_write_it(sol, sign_in, page, typed, kept):
    name, _, query = page.partition("?")
    address = f"{reverse('terms:term-page', args=[name])}?{query}"

    answer = sign_in(sol).post(address, {"effective_on": "10/20/2026", "because": "Agreed", **typed})

    assert (answer.status_code, QueueSetting.objects.get().value) == (302, kept)


@pytest.mark.parametrize(
    ("page", "typed", "said"),
    [
        ("close?queue=cob-denials", {"value": ""}, "whole number from 0 to 120"),
        ("close?queue=cob-denials", {"value": "4", "effective_on": "10/18/2026"}, "Choose today or a day to come"),
        ("closed", {"value": "Christmas"}, "“Christmas” is no day"),
        ("weekdays", {}, "at least one weekday"),
        *(
            ("buckets", {"value": f"0 {odd}"}, "Give whole numbers below 10,000")
            for odd in ("²", "x", "10000", "9" * 5000)
        ),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_says_why(sol, sign_in, page, typed, said):
    name, _, query = page.partition("?")
    address = f"{reverse('terms:term-page', args=[name])}?{query}"

    answer = sign_in(sol).post(address, {"effective_on": "10/20/2026", "because": "Agreed", **typed})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_setting_of_a_queue_is_not_found_without_one(sol, sign_in):
    assert sign_in(sol).get(reverse("terms:term-page", args=["close"])).status_code == 404
    assert sign_in(sol).get(reverse("terms:term-page", args=["luck"])).status_code == 404
