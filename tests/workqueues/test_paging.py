"""A list in pages: every row once and in order whatever it is sorted by, and the place kept while others work."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory
from workqueues import list_views, paging, queries
from workqueues.models import Item
from workqueues.queries import SORTS

pytestmark = pytest.mark.django_db
URL = reverse("workqueues:queue-page", args=["cob-denials"])
ORDERS = {"by urgency": "", **{sort: sort for sort in SORTS}}


@pytest.fixture
def many(main):
    """Twenty-three items, many of them equal in what they are sorted by, a third of them without a limit."""
    chance, now, today = random.Random(7), timezone.now(), timezone.localdate()
    with acting("test task"):
        patient = PatientFactory(site=main)
        return [
            ItemFactory(
                patient=patient,
                priority=chance.choice([5, 5, 9]),
                due_at=now + timedelta(days=chance.choice([1, 2])),
                entered_at=now - timedelta(days=chance.choice([0, 3])),
                amount_cents=chance.choice([0, 100, 2_500_00]),
                limit_on=chance.choice([None, today, today + timedelta(days=9)]),
            )
            for _ in range(23)
        ]


@pytest.fixture(autouse=True)
def short_pages(monkeypatch):
    monkeypatch.setattr(list_views, "PAGE_ROWS", 5)


def _walk(client, way, query):
    """The rows of each page, following the link that leads on until there is none."""
    pages = []
    while True:
        page = client.get(URL, query).context["page"]
        pages.append([item.pk for item in page.rows])
        edge = getattr(page, way)
        if not edge:
            return pages
        query = {name: value for name, value in query.items() if name not in ("after", "before")} | {way: edge}


@pytest.mark.parametrize("sort", ORDERS.values(), ids=ORDERS)
def test_turning_pages_shows_every_row_once_in_the_order_of_the_whole_list(dee, sign_in, many, sort):
    keys = queries.keys_of(sort)
    whole = list(Item.objects.order_by(*paging.ordering(keys)).values_list("pk", flat=True))
    client = sign_in(dee)

    there = _walk(client, "after", {"sort": sort})
    last = client.get(URL, {"sort": sort, "after": _edge_before_last(whole, keys)}).context["page"]
    back = _walk(client, "before", {"sort": sort, "before": last.before})

    assert [pk for page in there for pk in page] == whole
    assert [len(page) for page in there] == [5, 5, 5, 5, 3]
    assert back == [whole[15:20], whole[10:15], whole[5:10], whole[:5]]


def _edge_before_last(whole, keys):
    return paging.edge_of(Item.objects.get(pk=whole[19]), keys)


def test_items_without_a_limit_come_last_whichever_way_the_limit_is_sorted(dee, sign_in, many):
    for sort in ("limit", "-limit"):
        rows = [pk for page in _walk(sign_in(dee), "after", {"sort": sort}) for pk in page]
        limits = [Item.objects.get(pk=pk).limit_on for pk in rows]
        without = [limit is None for limit in limits]

        assert without == sorted(without)
        assert any(without)


def test_a_page_says_which_rows_it_shows_of_how_many(dee, sign_in, many):
    client = sign_in(dee)
    first = client.get(URL)
    second = client.get(URL, {"after": first.context["page"].after})

    assert "1–5 of 23" in first.content.decode()
    assert "6–10 of 23" in second.content.decode()
    assert 'rel="prev"' not in first.content.decode()
    assert first.context["total"] == second.context["total"] == 23


def test_filters_and_the_item_in_hand_stay_in_the_addresses_of_other_pages(dee, sign_in, many):
    page = sign_in(dee).get(URL, {"who": "unowned", "sort": "-amount", "item": str(many[0].pk)}).content.decode()

    (onward,) = re.findall(r'href="([^"]*)" rel="next"', page)
    assert f"who=unowned&amp;sort=-amount&amp;item={many[0].pk}&amp;after=" in onward
    opened = sign_in(dee).get(URL + onward.replace("&amp;", "&"))
    assert (opened.context["page"].first, opened.context["pane"]["item"]) == (6, many[0])


def test_filtering_and_sorting_begin_at_the_first_page(dee, sign_in, many):
    edge = sign_in(dee).get(URL).context["page"].after

    page = sign_in(dee).get(URL, {"after": edge}).content.decode()

    assert "?sort=limit" in re.findall(r'href="([^"]*)"', page)
    assert "?who=unowned" in re.findall(r'href="([^"]*)"', page)


def _close(items):
    pks = [item.pk for item in items]
    Item._base_manager.filter(pk__in=pks).update(state="closed", closed_at=timezone.now(), closure_code="done")


def test_the_place_is_kept_when_the_row_at_the_edge_and_rows_in_front_of_it_were_closed(dee, sign_in, many):
    client = sign_in(dee)
    whole = list(Item.objects.order_by(*queries.BY_URGENCY))
    edge = client.get(URL).context["page"].after
    _close([whole[1], whole[4]])

    page = client.get(URL, {"after": edge}).context["page"]

    assert page.rows == whole[5:10]
    assert (page.first, page.last, page.total) == (4, 8, 21)


def test_the_last_page_worked_off_leads_to_the_page_in_front_of_it(dee, sign_in, many):
    whole = list(Item.objects.order_by(*queries.BY_URGENCY))
    edge = _edge_before_last([item.pk for item in whole], queries.BY_URGENCY)
    _close(whole[20:])

    page = sign_in(dee).get(URL, {"after": edge}).context["page"]

    assert (page.rows, page.after) == (whole[15:20], "")


def test_going_back_to_a_shrunken_first_page_fills_it(dee, sign_in, many):
    client = sign_in(dee)
    whole = list(Item.objects.order_by(*queries.BY_URGENCY))
    second = client.get(URL, {"after": client.get(URL).context["page"].after}).context["page"]
    _close(whole[:2])

    page = client.get(URL, {"before": second.before}).context["page"]

    assert (page.rows, page.first, page.before) == (whole[2:7], 1, "")


@pytest.mark.parametrize(
    "edge",
    [
        "1",
        "~~",
        "x~y~z",
        "9" * 5000,
        f"{'9' * 40}~2026-01-01T00:00:00+00:00~00000000-0000-0000-0000-000000000000~",
        "1~2026-01-01~00000000-0000-0000-0000-000000000000",
        "1~0001-01-01T00:00:00+14:00~00000000-0000-0000-0000-000000000000",
        "2026-01-01~1~00000000-0000-0000-0000-000000000000",
    ],
)
@pytest.mark.parametrize("way", ["after", "before"])
def test_an_edge_that_is_none_shows_the_first_page(dee, sign_in, many, way, edge):
    assert sign_in(dee).get(URL, {way: edge}).context["page"].first == 1


def test_a_number_beyond_what_the_database_holds_is_past_every_row(dee, sign_in, many):
    edge = f"{'9' * 40}~2026-01-01T00:00:00+00:00~00000000-0000-0000-0000-000000000000"

    assert sign_in(dee).get(URL, {"after": edge}).context["page"].last == 23


def test_a_page_names_no_patient_in_its_address(dee, sign_in, many):
    assert "Rivera" not in sign_in(dee).get(URL).context["page"].after


def test_the_rows_of_a_later_page_are_found_from_its_edge_and_not_by_skipping(dee, sign_in, many):
    client = sign_in(dee)
    edge = client.get(URL).context["page"].after

    with CaptureQueriesContext(connection) as asked:
        client.get(URL, {"after": edge})

    assert not [query["sql"] for query in asked if "OFFSET" in query["sql"]]


def test_after_an_act_on_many_the_list_stands_where_it_stood(dee, sign_in, many):
    client = sign_in(dee)
    page = client.get(URL, {"after": client.get(URL).context["page"].after})
    pick = str(page.context["page"].rows[0].pk)

    answer = client.post(
        reverse("workqueues:take-many", args=["cob-denials"]), {"pick": pick, "query": page.context["query"]}
    )

    assert client.get(answer.url).context["page"].rows == page.context["page"].rows
