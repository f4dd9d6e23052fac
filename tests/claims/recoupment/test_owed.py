"""A refund is one sum only where what the payer owed is one sure sum."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claims.models import ExpectedPayment
from claims.recoupment.owed import owed_on
from tests.factories.denials import ClaimFactory, payer_of
from tests.factories.patients import PatientFactory


@pytest.mark.django_db
@pytest.mark.usefixtures("as_task")
@pytest.mark.parametrize(
    ("low", "high", "unconfirmed", "owed"),
    [
        pytest.param(30_00, 30_00, False, 30_00, id="one sure sum"),
        pytest.param(0, 30_00, False, None, id="a range"),
        pytest.param(30_00, 30_00, True, None, id="an unconfirmed formula"),
    ],
)
def test_what_was_owed_is_said_only_where_it_is_known(main, low, high, unconfirmed, owed):
    payer = payer_of(ClaimFactory(patient=PatientFactory(site=main)), 2, "Acme Health", state="adjudicated")
    assert owed_on([payer.claim_id]) == {}

    ExpectedPayment.objects.create(
        claim_payer=payer, low_cents=low, high_cents=high, paid_cents=120_00, difference_cents=90_00,
        tolerance_cents=100, unconfirmed=unconfirmed, because="x", answered_on=timezone.localdate(),
    )  # fmt: skip

    assert owed_on([payer.claim_id]) == ({} if owed is None else {(payer.claim_id, 2): owed})
