"""The list and the item beside it: filters, saved views, acts on many, and what is new."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cob.audit.acting import acting
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import (
    ItemFactory,
)
from workqueues import exceptions, handing_out
from workqueues.models import Item, SavedView, State, What

pytestmark = pytest.mark.django_db


def _url(name, *args):
    return reverse(f"workqueues:{name}", args=args)


def test_an_item_opens_beside_its_list_and_the_list_keeps_its_filters(dee, sign_in, item):
    page = sign_in(dee).get(_url("queue-page", "cob-denials"), {"who": "unowned", "item": str(item.pk)})

    assert page.context["pane"]["item"] == item
    assert page.context["rows"][0].beside_url == f"?who=unowned&item={item.pk}"
    assert page.context["pane_off"] == "?who=unowned"


def test_only_the_pane_is_sent_to_a_page_that_asks_for_it_alone(dee, sign_in, item):
    address = _url("queue-page", "cob-denials")
    part = sign_in(dee).get(address, {"item": str(item.pk)}, headers={"HX-Request": "true"}).content.decode()

    assert 'id="beside"' in part
    assert "<html" not in part
    assert _url("item-take", item.pk) in part


@pytest.mark.parametrize("chosen", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_an_item_that_is_not_there_leaves_the_list_as_it_is(dee, sign_in, item, chosen):
    page = sign_in(dee).get(_url("queue-page", "cob-denials"), {"item": chosen})

    assert (page.context["pane"], page.context["total"]) == (None, 1)


@pytest.mark.parametrize(("cause", "found"), [("CO-22", 1), ("CO-2", 0), ("CO-24", 1)])
def test_a_cause_is_one_whole_code(dee, sign_in, main, item, cause, found):
    with acting("test task"):
        ItemFactory(patient=PatientFactory(site=main), reason_codes=["CO-24"])

    assert sign_in(dee).get(_url("queue-page", "cob-denials"), {"cause": cause}).context["total"] == found


def test_what_is_new_is_said_and_the_rows_stay(dee, sign_in, item):
    news = sign_in(dee).get(_url("queue-news", "cob-denials"), {"shown": "3"}).content.decode()

    assert "Now 1 item, 3 when you opened it: show" in news
    for nothing_new in ("1", "²", "x", "9" * 5000):
        said = sign_in(dee).get(_url("queue-news", "cob-denials"), {"shown": nothing_new})
        assert (said.status_code, said.content.decode().strip()) == (200, "")


def test_many_items_of_one_cause_wait_for_one_answer_and_come_back_to_who_set_them_aside(dee, sign_in, main, item):
    with acting("test task"):
        other = ItemFactory(patient=PatientFactory(site=main))
    until = timezone.localdate() + timedelta(days=7)
    typed = {
        "pick": [item.pk, other.pk],
        "waiting_for": "Acme Health",
        "until": f"{until:%m/%d/%Y}",
        "query": "who=all",
    }

    answer = sign_in(dee).post(_url("aside-many", "cob-denials"), typed)

    assert answer.url == _url("queue-page", "cob-denials") + "?who=all"
    assert set(Item.objects.values_list("state", "owner__username")) == {(State.WAITING, "dee")}


@pytest.mark.parametrize(("until", "said"), [("soon", "mm/dd/yyyy"), ("01/02/2020", "Choose a day from tomorrow")])
def test_a_day_that_is_none_or_is_over_sets_nothing_aside_and_takes_nothing(dee, sign_in, item, until, said):
    typed = {"pick": [item.pk], "waiting_for": "Acme Health", "until": until}
    page = sign_in(dee).post(_url("aside-many", "cob-denials"), typed, follow=True)

    assert said in page.content.decode()
    assert set(Item.objects.values_list("state", "owner")) == {(State.NEW, None)}


def test_a_character_no_database_keeps_is_left_out_of_what_no_form_looks_at(dee, sign_in, main, item):
    client, until = sign_in(dee), timezone.localdate() + timedelta(days=7)
    with acting(dee):
        entry = exceptions.log(site=main, what=What.FILE_WRONG, text="Late.", happened_on=timezone.localdate(), by=dee,
                               expected_on=until, verify_how="A call.")  # fmt: skip

    client.post(_url("view-save", "cob-denials"), {"name": "Ac\0me", "query": "who=mine\0"})
    client.post(_url("exception-verify", entry.pk), {"found": "Po\0sted."})
    given = {"pick": [item.pk], "waiting_for": "Ac\0me Health", "until": f"{until:%m/%d/%Y}", "query": ""}
    client.post(_url("aside-many", "cob-denials"), given)

    entry.refresh_from_db()
    item.refresh_from_db()
    assert (SavedView.objects.get().name, entry.found, item.waiting_for) == ("Acme", "Posted.", "Acme Health")


def test_a_view_is_kept_shared_replaced_and_deleted_by_whom_it_belongs_to(dee, ben, sign_in, item):
    client = sign_in(dee)
    for query in ("who=mine&page=2", "cause=CO-22&item=1"):
        client.post(_url("view-save", "cob-denials"), {"name": "Acme", "query": query, "is_shared": "1"})

    (view,) = sign_in(ben).get(_url("queue-page", "cob-denials")).context["views"]
    assert (view.url.split("?")[1], view.is_mine) == (f"cause=CO-22&view={view.view.pk}", False)
    assert sign_in(ben).post(_url("view-delete", view.view.pk)).status_code == 404
    assert sign_in(dee).post(_url("view-delete", view.view.pk)).status_code == 302
    assert sign_in(dee).get(_url("queue-page", "cob-denials")).context["views"] == []


def test_a_view_that_names_a_filter_that_is_gone_says_so_and_applies_the_rest(dee, sign_in, item):
    page = sign_in(dee).get(_url("queue-page", "cob-denials"), {"colour": "red", "who": "mine"})

    assert "There is no filter “colour” any more" in page.content.decode()
    assert page.context["total"] == 0


def test_a_patient_with_two_plans_bears_a_badge_in_every_list(sol, sign_in, one_of_each):
    page = sign_in(sol).get(_url("queue-page", "cob-determination")).content.decode()

    assert "2 plans" in page


# --- opening and taking in one press -------------------------------------------------------------------------------


def test_looking_takes_nothing_and_open_and_take_opens_it_beside_the_list_as_it_was(dee, sign_in, item):
    client = sign_in(dee)
    page = client.get(_url("queue-page", "cob-denials"), {"who": "unowned", "item": str(item.pk)})
    assert Item.objects.get(pk=item.pk).owner is None

    answer = client.post(_url("item-take", item.pk), {"query": "sort=-amount&item=x"})

    assert answer.url == _url("queue-page", "cob-denials") + f"?sort=-amount&item={item.pk}"
    assert f'formaction="{_url("item-take", item.pk)}"' in page.content.decode()
    assert client.get(answer.url).context["pane"]["item"].owner == dee


def test_who_was_a_moment_late_keeps_the_list_and_reads_who_has_it(dee, ben, sign_in, item):
    sign_in(dee).post(_url("item-take", item.pk), {"query": ""})

    page = sign_in(ben).post(_url("item-take", item.pk), {"query": "who=unowned"}, follow=True)

    assert "Dee Dutta took this item a moment ago." in page.content.decode()
    assert page.context["filters"].who == "unowned"


def test_an_auditor_sees_nobody_and_no_button(ira, sign_in, item):
    page = sign_in(ira).get(_url("queue-page", "cob-denials")).content.decode()

    assert "Nobody</span>" in page
    assert "data-take" not in page


def test_what_was_opened_and_taken_and_not_worked_on_goes_back_to_all(dee, sign_in, item):
    sign_in(dee).post(_url("item-take", item.pk), {"query": ""})

    with acting("test task"):
        released = handing_out.release_idle(now=timezone.now() + timedelta(hours=2))

    assert released == 1
    assert Item.objects.get(pk=item.pk).owner is None
