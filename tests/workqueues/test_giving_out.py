"""Who is given what, what comes back, and what one hands to another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cob.accounts.models import User
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.workqueues.settings_and_items import DENIALS, MONDAY, items_at, set_today
from workqueues import actions, handing_out
from workqueues.models import Item, Note, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def _give():
    with acting("test task"):
        return handing_out.give_out()


def _owners():
    return sorted(str(item.owner) for item in Item.objects.filter(owner__isnull=False))


# --- giving out ----------------------------------------------------------------------------------------------------


def test_nothing_is_given_out_unless_a_manager_says_how(main, dee):
    items_at(main, 2)

    assert _give() == 0


def test_in_turn_everybody_of_the_role_gets_as_many(main, dee, ida):
    set_today("hand_out", "round_robin", queue=DENIALS)
    items_at(main, 4)

    assert (_give(), _owners()) == (4, ["Dee Dutta", "Dee Dutta", "Ida Ito", "Ida Ito"])
    assert set(Item.objects.values_list("state", flat=True)) == {State.ASSIGNED}
    assert Event.objects.filter(verb="gave out item").count() >= 1


def test_the_turn_goes_on_where_it_stopped(main, dee, ida, clock):
    set_today("hand_out", "round_robin", queue=DENIALS)
    items_at(main, 1)
    _give()
    (first,) = _owners()
    clock.shift(timedelta(minutes=15))
    items_at(main, 1)
    _give()

    assert sorted({first, *_owners()}) == ["Dee Dutta", "Ida Ito"]


def test_whoever_has_least_in_hand_is_next(main, dee, ida):
    set_today("hand_out", "least_loaded", queue=DENIALS)
    items_at(main, 2, owner=dee, state="in_progress")
    items_at(main, 3)
    _give()

    # Ida gets two, then both have two, and Dee was never given one: the third is hers.
    assert _owners() == ["Dee Dutta"] * 3 + ["Ida Ito"] * 2


@pytest.mark.parametrize(("until", "gets"), [(0, 0), (-1, 2)], ids=["still away today", "back today"])
def test_who_is_absent_is_passed_over(main, dee, ida, until, gets):
    set_today("hand_out", "round_robin", queue=DENIALS)
    User.objects.filter(pk=dee.pk).update(absent_until=MONDAY + timedelta(days=until))
    items_at(main, 4)
    _give()

    assert Item.objects.filter(owner=dee).count() == gets


def test_a_team_is_given_the_work_instead_of_the_role_and_only_at_its_sites(main, north, dee, ida):
    set_today("hand_out", "round_robin", queue=DENIALS)
    set_today("team", [str(ida.pk)], queue=DENIALS)
    items_at(main, 2)
    items_at(north, 1)

    assert (_give(), _owners()) == (2, ["Ida Ito"] * 2)


def test_what_was_taken_and_not_worked_on_goes_back_and_what_was_stays(main, dee, clock):
    idle, worked = items_at(main, 2)
    with acting(dee):
        for item in (idle, worked):
            actions.take(item=item, by=dee)
        clock.shift(timedelta(minutes=5))
        actions.add_note(item=worked, text="Called Acme.", by=dee)
    clock.shift(timedelta(minutes=39))
    with acting("test task"):
        assert handing_out.release_idle() == 0
        clock.shift(timedelta(minutes=1))
        assert handing_out.release_idle() == 1

    idle.refresh_from_db()
    worked.refresh_from_db()
    assert (idle.owner, idle.state, worked.owner) == (None, State.NEW, dee)
    assert Event.objects.get(verb="released item").reason == "Taken and not worked on."


def test_the_work_of_who_is_absent_goes_back_but_not_what_waits_for_its_day(main, dee):
    mine, aside = items_at(main, 2)
    with acting(dee):
        actions.take(item=mine, by=dee)
        actions.take(item=aside, by=dee)
        actions.set_aside(item=aside, waiting_for="Acme", until=MONDAY + timedelta(days=9), by=dee)
    User.objects.filter(pk=dee.pk).update(absent_until=MONDAY + timedelta(days=3))
    with acting("test task"):
        handing_out.release_idle()

    mine.refresh_from_db()
    aside.refresh_from_db()
    assert (mine.owner, aside.owner) == (None, dee)


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        pytest.param(lambda dee, _north: None, True, id="works here"),
        pytest.param(lambda dee, _north: User.objects.filter(pk=dee.pk).update(is_active=False), False, id="left"),
        pytest.param(lambda dee, _north: User.objects.filter(pk=dee.pk).update(role="auditor"), False, id="other role"),
        pytest.param(lambda dee, north: dee.sites.set([north]), False, id="other site"),
    ],
)
def test_the_work_of_who_does_not_work_here_any_more_goes_back(main, north, dee, change, is_kept):
    (mine,) = items_at(main, 1)
    with acting(dee):
        actions.take(item=mine, by=dee)
    with acting("test task"):
        change(dee, north)
        handing_out.release_idle()

    mine.refresh_from_db()
    assert (mine.owner == dee) is is_kept


# --- handing over ----------------------------------------------------------------------------------------------------


def test_what_is_handed_over_is_accepted_or_given_back_with_a_word(main, dee, ida):
    (item,) = items_at(main, 1)
    with acting(dee):
        actions.take(item=item, by=dee)
        actions.hand_over(item=item, to=ida, note="You know Acme.", by=dee)
    assert (item.owner, item.state, item.handed_by) == (ida, State.ASSIGNED, dee)

    with acting(ida):
        with pytest.raises(actions.Refused, match="Say why"):
            actions.decline(item=item, reason=" ", by=ida)
        actions.decline(item=item, reason="I am off from tomorrow.", by=ida)

    assert (item.owner, item.handed_by) == (dee, None)
    assert Note.objects.filter(item=item, about="Not accepted by Ida Ito").exists()


def test_who_accepted_cannot_decline_any_more_but_can_put_it_back(main, dee, ida):
    (item,) = items_at(main, 1)
    with acting(dee):
        actions.take(item=item, by=dee)
        actions.hand_over(item=item, to=ida, note="Yours.", by=dee)
    with acting(ida):
        actions.take(item=item, by=ida)
        with pytest.raises(actions.Refused, match="accepted it already"):
            actions.decline(item=item, reason="No.", by=ida)
        actions.put_back(item=item, reason="Wrong specialty.", by=ida)

    assert (item.owner, item.state) == (None, State.NEW)
