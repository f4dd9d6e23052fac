"""Whatever the figures: the charge is payments, write-off and patient to the cent, or it is refused in one line."""

from __future__ import annotations

import copy

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cob.rules import BadCase, expect
from cob.rules.payment.amounts import money
from cob.rules.payment.needs import NEEDS
from tests.cob.rules.payment.lines import CASES, inputs_of

AMOUNT = st.integers(0, 60_000)
RATE = st.sampled_from(["0", "0.20", "0.333333", "0.50", "0.75", "0.80", "1"])
CAPS = st.sampled_from([None, "lowest_contracted", "highest_contracted", "primary_allowed", "billed", "zero"])
EXPENSES = st.sampled_from(
    [None, "highest_contracted", "primary_allowed", "billed", "highest_ucr", "primary_cost_share"]
)


KINDS = ("medicaid", "medigap", "tricare", "medicare_part_a", "medicare_part_b")
FLAGS = ("in_network", "assigned", "participating", "qmb", "full_medicaid", "enrolled")


@st.composite
def payers(draw):
    """Terms of a later payer of any method."""
    method = draw(st.sampled_from(sorted(set(NEEDS) - {"unknown"})))
    kind = {"msp_part_a": "medicare_part_a", "msp_part_b": "medicare_part_b"}.get(method, method)
    return {
        "payer_type": kind if kind in KINDS else "commercial",
        "method": method,
        **{name: money(draw(AMOUNT)) for name in (
            "allowed", "deductible_remaining", "copay", "gross_payable", "deductible_plus_coinsurance", "flat_payment",
            "visit_copay", "benefit_max_remaining", "reserve_balance",
        )},
        **{name: draw(RATE) for name in ("plan_pct", "patient_coinsurance", "patient_cost_share", "sequestration")},
        **{name: draw(st.booleans()) for name in FLAGS},
        "policy": draw(st.sampled_from(["lesser_of", "full", "none"])),
        "medigap_letter": draw(st.sampled_from("ABCDFGKLMN")),
        "covers": {"1": money(draw(AMOUNT)), "2": money(draw(AMOUNT))},
    }  # fmt: skip


@st.composite
def terms(draw, least_share=0):
    """A line whose first answer adds up, and one or two later payers of any method."""
    paid, *parts = draw(st.lists(AMOUNT, min_size=5, max_size=5))
    reasons = [("CO", "45"), ("PR", draw(st.sampled_from(["1", "2", "3", "96", "45"]))), ("PR", "100"), ("CO", "253")]
    parts[1] = draw(st.integers(least_share, 60_000))
    if draw(st.booleans()):
        parts[2] = 0
    cas = [{"group": g, "carc": c, "amount": money(m)} for (g, c), m in zip(reasons, parts, strict=True)]
    billed = paid + sum(parts)
    assume(billed >= 0)
    inputs = {
        "billed": money(billed),
        "primary": {
            "payer_type": draw(st.sampled_from(["commercial", "medicare_part_b", "group_health_plan"])),
            "allowed": money(draw(st.integers(0, billed))), "paid": money(paid), "cas": cas,
            "in_network": draw(st.sampled_from([True, False, None])),
        },
        "secondary": draw(payers()),
        "obligations": {
            name: value
            for name, value in (("patient_cap_rule", draw(CAPS)), ("allowable_expense_rule", draw(EXPENSES)))
            if value is not None
        },
    }  # fmt: skip
    if draw(st.booleans()):
        inputs["tertiary"] = draw(payers())
    return inputs


def takes(inputs):
    """Whether nothing stands against the order of the payers."""
    kinds = [inputs["primary"]["payer_type"], inputs["secondary"]["payer_type"]]
    seconds = [inputs["secondary"], *([inputs["tertiary"]] if "tertiary" in inputs else [])]
    return all(
        one["method"] != "medigap" or any(kind.startswith("medicare") for kind in kinds[: at + 1])
        for at, one in enumerate(seconds)
    )


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(terms().filter(takes))
def test_charge_is_payments_write_off_and_patient_to_the_cent(inputs):
    answer = expect(inputs)
    paid = sum(answer.payments.values())

    assert answer.billed == paid + answer.write_off + answer.patient
    assert paid <= answer.billed
    assert min(answer.write_off, answer.patient, *answer.payments.values()) >= 0
    for place in ("secondary", "tertiary"):
        payer = inputs.get(place)
        if payer and payer["method"] == "msp_part_b":
            as_primary = next(
                (leg.cents for leg in answer.legs if leg.name.startswith("leg2") and leg.payer == place), 0
            )
            assert 0 <= answer.payments[place] <= as_primary


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(terms(least_share=-60_000).filter(takes))
def test_a_share_below_zero_is_owed_by_nobody(inputs):
    answer = expect(inputs)

    assert answer.billed == sum(answer.payments.values()) + answer.write_off + answer.patient
    assert min(answer.patient, *answer.payments.values()) >= 0


@settings(max_examples=60)
@given(terms().filter(takes), terms().filter(takes))
def test_a_claim_is_the_sum_of_its_lines(one, two):
    answer = expect({"secondary": {"payer_type": "commercial", "method": "none"}, "lines": [one, two]})

    assert answer.billed == sum(answer.payments.values()) + answer.write_off + answer.patient
    assert answer.write_off == expect(one).write_off + expect(two).write_off


ODD = [
    None,
    True,
    "",
    "x",
    "-1.00",
    "99999999.99",
    "1000000000000",
    1,
    1.5,
    [],
    {},
    [1],
    {"a": 1},
    "none",
    "msp_part_b",
]


@settings(max_examples=400)
@given(st.sampled_from(sorted(CASES)), st.randoms(use_true_random=False))
def test_whatever_is_spoilt_in_a_case_it_is_answered_or_refused_in_one_line(name, rng):
    inputs = inputs_of(name)
    at = inputs
    while True:
        key = rng.choice(list(at) if isinstance(at, dict) else range(len(at)))
        if not isinstance(at[key], dict | list) or not at[key] or rng.random() < 0.2:
            break
        at = at[key]
    at[key] = copy.deepcopy(rng.choice(ODD))
    answer, said = _answer(inputs)

    assert (answer is None) == bool(said)
    assert "\n" not in said
    if answer is not None and not answer.unknown:
        assert answer.billed == sum(answer.payments.values()) + answer.write_off + answer.patient


def _answer(inputs):
    try:
        return expect(inputs), ""
    except BadCase as refused:
        return None, str(refused)
