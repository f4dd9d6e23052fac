"""The style page is for staff, preferences are two cookies, and the frame breaks no rule of the house."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

TEMPLATES = Path(__file__).parents[3] / "templates"
ICONS = Path(__file__).parents[3] / "static" / "icons.svg"


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def signed_in(client, ira):
    client.force_login(ira, backend=BACKEND)
    return client


def test_the_style_page_shows_every_component(signed_in):
    answer = signed_in.get("/look/")

    assert answer.status_code == 200
    for block in ("verdict", "covers", "grid", "pager", "empty", "stat", "aging", "progress", "dropzone", "timeline"):
        assert f'class="{block}' in answer.content.decode()


def test_the_style_page_is_not_there_for_the_front_desk(client, ana):
    client.force_login(ana, backend=BACKEND)

    assert client.get("/look/").status_code == 404


def test_a_stranger_is_sent_to_the_door(client, db):
    assert client.get("/look/").status_code == 302


def test_a_theme_is_kept_and_the_page_comes_back(client, db):
    answer = client.post("/look/preferences/", {"theme": "dark", "next": "/accounts/login/?next=/"})

    assert answer.url == "/accounts/login/?next=/"
    assert answer.cookies["desk_theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()


def test_choosing_the_machine_s_theme_forgets_the_cookie(client, db):
    client.post("/look/preferences/", {"theme": "dark"})

    assert client.post("/look/preferences/", {"theme": ""}).cookies["desk_theme"].value == ""


def test_keys_and_theme_do_not_touch_each_other(client, db):
    answer = client.post("/look/preferences/", {"keys": "off"})

    assert answer.cookies["desk_keys"].value == "off"
    assert "desk_theme" not in answer.cookies


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_preferences_never_lead_away(client, db, elsewhere):
    assert client.post("/look/preferences/", {"theme": "dark", "next": elsewhere}).url == "/"


def test_saying_one_is_here_answers_nothing_and_renews_the_session(signed_in):
    answer = signed_in.post("/look/here/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert "sessionid" in answer.cookies


def test_saying_one_is_here_needs_a_session_and_a_token(db, ira):
    assert Client().post("/look/here/").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ira, backend=BACKEND)
    assert strict.post("/look/here/").status_code == 403


def test_the_sign_in_page_carries_the_mark_of_the_door(client, db):
    assert 'name="desk-entrance"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("page", ["accounts/login", "accounts/password/reset"])
def test_pages_before_the_desk_need_nobody_signed_in(client, db, page):
    assert client.get(f"/{page}/").status_code == 200


@pytest.mark.parametrize("page", ["2fa", "sessions", "password/change", "logout"])
def test_account_pages_wear_the_frame(signed_in, page):
    html = signed_in.get(f"/accounts/{page}/").content.decode()

    assert "css/tokens.css" in html
    assert html.count("<h1>") == 1


def test_a_missing_page_keeps_the_bar(signed_in):
    answer = signed_in.get("/there-is-no-such-page/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert 'id="user-menu"' in answer.content.decode()


@pytest.mark.parametrize("name", ["500.html", "429.html", "403_csrf.html"])
def test_the_pages_of_trouble_need_no_context(name):
    assert "css/base.css" in render_to_string(name)


OURS = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if path.parent == TEMPLATES
    or path.relative_to(TEMPLATES).parts[0] in {"account", "allauth", "components", "mfa", "usersessions"}
]


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_holds_no_inline_style_or_script(path):
    text = path.read_text()

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|<script(?![^>]* src=)|javascript:", text)


def test_every_icon_named_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', ICONS.read_text()))
    named = {name for path in OURS for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}

    assert named <= drawn
