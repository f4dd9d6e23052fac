"""A verdict on file is shown, said and printed for whoever must hear it, and for nobody else."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cob.audit.models import EventPatient
from cob.coverage import actions
from cob.coverage.sayings import TITLES, telephone, zip_code
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, PayerFactory

LETTER = [actions.Evidence("letter", "HH-2026-0305", date(2026, 3, 5))]


@pytest.fixture
def stored(settled, acted):
    return actions.determine(patient=settled, service_on=DAY, by=acted)


@pytest.fixture
def open_one(amara, acted):
    return actions.determine(patient=amara, service_on=DAY, by=acted)


def _card(row):
    return reverse("coverage:determination-page", args=[row.pk])


def _text(row, style):
    return reverse(f"coverage:determination-{style}", args=[row.pk])


def _words(answer):
    body = answer.content.decode().partition('id="main"')[2]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def test_the_card_says_what_would_change_it_and_who_told_us(sign_in, ana, stored):
    said = _words(sign_in(ana).get(_card(stored)))

    assert re.search(r"Primary Harbor Health, +secondary Medicare", said)
    assert re.search(r"Employees at the employer: 20 to 99 employer, \d\d/\d\d/\d{4}", said)
    assert re.search(
        r"Employees at the employer Harbor Health now 20 to 99 If “Fewer than 20”: Primary Medicare, secon", said
    )
    assert "Source read in full" in said
    assert said.index("MSP-WA-20") < said.index("What would change this") < said.index("Facts read")


@pytest.mark.parametrize("style", ["", *TITLES])
def test_a_verdict_whose_facts_changed_since_says_so_on_every_page_of_it(sign_in, ana, stored, settled, acted, style):
    desk, url = sign_in(ana), _text(stored, style) if style else _card(stored)
    warning = "What is on file has changed since this verdict."
    assert warning not in _words(desk.get(url))

    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)
    assert warning in _words(desk.get(url))

    actions.determine(patient=settled, service_on=DAY, by=acted)
    said = _words(desk.get(url))
    assert "No longer in force." in said
    assert warning not in said


@pytest.mark.parametrize("style", TITLES)
def test_each_text_is_a_tab_of_its_own_and_names_no_contract_word(sign_in, ana, stored, style):
    answer = sign_in(ana).get(_text(stored, style))

    said = _words(answer)
    assert answer.status_code == 200
    assert TITLES[style] in said
    assert "Harbor Health" in said
    assert not re.search(r"20-99|[{}]|\bNone\b|coverages\.", said)
    assert f'href="{_card(stored)}"' in answer.content.decode()


def test_the_text_to_copy_is_the_text_on_the_page_and_holds_no_name_of_the_patient(sign_in, ana, stored):
    page = sign_in(ana).get(_text(stored, "phone")).content.decode()

    copied = html.unescape(re.search(r'data-copy="([^"]+)"', page)[1])
    assert "[patient’s name]" in copied
    assert "Boateng" not in copied
    assert "1EG4TE5MK73" not in copied
    assert all(html.escape(line.removeprefix("- ")) in page for line in copied.splitlines() if line.startswith("- "))


def test_the_patient_s_page_names_the_practice_and_is_no_bill(sign_in, ana, stored):
    site = stored.patient.site
    site.phone, site.address, site.city, site.state, site.zip_code = "2175550134", "1 Elm St", "Alton", "IL", "62002"
    site.save()

    said = _words(sign_in(ana).get(_text(stored, "patient")))

    for part in (site.name, "1 Elm St, Alton, IL 62002", "(217) 555-0134", "This is not a bill", "We will bill Harbor"):
        assert part in said


@pytest.mark.parametrize(
    ("digits", "said"),
    [("2175550134", "(217) 555-0134"), ("", ""), ("555-0134", "555-0134"), ("12345678901", "12345678901")],
)
def test_a_number_is_written_as_people_do(digits, said):
    assert telephone(digits) == said


@pytest.mark.parametrize(("digits", "said"), [("627020001", "62702-0001"), ("62702", "62702"), ("", "")])
def test_a_zip_code_has_its_dash(digits, said):
    assert zip_code(digits) == said


def test_an_open_verdict_leads_to_the_interview_those_who_may_answer(sign_in, cast, open_one):
    ask = reverse("coverage:ask", args=[open_one.patient_id])

    assert f'href="{ask}"' in sign_in(cast["ana"]).get(_card(open_one)).content.decode()
    assert f'href="{ask}"' not in sign_in(cast["ira"]).get(_card(open_one)).content.decode()


def test_a_person_s_order_stands_beside_what_the_rules_say(sign_in, sol, stored):
    order = list(reversed(stored.order))
    by_hand = actions.override(
        determination=stored,
        order=order,
        reason="14 people all year.",
        evidence=LETTER,
        confirmed=["MSP-WA-20"],
        by=sol,
    )

    said = _words(sign_in(sol).get(_card(by_hand)))

    for part in (
        "14 people all year.",
        "HH-2026-0305",
        "03/05/2026",
        "The rules say of the same facts Primary Harbor Health",
    ):
        assert part in said


@pytest.mark.parametrize("style", TITLES)
def test_another_site_s_verdict_is_not_there(sign_in, cast, stored, style):
    assert sign_in(cast["kit"]).get(_text(stored, style)).status_code == 404


def test_reading_a_text_is_a_look_at_the_patient(sign_in, ira, stored):
    sign_in(ira).get(_text(stored, "appeal"))

    looks = EventPatient.objects.filter(event__verb="saw", event__actor_id=ira.pk, patient_id=stored.patient_id)
    assert looks.count() == 1


def test_what_the_script_leaves_blank_stands_beside_it(sign_in, ana, stored):
    said = _words(sign_in(ana).get(_text(stored, "phone")))

    beside = said.partition("To read out")[2]
    for part in (stored.patient.site.npi, "Boateng, Amara", "06/01/1959", "Member ID, Medicare 1EG4TE5MK73"):
        assert part in beside


def test_a_page_costs_the_same_with_more_plans(sign_in, ana, stored, settled, acted):
    client = sign_in(ana)
    for kind in ("medicaid", "tricare", "individual"):
        CoverageFactory(patient=settled, kind=kind, payer=PayerFactory(name=kind, edi_id=kind))
    # The order must be settled as well: an open one is another page, which says no codes for a claim.
    told = {"path": "military.beneficiary", "value": "retiree_family"}
    actions.tell_fact(patient=settled, **told, told_by="patient", by=acted)
    more = actions.determine(patient=settled, service_on=DAY + timedelta(days=1), by=acted)
    assert (more.status, len(more.verdict["order"])) == ("likely", 5)

    for style in TITLES:
        costs = []
        for row in (stored, more):
            client.get(_text(row, style))
            with CaptureQueriesContext(connection) as asked:
                client.get(_text(row, style))
            costs.append(len(asked))
        assert costs[1] == costs[0]
