"""Claims from bytes to a patient’s share, as the tests of holds, money and work need them."""

from __future__ import annotations

from datetime import date

from claims.models import Claim
from claims.patient_billing import holding
from claims.patient_billing.models import (
    StatementHold,
)
from claims.patient_billing.standing import standings
from tests.claims.edi_samples import (
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
)

TODAY = date(2026, 4, 15)
PAID = (("CO-45", 50_00), ("PR-2", 20_00))


def only():
    return Claim.objects.select_related("patient__site", "site").get()


def grounds():
    """Open holds after the facts were looked at."""
    holding.follow(Claim.objects.all())
    return sorted(StatementHold.objects.open().values_list("ground", flat=True))


def standing():
    (found,) = standings([only()])
    return found


def two_plans(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(*PAID))))


def one_plan(bring, *triplets):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*(triplets or PAID)))))
    return only()
