"""Both spouses are insured with one payer: what was filed about the one plan is not said of the other."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine

from claims import actions
from claims.submissions.insured import filed_on
from cob.x12.parts import Reference
from cob.x12.read837p import parse_837p
from tests.claims import stories
from tests.claims.stories import DRAW, LAKESIDE, TODAY, VISIT
from tests.x12 import claims as x12

AUTHORIZED = replace(x12.primary(), references=(Reference("G1", "AUTH1"),))
OWN, HIS = AUTHORIZED.subscriber.party.id, "LH900"


def test_what_is_filed_about_a_member_is_of_that_member():
    assert filed_on(AUTHORIZED, LAKESIDE[0], OWN, [HIS]).approvals == (Reference("G1", "AUTH1"),)
    assert filed_on(AUTHORIZED, LAKESIDE[0], HIS, [OWN]) is None


def test_a_member_id_corrected_since_is_still_the_one_plan_of_its_payer():
    assert filed_on(AUTHORIZED, LAKESIDE[0], "LH5550102", ["NP300200"]).approvals


@pytest.mark.django_db
@pytest.mark.usefixtures("as_task")
def test_an_authorization_stays_with_the_plan_that_gave_it(main):
    patient = stories.nora(main)
    covers = [
        stories.coverage(patient, LAKESIDE, OWN),
        stories.coverage(patient, LAKESIDE, HIS, relationship="spouse", subscriber=stories.husband(patient)),
    ]
    claim = stories.claim_of(patient, covers, content=AUTHORIZED)
    stories.answer(claim, 1, VISIT, DRAW)
    stories.determined(claim, covers)

    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        sent = parse_837p(actions.dry_run(claim=claim, rank=2))[0].claims[0]

    assert sent.prior_authorization == ""
    assert sent.other_coverages[0].payer.references[0] == Reference("G1", "AUTH1")
