"""What is shown before posting is what posting then does: answers of two payers in one file, in whichever order."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db.models import Sum

from claims.exchange.previewing import preview_835
from claims.models import Adjudication, Claim, EdiFile, Posting
from tests.claims.edi_samples import (
    BETA,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
    taken_back,
    transaction,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 25_00)), number="A1")
PUT_RIGHT = answer("PCN1", svc(("CO-45", 30_00), ("PR-2", 40_00)), number="A2")
# As some payers get it wrong (X12 RFI 1696): what the earlier payer took, written off once more.
WRONG = answer("PCN1", svc(("CO-45", 130_00)), number="B1", status="2")
OF_ACME, OF_BETA = transaction(FIRST, trace="T1"), transaction(WRONG, trace="T2", payer=BETA)
CORRECTED = transaction(taken_back(FIRST), PUT_RIGHT, trace="T3")
FILES = {
    "in paying order": (OF_ACME, OF_BETA),
    "the later payer first": (OF_BETA, OF_ACME),
    "a correction behind both": (OF_ACME, OF_BETA, CORRECTED),
    "a correction behind both, the later payer first": (OF_BETA, OF_ACME, CORRECTED),
}


def shown(data):
    seen = preview_835(EdiFile(name="x.835", kind="835", sha256="0" * 64, size=len(data)), BytesIO(data))
    assert not seen.held
    return seen.payments


def stands():
    """By answer: what stands of its payments, write-offs and shares; what was taken back with what it took is none."""
    rows = Posting.objects.filter(reverses=None, reversal=None).order_by()
    found = rows.values_list("adjudication__payer_control_number", "kind").annotate(cents=Sum("amount_cents"))
    return {(number, kind): cents for number, kind, cents in found if cents}


@pytest.mark.parametrize("transactions", FILES.values(), ids=FILES.keys())
def test_it_shows_what_posting_then_does(bring, transactions):
    bring(file_837p(claim("PCN1", other_coverages=(also(),))), name="c.837")
    data = file_835(*transactions)
    payments = shown(data)
    assert not Adjudication.objects.exists()
    result = bring(data)

    found = Claim.objects.get()
    kinds = ("payment", "write_off", "responsibility")
    sums = stands()
    answers = [one for payment in payments for one in payment.claims]
    rows = Adjudication.objects.order_by("remittance__created_at", "position")
    for one, row in zip(answers, rows, strict=True):
        assert (one.insurer_open_cents, one.patient_cents) == (found.insurer_open_cents, found.patient_cents)
        assert list(one.exceptions) == row.exceptions
        if not row.is_reversal:
            said = (one.posted_cents, one.written_off_cents, one.responsibility_cents)
            assert said == tuple(sums.get((row.payer_control_number, kind), 0) for kind in kinds)
    assert [one["posted"] for one in result["transactions"]] == [len(payment.claims) for payment in payments]


def test_it_shows_what_an_answer_makes_of_a_later_payers_on_file(bring):
    bring(file_837p(claim("PCN1", other_coverages=(also(),))), name="c.837")
    bring(file_835(OF_BETA))
    data = file_835(OF_ACME, number=2)
    ((one,),) = [payment.claims for payment in shown(data)]
    assert Claim.objects.get().written_off_cents == 130_00
    bring(data)

    found = Claim.objects.get()
    assert (one.written_off_cents, one.insurer_open_cents, one.patient_cents) == (50_00, 0, 0)
    assert (found.written_off_cents, found.insurer_open_cents, found.patient_cents) == (55_00, 0, 0)
