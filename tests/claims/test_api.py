"""Claims for machines: the same rows, verbs and refusals as the pages."""

from __future__ import annotations

import pytest
import time_machine

from claims.models import Submission
from cob.audit.acting import acting
from tests.claims import stories
from tests.claims.stories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def claim(main):
    with acting("test task"):
        return stories.secondary(main)


def test_claims_are_listed_by_state_and_place(claim, ben, sign_in):
    client = sign_in(ben)

    found = client.get("/api/v1/claims", {"state": "expected", "rank": 2}).json()

    assert (found["count"], found["claims"][0]["number"]) == (1, "BSC-1001")
    assert client.get("/api/v1/claims", {"number": "OTHER"}).json()["count"] == 0


def test_after_the_last_page_comes_none(claim, ben, sign_in):
    """Who reads on until nothing comes would read the last page for ever."""
    client = sign_in(ben)

    counts = {page: client.get("/api/v1/claims", {"page": page}).json() for page in (1, 2, 10**20)}

    assert [(said["count"], len(said["claims"])) for said in counts.values()] == [(1, 1), (1, 0), (1, 0)]


def test_a_bad_filter_is_named(claim, ben, sign_in):
    answer = sign_in(ben).get("/api/v1/claims", {"state": "lost"})

    assert (answer.status_code, list(answer.json())) == (422, ["state"])


def test_one_claim_is_shown_as_the_command_shows_it(claim, ben, sign_in):
    said = sign_in(ben).get(f"/api/v1/claims/{claim.pk}").json()

    assert (said["claim"], said["next"]["action"], said["next"]["rank"]) == ("BSC-1001", "submit", 2)


def test_it_is_sent_once_and_then_refused_with_a_reason(claim, ben, sign_in):
    client = sign_in(ben)
    address = f"/api/v1/claims/{claim.pk}/sendings/2"

    assert client.get(address).json() == []
    sent = client.post(address, {}, content_type="application/json")
    again = client.post(address, {}, content_type="application/json")

    assert (sent.status_code, sent.json()["interchange"]) == (201, "000000001")
    assert (again.status_code, again.json()[0]["edit"]) == (422, "not_sent_before")
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("address", ["/api/v1/claims/{}", "/api/v1/claims/{}/sendings/2"])
def test_another_site_finds_nothing(claim, kit, sign_in, address):
    assert sign_in(kit).get(address.format(claim.pk)).status_code == 404


def test_a_payer_that_is_not_on_the_claim_is_not_there(claim, ben, sign_in):
    assert sign_in(ben).get(f"/api/v1/claims/{claim.pk}/sendings/9").status_code == 404


def test_who_only_reads_does_not_send(claim, ira, sign_in):
    client = sign_in(ira)

    assert client.get(f"/api/v1/claims/{claim.pk}").status_code == 200
    assert client.post(f"/api/v1/claims/{claim.pk}/sendings/2").status_code == 403


def test_nobody_signed_in_gets_nothing(claim, client):
    assert client.get("/api/v1/claims").status_code in (401, 403)
