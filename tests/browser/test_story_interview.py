"""The desk without a mouse, on a tablet: two cards, the questions, one nobody can answer, Medicare's form filed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cob.accounts.models import User
from cob.accounts.roles import Role
from cob.audit.acting import acting
from cob.coverage.models import CheckIn, Determination, MspQuestionnaire, NotKnown
from tests.factories.coverage import PayerFactory
from tests.factories.patients import PatientFactory

TABLET = {"width": 820, "height": 1180}
PRESSES_MAX = 240
PAGES_MAX = 20


@pytest.fixture
def dana(main):
    person = User.objects.create_user("dana", first_name="Dana", last_name="Arroyo", role=Role.FRONT_DESK)
    person.sites.add(main)
    return person


@pytest.fixture
def amara(main, ana):
    """66 years old, nothing of hers is on file but her name and her birthday."""
    with acting(ana):
        PayerFactory(name="Medicare Part B", edi_id="MC1", kind="medicare")
        PayerFactory(name="Harbor Health", edi_id="HH1")
        born = date(timezone.localdate().year - 66, 1, 15)
        return PatientFactory(site=main, last_name="Boateng", first_name="Amara", birth_on=born)


@pytest.fixture
def page(chromium, live_server, film):
    """A tablet; `--film FOLDER` films it."""
    context = chromium.new_context(base_url=live_server.url, viewport=TABLET)
    context.set_default_timeout(10_000)
    window, complaints = context.new_page(), []
    window.on("pageerror", lambda error: complaints.append(str(error)))
    film(window)
    yield window
    context.close()
    assert complaints == []


class Keys:
    """Everything a person does here is a key; the presses and the pages are counted."""

    def __init__(self, page):
        self.page, self.presses, self.pages = page, 0, 0
        page.on("load", lambda _: setattr(self, "pages", self.pages + 1))

    def press(self, key, times=1):
        for _ in range(times):
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text):
        """A word typed is one thing said; its letters are not steps."""
        self.page.keyboard.type(text)
        self.presses += 1

    def go_to(self, target, *, at_most=70):
        """Tab until the target has the focus."""
        target.wait_for()
        for _ in range(at_most):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{target} is not reached within {at_most} presses of Tab")

    def fill(self, label, text):
        self.go_to(self.page.get_by_label(label).first)
        self.type(text)

    def choose(self, target, option):
        """A list answers to the first letters of what is wanted."""
        self.go_to(target)
        self.type(option)

    def enter(self):
        """Enter, which leads to another page. Nobody presses the next key before it is drawn and its first field has
        the focus."""
        with self.page.expect_navigation():
            self.press("Enter")
        self.page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")

    def submit(self, name):
        self.go_to(self.page.get_by_role("button", name=name, exact=True))
        self.enter()


def sign_in(keys, page, person):
    person.set_password("a-good-passphrase")
    person.save()
    page.goto("/accounts/login/")
    keys.fill("Username", person.username)
    keys.fill("Password", "a-good-passphrase")
    keys.enter()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def find(keys, page, word):
    page.locator("main").focus()
    keys.press("/")
    keys.type(word)
    keys.enter()
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))


def choose_kind(keys, page, name):
    """The first kind has the focus; the arrows walk on."""
    wanted = page.get_by_role("radio", name=name, exact=True)
    wanted.wait_for()
    keys.press("Space")
    while not wanted.is_checked():
        keys.press("ArrowDown")
    keys.enter()
    page.get_by_role("button", name="Save coverage").wait_for()


def add_medicare(keys, page, born):
    choose_kind(keys, page, "Medicare")
    begins = f"{born.replace(year=born.year + 65, day=1):%m/%d/%Y}"
    keys.choose(page.locator("#id_payer"), "Medicare")
    keys.fill("Member id", "1EG4TE5MK73")
    for part in "ab":
        keys.choose(page.locator(f"#id_medicare__part_{part}_0"), "Has it, no")
        keys.press("Tab")
        keys.type(begins)
    keys.go_to(page.locator("#id_medicare__basis_0"))
    keys.press("Space")
    keys.press("Tab")
    keys.type(f"{begins[:2]}/{begins[6:]}")
    keys.submit("Save coverage")


def add_job_plan(keys, page):
    choose_kind(keys, page, "Employer plan")
    keys.choose(page.locator("#id_payer"), "Harbor")
    keys.fill("Member id", "HH-4411")
    keys.fill("In force from", "01/01/2020")
    keys.choose(page.get_by_label("In whose name"), "The patient")
    keys.go_to(page.locator("#id_employer_name"))
    keys.type("Lakeside Foundry")
    keys.submit("Save coverage")


def answer_all(keys, page, looks_right, unknown):
    """Each question by its number key, or by its box; the one named is not known."""
    for number in range(12):
        page.get_by_role("heading", level=1).wait_for()
        if "/ask/" not in page.url:
            return number
        looks_right(page, f"interview-question-{number + 1}")
        ask = page.locator("#question").inner_text()
        if re.search(unknown, ask, re.I):
            keys.submit("Patient does not know")
        elif page.locator("[data-choices]").count():
            keys.press(ANSWERS.get(next((word for word in ANSWERS if word in ask), ""), "1"))
            keys.enter()
        else:
            keys.go_to(page.get_by_role("checkbox").first)
            keys.press("Space")
            keys.enter()
    raise AssertionError("The questions do not end")


ANSWERS = {"still employed": "1", "premium": "1", "COBRA": "1", "because of something": "1"}


def fill_in_medicares_form(keys, page, looks_right):
    keys.go_to(page.get_by_role("link", name="Fill in", exact=True), at_most=90)
    keys.enter()
    page.get_by_role("heading", name="Medicare’s questionnaire").wait_for()
    looks_right(page, "interview-msp")
    for group in page.locator(".open-line").all():
        if group.get_by_role("radio").count():
            keys.go_to(group.get_by_role("radio").first)
            wanted = group.get_by_role("radio", name=re.compile("^No")).last
            keys.press("Space")
            while not wanted.is_checked():
                keys.press("ArrowDown")
        else:
            keys.go_to(group.get_by_label("Does not know"))
            keys.press("Space")
    keys.submit("Save answers")


def test_two_cards_to_a_filed_questionnaire_without_a_mouse(page, dana, amara, looks_right):
    keys = Keys(page)
    sign_in(keys, page, dana)
    find(keys, page, "boateng")

    keys.go_to(page.get_by_role("link", name="Check in"))
    keys.enter()
    page.get_by_role("heading", name="Changed since the last visit?").wait_for()
    looks_right(page, "interview-check-in")
    keys.press("1")
    for name, key in (("has_other", "1"), ("has_events", "2"), ("has_accident", "2")):
        keys.go_to(page.locator(f"#id_{name}_0"))
        keys.press(key)
    keys.enter()
    add_medicare(keys, page, amara.birth_on)
    looks_right(page, "interview-next-card")
    add_job_plan(keys, page)

    asked = answer_all(keys, page, looks_right, unknown="how many people")

    assert asked >= 3
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who pays first on")
    expect(page.get_by_role("heading", name="Who could know")).to_be_visible()
    looks_right(page, "interview-end")
    (verdict,) = Determination.objects.current().filter(patient=amara)
    assert (verdict.status, verdict.decided_by.username) == ("needs_facts", "dana")
    assert NotKnown.objects.get().path.endswith("employer.size")

    keys.go_to(page.get_by_role("link", name="Back to the patient"))
    keys.enter()
    expect(page.get_by_text("Asked for this visit")).to_be_visible()
    looks_right(page, "interview-patient")
    fill_in_medicares_form(keys, page, looks_right)
    page.get_by_role("heading", name="File it").wait_for()
    looks_right(page, "interview-msp-complete")
    keys.submit("File it")

    expect(page.get_by_role("heading", level=1)).to_have_text("Medicare secondary payer questionnaire")
    looks_right(page, "interview-msp-filed")
    page.emulate_media(media="print")
    looks_right(page, "interview-msp-paper")
    filed = MspQuestionnaire.objects.get()
    assert (filed.patient, filed.asked_by) == (amara, dana)
    assert filed.determination == Determination.objects.current().get(patient=amara)
    assert CheckIn.objects.get().answers["cards"] == ["new"]
    assert (keys.presses <= PRESSES_MAX, keys.pages <= PAGES_MAX) == (True, True), (keys.presses, keys.pages)
