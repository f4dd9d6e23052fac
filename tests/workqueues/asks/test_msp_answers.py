"""What a patient with Medicare alone did not know when its questionnaire was asked is work until somebody answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from cob.audit.acting import acting
from cob.coverage import actions
from tests.cob.coverage.conftest import DAY
from tests.cob.coverage.questionnaires import AGE, on_medicare
from tests.factories.coverage import CoverageFactory, PayerFactory
from workqueues import membership
from workqueues.models import Item
from workqueues.tasks import VERBS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
SPOUSE = "msp.spouse_works"


def items(day=DAY):
    with time_machine.travel(f"{day}T16:00:00Z", tick=False):
        membership.ask()
        return list(Item.objects.open().filter(queue="cob-determination"))


def asked_in_vain(site, by, path=SPOUSE, kind="medicare"):
    with time_machine.travel(f"{DAY}T15:00:00Z", tick=False), acting(by):
        patient = on_medicare(site, by, AGE, kind=kind)
        actions.note_not_known(patient=patient, service_on=DAY, path=path, told_by="Patient", by=by)
    return patient


def test_somebody_else_is_to_be_asked_though_the_order_is_settled(main, ana):
    patient = asked_in_vain(main, ana)

    (item,) = items()

    assert (item.patient_id, item.reason_codes) == (patient.pk, ["msp_not_known"])
    assert item.next_action == "Ask the patient’s husband or wife, or another relative: Spouse works now."
    assert item.reason == f"An answer in Medicare’s questionnaire is not known. {item.next_action}"
    assert "asked, not known" in VERBS


@pytest.mark.parametrize(
    ("path", "kind", "days", "is_work"),
    [
        pytest.param(SPOUSE, "medicare", 89, True, id="as long as a questionnaire is good"),
        pytest.param(SPOUSE, "medicare", 90, False, id="then the questionnaire is asked anew"),
        pytest.param(SPOUSE, "medicare_advantage", 0, False, id="Advantage asks for none"),
        pytest.param("va.authorised", "medicare", 1, True, id="the VA"),
        pytest.param("msp.research_program", "medicare", 0, True, id="of this visit"),
        pytest.param("msp.research_program", "medicare", 1, False, id="of a visit that is over"),
        pytest.param("employer.size", "medicare", 0, False, id="a fact the order itself waits for"),
    ],
)
def test_which_unanswered_questions_are_work_and_how_long(main, ana, path, kind, days, is_work):
    asked_in_vain(main, ana, path, kind)

    assert bool(items(DAY + timedelta(days=days))) is is_work


def _told(patient, by):
    actions.tell_fact(patient=patient, path=SPOUSE, value="no_spouse", told_by="patient", by=by)


def _plan(patient, by):
    spouse = PayerFactory(name="Harbor", edi_id="HH1")
    CoverageFactory(patient=patient, payer=spouse, effective_on=date(2026, 3, 1), ended_on=date(2026, 3, 2),
                    open_ended=False)  # fmt: skip


@pytest.mark.parametrize("settle", [_told, _plan], ids=["answered", "a plan came on file"])
def test_the_answer_ends_it(main, ana, settle):
    patient = asked_in_vain(main, ana)
    (item,) = items()
    with time_machine.travel(f"{DAY}T17:00:00Z", tick=False), acting(ana):
        settle(patient, ana)

    assert items() == []
    item.refresh_from_db()
    assert item.closed_because.startswith("What was not known in Medicare’s questionnaire was answered")


def test_an_answer_taken_back_is_none(main, ana):
    patient = asked_in_vain(main, ana)
    with time_machine.travel(f"{DAY}T16:30:00Z", tick=False), acting(ana):
        _told(patient, ana)
        actions.tell_fact(patient=patient, path=SPOUSE, value=None, told_by="patient", by=ana)
        actions.note_not_known(patient=patient, service_on=DAY, path=SPOUSE, told_by="Patient", by=ana)

    assert len(items()) == 1
