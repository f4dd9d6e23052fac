"""What the scripts add, in a browser under the real Content-Security-Policy: keys, selection, theme, idle sign-out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MINUTE_MS = 60_000

pytestmark = pytest.mark.browser


def open_look(chromium, live_server, client, person, **options):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    context = chromium.new_context(**({"viewport": {"width": 1366, "height": 768}} | options))
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


@pytest.fixture
def look(chromium, live_server, client, ira):
    page = open_look(chromium, live_server, client, ira)
    page.goto(f"{live_server.url}/look/")
    yield page
    page.context.close()


def test_a_row_is_reached_selected_and_opened_without_a_mouse(look):
    look.keyboard.press("j")
    look.keyboard.press("j")
    look.keyboard.press("x")

    assert look.locator("[data-selected-count]").inner_text() == "1"
    assert look.get_by_label("Select Luis Ferrer").is_checked()
    look.keyboard.press("Enter")
    look.wait_for_url("**#row-2")
    assert look.complaints == []


def test_keys_typed_into_a_field_are_text(look):
    field = look.get_by_label("Code")
    field.focus()
    look.keyboard.type("jx?")

    assert field.input_value() == "jx?"
    assert not look.locator("#keys").is_visible()


def test_a_question_mark_lists_the_keys_and_escape_closes(look):
    look.keyboard.press("?")
    assert look.locator("#keys").is_visible()

    look.keyboard.press("Escape")
    assert not look.locator("#keys").is_visible()


def test_single_keys_can_be_switched_off(look):
    look.keyboard.press("?")
    with look.expect_navigation():
        look.get_by_role("button", name="Switch single keys off").click()
    look.keyboard.press("?")

    assert not look.locator("#keys").is_visible()


def test_dark_is_chosen_from_the_menu_and_drawn_by_the_server(look):
    look.get_by_role("button", name="Your menu").click()
    with look.expect_navigation():
        look.get_by_role("button", name="Dark").click()

    assert look.locator("html").get_attribute("data-theme") == "dark"


def test_an_idle_person_is_warned_then_signed_out(chromium, live_server, client, ira):
    page = open_look(chromium, live_server, client, ira)
    page.clock.install()
    page.goto(f"{live_server.url}/look/")
    minutes = int(page.locator("#idle").get_attribute("data-idle-minutes"))

    page.clock.run_for((minutes - 2) * MINUTE_MS - 1000)
    assert not page.locator("#idle").is_visible()
    page.clock.run_for(2000)
    assert page.locator("#idle").is_visible()
    page.clock.run_for(2 * MINUTE_MS)
    page.wait_for_url("**/accounts/login/**")
    page.context.close()


def test_a_queue_that_asks_what_is_new_is_no_sign_of_anybody(chromium, live_server, client, ira):
    page = open_look(chromium, live_server, client, ira)
    page.clock.install()
    page.goto(f"{live_server.url}/queues/cob-denials/")
    minutes = int(page.locator("#idle").get_attribute("data-idle-minutes"))

    for _ in range(3):
        with page.expect_response("**/news/**"):
            page.clock.run_for(MINUTE_MS / 2 + 1000)
    page.clock.run_for((minutes - 2) * MINUTE_MS - 80_000)
    assert page.locator("#idle").is_visible()
    page.context.close()


def test_one_answer_keeps_a_person_signed_in_and_nothing_is_polled(chromium, live_server, client, ira):
    page = open_look(chromium, live_server, client, ira)
    page.clock.install()
    page.goto(f"{live_server.url}/look/")
    minutes = int(page.locator("#idle").get_attribute("data-idle-minutes"))
    asked = []
    page.on("request", lambda request: asked.append(request.method) if "/look/" in request.url else None)

    page.clock.run_for((minutes - 2) * MINUTE_MS + 1000)
    assert asked == []
    with page.expect_response("**/look/here/") as answer:
        page.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 204
    page.locator("#idle").wait_for(state="hidden")
    page.context.close()


def test_without_scripts_the_page_still_sorts_searches_and_signs_out(chromium, live_server, client, ira):
    page = open_look(chromium, live_server, client, ira, java_script_enabled=False)
    page.goto(f"{live_server.url}/look/")
    page.get_by_role("link", name="Limit").click()

    page.wait_for_url("**?sort=days")
    assert page.locator("th[aria-sort=ascending]").inner_text().strip() == "Limit"
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 820, 390])
def test_every_component_passes_axe_and_fits(chromium, live_server, client, ira, theme, width):
    page = open_look(chromium, live_server, client, ira, color_scheme=theme, viewport={"width": width, "height": 900})
    page.goto(f"{live_server.url}/look/")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []
    page.context.close()
