"""The queue pages: who sees what, what they say, and that fifty rows cost what one does."""

from __future__ import annotations

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
    refused,
)
from workqueues import actions, membership
from workqueues.models import Item
from workqueues.queues import BY_SLUG

pytestmark = pytest.mark.django_db


def _url(name, *args):
    return reverse(f"workqueues:{name}", args=args)


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
def test_an_auditor_decides_no_write_off_and_another_site_finds_none(ira, kit, sign_in, item, act):
    assert sign_in(ira).post(_url(act, item.pk)).status_code == 403
    assert sign_in(kit).post(_url(act, item.pk)).status_code == 404


def test_an_unknown_queue_is_not_found(dee, sign_in):
    assert sign_in(dee).get(_url("queue-page", "nowhere")).status_code == 404


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
        ({"who": "nonsense", "age": "x", "payer": "y", "site": "z", "after": "99", "before": "~~", "sort": "q"}, 2),
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
    assert len(one) <= 24
