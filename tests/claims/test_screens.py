"""The claim pages: who may see what, what they say, and that a page of fifty costs what a page of one does."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim, Submission
from cob.audit.acting import acting
from cob.audit.models import Event
from tests.claims import stories
from tests.claims.stories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_outbox(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def claim(main):
    with acting("test task"):
        return stories.secondary(main)


def url(name, *args):
    return reverse(f"claims:{name}", args=args)


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        response = client.get(address)
    assert response.status_code == 200
    return len([q for q in seen if "audit_" not in q["sql"]])


class TestList:
    def test_it_shows_the_payers_in_order_and_who_looked(self, claim, ben, sign_in):
        page = sign_in(ben).get(url("claim-list"))

        assert page.status_code == 200
        text = page.content.decode()
        assert "BSC-1001" in text
        assert "Lakeside Health" in text
        assert "Northern Benefit" in text
        seen = Event.objects.get(verb="saw", subject_type="claim list")
        assert seen.patients.get().patient_id == claim.patient_id

    def test_fifty_claims_cost_what_one_costs(self, claim, ben, sign_in):
        client = sign_in(ben)
        client.get(url("claim-list"))
        one = queries(client, url("claim-list"))
        with acting("test task"):
            for n in range(49):
                patient = stories.nora(claim.site, chart_number=f"M{n}")
                cover = stories.coverage(patient, stories.LAKESIDE, f"LH{n}")
                stories.claim_of(patient, [cover], number=f"MANY-{n}")

        assert queries(client, url("claim-list")) == one

    def test_another_sites_claims_are_not_there(self, claim, kit, sign_in):
        assert "BSC-1001" not in sign_in(kit).get(url("claim-list")).content.decode()

    @pytest.mark.parametrize(
        ("asked", "shown"),
        [
            ({"rank": "1", "state": "adjudicated"}, True),
            ({"rank": "2", "state": "adjudicated"}, False),
            ({"state": "expected"}, True),
            ({"since": "2026-01-12", "until": "2026-01-12"}, True),
            ({"since": "2026-01-13"}, False),
        ],
        ids=["primary answered", "secondary not answered", "somebody not sent", "its day", "the day after"],
    )
    def test_filters(self, claim, ben, sign_in, asked, shown):
        assert ("BSC-1001" in sign_in(ben).get(url("claim-list"), asked).content.decode()) is shown

    def test_by_patient_and_payer(self, claim, ben, sign_in):
        payer = claim.payers.get(rank=2).payer_id
        client = sign_in(ben)

        assert "BSC-1001" in client.get(url("claim-list"), {"patient": claim.patient_id}).content.decode()
        assert "BSC-1001" not in client.get(url("claim-list"), {"patient": uuid.uuid4()}).content.decode()
        assert "BSC-1001" in client.get(url("claim-list"), {"payer": payer, "rank": "2"}).content.decode()

    def test_a_number_leads_to_its_claim_without_standing_in_an_address(self, claim, ben, sign_in):
        answer = sign_in(ben).post(url("claim-list"), {"number": "bsc-1001"})

        assert answer.url == url("claim-page", claim.pk)

    def test_the_payers_number_leads_there_too(self, claim, ben, sign_in):
        assert sign_in(ben).post(url("claim-list"), {"number": "LHP770001"}).url == url("claim-page", claim.pk)

    def test_an_unknown_number_is_said_to_be_unknown(self, claim, ben, sign_in):
        answer = sign_in(ben).post(url("claim-list"), {"number": "NOSUCH"})

        assert (answer.status_code, "No claim has this number" in answer.content.decode()) == (422, True)


class TestPage:
    def test_it_says_what_comes_next_and_why(self, claim, ben, sign_in):
        text = sign_in(ben).get(url("claim-page", claim.pk)).content.decode()

        assert "The payers before Northern Benefit have answered and an amount is open." in text
        assert url("claim-send", claim.pk, 2) in text
        assert "05/14/2026" in text  # 90 days after the answer of 02/13/2026, which nobody has confirmed
        assert Event.objects.filter(verb="saw", subject_type="claim page").exists()

    def test_an_order_that_nobody_determined_is_said_and_can_be_determined(self, claim, ben, sign_in):
        other = stories_without_order(claim.site)
        text = sign_in(ben).get(url("claim-page", other.pk)).content.decode()

        assert "Order as billed, not determined" in text
        assert 'name="service_on" value="01/12/2026"' in text

    def test_more_answers_cost_no_more_queries(self, claim, ben, sign_in):
        client = sign_in(ben)
        client.get(url("claim-page", claim.pk))
        few = queries(client, url("claim-page", claim.pk))
        with acting("test task"):
            for n in range(10):
                stories.answer(claim, 1, stories.VISIT, stories.DRAW, number=f"L{n}")

        assert queries(client, url("claim-page", claim.pk)) == few

    @pytest.mark.parametrize("name", ["claim-page"])
    def test_another_site_finds_nothing(self, claim, kit, sign_in, name):
        assert sign_in(kit).get(url(name, claim.pk)).status_code == 404

    def test_the_administrator_sees_no_claim(self, claim, cast, sign_in):
        assert sign_in(cast["ada"]).get(url("claim-page", claim.pk)).status_code == 403

    def test_the_front_desk_sees_it_without_a_way_to_send(self, claim, ana, sign_in):
        text = sign_in(ana).get(url("claim-page", claim.pk)).content.decode()

        assert "BSC-1001" in text
        assert url("claim-send", claim.pk, 2) not in text


def stories_without_order(site):
    with acting("test task"):
        patient = stories.nora(site, chart_number="N9")
        covers = [
            stories.coverage(patient, stories.LAKESIDE, "LH9"),
            stories.coverage(patient, stories.NORTHERN, "NP9"),
        ]
        claim = stories.claim_of(patient, covers, number="BSC-1009")
        stories.answer(claim, 1, stories.VISIT, stories.DRAW)
    return claim


class TestSending:
    def test_the_confirm_page_shows_what_is_sent_and_sends_nothing(self, claim, ben, sign_in):
        text = sign_in(ben).get(url("claim-send", claim.pk, 2)).content.decode()

        assert "Nothing speaks against it" in text
        assert "Send now" in text
        assert "NORTHERN" not in text
        assert "Northern Benefit (77005)" in text
        assert "coinsurance" in text
        assert "112.50" in text
        assert not Submission.objects.exists()

    def test_sending_leads_back_to_the_claim_and_the_file_can_be_had(self, claim, ben, sign_in):
        client = sign_in(ben)

        answer = client.post(url("claim-send", claim.pk, 2), follow=True)

        assert "Sent to Northern Benefit under interchange 000000001." in answer.content.decode()
        sent = Submission.objects.get()
        file = client.get(url("submission-file", sent.pk))
        assert b"".join(file.streaming_content).startswith(b"ISA*")
        assert file["Content-Disposition"] == 'attachment; filename="000000001.837"'
        assert Event.objects.get(verb="downloaded").actor_id == ben.pk

    def test_what_stops_it_is_said_with_its_fix_and_there_is_no_button(self, claim, ben, sign_in):
        other = stories_without_order(claim.site)
        client = sign_in(ben)

        text = client.get(url("claim-send", other.pk, 2)).content.decode()
        refused = client.post(url("claim-send", other.pk, 2))

        assert "Nobody has determined who pays first" in text
        assert "Send now" not in text
        assert refused.status_code == 422
        assert not Submission.objects.exists()

    def test_the_second_of_two_people_is_told_who_was_first(self, claim, ben, dee, sign_in):
        sign_in(dee).post(url("claim-send", claim.pk, 2))

        late = sign_in(ben).post(url("claim-send", claim.pk, 2))

        assert late.status_code == 422
        assert "It was sent to Northern Benefit on 02/20/2026 by Dee Dutta" in late.content.decode()
        assert Submission.objects.count() == 1

    def test_a_payer_that_answered_is_corrected_or_voided(self, claim, ben, sign_in):
        with acting("test task"):
            echo = ((0, (("OA", "23", 120_00), ("PR", "2", 30_00))), (0, (("OA", "23", 30_00),)))
            stories.answer(claim, 2, *echo, number="NHX-9")
        client = sign_in(ben)

        text = client.get(url("claim-send", claim.pk, 2) + "?frequency=8").content.decode()
        client.post(url("claim-send", claim.pk, 2), {"frequency": "8"})

        assert "Void" in text
        assert "NHX-9" in text
        assert Submission.objects.get().frequency == "8"

    @pytest.mark.parametrize("who", ["ana", "ira", "pat"])
    def test_only_who_submits_claims_may(self, claim, cast, sign_in, who):
        assert sign_in(cast[who]).get(url("claim-send", claim.pk, 2)).status_code == 403
        assert sign_in(cast[who]).post(url("claim-send", claim.pk, 2)).status_code == 403

    def test_another_site_finds_neither_page_nor_file(self, claim, ben, kit, sign_in):
        sign_in(ben).post(url("claim-send", claim.pk, 2))
        sent = Submission.objects.get()
        client = sign_in(kit)

        assert client.get(url("claim-send", claim.pk, 2)).status_code == 404
        assert client.post(url("claim-send", claim.pk, 2)).status_code == 404
        assert client.get(url("submission-file", sent.pk)).status_code == 404

    def test_a_rank_that_is_not_on_the_claim_is_not_there(self, claim, ben, sign_in):
        assert sign_in(ben).get(url("claim-send", claim.pk, 5)).status_code == 404


def test_a_claim_nobody_sees_is_in_no_count(claim, kit, sign_in):
    assert Claim.objects.count() == 1
    assert "No claims yet" in sign_in(kit).get(url("claim-list")).content.decode()
