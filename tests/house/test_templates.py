"""Templates obey the Content-Security-Policy and keep patient data out of what a browser remembers."""

from __future__ import annotations

import re

import pytest

from cob.env import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def _name(path):
    return str(path.relative_to(ROOT))


def _found(pattern):
    return [_name(path) for path in TEMPLATES if re.search(pattern, _html(path), re.IGNORECASE | re.DOTALL)]


def _html(path):
    """The template without what only the server reads."""
    return re.sub(r"\{[%#].*?[%#]\}", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"<style[\s>]", id="style element"),
        pytest.param(r"\sstyle\s*=\s*[\"']", id="style attribute"),
        pytest.param(r"<script(?![^>]*\ssrc=)[^>]*>", id="script without a file"),
        pytest.param(r"\son[a-z]+\s*=\s*[\"']", id="event attribute"),
        pytest.param(r"\shx-on", id="htmx code in an attribute"),
        pytest.param(r"javascript:", id="script in an address"),
        pytest.param(r"(src|href)=\"(https?:)?//", id="something from another host"),
        pytest.param(r"(localStorage|sessionStorage)", id="browser storage"),
        pytest.param(r"\|\s*safe\b|autoescape off", id="unescaped text"),
    ],
)
def test_no_template_holds(pattern):
    assert TEMPLATES
    assert _found(pattern) == []


def test_every_form_that_posts_has_its_token():
    missing = [
        f"{_name(path)}: {form[:80]}"
        for path in TEMPLATES
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.IGNORECASE | re.DOTALL)
        if "csrf" not in form
    ]

    assert missing == []


def test_no_address_in_a_template_is_built_from_patient_data():
    words = r"(last_name|first_name|birth_on|member_id|chart_number)"

    assert _found(rf"(href|action|hx-get|hx-post)=\"[^\"]*\{{\{{[^}}]*{words}") == []


def test_every_page_says_where_one_is():
    """Pages fill the heading; fragments and components have none."""
    pages = [
        path for path in TEMPLATES if '{% extends "base.html" %}' in path.read_text() and "layouts" not in path.parts
    ]

    assert pages
    assert [_name(path) for path in pages if "{% block heading %}" not in path.read_text()] == []


def test_every_class_is_known_to_a_style_sheet():
    """One that is not says of a text what nobody sees: muted, beside, left out of print."""
    known = {
        name
        for sheet in (ROOT / "static" / "css").glob("*.css")
        for name in re.findall(r"\.([a-zA-Z][\w-]*)", sheet.read_text())
    }
    # Every word of a class that is not glued to a value, whatever the conditions around it.
    used = {
        (word, _name(path))
        for path in TEMPLATES
        for value in re.findall(r"class=\"((?:\{[%{].*?[%}]\}|[^\"{])*)\"", path.read_text(), re.DOTALL)
        for word in re.sub(r"\{%.*?%\}", " ", re.sub(r"\S*\{\{.*?\}\}\S*", " ", value)).split()
    }

    assert len(used) > 100
    assert sorted(use for use in used if use[0] not in known) == []


def test_scripts_are_modules_of_our_own_without_browser_storage():
    scripts = list((ROOT / "static" / "js").glob("*.js"))

    assert scripts
    assert [
        path.name for path in scripts if re.search(r"(local|session)Storage|eval\(|innerHTML", path.read_text())
    ] == []
