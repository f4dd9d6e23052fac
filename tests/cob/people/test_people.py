"""Administrators add, change and close accounts, sites and keys; nobody locks the practice out; all is on the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cob.accounts.models import ApiKey, Site, User
from cob.accounts.roles import Role
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.people import actions
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast):
    return cast["ada"]


@pytest.fixture
def desk(sign_in, ada):
    return sign_in(ada)


def at(name, *args):
    return reverse(f"people:{name}", args=args)


def form(**changes):
    return {
        "username": "nia",
        "first_name": "Nia",
        "last_name": "Nolan",
        "email": "",
        "role": "biller",
        "absent_until": "",
    } | changes


def ben_as(**changes):
    return form(username="ben", first_name="Ben", last_name="Baker", **changes)


def event(verb):
    return Event.objects.get(verb=verb)


def test_a_person_is_added_without_a_password_and_sets_one_through_a_link_that_works_once(desk, main):
    answer = desk.post(at("person-add"), form(sites=[str(main.pk)]))
    nia = User.objects.get(username="nia")
    assert answer.url == at("person-page", nia.pk)
    assert not nia.has_usable_password()

    link = desk.post(at("person-link", nia.pk)).context["link"]
    browser = Client()
    shown = browser.get(link, follow=True)
    words = {"password1": "a-long-new-phrase", "password2": "a-long-new-phrase"}
    browser.post(shown.request["PATH_INFO"], words)

    nia.refresh_from_db()
    assert nia.check_password("a-long-new-phrase")
    assert Client().get(link, follow=True).context["token_fail"]
    assert event("added person").after["sites"] == ["main"]
    assert "key" not in str(event("made password link").after)


def test_the_link_is_kept_nowhere(desk, ada, ben):
    link = desk.post(at("person-link", ben.pk)).context["link"]

    key = link.rstrip("/").rpartition("/")[2].partition("-")[2]
    assert not Event.objects.filter(after__icontains=key).exists()
    assert link not in desk.get(at("person-page", ben.pk)).content.decode()


def test_a_change_of_role_and_sites_is_on_the_trail_with_what_it_was(desk, ada, ben, north):
    desk.post(
        at("person-page", ben.pk),
        form(username="ben", first_name="Ben", last_name="Baker", role="poster", sites=[str(north.pk)]),
    )

    changed = event("changed person")
    assert (changed.actor_id, changed.subject_id) == (ada.pk, str(ben.pk))
    assert changed.before == {"role": "biller", "sites": ["main"]}
    assert changed.after == {"role": "poster", "sites": ["north"]}


def test_saving_without_a_change_is_no_event(desk, ben, main):
    desk.post(at("person-page", ben.pk), ben_as(sites=[str(main.pk)]))

    assert not Event.objects.filter(verb="changed person").exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        pytest.param({"username": "ANA"}, "Somebody signs in with this name already", id="a name that looks the same"),
        pytest.param({"sites": []}, "Choose at least one site", id="a biller without a site"),
        pytest.param({"role": "king"}, "king is not one of the available choices", id="no such role"),
        pytest.param({"last_name": ""}, "This field is required", id="no last name"),
    ],
)
def test_what_is_wrong_with_a_person_is_said_at_the_field(desk, main, changes, says):
    answer = desk.post(at("person-add"), form(sites=[str(main.pk)]) | changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not User.objects.filter(last_name="Nolan").exists()


def test_an_auditor_needs_no_site(desk):
    assert desk.post(at("person-add"), form(role="auditor")).status_code == 302


def test_a_closed_account_ends_its_sessions_and_keys_at_once(desk, ben):
    theirs = Client()
    theirs.force_login(ben, backend="cob.accounts.backend.RoleBackend")
    key, _ = ApiKey.issue(user=ben, name="reports")

    desk.post(at("person-close", ben.pk))

    assert theirs.get("/jobs/").status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert event("closed account").after == {"sessions ended": 1, "keys revoked": 1}


def test_an_account_is_opened_again_and_its_keys_stay_revoked(desk, ben):
    key, _ = ApiKey.issue(user=ben, name="reports")
    desk.post(at("person-close", ben.pk))

    desk.post(at("person-open", ben.pk))

    ben.refresh_from_db()
    key.refresh_from_db()
    assert ben.is_active
    assert key.revoked_at is not None
    assert event("opened account").subject_id == str(ben.pk)


def test_nobody_closes_their_own_account(desk, ada):
    User.objects.create_user("two", role=Role.ADMINISTRATOR)

    answer = desk.post(at("person-close", ada.pk), follow=True)

    assert "You cannot close your own account" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_active


def test_the_last_administrator_is_neither_closed_nor_given_another_role(desk, ada, ben, main):
    other = User.objects.create_user("two", role=Role.ADMINISTRATOR, is_active=False)
    with acting(other), pytest.raises(actions.LastAdministrator):
        actions.close_account(person=ada, by=other)

    answer = desk.post(at("person-page", ada.pk), form(username="ada", role="biller", sites=[str(main.pk)]))

    assert answer.status_code == 422
    assert "This is the last active administrator" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.role == Role.ADMINISTRATOR
    assert not Event.objects.filter(verb="changed person").exists()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_close_each_other_at_once_leave_one(ada):
    other = User.objects.create_user("two", role=Role.ADMINISTRATOR)

    def press(pair):
        person, by = pair
        with acting(by):
            return actions.close_account(person=person, by=by)

    said = at_once(press, [(ada, other), (other, ada)])

    assert sorted(str(one) for one in said) == ["None", str(actions.LastAdministrator())]
    assert User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_add_one_name_at_once_the_second_is_told(ada, main):
    def press(name):
        person = User(username=name, first_name="Nia", last_name="Nolan", role=Role.BILLER)
        with acting(ada):
            return actions.add_person(person=person, sites=[main])

    said = at_once(press, ["nia", "Nia"])

    assert [one for one in said if isinstance(one, actions.NameTaken)]
    assert User.objects.filter(username__iexact="nia").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_give_one_name_to_two_people_at_once_the_second_is_told(ada, ben, dee):
    def press(person):
        person.username = "nia"
        with acting(ada):
            return actions.change_person(person=person, sites=[])

    said = at_once(press, [ben, dee])

    assert len([one for one in said if isinstance(one, actions.NameTaken)]) == 1
    assert User.objects.filter(username="nia").count() == 1


def test_the_second_of_two_names_is_told_on_the_form(desk, ben, main, monkeypatch):
    monkeypatch.setattr(actions, "_keep_names_apart", _taken)

    seen = desk.get(at("person-page", ben.pk)).context["form"]["seen"].value()
    told = desk.post(at("person-page", ben.pk), ben_as(sites=[str(main.pk)], seen=seen))

    assert (told.status_code, "Somebody signs in with this name already" in told.content.decode()) == (422, True)


def _taken(person):
    raise actions.NameTaken


@pytest.mark.django_db(transaction=True)
def test_of_two_sites_that_get_one_npi_at_once_the_second_is_told_at_the_field(ada, main, north):
    def press(site):
        site.npi = "1245319599"
        with acting(ada):
            return actions.save_site(site=site)

    said = at_once(press, [main, north])

    assert [list(one.message_dict) for one in said if isinstance(one, ValidationError)] == [["npi"]]


@pytest.mark.parametrize("changed", ["sites", "role"])
def test_whoever_saves_a_person_a_colleague_changed_meanwhile_is_told_and_may_save_again(
    desk, ben, main, north, changed
):
    opened = desk.get(at("person-page", ben.pk)).context["form"]["seen"].value()
    mine = ben_as(sites=[str(main.pk)], email="ben@desk.example")
    User.objects.filter(pk=ben.pk).update(last_login=timezone.now())
    theirs = {"sites": [str(north.pk)]} if changed == "sites" else {"sites": [str(main.pk)], "role": "poster"}
    assert desk.post(at("person-page", ben.pk), ben_as() | theirs | {"seen": opened}).status_code == 302

    told = desk.post(at("person-page", ben.pk), mine | {"seen": opened})

    assert (told.status_code, "Somebody changed this while you were writing" in told.content.decode()) == (422, True)
    assert User.objects.get(pk=ben.pk).email == ""
    again = told.context["form"]["seen"].value()
    assert desk.post(at("person-page", ben.pk), mine | {"seen": again}).status_code == 302


def test_a_refused_form_still_shows_the_person_as_on_file(desk, ben):
    answer = desk.post(at("person-page", ben.pk), form(username="ben", first_name="", sites=[]))

    assert answer.status_code == 422
    assert "<h1>Ben Baker</h1>" in answer.content.decode()


def test_a_lost_telephone_is_taken_off_and_sessions_end(desk, ben):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=ben, type=Authenticator.Type.TOTP, data={"secret": "x"})

    desk.post(at("person-second-step", ben.pk))

    assert not Authenticator.objects.filter(user=ben).exists()
    assert event("removed second step").subject_id == str(ben.pk)


def test_a_closed_account_gets_no_link(desk, ben):
    desk.post(at("person-close", ben.pk))

    assert desk.post(at("person-link", ben.pk)).url == at("person-page", ben.pk)
    assert not Event.objects.filter(verb="made password link").exists()


SITE = {
    "name": "West Clinic",
    "code": "west",
    "npi": "1999999984",
    "tax_id": "111111111",
    "taxonomy": "",
    "address": "",
    "city": "",
    "state": "",
    "zip_code": "",
    "phone": "",
}


def test_a_site_is_added_then_changed_and_both_are_on_the_trail(desk):
    desk.post(at("site-add"), SITE)
    west = Site.objects.get(code="west")
    desk.post(at("site-page", west.pk), SITE | {"city": "Peoria"})

    assert event("added site").after["npi"] == "1999999984"
    assert (event("changed site").before, event("changed site").after) == ({"city": ""}, {"city": "Peoria"})


def test_whoever_saves_a_site_a_colleague_changed_meanwhile_is_told(desk, main):
    opened = desk.get(at("site-page", main.pk)).context["form"]["seen"].value()
    Site.objects.filter(pk=main.pk).update(phone="2175550111")

    told = desk.post(at("site-page", main.pk), SITE | {"seen": opened})

    assert (told.status_code, Site.objects.get(pk=main.pk).name) == (422, "Main Street")


def test_the_second_of_two_sites_is_told_at_the_field_of_the_form(desk, monkeypatch):
    def taken(*, site):
        raise ValidationError({"npi": "Another site has this NPI."})

    monkeypatch.setattr(actions, "save_site", taken)

    told = desk.post(at("site-add"), SITE)

    assert (told.status_code, told.context["form"].errors) == (422, {"npi": ["Another site has this NPI."]})


@pytest.mark.parametrize("npi", ["1999999985", "199999998", "letters"])
def test_a_site_needs_a_real_npi(desk, npi):
    answer = desk.post(at("site-add"), SITE | {"npi": npi})

    assert answer.status_code == 422
    assert "This is no NPI" in answer.content.decode()


def test_a_key_is_shown_once_works_and_is_revoked(desk, ben):
    answer = desk.post(at("key-list"), {"user": str(ben.pk), "name": "reports", "days": "30"})
    secret, key = answer.context["secret"], ApiKey.objects.get()

    assert secret in answer.content.decode()
    assert secret not in desk.get(at("key-list")).content.decode()
    assert key.digest != secret
    assert timedelta(days=29) < key.expires_at - timezone.now() <= timedelta(days=30)
    assert secret not in str(event("issued key").after)
    desk.post(at("key-revoke", key.pk))
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert event("revoked key").subject_id == str(key.pk)


def test_revoking_twice_is_one_event(ada, ben):
    key, _ = ApiKey.issue(user=ben, name="reports")
    with acting(ada):
        assert actions.revoke_key(key=key)
        assert not actions.revoke_key(key=key)

    assert Event.objects.filter(verb="revoked key").count() == 1


@pytest.mark.parametrize("days", ["0", "731", "many"])
def test_a_key_lives_a_day_to_two_years(desk, ben, days):
    assert desk.post(at("key-list"), {"user": str(ben.pk), "name": "x", "days": days}).status_code == 422
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("name", ["person-list", "site-list", "key-list"])
def test_lists_cost_the_same_for_one_row_and_for_many(desk, main, ben, name, queries_of):
    ApiKey.issue(user=ben, name="k")
    before = queries_of(lambda: desk.get(at(name)))

    for number in range(20):
        person = User.objects.create_user(f"p{number}", role="biller")
        person.sites.add(main)
        Site.objects.create(name=f"Site {number}", code=f"s{number}", npi=f"100000{number:04}")
        ApiKey.issue(user=person, name="k")

    assert queries_of(lambda: desk.get(at(name))) == before


def test_a_forgotten_password_is_the_administrators_matter(client, db):
    answer = client.get("/accounts/password/reset/")

    assert answer.status_code == 200
    assert b"Ask your administrator" in answer.content
    assert client.post("/accounts/password/reset/", {"email": "x@example.org"}).status_code == 405
