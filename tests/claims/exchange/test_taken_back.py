"""What a payer takes back (CLP02 22), with its correction, without it, and before what it takes back."""

from __future__ import annotations

import pytest

from claims.models import Adjudication, Posting
from tests.claims.edi_samples import answer, claim, file_835, file_837p, svc, taken_back, transaction
from tests.claims.exchange.posted import balances, only, state, why

pytestmark = pytest.mark.django_db
PAID = (("CO-45", 50_00), ("PR-2", 20_00))


def test_a_reversal_mirrors_every_entry_and_the_correction_is_posted_anew(bring):
    first = answer("PCN1", svc(*PAID))
    bring(file_837p(claim()))
    bring(file_835(first))
    better = answer("PCN1", svc(("CO-45", 40_00), ("PR-2", 22_00)), number="ICN2")
    result = bring(file_835(transaction(taken_back(first), better, trace="EFT2")))

    assert only(result)["reversals"] == 1
    assert balances() == (88_00, 40_00, 0, 22_00)
    mirrored = Posting.objects.filter(kind="reversal").select_related("reverses")
    assert {(m.amount_cents, m.reverses.amount_cents) for m in mirrored} == {
        (-80_00, 80_00), (-50_00, 50_00), (-20_00, 20_00),
    }  # fmt: skip
    assert Adjudication.objects.get(status="22").reverses.payer_control_number == "ICN1"
    assert state() == "adjudicated"


def test_a_reversal_alone_reopens_the_payer_and_takes_the_statement_back(bring):
    first = answer("PCN1", svc(*PAID))
    bring(file_837p(claim()))
    bring(file_835(first))
    bring(file_835(transaction(taken_back(first), trace="EFT2")))

    assert (state(), balances()) == ("reversed", (0, 0, 150_00, 0))


def test_a_correction_that_stands_before_its_reversal_is_posted_after_it(bring):
    first = answer("PCN1", svc(*PAID))
    bring(file_837p(claim()))
    bring(file_835(first))
    better = answer("PCN1", svc(("CO-45", 40_00), ("PR-2", 22_00)), number="ICN2")
    bring(file_835(transaction(better, taken_back(first), trace="EFT2")))

    assert (state(), balances()) == ("adjudicated", (88_00, 40_00, 0, 22_00))


@pytest.mark.parametrize("off", [pytest.param(1, id="a cent too much"), pytest.param(-1, id="a cent too little")])
def test_a_reversal_that_differs_by_a_cent_is_kept_and_not_posted(bring, off):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID))))
    other = taken_back(answer("PCN1", svc(("CO-45", 50_00 + off), ("PR-2", 20_00))))
    result = bring(file_835(transaction(other, trace="EFT2")))

    assert balances() == (80_00, 50_00, 0, 20_00)
    assert only(result)["posted"] == 0
    assert "does not match" in why(result)[0]
    kept = Adjudication.objects.get(status="22")
    assert (kept.paid_cents, kept.posted_at) == (-80_00 + off, None)


def test_a_reversal_with_the_same_total_in_another_reason_is_not_posted(bring):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID))))
    bring(file_835(transaction(taken_back(answer("PCN1", svc(("CO-45", 20_00), ("PR-2", 50_00)))), trace="EFT2")))

    assert balances() == (80_00, 50_00, 0, 20_00)


def test_a_reversal_before_its_original_waits_and_is_posted_when_that_comes(bring):
    first = answer("PCN1", svc(*PAID))
    bring(file_837p(claim()))
    bring(file_835(transaction(taken_back(first), trace="EFT0")))
    assert balances() == (0, 0, 150_00, 0)

    bring(file_835(first))
    assert (state(), balances()) == ("reversed", (0, 0, 150_00, 0))
    assert Adjudication.objects.filter(posted_at=None).count() == 0
