"""What a press does, without scripts: it is done, or refused with what to put right."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import (
    ItemFactory,
)
from workqueues import actions
from workqueues.models import Item, State

pytestmark = pytest.mark.django_db


def _url(name, *args):
    return reverse(f"workqueues:{name}", args=args)


def test_taking_by_form_makes_it_mine_and_the_second_person_reads_who_has_it(dee, ben, client, sign_in, item):
    sign_in(dee).post(_url("item-take", item.pk))

    page = sign_in(ben).post(_url("item-take", item.pk), follow=True)

    assert "Dee Dutta took this item a moment ago." in page.content.decode()
    assert Item.objects.get(pk=item.pk).owner == dee


def test_take_next_opens_the_item_it_took(dee, sign_in, item):
    page = sign_in(dee).post(_url("take-next"))

    assert page.url == _url("item-page", item.pk)
    assert "Nothing is left to take" in sign_in(dee).post(_url("take-next"), follow=True).content.decode()


def test_several_are_taken_at_once_and_those_of_others_are_named(dee, ben, sign_in, main, item):
    with acting(ben):
        other = actions.take(item=ItemFactory(patient=PatientFactory(site=main)), by=ben)

    page = sign_in(dee).post(_url("take-many", "cob-denials"), {"pick": [item.pk, other.pk, "junk"]}, follow=True)

    said = page.content.decode()
    assert "You took 1 item." in said
    assert "Ben Baker took this item" in said


def test_a_supervisor_assigns_several_and_others_may_not(sol, dee, ben, sign_in, item):
    assert sign_in(dee).post(_url("assign", "cob-denials"), {"pick": [item.pk], "to": ben.pk}).status_code == 403

    sign_in(sol).post(_url("assign", "cob-denials"), {"pick": [item.pk], "to": ben.pk})

    moved = Item.objects.get(pk=item.pk)
    assert (moved.owner, moved.state) == (ben, State.ASSIGNED)


@pytest.mark.parametrize(
    ("act", "told", "says"),
    [
        ("item-hand-over", {"to": "", "note": ""}, "To:"),
        ("item-set-aside", {"waiting_for": "Acme", "until": "2020-01-01"}, "Choose a day from tomorrow"),
        ("item-close", {"code": "sent", "root_cause": "order_wrong", "because": "Sent."}, "closes only with proof"),
        ("item-plan", {"next_action": "Call Acme", "on": "2020-01-01"}, "01/01/2020 is over"),
        ("item-note", {"text": ""}, "Note:"),
        ("item-evidence", {"kind": "refund_proof", "reference": "x"}, "Select a valid choice"),
        ("item-contact", {"channel": "phone", "party": "", "outcome": "reached"}, "With whom:"),
    ],
)
def test_a_refused_form_comes_back_with_what_to_put_right(dee, sign_in, dees, act, told, says):
    page = sign_in(dee).post(_url(act, dees.pk), told)

    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    assert says in page.content.decode()


def test_an_item_goes_from_taking_to_closing_by_forms_alone(dee, ben, sign_in, dees):
    client = sign_in(dee)
    steps = [
        ("item-note", {"text": "Card shows Beacon first."}),
        ("item-contact", {"channel": "phone", "party": "Acme, Jo", "outcome": "reached", "reference": "88-1"}),
        ("item-plan", {"next_action": "Send to Beacon", "on": ""}),
        ("item-evidence", {"kind": "accepted_claim", "reference": "277CA 4711"}),
        ("item-close", {"code": "sent", "root_cause": "order_wrong", "because": "Sent to Beacon.", "then": "next"}),
    ]

    for act, told in steps:
        assert client.post(_url(act, dees.pk), told).status_code == 302, act

    closed = Item.objects.get(pk=dees.pk)
    assert (closed.state, closed.root_cause, closed.next_action) == (State.CLOSED, "order_wrong", "Send to Beacon")
    history = client.get(_url("item-page", dees.pk)).content.decode()
    assert "Closed it." in history
    assert "Took it." in history
    assert "reference 88-1" in history


def test_save_and_next_opens_the_next_of_my_items(dee, sign_in, main, dees):
    with acting(dee):
        other = actions.take(item=ItemFactory(patient=PatientFactory(site=main)), by=dee)
    until = timezone.localdate() + timedelta(days=3)

    page = sign_in(dee).post(
        _url("item-set-aside", dees.pk), {"waiting_for": "Acme", "until": f"{until}", "then": "next"}
    )

    assert page.url == _url("item-page", other.pk)


def test_a_write_off_is_asked_for_by_one_and_approved_by_another(dee, sol, sign_in, dees):
    told = {"code": "write_off", "root_cause": "sent_late", "because": "Past every limit."}
    sign_in(dee).post(_url("item-close", dees.pk), told)
    assert [row.item.pk for row in sign_in(sol).get(_url("my-work")).context["approvals"]] == [dees.pk]

    sign_in(sol).post(_url("item-approve", dees.pk))

    assert Item.objects.get(pk=dees.pk).state == State.CLOSED


def test_no_address_or_title_of_a_queue_names_a_patient(dee, sign_in, item):
    page = sign_in(dee).get(_url("queue-page", "cob-denials")).content.decode()

    title = re.search(r"<title>(.*?)</title>", page, re.S)[1]
    addresses = " ".join(re.findall(r'(?:href|action)="([^"]*)"', page))
    assert "Rivera" in page
    assert "Rivera" not in title + addresses


def test_proof_of_another_queues_kind_closes_nothing(dee, sign_in, dees):
    """Somebody put a refund's proof on a denial: it stays there to be read, and the denial stays open."""
    with acting(dee):
        actions.add_evidence(item=dees, kind="refund_proof", reference="Check 88", by=dee)
    told = {"code": "sent", "root_cause": "order_wrong", "because": "The refund went out."}

    page = sign_in(dee).post(_url("item-close", dees.pk), told)

    assert page.status_code == 422
    assert "closes only with proof" in page.content.decode()
    assert Item.objects.get(pk=dees.pk).is_open


def test_a_step_planned_for_a_day_that_is_over_keeps_the_plan_that_was(dee, sign_in, dees):
    client, today = sign_in(dee), timezone.localdate()
    client.post(_url("item-plan", dees.pk), {"next_action": "Call Acme", "on": f"{today}"})

    client.post(_url("item-plan", dees.pk), {"next_action": "Later", "on": f"{today - timedelta(days=1)}"})

    kept = Item.objects.get(pk=dees.pk)
    assert (kept.next_action, kept.next_action_on) == ("Call Acme", today)
