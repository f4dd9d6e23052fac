"""Writing an 835: only one that balances, and it reads back as it was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.x12.errors import X12Error
from cob.x12.parts import (
    Adjustment,
    Contact,
    Envelope,
    NamedAmount,
    NamedQuantity,
    Party,
    Procedure,
    Reference,
)
from cob.x12.read835 import parse_835
from cob.x12.t835 import Claim835, Line835, ProviderAdjustment, Transaction835
from cob.x12.write835 import write_835
from tests.x12.claims import REMITTANCE
from tests.x12.validator import assert_valid

ENVELOPE = Envelope("LAKESIDE", "BIRCHCLINIC", "4711", "4711", date(2026, 2, 12), "0915")
[READ] = parse_835(REMITTANCE)


def test_a_remittance_that_was_read_reads_back_the_same():
    assert parse_835(write_835(ENVELOPE, [READ])) == [READ]


def test_the_independent_validator_takes_it():
    assert_valid(write_835(ENVELOPE, [READ]))


def test_what_a_hospital_needs_is_written_and_read_back():
    claim = replace(
        READ.claims[0],
        drg="291",
        drg_weight=Decimal("1.75"),
        discharge_fraction=Decimal("0.5"),
        inpatient_remarks=("MA01", "MA18"),
        settlement_amounts=(NamedAmount("MIA04", 4200_25), NamedAmount("MOA08", 30_00)),
        settlement_counts=(NamedQuantity("MIA01", Decimal(3)),),
        contacts=(Contact("CLAIM DESK", (("TE", "2185550111"),), "CX"),),
        quantities=(NamedQuantity("CA", Decimal(3)),),
    )
    header = replace(READ.header, currency="USD", references=(Reference("F2", "V7"),))
    hospital = replace(READ, header=header, claims=(claim, *READ.claims[1:]))

    assert parse_835(write_835(ENVELOPE, [hospital])) == [hospital]


def test_several_transactions_share_one_interchange():
    second = replace(READ, header=replace(READ.header, transaction_control="0002", trace="EFT900418"))

    assert [t.header.trace for t in parse_835(write_835(ENVELOPE, [READ, second]))] == ["EFT900417", "EFT900418"]


def test_an_assumed_payment_date_is_left_out_again():
    header = replace(READ.header, paid_on=READ.header.produced_on, is_paid_on_assumed=True)

    assert parse_835(write_835(ENVELOPE, [replace(READ, header=header)]))[0].header == header


@pytest.mark.parametrize(
    ("transaction", "says"),
    [
        pytest.param(
            replace(READ, header=replace(READ.header, paid_cents=1)), "BPR02 says 0.01", id="the payment is off"
        ),
        pytest.param(replace(READ, provider_adjustments=()), "BPR02", id="a PLB was forgotten"),
        pytest.param(
            replace(READ, claims=(replace(READ.claims[0], paid_cents=0), *READ.claims[1:])),
            "CLP04 says 0.00",
            id="a claim is off",
        ),
        pytest.param(Transaction835(None), "a header", id="no header"),
    ],
)
def test_what_does_not_balance_is_not_written(transaction, says):
    with pytest.raises(X12Error, match=says):
        write_835(ENVELOPE, [transaction])


def test_seven_provider_adjustments_take_two_segments():
    pairs = tuple(ProviderAdjustment("1679576722", date(2026, 12, 31), "WO", f"C{n}", 1_00) for n in range(7))
    header = replace(READ.header, paid_cents=153_67 - 7_00)
    data = write_835(ENVELOPE, [replace(READ, header=header, provider_adjustments=pairs)])

    assert data.count(b"PLB*") == 2
    assert parse_835(data)[0].provider_adjustments == pairs


LINES = st.builds(
    lambda charge, shares, units, code: (charge, shares, units, code),
    st.integers(-(10**6), 10**6),
    st.lists(
        st.tuples(st.sampled_from(["CO", "OA", "PI", "PR"]), st.integers(-(10**5), 10**5).filter(bool)), max_size=6
    ),
    st.integers(1, 99),
    st.sampled_from(["99213", "99214", "36415"]),
)


def line_of(charge, shares, units, code):
    by_group = {}
    for group, cents in shares:
        by_group.setdefault(group, []).append(Adjustment(group, "45", cents))
    adjustments = tuple(a for found in by_group.values() for a in found)
    paid = charge - sum(a.amount_cents for a in adjustments)
    return Line835(
        Procedure(code), charge, paid, units=Decimal(units), service_on=date(2026, 1, 5), adjustments=adjustments,
        references=(Reference("6R", "1"),),
    )  # fmt: skip


@given(st.lists(st.lists(LINES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_balanced_remittance_reads_back_to_the_cent(drawn):
    claims = []
    for number, lines in enumerate(drawn):
        built = tuple(line_of(*line) for line in lines)
        charge, paid = sum(x.charge_cents for x in built), sum(x.paid_cents for x in built)
        below_zero = min(charge, paid, *(min(x.charge_cents, x.paid_cents) for x in built)) < 0
        claims.append(
            Claim835(
                f"C{number}",
                "22" if below_zero else "1",
                charge,
                paid,
                payer_control_number=f"P{number}",
                patient=Party("QC", "OAKES", "NORA", is_person=True),
                lines=built,
            )
        )
    total = sum(c.paid_cents for c in claims)
    forward = (ProviderAdjustment("1679576722", date(2026, 12, 31), "FB", "T", total),) if total < 0 else ()
    transaction = Transaction835(replace(READ.header, paid_cents=max(0, total)), tuple(claims), forward)

    assert parse_835(write_835(ENVELOPE, [transaction])) == [transaction]
