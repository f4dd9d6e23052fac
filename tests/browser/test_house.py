"""Signing in, watching a job, reading the trail, adding a colleague: told by a browser, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from cob.accounts.models import User
from cob.jobs import actions
from cob.jobs.kinds import KINDS, job_kind
from cob.jobs.models import Job


@pytest.fixture(autouse=True)
def _counting():
    before = dict(KINDS)

    @job_kind("tests.count", title="Count")
    def count(args, progress):
        progress.of(3, "counting")
        return {"counted": 3}

    yield
    KINDS.clear()
    KINDS.update(before)


def test_a_supervisor_watches_a_job_end_and_runs_it_again(page, sign_in_at, sol, is_accessible, picture):
    job = actions.open_job("tests.count")
    sign_in_at(page, sol)

    page.goto(f"/jobs/{job.pk}/")
    expect(page.get_by_text("Waiting")).to_be_visible()
    actions.run(job.pk)
    expect(page.get_by_text("Done", exact=True)).to_be_visible()
    is_accessible(page)
    page.get_by_role("button", name="Run again").click()

    expect(page.get_by_text("Waiting")).to_be_visible()
    assert Job.objects.count() == 2
    page.goto("/jobs/")
    expect(page.get_by_role("row")).to_have_count(3)
    is_accessible(page)
    picture(page, "jobs")


@pytest.mark.parametrize("scripts", [False], ids=["without scripts"])
def test_the_same_without_scripts(page, sign_in_at, sol, scripts):
    job = actions.open_job("tests.count")
    sign_in_at(page, sol)

    page.goto(f"/jobs/{job.pk}/")
    actions.run(job.pk)
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Run again").click()

    expect(page).to_have_url(re.compile(r"/jobs/[0-9a-f-]{36}/$"))
    assert Job.objects.count() == 2


def test_an_administrator_adds_a_colleague_who_then_sets_a_password(page, sign_in_at, cast, is_accessible, picture):
    sign_in_at(page, cast["ada"])
    page.goto("/people/add/")
    is_accessible(page)
    page.get_by_label("Sign-in name").fill("nia")
    page.get_by_label("First name").fill("Nia")
    page.get_by_label("Last name").fill("Nolan")
    page.get_by_role("radio", name=re.compile("^Biller")).check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one site")
    is_accessible(page)
    page.get_by_role("checkbox", name="Main Street").check()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nia Nolan")
    is_accessible(page)
    picture(page, "person")

    page.get_by_role("button", name="Make a link to set a password").click()
    link = page.locator("code").inner_text()
    is_accessible(page)
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_label("New Password", exact=True).fill("a-phrase-of-her-own")
    page.get_by_label("New Password (again)").fill("a-phrase-of-her-own")
    page.get_by_role("button", name="Save the new password").click()

    expect(page.get_by_label("New Password", exact=True)).to_have_count(0)
    assert User.objects.get(username="nia").check_password("a-phrase-of-her-own")


def test_an_auditor_reads_the_trail(page, sign_in_at, ira, is_accessible, picture):
    sign_in_at(page, ira)

    page.goto("/history/")
    expect(page.get_by_text("Ira Ito signed in")).to_be_visible()
    page.get_by_label("Did what").fill("signed in")
    page.get_by_role("button", name="Show", exact=True).click()

    expect(page.get_by_role("row")).to_have_count(2)
    is_accessible(page)
    picture(page, "history")
