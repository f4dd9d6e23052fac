"""The postings contract: published figures come out of the functions that post, and each kind keeps its law."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.ledger_cases import KINDS, BadLedgerCase, answer


def cas(*triplets):
    return [
        dict(zip(("group", "carc", "amount"), (*code.split("-"), amount), strict=True)) for code, amount in triplets
    ]


def plb(*pairs):
    return [{"code": code, "amount": amount} for code, amount in pairs]


def service(charge, paid, *triplets):
    return {"svc02": charge, "svc03": paid, "cas": cas(*triplets)}


def later(billed, paid_before, off_before, paid, *triplets):
    inputs = {"billed": billed, "prior_paid": paid_before, "prior_write_off": off_before, "sec_paid": paid}
    return inputs | {"sec_cas": cas(*triplets)}


def line_cut_by(carc, group="CO"):
    cut = {"group": group, "carc": carc, "amount": "4"}
    return {"kind": "line_balance", "inputs": {"billed": "5", "paid": "1", "cas": [cut]}}


# (kind, inputs, what must come out, whose example)
PUBLISHED = {
    "one payer's line": (
        "line_balance",
        {"billed": "260.00", "paid": "101.20", "cas": cas(("CO-45", "128.80"), ("PR-3", "30.00"))},
        {"balanced": True, "allowed": "131.20", "patient": "30.00", "write_off": "128.80"},
    ),
    "OA-23 on both levels: RFI 2570": (
        "claim_balance",
        {
            "clp03": "1863.00",
            "clp04": "98.92",
            "claim_cas": cas(("OA-23", "395.68")),
            "lines": [
                service("1800.00", "460.92", ("OA-23", "1339.08")),
                service("63.00", "33.68", ("OA-23", "29.32")),
            ],
        },
        {
            "line_balanced": [True, True],
            "claim_balanced": True,
            "net_of_lines": "494.60",
            "posted_to_claim": "98.92",
        },
    ),
    "below zero, carried forward: RFI 1604": (
        "txn_balance",
        {"claims": ["600.00", "-800.00"], "plb": plb(("FB", "-200.00"))},
        {"bpr02": "0.00", "carried_forward": "200.00", "carried_before": "0.00"},
    ),
    "the balance rolls on: RFI 1604": (
        "txn_balance",
        {"claims": ["50.00"], "plb": plb(("FB", "200.00"), ("FB", "-150.00"))},
        {"bpr02": "0.00", "carried_forward": "150.00", "carried_before": "200.00"},
    ),
    "the balance is paid off": (
        "txn_balance",
        {"claims": ["400.00"], "plb": plb(("FB", "150.00"))},
        {"bpr02": "250.00", "carried_forward": "0.00", "carried_before": "150.00"},
    ),
    "refund checks clear the forwarded balance: RFI 1374": (
        "txn_balance",
        {"claims": [], "plb": plb(("FB", "1100.00"), ("72", "-100.00"), ("72", "-1000.00"))},
        {"bpr02": "0.00"},
    ),
    "below zero, carried nowhere": (
        "txn_balance",
        {"claims": ["600.00", "-800.00"]},
        {"bpr02": "-200.00", "needs_person": True},
    ),
    "reversed now, to be taken later: RFI 227": (
        "txn_balance",
        {"claims": ["500.00", "-80.00"], "plb": plb(("WO", "-80.00"))},
        {"bpr02": "500.00"},
    ),
    "a later remittance takes it: RFI 227": (
        "txn_balance",
        {"claims": ["300.00"], "plb": plb(("WO", "80.00"))},
        {"bpr02": "220.00"},
    ),
    "a refund acknowledged: RFI 1385": (
        "txn_balance",
        {"claims": ["300.00"], "plb": plb(("72", "-80.00"), ("WO", "80.00"))},
        {"bpr02": "300.00"},
    ),
    "interest raises the payment and no claim": (
        "txn_balance",
        {"claims": ["100.00"], "plb": plb(("L6", "-2.50")), "bpr02": "102.50"},
        {"bpr02": "102.50", "balanced": True, "claims": "100.00", "interest": "2.50"},
    ),
    "a catch-all needs a person": (
        "txn_balance",
        {"claims": ["100.00"], "plb": plb(("CS", "1.00")), "bpr02": "100.00"},
        {"bpr02": "99.00", "balanced": False, "needs_person": True},
    ),
    "no OA-23 in the file: RFI 1696": (
        "post_secondary",
        later("500.00", "300.00", "125.00", "65.00", ("CO-45", "435.00")),
        {"naive_balance": "-425.00", "incremental_write_off": "10.00", "patient": "0.00", "balance": "0.00"},
    ),
    "the same, told rightly: RFI 1696": (
        "post_secondary",
        later("500.00", "300.00", "125.00", "65.00", ("OA-23", "425.00"), ("CO-45", "10.00")),
        {"incremental_write_off": "10.00", "balance": "0.00", "oa23_reported": "425.00", "oa23_expected": "425.00"},
    ),
    "CO-45 told again: RFI 2604": (
        "post_secondary",
        later("300.00", "80.00", "200.00", "20.00", ("CO-45", "200.00"), ("OA-23", "80.00")),
        {"incremental_write_off": "0.00", "balance": "0.00", "oa23_expected": "280.00"},
    ),
    "the second allows more than the first": (
        "post_secondary",
        later("250.00", "150.00", "75.00", "50.00", ("OA-23", "225.00"), ("OA-94", "-25.00")),
        {"incremental_write_off": "-25.00", "take_back": "25.00", "balance": "0.00", "needs_person": True},
    ),
    "the second's PR replaces the first's": (
        "post_secondary",
        later("185.00", "110.00", "45.00", "10.00", ("OA-23", "155.00"), ("PR-275", "20.00")),
        {"incremental_write_off": "0.00", "patient": "20.00", "balance": "0.00", "needs_person": False},
    ),
    "all of it left to the patient before, and no OA-23 to believe": (
        "post_secondary",
        later("500.00", "0.00", "0.00", "65.00", ("OA-23", "435.00")),
        {"incremental_write_off": "435.00", "patient": "0.00", "balance": "0.00", "oa23_expected": "0.00"},
    ),
    "a reversal repeats its groups: RFI 1147": (
        "reversal",
        {
            "original": {"billed": "120.00", "paid": "80.00", "cas": cas(("CO-45", "24"), ("PR-3", "16"))},
            "reversal": {"billed": "-120.00", "paid": "-80.00", "cas": cas(("CO-45", "-24"), ("PR-3", "-16"))},
        },
        {"mirrors": True, "net": "0.00"},
    ),
    "Medicare and a group plan both paid first: 42 CFR 411.24": (
        "msp_overpayment",
        {"medicare_paid": "100.00", "correct_msp": "30.00"},
        {"refund_to_medicare": "70.00", "due_days": 60},
    ),
    "two plans both paid first: NAIC MDL-120": (
        "credit_balance",
        {
            "billed": "200.00",
            "payments": ["120.00", "120.00"],
            "write_off": "50.00",
            "patient_paid": "30.00",
            "correct_secondary": "30.00",
            "correct_patient": "0.00",
        },
        {"credit_balance": "120.00", "refund_secondary": "90.00", "refund_patient": "30.00"},
    ),
    "a settlement of workers' compensation: 42 CFR 411.47": (
        "wc_settlement",
        {"settlement_medical": "6000.00", "beneficiary_payments": ["1500.00", "500.00", "1400.00", "520.00"]},
        {"beneficiary_total": "3920.00", "medicare_overpayment": "2080.00"},
    ),
    "a copay taken at the desk": (
        "patient_credit",
        {"patient_paid": "30.00", "final_patient_responsibility": "0.00"},
        {"refund_patient": "30.00"},
    ),
}


@pytest.mark.parametrize("example", PUBLISHED)
def test_a_published_example_comes_out(example):
    kind, inputs, expected = PUBLISHED[example]

    found = answer({"kind": kind, "inputs": inputs})

    assert {name: found[name] for name in expected} == expected


def test_every_kind_has_an_example():
    assert {kind for kind, _, _ in PUBLISHED.values()} == set(KINDS)


@pytest.mark.parametrize(
    ("case", "named"),
    [
        ([], "the case"),
        ({"inputs": {}}, "kind: found nothing"),
        ({"kind": "guess", "inputs": {}}, 'kind: found "guess", expected one of line_balance'),
        ({"kind": "txn_balance"}, "inputs: expected an object"),
        ({"kind": "line_balance", "inputs": {"paid": "1"}}, "inputs.billed: missing"),
        ({"kind": "line_balance", "inputs": {"billed": "1.005", "paid": "1"}}, "inputs.billed: .*two decimals"),
        ({"kind": "line_balance", "inputs": {"billed": 1.5, "paid": "1"}}, "inputs.billed: .*in quotes"),
        ({"kind": "line_balance", "inputs": {"billed": "100000000", "paid": "1"}}, "inputs.billed: .*100 million"),
        ({"kind": "txn_balance", "inputs": {"claims": "5"}}, 'inputs.claims: expected a list in brackets, found "5"$'),
        (
            {"kind": "txn_balance", "inputs": {"claims": [], "plb": ["WO"]}},
            'inputs.plb.0: expected an object in braces, found "WO"$',
        ),
        (
            {"kind": "txn_balance", "inputs": {"claims": [], "plb": [{"code": 72, "amount": "1"}]}},
            "inputs.plb.0.code: expected text in quotation marks, found 72$",
        ),
        ({"kind": "credit_balance", "inputs": {"billed": "1", "payments": []}}, "inputs.payments: expected one amount"),
        ({"kind": "txn_balance", "inputs": {"claims": ["5", "x"]}}, r"inputs.claims.1: "),
        ({"kind": "txn_balance", "inputs": {"claims": [], "plb": [{"code": "WO"}]}}, "inputs.plb.0.amount: missing"),
        ({"kind": "line_balance", "inputs": {"billed": "5", "paid": "1", "cas": cas(("ZZ-45", "4"))}}, r"cas.0.group"),
        ({"kind": "line_balance", "inputs": {"billed": "5", "paid": "1", "cas": cas(("CO-XX", "4"))}}, r"cas.0.carc"),
        (line_cut_by(45), r"cas.0.carc: 45 cannot be .* as text"),
        (line_cut_by(None), r"cas.0.carc: null cannot be"),
        (line_cut_by(["45"]), r'cas.0.carc: \["45"\] cannot be'),
        (line_cut_by("45", group=["CO"]), r'cas.0.group: \["CO"\] is no adjustment group'),
        (line_cut_by("4" * 500), r"^.{20,60}4…"),
        ({"kind": "patient_credit", "inputs": {"patient_paid": "-1"}}, "inputs.patient_paid: .*not below zero"),
    ],
)
def test_a_case_that_cannot_be_answered_names_the_field(case, named):
    with pytest.raises(BadLedgerCase, match=named):
        answer(case)


def test_a_field_that_is_not_known_is_said():
    found = answer({"kind": "patient_credit", "inputs": {**PUBLISHED["a copay taken at the desk"][1], "paied": "1"}})

    assert found["ignored"] == ["paied"]


# --- laws -----------------------------------------------------------------------------------------------------------

CENTS = st.integers(0, 1_000_000_00)
SIGNED = st.integers(-1_000_000_00, 1_000_000_00)
REDUCTIONS = st.lists(st.sampled_from(["CO-45", "CO-253", "OA-23", "PR-1", "PR-2", "PR-275", "CO-45"]), max_size=5)


def text(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def cents(said):
    return int(said.replace(".", ""))


def cut(data, whole, codes):
    """`whole` shared out over the codes, and what is left."""
    made, left = [], whole
    for code in codes:
        part = data.draw(st.integers(0, left))
        made.append((code, text(part)))
        left -= part
    return cas(*made), left


@given(st.data(), CENTS, REDUCTIONS, st.integers(0, 2))
def test_a_line_balances_when_its_adjustments_explain_it_and_not_a_cent_off(data, billed, codes, off):
    reductions, paid = cut(data, billed, codes)
    found = answer(
        {"kind": "line_balance", "inputs": {"billed": text(billed), "paid": text(paid + off), "cas": reductions}}
    )

    kept_back = sum(cents(one["amount"]) for one in reductions if one["carc"] == "253")
    assert found["balanced"] is (off == 0)
    assert cents(found["allowed"]) == paid + off + cents(found["patient"]) + kept_back


@given(st.data(), st.lists(CENTS, min_size=1, max_size=4), st.integers(0, 1))
def test_a_claim_is_the_sum_of_its_lines_less_its_own_adjustments(data, charges, off):
    lines, net = [], 0
    for charge in charges:
        reductions, paid = cut(data, charge, ["CO-45", "PR-2"])
        lines.append({"svc02": text(charge), "svc03": text(paid), "cas": reductions})
        net += paid
    on_claim, left = cut(data, net, ["OA-23"])
    inputs = {"clp03": text(sum(charges)), "clp04": text(left + off), "claim_cas": on_claim, "lines": lines}
    found = answer({"kind": "claim_balance", "inputs": inputs})

    assert found["line_balanced"] == [True] * len(charges)
    assert found["claim_balanced"] is (off == 0)
    assert (cents(found["net_of_lines"]), cents(found["posted_to_claim"])) == (net, left)


@given(st.lists(SIGNED, max_size=5), st.lists(st.tuples(st.sampled_from(["WO", "FB", "72", "L6", "CS"]), SIGNED)))
def test_a_payment_is_its_claims_less_every_provider_adjustment(claims, adjustments):
    inputs = {"claims": [text(c) for c in claims], "plb": plb(*((code, text(c)) for code, c in adjustments))}
    found = answer({"kind": "txn_balance", "inputs": inputs})

    assert cents(found["bpr02"]) == sum(claims) - sum(c for _, c in adjustments)
    forwarded = cents(found["carried_forward"]) - cents(found["carried_before"])
    assert forwarded == -sum(c for code, c in adjustments if code == "FB")


@given(st.data(), CENTS, REDUCTIONS)
def test_after_a_later_payer_every_cent_is_paid_written_off_or_the_patients(data, billed, codes):
    before = data.draw(st.integers(0, billed))
    off = data.draw(st.integers(0, billed - before))
    reductions, paid = cut(data, billed, codes)
    found = answer(
        {
            "kind": "post_secondary",
            "inputs": later(text(billed), text(before), text(off), text(paid)) | {"sec_cas": reductions},
        }
    )

    parts = before + off + paid + cents(found["incremental_write_off"]) + cents(found["patient"])
    assert parts + cents(found["balance"]) == billed
    assert (cents(found["take_back"]) > 0) is (before + off + paid + cents(found["patient"]) > billed)


@given(st.data(), CENTS, REDUCTIONS, st.integers(0, 1))
def test_a_reversal_and_its_original_are_nothing_and_a_cent_is_seen(data, billed, codes, off):
    reductions, paid = cut(data, billed, codes)
    back = [one | {"amount": text(-cents(one["amount"]))} for one in reductions]
    original = {"billed": text(billed), "paid": text(paid), "cas": reductions}
    found = answer({"kind": "reversal", "inputs": {
        "original": original, "reversal": {"billed": text(-billed), "paid": text(off - paid), "cas": back},
    }})  # fmt: skip

    assert found["mirrors"] is (off == 0)
    assert cents(found["net"]) == off


@given(CENTS, CENTS, CENTS, st.lists(CENTS, min_size=2, max_size=3))
def test_nobody_gets_back_more_than_they_paid_and_nobody_is_asked_for_more(one, two, billed, payments):
    msp = answer({"kind": "msp_overpayment", "inputs": {"medicare_paid": text(one), "correct_msp": text(two)}})
    own = answer({"kind": "patient_credit", "inputs": {
        "patient_paid": text(one), "final_patient_responsibility": text(two),
    }})  # fmt: skip
    settled = answer({"kind": "wc_settlement", "inputs": {
        "settlement_medical": text(one), "beneficiary_payments": [text(c) for c in payments],
        "medicare_paid": text(two),
    }})  # fmt: skip
    credit = answer({"kind": "credit_balance", "inputs": {
        "billed": text(billed), "payments": [text(c) for c in payments], "patient_paid": text(one),
        "correct_secondary": text(two),
    }})  # fmt: skip

    assert cents(msp["refund_to_medicare"]) == cents(own["refund_patient"]) == max(0, one - two)
    assert 0 <= cents(settled["medicare_overpayment"]) <= min(two, one)
    assert cents(credit["credit_balance"]) == sum(payments) + one - billed
    assert cents(credit["refund_secondary"]) == max(0, payments[1] - two)
