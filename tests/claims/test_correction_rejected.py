"""A replacement or a void that a front end turned away: the claim it is about is still with the payer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from claims import actions
from claims.edits import objections
from claims.models.filing import FilingLimit
from claims.submissions.folder import open_folder
from cob.x12.parts import Reference
from cob.x12.read837p import parse_837p
from tests.claims import stories
from tests.claims.stories import TODAY
from tests.x12 import claims as x12
from workqueues.asks import rejected
from workqueues.asks.asking import Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(f"{TODAY}T15:00Z", tick=False):
        yield


@pytest.fixture(autouse=True)
def _own_outbox(settings, tmp_path):
    settings.EDI_OUTBOX = tmp_path / "outbox"


def turned_away(claim, by, frequency):
    """Lakeside answered, was sent a correction, and its front end rejected that."""
    actions.send_claim(claim=claim, rank=1, by=by, frequency=frequency)
    claim.submissions.update(rejected_on=TODAY, rejection="Invalid")
    claim.payers.filter(rank=1).update(state="rejected")


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_it_goes_again_as_what_it_was_under_the_payers_number(main, ben, frequency):
    claim = stories.secondary(main)
    turned_away(claim, ben, frequency)

    again = actions.send_claim(claim=claim, rank=1, by=ben)

    with again.kept.open("rb") as kept:
        sent = parse_837p(kept)[0].claims[0]
    assert (again.frequency, sent.frequency, sent.payer_control_number) == (frequency, frequency, "LHP770001")


@pytest.mark.parametrize("rank", [1, 2])
def test_one_that_was_filed_elsewhere_goes_again_under_the_number_it_had(main, rank):
    """The payer had answered before anything was on file here."""
    filed = replace(x12.primary(), frequency="7", references=(Reference("F8", "LHP880002"),))
    patient = stories.nora(main)
    covers = [
        stories.coverage(patient, stories.LAKESIDE, "LH5550101"),
        stories.coverage(patient, stories.NORTHERN, "N1"),
    ]
    claim = stories.claim_of(patient, covers, content=filed)
    payer = claim.payers.get(rank=rank)
    claim.submissions.create(claim_payer=payer, frequency="7", rejected_on=TODAY, rejection="Invalid")
    claim.payers.filter(pk=payer.pk).update(state="rejected")

    sent = open_folder(claim).projected(rank)

    assert (sent.frequency, sent.payer_control_number) == ("7", "LHP880002" if rank == 1 else "")


def test_as_an_original_it_would_be_a_duplicate(main, ben):
    claim = stories.secondary(main)
    turned_away(claim, ben, "7")

    said = objections(open_folder(claim).sending(1, TODAY, "1"))

    assert [o.edit for o in said if o.stops] == ["not_sent_before"]


@pytest.mark.parametrize(("frequency", "says"), [("7", True), ("1", False)])
def test_the_claims_page_offers_to_send_it_as_a_correction(main, ben, client, frequency, says):
    claim = stories.secondary(main)
    claim.submissions.create(claim_payer=claim.payers.get(rank=2), frequency=frequency, rejected_on=TODAY)
    claim.payers.filter(rank=2).update(state="rejected")
    client.force_login(ben)

    page = client.get(reverse("claims:claim-page", args=[claim.pk])).content.decode()

    assert page.count("Send a correction") == 1 + says  # the first payer has answered


def test_an_original_that_was_rejected_is_still_one(main, ben):
    claim = stories.secondary(main)
    actions.send_claim(claim=claim, rank=2, by=ben)
    claim.payers.filter(rank=2).update(state="rejected")

    assert open_folder(claim).frequency(2) == "1"


def test_the_queue_says_so_and_counts_from_the_answer_that_stands(main, ben):
    claim = stories.secondary(main)
    FilingLimit.objects.create(
        payer=claim.payers.get(rank=1).payer, position="corrected", basis="own_answer", length=60, unit="days",
        effective_on=date(2026, 1, 1), source="contract",
    )  # fmt: skip
    turned_away(claim, ben, "7")

    [item] = rejected.found(Scope(), TODAY)

    assert item.next_action == rejected.NEXT_CORRECTION
    assert item.limit_on == date(2026, 4, 14)  # 60 days after 02/13/2026
