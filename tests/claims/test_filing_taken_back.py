"""A payer that never covered the patient took its money back: the right payer's limit counts from that day."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from claims import actions
from claims.models.filing import FilingLimit
from claims.submissions.folder import open_folder
from tests.claims import stories
from tests.claims.stories import DRAW, VISIT

BACK = date(2026, 8, 20)


@pytest.mark.django_db
@pytest.mark.usefixtures("as_task")
@pytest.mark.parametrize("refused_anew", [False, True])
def test_the_limit_counts_from_that_day_though_the_payer_is_set_aside(main, refused_anew):
    patient = stories.nora(main)
    wrong = stories.coverage(patient, stories.LAKESIDE, "LH1")
    right = stories.coverage(patient, stories.NORTHERN, "NP1")
    for position, basis in (("primary", "service"), ("taken_back", "taken_back")):
        FilingLimit.objects.create(
            payer=right.payer, position=position, basis=basis, length=90, unit="days",
            effective_on=date(2026, 1, 1), source="contract",
        )  # fmt: skip
    claim = stories.claim_of(patient, [wrong, right])
    paid = stories.answer(claim, 1, VISIT, DRAW)
    stories.answer(claim, 1, status="22", on=BACK, charge=-180_00, paid=-paid.paid_cents, reverses=paid)
    if refused_anew:
        stories.answer(claim, 1, status="4", on=BACK, claim_level=[("CO", "27", 180_00)], paid=0)
    claim.payers.filter(rank=1).update(state="denied" if refused_anew else "reversed")
    wrong.enrolled = False
    wrong.save()
    actions.apply_order(claim=claim, determination=stories.determined(claim, [right]))

    with time_machine.travel("2026-09-20T15:00Z", tick=False):
        folder = open_folder(claim)

    assert [str(row.payer) for row in folder.rows] == ["Northern Benefit"]
    assert folder.clock(1).on == date(2026, 11, 18)
    assert folder.clock(1).is_firm


@pytest.mark.django_db
@pytest.mark.usefixtures("as_task")
def test_a_payers_own_limit_does_not_count_from_the_money_it_took_back_itself(main):
    patient = stories.nora(main)
    covers = [stories.coverage(patient, stories.LAKESIDE, "LH1")]
    for position, basis in (("primary", "service"), ("taken_back", "taken_back")):
        FilingLimit.objects.create(
            payer=covers[0].payer, position=position, basis=basis, length=90, unit="days",
            effective_on=date(2026, 1, 1), source="contract",
        )  # fmt: skip
    claim = stories.claim_of(patient, covers)
    paid = stories.answer(claim, 1, VISIT, DRAW)
    stories.answer(claim, 1, status="22", on=BACK, charge=-180_00, paid=-paid.paid_cents, reverses=paid)

    assert open_folder(claim).clock(1, "1").on < BACK
