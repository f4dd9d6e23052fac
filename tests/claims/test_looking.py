"""A page that says no, or has no rows, shows somebody all the same: that look is on the trail too."""

from __future__ import annotations

import pytest

from claims import actions
from claims.cms1500.boxes import NotOnPaper
from cob.audit.models import EventPatient
from tests.claims import stories
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import ItemFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


def looks(person, patient):
    seen = EventPatient.objects.filter(event__actor_id=person.pk, event__verb="saw", patient_id=patient.pk)
    return list(seen.values_list("event__subject_type", flat=True))


def test_a_claim_that_does_not_fit_the_form_is_shown_with_what_is_wrong(main, ben, sign_in, monkeypatch):
    def too_long(*_):
        raise NotOnPaper("Box 26 takes 14 characters, and “X” has 15.")

    monkeypatch.setattr(actions, "pages", too_long)
    claim = stories.secondary(main)

    answer = sign_in(ben).get(f"/claims/{claim.pk}/form/2/")

    assert (answer.status_code, str(claim.patient) in answer.content.decode()) == (422, True)
    assert looks(ben, claim.patient) == ["claim before sending"]


def test_a_waiver_that_is_refused_shows_the_claim(main, sol, sign_in):
    claim = stories.secondary(main)

    answer = sign_in(sol).post(f"/claims/{claim.pk}/send/2/waive/", {"edit": "no_such_edit", "reason": "as agreed"})

    assert answer.status_code == 422
    assert looks(sol, claim.patient) == ["claim before sending"]


@pytest.mark.parametrize(("who", "seen"), [("ben", ["claim list"]), ("kit", [])])
def test_the_list_of_a_patient_without_claims_names_the_patient(request, main, sign_in, who, seen):
    patient, person = PatientFactory(site=main), request.getfixturevalue(who)

    page = sign_in(person).get(f"/claims/?patient={patient.pk}").content.decode()

    assert (str(patient) in page) is bool(seen)
    assert looks(person, patient) == seen


def test_the_form_for_an_exception_says_what_its_item_is_about(main, ben, sign_in):
    item = ItemFactory(patient=PatientFactory(site=main))

    page = sign_in(ben).get(f"/queues/exceptions/log/?item={item.pk}").content.decode()

    assert item.reason.replace("'", "&#x27;") in page
    assert looks(ben, item.patient) == ["exception form"]
