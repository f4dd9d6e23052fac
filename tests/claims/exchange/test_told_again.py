"""A payment that comes a second time: alike it is passed over, with other contents it is held and nothing is posted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from claims.models import Posting, ProviderEntry
from cob.x12.t835 import ProviderAdjustment as Plb
from tests.claims.edi_samples import MAIN_NPI, answer, claim, file_835, file_837p, svc, transaction
from tests.claims.exchange.posted import only

pytestmark = pytest.mark.django_db
PAID = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))
DENIED = answer("PCN2", svc(("CO-16", 150_00)), number="ICN2")


def plb(reason, cents):
    return Plb(MAIN_NPI, date(2026, 12, 31), reason, "PCN1", cents)


BOTH = plb("WO", 10_00), plb("L6", -10_00)


def told(*answers, plb=BOTH):
    return transaction(*answers, plb=plb)


FIRST = told(PAID, DENIED)
AGAIN = {
    "alike": FIRST,
    "with its adjustments in another order": told(
        answer("PCN1", svc(("PR-2", 20_00), ("CO-45", 50_00))), DENIED, plb=BOTH[::-1]
    ),
    "a cent moved between two adjustments": told(answer("PCN1", svc(("CO-45", 49_99), ("PR-2", 20_01))), DENIED),
    "another group": told(answer("PCN1", svc(("PI-45", 50_00), ("PR-2", 20_00))), DENIED),
    "another reason": told(answer("PCN1", svc(("CO-45", 50_00), ("PR-1", 20_00))), DENIED),
    "on the claim instead of its line": told(
        answer("PCN1", svc(("CO-45", 50_00)), on_claim=(("PR-2", 20_00),)), DENIED
    ),
    "another number of the payer": told(answer("PCN1", *PAID.lines, number="ICN9"), DENIED),
    "a remark that protects the patient": told(answer("PCN1", *PAID.lines, outpatient_remarks=("N781",)), DENIED),
    "without the claim it refused": told(PAID),
    "another provider adjustment": told(PAID, DENIED, plb=(plb("WO", 10_00), plb("L6", -9_99), plb("CS", -1))),
    "without provider adjustments": told(PAID, DENIED, plb=()),
}


@pytest.mark.parametrize("how", AGAIN)
def test_what_differs_by_one_cent_or_one_code_is_held_whole(bring, how):
    is_alike = AGAIN[how] == FIRST or "order" in how
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(FIRST))
    before = Posting.objects.count(), ProviderEntry.objects.count()
    result = bring(file_835(AGAIN[how], number=2))

    assert result["outcome"] == ("already_imported" if is_alike else "quarantined")
    assert (Posting.objects.count(), ProviderEntry.objects.count()) == before
    if is_alike:
        assert only(result)["already_posted"]
    else:
        assert "Segment 3 (ST), element TRN02: payment EFT1 of ACME HEALTH was posted before" in result["reason"]


@pytest.mark.parametrize(("days", "outcome"), [(365, "posted"), (366, "quarantined")])
def test_a_payment_dated_more_than_a_year_ahead_is_held_with_its_day(bring, days, outcome):
    day = timezone.localdate() + timedelta(days=days)
    bring(file_837p(claim()))
    result = bring(file_835(transaction(PAID, paid=day)))

    assert result["outcome"] == outcome
    assert (f"BPR16: payment EFT1 is dated {day:%m/%d/%Y}" in str(result)) == (outcome == "quarantined")
    assert Posting.objects.exists() == (outcome == "posted")
