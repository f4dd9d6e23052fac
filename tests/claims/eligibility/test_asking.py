"""Payers are asked under numbers never used again, and what is asked stays as written."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from claims.eligibility import sending
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage.models import (
    Inquiry,
)
from tests.at_once import at_once
from tests.claims.eligibility.asked import asked
from tests.factories.coverage import CoverageFactory, PayerFactory
from tests.factories.patients import PersonFactory

pytestmark = pytest.mark.django_db


def command(*args):
    out = io.StringIO()
    call_command("write_270", *args, stdout=out)
    return out.getvalue()


def test_a_sent_question_is_on_file_on_the_trail_and_in_the_outbox(jane, ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sent = asked(jane, ana)
    again = asked(jane, ana)

    first, second = Inquiry.objects.order_by("created_at")
    assert (first.trace, second.trace) == ("COB9000000010001", "COB9000000020001")
    assert (sent.files[0].interchange, again.files[0].interchange) == ("900000001", "900000002")
    text = (Path(settings.DATA_DIR) / "outbox" / "900000001.270").read_text()
    assert f"TRN*1*{first.trace}*9123456789" in text
    assert "NM1*IL*1*DOE*JANE****MI*MEM1" in text
    event = Event.objects.filter(verb="eligibility asked").first()
    assert event.patients.get().patient_id == jane.pk


def test_what_was_asked_stays_as_written(jane, ana):
    asked(jane, ana)

    with pytest.raises(DatabaseError), transaction.atomic(), acting(ana):
        Inquiry.objects.update(trace="other")


def test_a_site_whose_name_is_longer_than_a_270_may_have_it_asks_under_what_fits(jane, ana):
    jane.site.name = "CENTER FOR INTEGRATED BEHAVIORAL AND PRIMARY CARE OF THE NORTH SHORE"
    jane.site.save()

    (data,) = asked(jane, ana, send=False).data

    assert b"NM1*1P*2*CENTER FOR INTEGRATED BEHAVIORAL AND PRIMARY CARE OF THE NOR*****XX*" in data.replace(b"\n", b"")


def test_the_command_asks_every_known_payer_of_a_patient_and_says_whom_it_cannot(jane, ana):
    with acting(ana):
        CoverageFactory(patient=jane, payer=PayerFactory(name="Beta", edi_id="B1"), relationship="spouse")
        spouse = PersonFactory(patient=jane, last_name="Doe", first_name="Tim", birth_on=date(1979, 1, 1))
        held = {"relationship": "spouse", "subscriber": spouse, "member_id": "G9"}
        CoverageFactory(patient=jane, payer=PayerFactory(name="Gamma", edi_id="G1"), **held)

    out = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("write_270", "j1", "--json", stdout=out)

    said = json.loads(out.getvalue())
    assert refused.value.returncode == 1
    assert {one["payer"] for one in said["asked"]} == {"Acme Health", "Gamma"}
    assert said["refused"][0]["message"] == "Nobody said in whose name this plan is."
    assert "NM1*IL*1*DOE*TIM****MI*G9" in said["x12"]
    assert "NM1*03*1*DOE*JANE" in said["x12"]
    assert "INS*N*01" in said["x12"]
    assert said["sent"] is False
    assert not Inquiry.objects.exists()


def test_the_command_sends_one_coverage_and_names_its_number(jane):
    said = json.loads(command(str(jane.acme.pk), "--send", "--json"))

    assert (said["sent"], said["interchanges"]) == (True, ["900000001"])
    assert Inquiry.objects.get().coverage == jane.acme


def test_asked_and_not_written_says_that_it_was_asked(jane, tmp_path):
    with pytest.raises(CommandError, match="Sent under interchange 900000001; do not send it") as refused:
        command(str(jane.acme.pk), "--send", "--out", str(tmp_path))

    assert (refused.value.returncode, Inquiry.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["nobody"], 2, "There is no chart nobody on file."),
        (["00000000-0000-0000-0000-000000000001"], 2, "There is no patient and no coverage"),
        (["J1", "--on", "2019-12-31"], 1, "no coverage on file is in force on 12/31/2019"),
        (["J1", "--on", "2026-13-01"], 2, "--on 2026-13-01: expected a day written YYYY-MM-DD, such as 2026-03-10"),
        (["J1", "--on", "tomorrow"], 2, "--on tomorrow: expected a day written YYYY-MM-DD"),
    ],
)
@pytest.mark.usefixtures("jane")
def test_the_command_refuses_saying_why(args, code, words):
    with pytest.raises(CommandError, match=words) as refused:
        command(*args)

    assert refused.value.returncode == code


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_the_same_moment_ask_each_payer_once(jane, ana, ben, monkeypatch):
    """Both have looked before either has asked."""
    looked = Barrier(2)

    def together(questions, real=sending._parcels):
        looked.wait(10)
        return real(questions)

    monkeypatch.setattr(sending, "_parcels", together)

    def press(person):
        with acting(person):
            return asked(jane, person)

    said = at_once(press, [ana, ben])

    assert Inquiry.objects.count() == 1
    assert sorted((len(one.questions), len(one.meanwhile), len(one.files)) for one in said) == [(0, 1, 0), (1, 0, 1)]


def test_the_page_of_a_patient_says_that_somebody_was_quicker(jane, ana, ben, sign_in, monkeypatch):
    def meanwhile(questions, real=sending._parcels):
        monkeypatch.undo()
        with acting(ben):
            asked(jane, ben)
        return real(questions)

    client = sign_in(ana)
    monkeypatch.setattr(sending, "_parcels", meanwhile)
    said = client.post(reverse("claims:eligibility-ask", args=[jane.pk]), follow=True).content.decode()

    assert "Somebody asked the same a moment ago. No payer was asked twice." in said
    assert Inquiry.objects.count() == 1
