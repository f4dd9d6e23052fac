"""What payers' remittances contain, kind by kind, and what becomes of each: outcome, counts and totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claims.models import Claim
from cob.x12.parts import NamedAmount, NamedQuantity, Party
from cob.x12.t835 import ProviderAdjustment
from tests.claims.edi_samples import (
    BETA,
    MAIN_NPI,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
    taken_back,
    transaction,
    whole,
)

pytestmark = pytest.mark.django_db
FIRST = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)))
REFUSED = answer("PCN2", svc(("CO-16", 150_00), remarks=("N142",)), number="ICN2")
PLB = ProviderAdjustment(MAIN_NPI, date(2026, 12, 31), "CV", "CP", -1_27)
CARRIER = Party("TT", "NORTHERN SUPPLEMENT", id_qualifier="PI", id="60099")


def damaged(data, old, new):
    assert old in data
    return data.replace(old, new, 1)


# Name: the file, and its outcome with counts and sums in the order of COUNTS, or with a word of the reason.
CONTENTS = {
    "a plain primary answer beside one unprocessable (CO-16, N142)": (
        lambda: file_835(FIRST, REFUSED),
        ("posted", 2, 2, 2, 1, 0, 0, 80_00, 0),
    ),
    "bundled into another service (CO-97)": (
        lambda: file_835(answer("PCN1", svc(("CO-97", 150_00)))),
        ("posted", 1, 1, 1, 1, 0, 0, 0, 0),
    ),
    "denied on the claim (4, OA-252) and nothing paid": (
        lambda: file_835(answer("PCN1", svc(("OA-252", 150_00), remarks=("M143",)), status="4")),
        ("posted", 1, 1, 1, 1, 0, 0, 0, 0),
    ),
    "adjusted on the claim only, no services": (
        lambda: file_835(whole("PCN1", 150_00, ("CO-197", 20_00), ("CO-45", 50_00))),
        ("posted", 1, 0, 1, 1, 0, 0, 80_00, 0),
    ),
    "a hospital's answer: MIA, days, and a capital pass-through that raises the payment": (
        lambda: file_835(
            transaction(
                whole(
                    "PCN1",
                    150_00,
                    ("CO-45", 50_00),
                    settlement_amounts=(NamedAmount("MIA04", 100_00),),
                    quantities=(NamedQuantity("CA", 4),),
                    inpatient_remarks=("MA01",),
                ),
                plb=(PLB,),
            )
        ),
        ("posted", 1, 0, 1, 0, 0, 0, 101_27, -1_27),
    ),
    "a crossover by status, carrier and remark (19, NM1*TT, MA18)": (
        lambda: file_835(replace(FIRST, status="19", crossover_carrier=CARRIER, outpatient_remarks=("MA18",))),
        ("posted", 1, 1, 1, 0, 0, 1, 80_00, 0),
    ),
    "a carrier although the status says primary only": (
        lambda: file_835(replace(FIRST, crossover_carrier=CARRIER)),
        ("posted", 1, 1, 1, 0, 0, 1, 80_00, 0),
    ),
    "not theirs, forwarded (23)": (
        lambda: file_835(answer("PCN1", svc(("OA-109", 150_00)), status="23")),
        ("posted", 1, 1, 1, 1, 0, 1, 0, 0),
    ),
    "second with OA-23 and a negative OA-94": (
        lambda: file_835(answer("PCN1", svc(("OA-23", 130_00), ("OA-94", -14_00)), status="2")),
        ("posted", 1, 1, 1, 0, 0, 0, 34_00, 0),
    ),
    "third, passed on (21)": (
        lambda: file_835(answer("PCN1", svc(("OA-23", 130_00)), status="21")),
        ("posted", 1, 1, 1, 0, 0, 1, 20_00, 0),
    ),
    "two seconds, OA-23 on a claim and on a line": (
        lambda: file_835(
            answer("PCN1", svc(), status="2", on_claim=(("OA-23", 110_00),)),
            answer("PCN2", svc(("OA-23", 130_00)), status="20", number="ICN2"),
        ),
        ("posted", 2, 2, 2, 0, 0, 1, 60_00, 0),
    ),
    "an estimate (25) beside an answer": (
        lambda: file_835(FIRST, replace(answer("PCN2", svc(("OA-101", 150_00)), number="E"), status="25")),
        ("posted", 2, 2, 1, 0, 0, 0, 80_00, 0),
    ),
    "an answer, its reversal and the correction in one file": (
        lambda: file_835(FIRST, taken_back(FIRST), answer("PCN1", svc(("CO-45", 50_00)), number="ICN9")),
        ("posted", 3, 3, 3, 0, 1, 0, 100_00, 0),
    ),
    "provider adjustments only": (
        lambda: file_835(transaction(plb=(replace(PLB, reason="L6"),))),
        ("posted", 0, 0, 0, 0, 0, 0, 1_27, -1_27),
    ),
    "an answer without a charge at the end": (
        lambda: damaged(file_835(FIRST, REFUSED), b"CLP*PCN2*1*150*0*", b"CLP*PCN2*1****"),
        ("quarantined", "element CLP03, found nothing"),
    ),
    "amounts that do not add up": (
        lambda: damaged(file_835(FIRST), b"CLP*PCN1*1*150*80*", b"CLP*PCN1*1*384*80*"),
        ("quarantined", "charge less every adjustment is 314.00, but CLP04 says 80.00"),
    ),
    "no trace": (lambda: damaged(file_835(FIRST), b"TRN*1*", b"TRM*1*"), ("quarantined", "expected one TRN")),
    "an impossible reason (PR-XX)": (
        lambda: damaged(file_835(FIRST), b"CAS*PR*2*20", b"CAS*PR*XX*20"),
        ("quarantined", '"XX" cannot be an adjustment reason'),
    ),
    "a payment date that does not exist": (
        lambda: damaged(file_835(FIRST), b"*20260320~\nTRN", b"*20262316~\nTRN"),
        ("quarantined", 'element BPR16, found "20262316"'),
    ),
    "a wrong segment count": (lambda: damaged(file_835(FIRST), b"~\nSE*", b"~\nSE*1"), ("quarantined", "SE01")),
    "no version": (
        lambda: file_835(FIRST).replace(b"005010X221A1", b"999999X999X9").replace(b"*00501*", b"*99999*"),
        ("refused", '"999999X999X9"'),
    ),
    "version 4010": (lambda: file_835(FIRST).replace(b"005010X221A1", b"004010X091A1"), ("refused", "version 4010")),
}
COUNTS = ("claims", "lines", "posted", "denials", "reversals", "crossovers", "paid_cents", "plb_cents")


@pytest.mark.parametrize("content", CONTENTS)
def test_each_kind_of_content_ends_in_its_outcome_with_its_totals(bring, content):
    make, expected = CONTENTS[content]
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    result = bring(make())

    if result["outcome"] == "posted":
        (told,) = result["transactions"]
        assert ("posted", *(told[name] for name in COUNTS)) == expected
        assert (told["balanced"], told["unmatched"]) == (True, 0)
    else:
        outcome, says = expected
        assert (result["outcome"], says in result["reason"]) == (outcome, True), result["reason"]
        assert not Claim.objects.exclude(paid_cents=0).exists()


def test_several_payers_and_checks_of_one_file_are_posted_each_for_itself(bring):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    second = transaction(answer("PCN2", svc(("CO-45", 60_00)), number="B1"), trace="CHK77", payer=BETA)
    result = bring(file_835(transaction(FIRST, trace="EFT1"), second))

    assert [(t["trace"], t["paid_cents"], t["claims"]) for t in result["transactions"]] == [
        ("EFT1", 80_00, 1), ("CHK77", 90_00, 1),
    ]  # fmt: skip
