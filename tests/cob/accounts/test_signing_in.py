"""Signing in, being locked out, being forgotten after a while, and what a browser is told to keep: nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cob.accounts.models import ApiKey, User
from cob.accounts.roles import ROLES, Permission, Role, may
from cob.audit.models import Event

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
RIGHT = "a-good-passphrase"


def _try(client, name, password, address="127.0.0.1"):
    return client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address)


def test_a_person_signs_in_and_it_is_on_the_trail(client, ben):
    assert _try(client, "ben", RIGHT).status_code == 302

    assert Event.objects.get(verb="signed in").actor_id == ben.pk


def test_a_refused_sign_in_is_on_the_trail_and_never_what_was_typed(client, ben):
    _try(client, "ben", "wrong-password")
    _try(client, "my secret typed here by mistake", "x")

    events = Event.objects.filter(verb="sign-in refused").order_by("id")
    assert [event.actor_name for event in events] == ["Ben Baker", "unknown person"]
    assert "secret" not in str(list(events.values()))


def test_after_five_wrong_tries_from_anywhere_the_account_is_locked_for_five_minutes(client, ben):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(5):
            _try(client, "ben", "wrong", address=f"192.0.2.{number}")

        assert _try(client, "ben", RIGHT, address="192.0.2.99").status_code != 302
        clock.shift(timedelta(minutes=5, seconds=1))
        assert _try(client, "ben", RIGHT, address="192.0.2.99").status_code == 302


def test_behind_a_proxy_an_address_is_what_the_proxy_saw_and_nobody_is_shut_out_for_a_stranger(client, ben, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    stranger, colleague = ({"x-forwarded-for": f"203.0.113.1, {ip}"} for ip in ("198.51.100.7", "192.0.2.4"))
    for number in range(21):
        client.post(LOGIN, {"login": f"guess{number}", "password": "wrong"}, headers=stranger)

    right = {"login": "ben", "password": RIGHT}
    assert client.post(LOGIN, right, headers=stranger).status_code != 302
    assert client.post(LOGIN, right, headers=colleague).status_code == 302


def test_four_wrong_tries_lock_nobody(client, ben):
    for _ in range(4):
        _try(client, "ben", "wrong")

    assert _try(client, "ben", RIGHT).status_code == 302


def test_one_persons_lock_is_not_anothers(client, ben, dee):
    for number in range(5):
        _try(client, "ben", "wrong", address=f"192.0.2.{number}")

    assert _try(client, "dee", RIGHT, address="192.0.2.50").status_code == 302


def test_an_account_that_is_closed_does_not_sign_in(client, ben):
    User.objects.filter(pk=ben.pk).update(is_active=False)

    _try(client, "ben", RIGHT)

    assert client.get("/jobs/").status_code == 302


def test_nobody_signs_themselves_up(client, db):
    answer = client.post("/accounts/signup/", {"username": "new", "password1": "x" * 14, "password2": "x" * 14})

    assert answer.status_code in (200, 403, 404)
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize(
    ("minutes", "is_in"),
    [
        pytest.param(14, True, id="a click within the quarter of an hour"),
        pytest.param(16, False, id="none for longer"),
    ],
)
def test_an_idle_session_ends(sign_in, ben, settings, minutes, is_in):
    assert settings.SESSION_COOKIE_AGE == 900
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in(ben)
        client.get("/jobs/")
        clock.shift(timedelta(minutes=minutes))

        assert (client.get("/jobs/").status_code == 200) is is_in


def test_each_click_starts_the_quarter_of_an_hour_anew(sign_in, ben):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in(ben)
        for _ in range(4):
            clock.shift(timedelta(minutes=10))
            assert client.get("/jobs/").status_code == 200


def test_the_session_cookie_is_for_this_browser_window_and_no_script(client, ben):
    _try(client, "ben", RIGHT)
    cookie = client.cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"] == ""  # gone with the window


def test_the_cookies_travel_by_tls_only_in_production():
    import importlib

    from cob import settings as house
    from cob.env import env

    patch = pytest.MonkeyPatch()
    patch.setattr(env, "cob_production", True)
    patch.setattr(env, "cob_secret_key", "x" * 60)
    patch.setattr(env, "cob_behind_proxy", True)
    try:
        production = importlib.reload(house)
        flags = (production.SESSION_COOKIE_SECURE, production.CSRF_COOKIE_SECURE, production.SECURE_SSL_REDIRECT)
        assert flags == (True, True, True)
        assert production.SECURE_HSTS_SECONDS == 31_536_000
        assert production.ALLAUTH_TRUSTED_PROXY_COUNT == 1
    finally:
        patch.undo()
        importlib.reload(house)


@pytest.mark.parametrize("path", ["/jobs/", "/accounts/password/change/", "/accounts/login/"])
def test_no_page_about_anybody_is_kept_by_the_browser(sign_in, ben, path):
    assert "no-store" in sign_in(ben).get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/jobs/", "/accounts/login/", "/nowhere/"])
def test_every_answer_carries_the_policy(sign_in, ben, path):
    headers = sign_in(ben).get(path).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ")}

    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_form_from_another_site_is_refused(ben):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben, backend="cob.accounts.backend.RoleBackend")

    assert client.post("/look/here/").status_code == 403


@pytest.mark.parametrize("path", ["/jobs/", "/api/v1/claims", "/api/v1/docs"])
def test_in_production_nothing_goes_before_the_second_step(sign_in, ben, settings, path):
    settings.PRODUCTION = True

    assert sign_in(ben).get(path).url == "/accounts/2fa/totp/activate/"


def test_in_production_a_key_needs_no_second_step(client, ben, settings):
    settings.PRODUCTION = True
    _, secret = ApiKey.issue(user=ben, name="reports")

    assert client.get("/api/v1/claims", headers={"authorization": f"Key {secret}"}).status_code == 200


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"revoked_at": timezone.now()}, 401, id="revoked"),
        pytest.param({"expires_at": timezone.now() - timedelta(seconds=1)}, 401, id="expired"),
        pytest.param({}, 200, id="in force"),
    ],
)
def test_a_key_opens_the_api_while_it_is_in_force(client, ben, change, says):
    key, secret = ApiKey.issue(user=ben, name="reports")
    ApiKey.objects.filter(pk=key.pk).update(**change)

    answer = client.get("/api/v1/claims", headers={"authorization": f"Key {secret}"})

    assert answer.status_code == says


def test_a_key_of_a_closed_account_opens_nothing(client, ben):
    _, secret = ApiKey.issue(user=ben, name="reports")
    User.objects.filter(pk=ben.pk).update(is_active=False)

    assert client.get("/api/v1/claims", headers={"authorization": f"Key {secret}"}).status_code == 401


def test_superuser_status_grants_nothing(db):
    someone = User.objects.create_user("root", role="", is_superuser=True, is_staff=True)

    assert not any(someone.has_perm(permission) for permission in Permission)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_label_and_a_sentence(role):
    card = ROLES[role]

    assert card.label
    assert card.sentence.endswith(".")
    assert card.permissions <= set(Permission)


@pytest.mark.parametrize(
    ("role", "permission", "holds"),
    [
        (Role.AUDITOR, Permission.VIEW_AUDIT, True),
        (Role.AUDITOR, Permission.EDIT_PATIENTS, False),
        (Role.ADMINISTRATOR, Permission.MANAGE_USERS, True),
        (Role.ADMINISTRATOR, Permission.VIEW_PATIENTS, False),
        (Role.SUPERVISOR, Permission.MANAGE_USERS, False),
        ("nobody", Permission.VIEW_JOBS, False),
        (Role.BILLER, "no.such", False),
    ],
)
def test_who_may_what(role, permission, holds):
    assert may(role, permission) is holds


def test_an_auditor_writes_nothing():
    verbs = {permission for permission in ROLES[Role.AUDITOR].permissions if not permission.endswith(".view")}

    assert verbs == set()


@pytest.mark.parametrize(
    ("name", "lands"),
    [("ana", "/patients/"), ("ben", "/queues/mine/"), ("sol", "/kpi/"), ("ira", "/history/"), ("ada", "/jobs/")],
)
def test_each_role_lands_where_its_day_starts(cast, sign_in, name, lands):
    assert sign_in(cast[name]).get("/").url == lands
