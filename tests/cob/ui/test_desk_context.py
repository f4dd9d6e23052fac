"""The bar shows the places a person may open, and marks the one they are in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from cob.ui import context
from cob.ui.context import PLACES, desk

URLS = {"workqueues:my-work": "/queues/mine/", "workqueues:queue-list": "/queues/", "patients:search": "/patients/"}


class Person(SimpleNamespace):
    is_authenticated = True

    def has_perm(self, permission):
        return permission in self.may


@pytest.fixture(autouse=True)
def _some_places(monkeypatch):
    monkeypatch.setattr(context, "_url", lambda name: URLS.get(name, ""))


def shown(path="/", cookies=None, **person):
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies or {})
    request.user = Person(**({"may": set()} | person))
    return desk(request)["desk"]


def test_only_permitted_places_that_exist_are_shown():
    nav = shown(may={"queues.view", "kpi.view"}).nav

    assert [entry.label for entry in nav] == ["My work", "Queues"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/queues/", "Queues"),
        ("/queues/cob-denials/", "Queues"),
        ("/queues/mine/", "My work"),
        ("/queues-of-old/", None),
        ("/", None),
    ],
)
def test_the_most_exact_place_is_current(path, current):
    nav = shown(path, may={"queues.view"}).nav

    assert next((entry.label for entry in nav if entry.is_current), None) == current


def test_search_needs_the_permission_to_see_patients():
    assert shown(may={"patients.view"}).search_url == "/patients/"
    assert shown(may={"queues.view"}).search_url == ""


def test_somebody_without_a_site_has_none_on_the_bar():
    assert shown().site == ""
    assert shown(site_label="Main Street").site == "Main Street"


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("<script>", ""), ("", "")])
def test_the_theme_is_one_of_two_or_the_machine_s(cookie, theme):
    assert shown(cookies={"desk_theme": cookie}).theme == theme


def test_single_keys_can_be_switched_off():
    assert shown().has_keys
    assert not shown(cookies={"desk_keys": "off"}).has_keys


def test_nobody_signed_in_sees_no_places():
    request = RequestFactory().get("/")

    assert desk(request)["desk"].nav == ()


def test_no_two_places_share_a_key():
    assert len({place.key for place in PLACES}) == len(PLACES)
