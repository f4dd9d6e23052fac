"""The front desk hears of a second plan: found, captured, one question asked, and the order is on file."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.models import Determination
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PatientFactory


@pytest.fixture
def amara(main, ana):
    """66 years old, Medicare on file with all that its card says; her job's plan is not on file yet."""
    born = date(timezone.localdate().year - 66, 1, 15)
    entitled = date(born.year + 65, 1, 1).isoformat()
    with acting(ana):
        patient = PatientFactory(site=main, last_name="Boateng", first_name="Amara", birth_on=born)
        PatientFactory(site=main, last_name="Boateng", first_name="Kofi", birth_on=date(1990, 3, 3))
        CoverageFactory(
            patient=patient,
            payer=PayerFactory(name="Medicare Part B", edi_id="MC1", kind="medicare"),
            kind="medicare",
            member_id="1EG4TE5MK73",
            effective_on=None,
            open_ended=False,
        )
        PayerFactory(name="Harbor Health", edi_id="HH1")
        card = {
            "medicare.part_a": {"from": entitled, "to": None},
            "medicare.part_b": {"from": entitled, "to": None},
            "medicare.basis": {"age": entitled[:7]},
            "medicare.premium_free_part_a": True,
        }
        actions.tell_facts(patient=patient, facts=card, told_by="Patient", told_how="in person", by=ana)
    return patient


def fill_the_job_plan(page):
    """Everything the patient can say of her plan, but not how large her employer is."""
    page.locator("#id_payer").select_option(label="Harbor Health")
    page.get_by_label("Member id").fill("HH-4411")
    page.get_by_label("In force from").fill("01/01/2020")
    page.get_by_label("No end date").first.check()
    page.get_by_label("In whose name").select_option(label="The patient")
    page.locator("#id_employer_name").fill("Lakeside Foundry")
    page.get_by_label("Subscriber’s job now").select_option(label="Working")
    page.get_by_label("Subscriber’s standing with this plan’s employer").select_option(label="Working there")
    page.get_by_label("Continuation after a job or marriage ended").select_option(label="No, regular cover")


def verdict_is_shown(page):
    """Harbor Health first, with its reason, the rule and where the rule stands."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who pays first on")
    verdict = page.locator("article.verdict")
    first = verdict.locator("ol.steps > li").first
    expect(first.get_by_role("heading", level=3)).to_contain_text("Harbor Health")
    expect(first.locator("p").first).not_to_be_empty()
    expect(first.locator("cite")).to_contain_text(re.compile(r"42 (CFR|USC)"))
    expect(first.locator(".because")).to_contain_text("Employees at the employer")
    expect(verdict.locator("ol.steps > li").nth(1).get_by_role("heading", level=3)).to_contain_text("Medicare Part B")


def stored_order(patient):
    (found,) = Determination.objects.current().filter(patient=patient)
    names = {str(row.pk): str(row.payer) for row in patient.coverages.all()}
    return found.status, found.decided_by.username, [names[one] for one in found.verdict["order"]]


def test_a_second_plan_leads_to_one_question_and_its_answer_to_the_order(page, sign_in_at, ana, amara, looks_right):
    sign_in_at(page, ana)
    looks_right(page, "desk-search")
    page.get_by_label("Find a patient").last.fill("boateng")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("heading", name="2 patients match")).to_be_visible()
    looks_right(page, "desk-found")
    page.get_by_role("link", name="Boateng, Amara").click()
    looks_right(page, "desk-patient")

    page.get_by_role("link", name="Add coverage").click()
    looks_right(page, "desk-kind")
    page.get_by_role("radio", name="Employer").first.check()
    page.get_by_role("button", name="Next").click()
    looks_right(page, "desk-coverage")
    fill_the_job_plan(page)
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.get_by_role("button", name="Save coverage").evaluate("b => { b.click(); setTimeout(() => b.click(), 60); }")

    expect(page.get_by_role("heading", level=1)).to_have_text("Ask the patient")
    assert len(sent) == 1, "an impatient second press is not sent"
    expect(page.locator("#question")).to_contain_text(re.compile("how many people", re.I))
    expect(page.locator(".lede")).not_to_contain_text("questions")
    looks_right(page, "desk-question")
    page.get_by_role("button", name="Save answer").click()
    expect(page.locator("#id_value_error")).to_contain_text("Choose an answer")
    looks_right(page, "desk-question-refused")
    assert not Determination.objects.filter(patient=amara).exists()
    page.get_by_role("radio", name="20 to 99").check()
    page.get_by_role("button", name="Save answer").click()

    verdict_is_shown(page)
    looks_right(page, "desk-verdict")
    assert stored_order(amara) == ("determined", "ana", ["Harbor Health", "Medicare Part B"])
    page.get_by_role("link", name="Back to the patient").click()
    expect(page.get_by_text("On file since")).to_be_visible()
    looks_right(page, "desk-settled")


@pytest.fixture
def at_work(amara, ana):
    """Her job's plan was captured at the telephone; the size of her employer was not known."""
    with acting(ana):
        job = CoverageFactory(patient=amara, payer=PayerFactory(edi_id="HH1"))
        told = {"employment.status": "working", "work_status": "active", "continuation": "none"}
        facts = {f"coverages.{job.pk}.{path}": value for path, value in told.items()}
        actions.tell_facts(patient=amara, facts=facts, told_by="Patient", told_how="by telephone", by=ana)
    return amara


def test_the_same_question_is_answered_without_touching_the_mouse(page, sign_in_at, ana, at_work):
    sign_in_at(page, ana)
    page.locator("main").focus()
    keys = page.keyboard

    keys.press("/")
    expect(page.locator("#bar-search")).to_be_focused()
    keys.type("boateng")
    keys.press("Enter")
    page.get_by_role("heading", name="2 patients match").wait_for()
    page.locator("main").focus()
    keys.press("j")
    expect(page.locator("[data-row]").first).to_be_focused()
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}/$"))
    tab_to(page, page.get_by_role("link", name="Ask 1 question"))
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/ask/$"))
    tab_to(page, page.get_by_role("radio").first)
    wanted = page.get_by_role("radio", name="20 to 99")
    while not wanted.is_checked():
        keys.press("ArrowDown")
    tab_to(page, page.get_by_role("button", name="Save answer"))
    keys.press("Enter")

    verdict_is_shown(page)
    assert stored_order(at_work) == ("determined", "ana", ["Harbor Health", "Medicare Part B"])


def tab_to(page, target, *, at_most=60):
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    target.wait_for()
    for _ in range(at_most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached within {at_most} presses of Tab")
