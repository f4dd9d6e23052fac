"""A real browser in front of a real server: headless Chromium over the suite's own database.

`page` is a fresh window, `sign_in_at(page, person)` signs in through the form, `is_accessible(page)` fails with what
axe found, `picture(page, name)` leaves a screenshot where COB_PICTURES says, `work()` does the waiting jobs.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from cob.jobs import actions as jobs
from cob.jobs.models import Job, State

PASSPHRASE = "a-good-passphrase"
PATIENCE_MS = 10_000
# WCAG 2.2 AA, as the desk promises; best practices beside it are not law.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def pytest_collection_modifyitems(items):
    """Everything here is a browser story and may commit."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=False))


@pytest.fixture
def scripts():
    """Whether scripts run; a story without them overrides this."""
    return True


@pytest.fixture
def page(chromium, live_server, scripts):
    """A fresh window at desk size; what the console complains of fails the story at its end."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 1366, "height": 768}, java_script_enabled=scripts
    )
    context.set_default_timeout(PATIENCE_MS)
    window, complaints = context.new_page(), []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("console", lambda line: complaints.append(line.text) if _is_broken(line) else None)
    yield window
    context.close()
    assert complaints == []


def _is_broken(line):
    """A refused policy or a script's error; a 4xx the story asked for is not."""
    return line.type == "error" and not line.text.startswith("Failed to load resource")


@pytest.fixture
def sign_in_at(live_server):
    """`sign_in_at(page, person)`: through the form, as a person does it."""

    def sign(page, person):
        person.set_password(PASSPHRASE)
        person.save()
        page.goto("/accounts/login/")
        page.get_by_label("Username").fill(person.username)
        page.get_by_label("Password").fill(PASSPHRASE)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    return sign


@pytest.fixture
def is_accessible():
    """`is_accessible(page)`: no violation of WCAG 2.2 AA that axe can see."""
    axe = Axe()

    def check(page):
        page.evaluate("scrollTo(0, 0)")  # what is scrolled halfway under the bar is not small
        page.evaluate(axe.axe_script)
        # Only what is wrong comes back: the list of what passed takes as long to hand over as a third of the looking.
        found = page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES)
        told = [f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:120]})" for one in found]
        assert told == []

    return check


@pytest.fixture
def picture():
    """`picture(page, "jobs")`: a screenshot into the folder COB_PICTURES names; nothing without it."""

    def take(page, name, **options):
        folder = os.environ.get("COB_PICTURES")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", **options)

    return take


@pytest.fixture
def looks_right(is_accessible, picture):
    """`looks_right(page, "name")`: accessible, no sideways scrolling, and on a screenshot."""

    def check(page, name):
        picture(page, name, full_page=True)
        is_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    return check


@pytest.fixture
def work():
    """`work()`: what a worker would do by now, done in this process."""

    def do():
        while waiting := Job.objects.filter(state=State.QUEUED).order_by("created_at").first():
            done = jobs.run(waiting.pk)
            assert done is not None
            assert done.state == State.DONE, done.error

    return do
