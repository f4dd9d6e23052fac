"""The nightly look at every ledger finds what was changed behind its back, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection

from claims.ledger_check import check_all
from claims.models import Claim
from claims.tasks import check_ledger
from cob.audit.acting import acting
from cob.audit.models import Event
from cob.jobs.progress import Progress
from tests.claims.edi_samples import answer, claim, file_835, file_837p, svc, transaction

pytestmark = pytest.mark.django_db
PAID = (("CO-45", 50_00), ("PR-2", 20_00))


def behind_its_back(**values):
    sets = ", ".join(f"{name} = {value}" for name, value in values.items())
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE claims_claim SET {sets}")


def test_what_imports_leave_is_in_order(bring):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(answer("PCN1", svc(*PAID)), answer("PCN2", svc(("CO-16", 150_00)), status="4")))

    found = check_all()
    assert (found.claims, found.broken, found.credits) == (2, {}, 0)


def test_a_balance_changed_by_hand_is_found_and_told(bring):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID))))
    behind_its_back(paid_cents=79_99, patient_cents=20_01)
    with acting("Hold the balances against the postings"):
        said = check_ledger({}, Progress("test"))

    found = Claim.objects.get()
    assert (said["checked"], said["broken"]) == (1, 1)
    assert said["claims"] == [{"claim": str(found.pk), "rules": ["6", "8", "9"]}]
    (event,) = Event.objects.filter(verb="ledger does not add up")
    assert event.subject_id == str(found.pk)
    assert "79.99" in event.after["broken"][0]["why"]


def test_a_credit_is_counted_and_is_no_fault(bring):
    bring(file_837p(claim()))
    for n in (1, 2):
        bring(file_835(transaction(answer("PCN1", svc(("CO-45", 50_00)), number=f"I{n}"), trace=f"E{n}"), number=n))

    found = check_all()
    assert (found.broken, found.credits) == ({}, 1)
