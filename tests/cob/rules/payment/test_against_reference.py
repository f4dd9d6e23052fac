"""Claims of several lines with up to three payers, any methods in a row: as reckoned directly, to the cent."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from cob.rules import expect
from cob.rules.payment.amounts import money
from tests.reference.payments import Line, Plan, expected

CENTS = st.sampled_from([0, 1, 99, 100_00]) | st.integers(0, 200_00)
METHODS = ("basic", "standard_pr", "carve_out", "wraparound", "flat", "msp_part_b", "medicaid")
OF_ONE_LINE = (*METHODS, "msp_part_a")  # Part A reckons a stay as a whole
KINDS = {"msp_part_a": "medicare_part_a", "msp_part_b": "medicare_part_b", "medicaid": "medicaid"}
MEDICARE = {"msp_part_a", "msp_part_b"}
RATES = {"msp_part_b": ("0", "0.20"), "medicaid": ("0",)}


@st.composite
def lines(draw, contracted):
    if draw(st.integers(0, 3)) == 0:
        return Line(draw(CENTS), 0, {}, contracted, refused=True)
    paid, share = draw(CENTS), {carc: draw(CENTS) for carc in ("1", "2", "3")}
    return Line(paid + sum(share.values()) + draw(CENTS), paid, share, contracted)


@st.composite
def plans(draw, count, methods):
    method = draw(st.sampled_from(methods))
    plan = Plan(method, draw(st.lists(CENTS, min_size=count, max_size=count)))
    plan.rate = draw(st.sampled_from(RATES.get(method, ("0", "0.333333", "0.80", "1"))))
    plan.contracted = method not in KINDS and draw(st.booleans())
    plan.deductible, plan.copay = draw(st.just(0) | CENTS), draw(st.just(0) | CENTS)
    if method not in KINDS and draw(st.booleans()):
        plan.most = draw(CENTS)
    if method == "wraparound":
        plan.covers = {carc: draw(CENTS) for carc in draw(st.sets(st.sampled_from("123")))}
    plan.flat = draw(CENTS)
    plan.stays = draw(st.lists(st.tuples(CENTS, CENTS), min_size=count, max_size=count))
    return plan


@st.composite
def claims(draw):
    contracted = draw(st.booleans())
    services = draw(st.lists(lines(contracted), min_size=1, max_size=3))
    methods = METHODS if services[1:] else OF_ONE_LINE
    payers = [draw(plans(len(services), methods))]
    if payers[0].method != "medicaid" and draw(st.booleans()):  # nobody comes after Medicaid
        taken = MEDICARE if payers[0].method in MEDICARE else ()
        payers.append(draw(plans(len(services), [method for method in methods if method not in taken])))
    return services, payers, draw(st.sampled_from(["lowest", "highest"]))


def as_inputs(services, payers, cap):
    """The same as the contract writes it."""
    inputs = {"obligations": {"patient_cap_rule": f"{cap}_contracted"}, "lines": []}
    named = list(zip(("secondary", "tertiary"), payers, strict=False))
    for place, plan in named:
        inputs[place] = {
            "payer_type": KINDS.get(plan.method, "commercial"), "method": plan.method, "policy": "lesser_of",
            "plan_pct": plan.rate, "patient_coinsurance": plan.rate, "in_network": plan.contracted,
            "deductible_remaining": money(plan.deductible), "copay": money(plan.copay),
            "covers": {carc: money(cents) for carc, cents in plan.covers.items()},
            "benefit_max_remaining": money(plan.most) if plan.most < 10**9 else None,
            "gross_payable": money(plan.stays[0][0]), "deductible_plus_coinsurance": money(plan.stays[0][1]),
        }  # fmt: skip
    for n, line in enumerate(services):
        off = ("CO", "45", line.billed - line.allowed) if line.binds else ("CO", "45", 0)
        cas = [*(("PR", carc, cents) for carc, cents in line.left.items()), off]
        inputs["lines"].append({
            "billed": money(line.billed),
            "primary": {
                "payer_type": "commercial", "allowed": money(line.allowed), "paid": money(line.paid),
                "in_network": line.contracted,
                "cas": [{"group": group, "carc": carc, "amount": money(cents)} for group, carc, cents in cas],
            },
            **{
                place: {"allowed": money(plan.fees[n]), "flat_payment": money(plan.flat)}
                for place, plan in named
            },
        })  # fmt: skip
    if any(plan.method == "msp_part_a" for _, plan in named):
        (line,) = inputs.pop("lines")
        inputs |= line | {place: inputs[place] | line[place] for place, _ in named}
    return inputs


@settings(max_examples=200)
@given(claims())
def test_every_payer_and_the_patient_as_reckoned_directly(claim):
    services, payers, cap = claim
    answer = expect(as_inputs(services, payers, cap))
    pays, patient = expected(services, copy.deepcopy(payers), cap)

    assert [cents for place, cents in answer.payments.items() if place != "primary"] == pays
    assert answer.patient == patient
    assert answer.billed == sum(answer.payments.values()) + answer.write_off + answer.patient
    assert answer.patient <= answer.billed
