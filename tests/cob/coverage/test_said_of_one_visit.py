"""What a visit is because of is said of that visit alone, on whichever page it is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cob.audit.acting import acting
from cob.coverage import actions
from cob.coverage.cases import case_for
from cob.coverage.models import Fact
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, PayerFactory

TOLD = {"told_by": "Patient", "told_how": "in person"}
LATER = DAY + timedelta(days=30)


@pytest.fixture
def desk(sign_in, ana, amara):
    client = sign_in(ana)
    choose(client, amara, DAY)
    return client


def choose(client, patient, day):
    client.post(reverse("coverage:visit-day", args=[patient.pk]), {"service_on": f"{day:%m/%d/%Y}"})


def because_of(patient, day):
    return case_for(patient, day).case["claim"].get("related_to")


@pytest.mark.parametrize("kind", ["no_fault", "medpay", "liability", "workers_comp"])
def test_on_the_card_of_an_accident_payer_it_is_said_of_the_visit_and_the_accident_of_every_one(desk, amara, kind):
    payer = str(PayerFactory(name="Roadwise", edi_id="RW1").pk)
    sent = TOLD | {"kind": kind, "payer": payer, "claim__related_to": ["auto"], "accident__date": "02/01/2026"}

    desk.post(reverse("coverage:coverage-new", args=[amara.pk]), sent)

    assert (because_of(amara, DAY), because_of(amara, LATER)) == (["auto"], None)
    assert case_for(amara, LATER).case["accident"]["date"] == "2026-02-01"


def test_changed_on_the_card_it_is_changed_for_the_visit_the_card_was_opened_for(desk, amara, acted):
    row = CoverageFactory(patient=amara, kind="no_fault")
    actions.tell_fact(
        patient=amara, path="claim.related_to", value=["auto"], true_from=DAY, told_by="patient", by=acted
    )
    url = reverse("coverage:coverage-edit", args=[row.pk])
    shown = desk.get(url).context["form"]
    choose(desk, amara, LATER)
    other = desk.get(url).context["form"]

    desk.post(url, TOLD | {"payer": str(row.payer_id), "visit_on": DAY.isoformat(), "claim__related_to": ["none"],
                           "shown": shown.initial["shown"]})  # fmt: skip

    assert (shown["claim__related_to"].value(), other["claim__related_to"].value()) == (["auto"], None)
    assert (because_of(amara, DAY), because_of(amara, LATER)) == (["none"], None)


def test_of_another_visit_it_is_no_fact_of_this_day(desk, amara, acted):
    actions.tell_fact(
        patient=amara, path="claim.related_to", value=["auto"], true_from=DAY, told_by="patient", by=acted
    )
    page = reverse("patients:patient-page", args=[amara.pk])

    labels = [[row.label for row in desk.get(page).context["page"].facts]]
    choose(desk, amara, LATER)
    labels.append([row.label for row in desk.get(page).context["page"].facts])

    assert ["Visit is because of" in one for one in labels] == [True, False]


def test_what_a_colleague_heard_at_another_visit_settles_no_question_of_this_one(sign_in, ana, cast, amara):
    with acting(cast["sol"]):
        CoverageFactory(patient=amara, kind="no_fault")
        actions.tell_fact(
            patient=amara, path="claim.related_to", value=["auto"], true_from=date(2026, 2, 1), told_by="patient",
            by=cast["sol"],
        )  # fmt: skip
    desk = sign_in(ana)
    choose(desk, amara, DAY)
    answer = reverse("coverage:answer", args=[amara.pk])

    desk.post(answer, TOLD | {"fact": "claim.related_to", "not_known": "1"})
    desk.post(answer, TOLD | {"fact": "claim.related_to", "value": ["none"]})

    assert [fact.value for fact in Fact.objects.filter(path="claim.related_to", true_from=DAY)] == [["none"]]
