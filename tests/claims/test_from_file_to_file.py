"""The whole way: the claim comes in, the payer answers, the order is settled, the next claim goes out."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
import time_machine

from claims import actions
from claims.exchange.importing import import_file
from claims.exchange.keeping import receive
from claims.models import Claim
from claims.showing import shown
from cob.accounts.models import Site
from cob.audit.acting import acting
from cob.coverage import actions as coverage_actions
from cob.coverage.models import Coverage
from cob.x12.read837p import parse_837p
from cob.x12.write837p import write_837p
from tests.x12 import claims as x12
from tests.x12.validator import assert_valid

TODAY = date(2026, 2, 20)


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


def primary_with_known_secondary():
    """As the practice sends it: to Lakeside, with Northern named behind it."""
    northern = x12.lakeside(
        "S",
        subscriber=replace(
            x12.plan("S", group_number="G-900", party=x12.nora(member="NP300200")), born_on=None, sex=""
        ),
        payer=x12.payer("77005"),
        paid_cents=None,
    )
    return write_837p(x12.batch(replace(x12.primary(), other_coverages=(northern,))))


@pytest.mark.django_db(transaction=True)
def test_a_secondary_claim_from_two_files_and_one_decision(ben, main):
    Site.objects.filter(pk=main.pk).update(npi="1679576722", tax_id="421234567")
    with acting(ben):
        for name, data in (("visits.837", primary_with_known_secondary()), ("lakeside.835", x12.REMITTANCE)):
            file, _ = receive(name, io.BytesIO(data), by=ben)
            assert import_file(file)["outcome"] in ("stored", "posted")
        claim = Claim.objects.get(control_number="BSC-1001")
        assert shown(claim)["next"]["action"] == "hold"  # nobody has said who pays first

        with pytest.raises(actions.SendRefused, match="Nobody has determined who pays first"):
            actions.send_claim(claim=claim, rank=2, by=ben)

        Coverage.objects.update(kind="employer")
        found = coverage_actions.determine(patient=claim.patient, service_on=claim.service_from, by=ben)
        in_order = [str(p.coverage_id) for p in claim.payers.order_by("rank")]
        card = coverage_actions.Evidence("other", "Lakeside card", claim.service_from)
        coverage_actions.override(
            determination=found, order=in_order, reason="Lakeside is the older plan", evidence=[card], by=ben
        )
        assert shown(claim)["next"]["action"] == "submit"
        sent = actions.send_claim(claim=claim, rank=2, by=ben)

    with sent.kept.open("rb") as kept:
        data = kept.read()
    assert_valid(data)
    batch = parse_837p(data)[0]
    told = batch.claims[0]
    assert (told.payer.party.id, told.subscriber.party.id) == ("77005", "NP300200")
    assert told.other_coverages[0].paid_cents == 112_50
    assert [d.paid_cents for line in told.lines for d in line.adjudications] == [90_00, 22_50]
    assert batch.envelope.sender_id == x12.ENVELOPE.sender_id
    assert claim.payers.get(rank=2).state == "submitted"
