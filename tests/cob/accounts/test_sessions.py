"""What renews a session, what two windows of one person do to it, and that the browser holds nothing but its key."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from cob.accounts.sessions import SessionStore
from cob.env import ROOT
from cob.jobs.actions import open_job
from tests.factories.patients import PatientFactory
from tests.house.addresses import every_address

pytestmark = pytest.mark.django_db
POLLED = re.compile(r"""hx-get="\{% url '([\w:-]+)'[^>]*hx-trigger="every """)


@pytest.fixture
def asked(ben, main):
    """What a page open at Ben's asks by itself: of a queue, and of a job that nobody does."""
    job = open_job("claims.import_file", by=ben, site=main, edi_file="0")
    return [reverse("jobs:job-progress", args=[job.pk]), reverse("workqueues:queue-news", args=["cob-denials"])]


def test_a_page_that_asks_by_itself_does_not_keep_a_person_signed_in_who_has_left(sign_in, ben, asked):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in(ben)
        client.get("/jobs/")
        for _ in range(15):
            clock.shift(timedelta(seconds=59))
            assert [client.get(path).status_code for path in asked] == [200, 200]
        clock.shift(timedelta(seconds=59))

        assert client.get("/jobs/").status_code == 302


def test_every_page_that_is_asked_again_and_again_is_one_of_these():
    pages = [page.read_text() for page in (ROOT / "templates").rglob("*.html")]
    polled = {name for page in pages for name in POLLED.findall(page)}

    assert len(polled) == sum(page.count('hx-trigger="every') for page in pages) > 0
    assert {one.name for one in every_address() if getattr(one.view, "is_asked_by_itself", False)} == polled


def test_an_answer_that_changed_nothing_writes_back_nothing(sign_in, ben, monkeypatch):
    """Another window keeps something while this one's page is being made."""
    client = sign_in(ben)

    def meanwhile(*_args, **_kwargs):
        other = client.session
        other["kept"] = "by the other window"
        other.save()
        return []

    monkeypatch.setattr("cob.jobs.presenters.present", meanwhile)
    assert client.get("/jobs/").status_code == 200

    assert client.session["kept"] == "by the other window"


def test_an_answer_that_changed_something_leaves_what_another_window_kept_and_took_out(sign_in, ben):
    client = sign_in(ben)
    at_first = client.session
    at_first.update({"mine": 1, "theirs": 1, "read": 1})
    at_first.save()
    slow, quick = client.session, client.session
    assert slow["read"] == quick["read"] == 1

    del quick["theirs"]
    quick["kept"] = "by the other window"
    quick.save()
    del slow["mine"]
    slow["said"] = "by this one"
    slow.save()

    kept = {name: value for name, value in client.session.items() if not name.startswith("_")}
    assert kept == {"read": 1, "kept": "by the other window", "said": "by this one"}
    assert client.get("/jobs/").status_code == 200


def test_a_changed_session_that_is_gone_meanwhile_is_not_made_anew(sign_in, ben):
    slow = sign_in(ben).session
    slow["said"] = "something"
    Session.objects.all().delete()

    with pytest.raises(UpdateError):
        slow.save()
    assert not Session.objects.exists()


def test_a_session_that_is_over_is_not_renewed_by_an_answer_that_never_looked_at_it(sign_in, ben):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = sign_in(ben)
        clock.shift(timedelta(minutes=16))
        SessionStore(client.cookies["sessionid"].value).save()

        assert client.get("/jobs/").status_code == 302


def test_a_page_made_while_its_person_signs_out_signs_nobody_in_again(sign_in, ben, monkeypatch):
    client = sign_in(ben)
    monkeypatch.setattr("cob.jobs.presenters.present", lambda *_: Session.objects.all().delete() and [])

    assert client.get("/jobs/").status_code == 400
    assert client.get("/jobs/").status_code == 302


def test_what_a_page_says_of_a_patient_is_in_no_cookie(sign_in, ana, main, as_task):
    patient, client = PatientFactory(site=main), sign_in(ana)
    told = {"told_by": "Patient", "told_how": "in person", "last_name": "Whitlock", "first_name": "Rosaura"}
    sent = client.post(reverse("patients:person-new", args=[patient.pk]), told | {"relation": "mother"})

    assert sent.status_code == 302
    assert not set(sent.cookies) - {"sessionid", "csrftoken"}
    assert "Rosaura Whitlock is on file." in client.get(sent.url).content.decode()
