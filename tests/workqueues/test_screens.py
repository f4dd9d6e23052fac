"""The queue pages: who sees what, what a press does without scripts, and that fifty rows cost what one does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone

from cob.audit.acting import acting
from cob.audit.models import Event
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import (
    ItemFactory,
    accident_claim,
    held_back,
    next_payer_due,
    plan_ending,
    refused,
    two_coverages,
    without_claim,
)
from workqueues import actions, membership
from workqueues.models import Item, State
from workqueues.queues import BY_SLUG

pytestmark = pytest.mark.django_db


def _url(name, *args):
    return reverse(f"workqueues:{name}", args=args)


@pytest.fixture
def item(main):
    with acting("test task"):
        return ItemFactory(patient=PatientFactory(site=main), amount_cents=12345)


@pytest.fixture
def dees(item, dee):
    with acting(dee):
        return actions.take(item=item, by=dee)


@pytest.fixture
def one_of_each(main, as_task):
    for make in (two_coverages, refused, next_payer_due, held_back, without_claim, plan_ending, accident_claim):
        make(main)
    membership.ask()
    return {item.queue: item for item in Item.objects.all()}


# --- who may ----------------------------------------------------------------------------------------

PAGES = ("queue-list", "my-work", "queue-page", "item-page")
READERS = ("ana", "ben", "dee", "pat", "sol", "ira")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", [*READERS, "ada"])
def test_everybody_who_reads_queues_opens_them_and_the_administrator_does_not(cast, sign_in, item, page, name):
    args = {"queue-page": ["cob-denials"], "item-page": [item.pk]}.get(page, [])

    assert sign_in(cast[name]).get(_url(page, *args)).status_code == (200 if name in READERS else 403)


ACTS = ("item-take", "item-hand-over", "item-set-aside", "item-resume", "item-close", "item-reopen", "item-note",
        "item-contact", "item-evidence", "item-plan")  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("name", "status"), [("ira", 403), ("kit", 404)], ids=["auditor", "other site"])
def test_an_auditor_changes_nothing_and_another_site_finds_nothing(cast, sign_in, item, act, name, status):
    before = Item.objects.values().get(pk=item.pk)

    assert sign_in(cast[name]).post(_url(act, item.pk), {"reason": "x", "text": "x"}).status_code == status
    assert Item.objects.values().get(pk=item.pk) == before


@pytest.mark.parametrize("page", ["item-page", "item-note", "item-close"])
def test_another_sites_item_does_not_exist(kit, sign_in, item, page):
    assert sign_in(kit).get(_url(page, item.pk)).status_code == 404


def test_another_sites_items_are_not_listed_or_counted(kit, sign_in, item):
    client = sign_in(kit)

    assert "Rivera" not in client.get(_url("queue-page", "cob-denials")).content.decode()
    assert all(count.total == 0 for count in client.get(_url("queue-list")).context["counts"])


@pytest.mark.parametrize("act", ["item-approve", "item-send-back"])
def test_only_who_approves_write_offs_is_let_in(dee, sign_in, item, act):
    assert sign_in(dee).post(_url(act, item.pk)).status_code == 403


def test_an_unknown_queue_is_not_found(dee, sign_in):
    assert sign_in(dee).get(_url("queue-page", "nowhere")).status_code == 404


# --- what they show ---------------------------------------------------------------------------------


def test_the_count_in_the_list_is_the_list_it_opens(sol, sign_in, one_of_each):
    client = sign_in(sol)

    for count in client.get(_url("queue-list")).context["counts"]:
        page = client.get(_url("queue-page", count.queue.slug))
        assert len(page.context["rows"]) == page.context["total"] == count.total
        unowned = client.get(_url("queue-page", count.queue.slug), {"who": "unowned"})
        assert unowned.context["total"] == count.unowned


def test_the_aging_bar_adds_up_to_the_list_and_each_part_opens_its_items(sol, sign_in, main):
    today = timezone.now()
    with acting("test task"):
        for days in (0, 5, 10, 60):
            ItemFactory(patient=PatientFactory(site=main), entered_at=today - timedelta(days=days), amount_cents=100)
    client = sign_in(sol)

    buckets = client.get(_url("queue-page", "cob-denials")).context["buckets"]

    assert sum(bucket["count"] for bucket in buckets) == 4
    for bucket in buckets:
        opened = client.get(_url("queue-page", "cob-denials") + bucket["url"])
        assert (opened.context["total"], 100 * opened.context["total"]) == (bucket["count"], bucket["cents"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"who": "mine"}, 1),
        ({"who": "unowned"}, 1),
        ({"who": "aside"}, 0),
        ({"who": "nonsense", "age": "x", "payer": "y", "site": "z", "page": "99", "sort": "q"}, 2),
    ],
    ids=["mine", "nobody's", "set aside", "nonsense shows all"],
)
def test_filters_come_from_the_address(dee, sign_in, main, dees, query, found):
    with acting("test task"):
        ItemFactory(patient=PatientFactory(site=main))

    assert sign_in(dee).get(_url("queue-page", "cob-denials"), query).context["total"] == found


def test_a_payer_filter_is_a_chip_that_can_be_taken_off(dee, sign_in, one_of_each):
    payer = one_of_each["cob-denials"].payer

    page = sign_in(dee).get(_url("queue-page", "cob-denials"), {"payer": str(payer.pk), "who": "unowned"})

    assert page.context["chips"] == [{"label": "Payer: Acme Health", "remove_url": "?who=unowned"}]


@pytest.mark.parametrize("slug", BY_SLUG)
def test_every_kind_of_item_opens_and_leads_to_where_the_work_is(sol, sign_in, one_of_each, slug):
    page = sign_in(sol).get(_url("item-page", one_of_each[slug].pk))

    assert page.status_code == 200
    assert page.context["places"]
    assert all(resolve(place.url) for place in page.context["places"])


def test_an_item_says_why_in_plain_words_what_to_do_and_how_its_priority_adds_up(dee, sign_in, one_of_each):
    page = sign_in(dee).get(_url("item-page", one_of_each["cob-denials"].pk)).content.decode()

    assert "Acme Health refused: Order wrong or payer" in page
    assert "Bill the payer that comes first." in page
    assert "at risk; $2,000 or more counts in full" in page
    assert "Acceptance of the claim (277CA)" in page


def test_a_flags_item_says_what_to_do_and_where_that_is_written(ana, sign_in, one_of_each):
    page = sign_in(ana).get(_url("item-page", one_of_each["coverage-change"].pk)).content.decode()

    assert "Ask what follows, enter and verify it" in page
    assert "Care after a plan’s last day is nobody’s" in page
    assert "Needed by" in page


def test_looking_at_an_item_is_on_the_patients_trail(dee, sign_in, item):
    sign_in(dee).get(_url("item-page", item.pk))

    seen = Event.objects.get(verb="saw", subject_type="work item")
    assert list(seen.patients.values_list("patient_id", flat=True)) == [item.patient_id]


def test_my_work_shows_what_i_have_and_what_waits_apart(dee, sign_in, main, dees):
    with acting(dee):
        other = actions.take(item=ItemFactory(patient=PatientFactory(site=main)), by=dee)
        until = timezone.localdate() + timedelta(days=2)
        actions.set_aside(item=other, waiting_for="Acme Health", until=until, by=dee)

    page = sign_in(dee).get(_url("my-work"))

    assert [row.item.pk for row in page.context["working"]] == [dees.pk]
    assert [row.item.pk for row in page.context["aside"]] == [other.pk]
    assert f"for Acme Health until {until:%m/%d/%Y}, then it returns" in page.content.decode()


# --- pressing ---------------------------------------------------------------------------------------


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


# --- cost -------------------------------------------------------------------------------------------


def _fill(site, dee, count):
    with acting("test task"):
        for _ in range(count):
            refused(site)
        membership.ask()
        Item.objects.update(owner=dee, state="in_progress")


@pytest.mark.parametrize("page", ["queue-list", "my-work", "queue-page"])
def test_fifty_rows_cost_as_many_queries_as_one(main, dee, sign_in, page):
    url = _url(page, *(["cob-denials"] if page == "queue-page" else []))
    client = sign_in(dee)
    _fill(main, dee, 1)
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(url)

    _fill(main, dee, 49)
    with CaptureQueriesContext(connection) as fifty:
        client.get(url)

    assert len(fifty) == len(one)
    assert len(one) <= 22
