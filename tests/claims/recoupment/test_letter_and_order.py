"""An order that flips where the old first payer takes its money back by letter."""

from __future__ import annotations

import pytest

from claims.models import Adjudication
from tests.claims.edi_samples import also, claim, file_837p
from tests.claims.exchange.test_trading_places import COMES, ranks
from tests.claims.recoupment.money import balances

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("turn", ["AL2oB", "AL2Bo", "ALo2B", "ALB2o", "oALB2", "AoBL2"])
def test_a_letter_that_took_all_back_holds_nobody_in_place(bring, letter, turn):
    bring(file_837p(claim(other_coverages=(also(),))))
    for what in turn:
        if what == "L":
            letter(75_00, answer=Adjudication.objects.get(payer_control_number="ICN1"))
        else:
            COMES[what](bring)

    assert balances() == (85_00, 60_00, 0, 5_00)
    assert ranks() == {"BETA LIFE": 1, "ACME HEALTH": 2}
