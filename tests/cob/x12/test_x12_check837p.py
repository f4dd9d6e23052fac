"""Judging an 837P: what each fault is called, and that none of them passes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.x12.check837p import STRUCTURAL, check_837p
from cob.x12.errors import X12Error
from cob.x12.parts import Adjustment, Party, Procedure, Reference
from cob.x12.read837p import parse_837p, read_837p
from cob.x12.t837p import Claim837P
from tests.cob.x12.test_x12_835 import mutated
from tests.x12.broken import changed
from tests.x12.claims import (
    DECIDED,
    EVERY_KIND,
    SECONDARY,
    lakeside,
    lakeside_lines,
    msp,
    nora,
    payer,
    plan,
    primary,
    secondary,
    secondary_by_totals,
    tertiary,
)

[CLAIM] = parse_837p(SECONDARY)[0].claims
LAST_2430 = "SVD*88001*22.5*HC:36415**1~\nCAS*CO*45*7.5~\nDTP*573*D8*20260213~\nAMT*EAF*0~\n"


def rules(claim, **given):
    return {f.rule for f in check_837p(claim, **given) if f.stops}


def warnings(claim):
    return {f.rule for f in check_837p(claim) if not f.stops}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_good_claim_raises_no_objection(kind):
    assert check_837p(EVERY_KIND[kind](), today=date(2026, 2, 20)) == []


def test_the_good_file_raises_no_objection():
    assert check_837p(CLAIM, today=date(2026, 2, 20)) == []


# Faults in a file that reads well, each caught by the edit of the catalogue it is named after.
FAULTS = {
    "claim and lines disagree": ("CLM*BSC-1001*180*", "CLM*BSC-1001*181*", "C01"),
    "a line out of balance": ("CAS*PR*2*20**3*10", "CAS*PR*2*20**3*9", "C02"),
    "a line without a decision": (LAST_2430, "", "C02"),
    "claim payment and lines disagree": ("AMT*D*112.5", "AMT*D*112", "C03"),
    "no claim payment": ("AMT*D*112.5~\n", "", "C03"),
    "decision dates on both levels": ("REF*F8*LHP770001~", "DTP*573*D8*20260213~REF*F8*LHP770001~", "C04"),
    "patient liability on both levels": ("AMT*D*112.5~", "AMT*D*112.5~AMT*EAF*30~", "C04"),
    "no decision date": ("DTP*573*D8*20260213~\nAMT*EAF*30~", "AMT*EAF*30~", "C05"),
    "decided before the service": ("DTP*573*D8*20260213~\nAMT*EAF*30~", "DTP*573*D8*20260101~AMT*EAF*30~", "C05"),
    "a decision of an unknown payer": ("SVD*88001*22.5", "SVD*88009*22.5", "C06"),
    "a payment below zero": ("SVD*88001*22.5", "SVD*88001*-22.5", "C07"),
    "an unknown group": ("CAS*PR*2*20**3*10", "CAS*ZZ*2*20**3*10", "C08"),
    "an adjustment of nothing": ("CAS*CO*45*7.5~", "CAS*CO*45*7.5**97*0~", "C08"),
    "an unknown reason": ("CAS*CO*45*7.5", "CAS*CO*999*7.5", "C09"),
    "an unknown place": ("***11:B:1*", "***111:B:1*", "C09"),
    "an unknown filing indicator": ("LAKESIDE EMPLOYER PLAN*****CI", "LAKESIDE EMPLOYER PLAN*****QQ", "C09"),
    "two payers in one place": ("SBR*P*18", "SBR*S*18", "C10"),
    "a hole in the order": ("SBR*S**G-900", "SBR*T**G-900", "C10"),
    "nobody first": ("SBR*P*18", "SBR*T*18", "C10"),
    "no OI": ("OI***Y***Y~\n", "", "C11"),
    "no other subscriber": ("NM1*IL*1*OAKES*NORA****MI*LH5550101~\nN3*9 PINE RD~\nN4*DULUTH*MN*55803~\n", "", "C11"),
    "no other payer": ("NM1*PR*2*LAKESIDE HEALTH PLAN*****PI*88001~\nREF*F8*LHP770001~\n", "", "C11"),
    "an MSP reason for another plan": ("NORTHERN EMPLOYER PLAN*****CI", "NORTHERN EMPLOYER PLAN*12****CI", "C12"),
    "Medicare second without a reason": ("NORTHERN EMPLOYER PLAN*****CI", "NORTHERN EMPLOYER PLAN*****MB", "C12"),
    "an unknown frequency": ("***11:B:1*", "***11:B:9*", "C13"),
    "a replacement of nothing": ("***11:B:1*", "***11:B:7*", "C13"),
    "an NPI with a wrong digit": ("*XX*1245319599", "*XX*1245319598", "C16"),
    "no diagnosis": ("HI*ABK:F329*ABF:I10~\n", "", "REQUIRED"),
    "no principal diagnosis": ("HI*ABK:F329*", "HI*ABF:F329*", "REQUIRED"),
    "no birth date": ("DMG*D8*19810617*F~\n", "", "REQUIRED"),
    "no patient address": ("*NORA~\nN3*9 PINE RD~\nN4*DULUTH*MN*55803~\n", "*NORA~\n", "REQUIRED"),
    "no billing address": ("N3*4 BIRCH ST~\nN4*DULUTH*MN*558021234~\n", "", "REQUIRED"),
    "no tax number": ("REF*EI*421234567~\n", "", "REQUIRED"),
    "no member id": ("OAKES*LEON****MI*NP300200", "OAKES*LEON", "REQUIRED"),
    "no service date": ("DTP*472*D8*20260112~\n", "", "REQUIRED"),
    "no units": ("SV1*HC:36415*30*UN*1***1", "SV1*HC:36415*30*UN****1", "REQUIRED"),
    "no pointer": ("SV1*HC:36415*30*UN*1***1", "SV1*HC:36415*30*UN*1", "REQUIRED"),
    "no patient loop": (
        "HL*3*2*23*0~\nPAT*01~\nNM1*QC*1*OAKES*NORA~\nN3*9 PINE RD~\nN4*DULUTH*MN*55803~\nDMG*D8*19810617*F~\n",
        "",
        "REQUIRED",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_caught_by_its_edit(fault):
    old, new, rule = FAULTS[fault]
    [batch] = parse_837p(changed(SECONDARY, old, new))

    assert batch.errors == ()
    assert rule in rules(batch.claims[0])


def test_structural_edits_are_those_that_make_a_claim_useless():
    assert {rule for _, _, rule in FAULTS.values()} - STRUCTURAL == {"C09", "C12", "C13", "C16"}


def test_a_decision_in_the_future_is_caught_on_the_day_it_is_checked():
    assert "C05" not in rules(secondary(), today=DECIDED)
    assert "C05" in rules(secondary(), today=DECIDED - timedelta(days=1))


# The faults of the order that stop first, in words: what follows from the order is not said while it is wrong.
ORDERS = {
    "twice the first": ("SBR*S**", "SBR*P**", "two payers share a place in the order: SBR01 P is given twice"),
    "twice the second": ("SBR*P*18", "SBR*S*18", "two payers share a place in the order: SBR01 S is given twice"),
    "no first": ("SBR*P*18", "SBR*T*18", "no payer is named as primary: SBR01 is S, T and never P"),
    "a hole": ("SBR*S**", "SBR*T**", "the order has a hole in it (SBR01 T, P)"),
    "a place that is none": ("SBR*S**", "SBR*Z**", "SBR01 must be P, S, T or A to H"),
}


@pytest.mark.parametrize("fault", ORDERS)
def test_an_order_that_is_wrong_is_said_as_such_and_alone(fault):
    old, new, says = ORDERS[fault]
    [claim] = parse_837p(changed(SECONDARY, old, new))[0].claims
    stops = [f for f in check_837p(claim) if f.stops]

    assert [(f.rule, f.message) for f in stops] == [("C10", f"Claim BSC-1001 (segment {claim.segment_no}): {says}.")]


def test_a_payer_after_the_destination_cannot_have_decided():
    late = replace(primary(), other_coverages=(lakeside("S"),), lines=lakeside_lines())

    assert "C14" in rules(late)


def test_where_nobody_knows_the_order_a_decision_is_taken_and_its_sums_are_checked():
    to_unknown = replace(secondary(), subscriber=replace(secondary().subscriber, rank_code="U"))
    unbalanced = replace(to_unknown, other_coverages=(lakeside(paid_cents=1_00),))

    assert rules(to_unknown) == set()
    assert "C03" in rules(unbalanced)


def test_a_payer_ahead_must_have_decided_or_be_skipped_with_a8():
    silent = replace(secondary(), other_coverages=(lakeside(paid_cents=None),), lines=primary().lines)
    skipped = replace(silent, other_coverages=(lakeside(paid_cents=None, non_covered_cents=180_00),))

    assert rules(silent) == {"C15"}
    assert rules(skipped) == set()


def test_a_known_later_payer_on_a_primary_claim_needs_no_decision():
    claim = replace(primary(), other_coverages=(lakeside("S", paid_cents=None),))

    assert rules(claim) == set()


def test_medicare_after_two_payers_goes_on_paper():
    claim = tertiary()
    medicare = replace(claim.subscriber, filing_code="MB", msp_type="12", party=nora(member="1EG4TE5MK73"))

    assert rules(replace(claim, subscriber=medicare)) == {"C18"}


def test_a_medicare_number_must_look_like_one():
    claim = msp()

    assert rules(replace(claim, subscriber=replace(claim.subscriber, party=nora(member="123456789A")))) == {"C16"}


def test_an_msp_reason_that_is_none_is_caught():
    claim = msp()

    assert rules(replace(claim, subscriber=replace(claim.subscriber, msp_type="99"))) == {"C12"}


def test_two_other_payers_may_not_share_an_id():
    claim = tertiary()
    twins = tuple(replace(other, payer=payer("88001")) for other in claim.other_coverages)

    assert "C06" in rules(replace(claim, other_coverages=twins))


def test_claim_level_money_must_explain_the_whole_charge():
    claim = secondary_by_totals()
    [other] = claim.other_coverages
    short = replace(other, adjustments=other.adjustments[:-1])

    assert rules(replace(claim, other_coverages=(short,))) == {"C03"}


def test_claim_level_deductions_lower_the_claim_payment_not_the_lines():
    """SVD02 may stand before claim-level deductions: 112.50 on the lines, 12.50 deducted on the claim, 100.00 paid."""
    other = lakeside(paid_cents=100_00, adjustments=(Adjustment("PR", "1", 12_50),))

    assert rules(replace(secondary(), other_coverages=(other,))) == set()


@pytest.mark.parametrize(
    ("claim", "rule"),
    [
        pytest.param(replace(primary(), references=(Reference("F8", "X"),)), "C13", id="F8 on an original"),
        pytest.param(replace(secondary(), patient_paid_cents=112_50), "C17", id="F5 is the other payer's money"),
        pytest.param(replace(primary(), control_number="a" * 21), "C24", id="a long claim number in small letters"),
        pytest.param(
            replace(primary(), lines=tuple(replace(line, number=9) for line in primary().lines)),
            "LX01",
            id="LX out of count",
        ),
        pytest.param(
            replace(primary(), lines=tuple(replace(line, pointers=(3,)) for line in primary().lines)),
            "SV107",
            id="a pointer to nothing",
        ),
    ],
)
def test_oddities_warn_and_do_not_stop(claim, rule):
    assert rule in warnings(claim)
    assert rules(claim) == set()


def test_another_code_decided_than_billed_warns():
    [visit, draw] = lakeside_lines()
    other = replace(draw.adjudications[0], procedure=Procedure("36410"))

    assert warnings(replace(secondary(), lines=(visit, replace(draw, adjudications=(other,))))) == {"C22"}


def test_patient_liability_other_than_the_pr_adjustments_warns():
    [visit, draw] = lakeside_lines()
    other = replace(visit.adjudications[0], patient_liability_cents=25_00)

    assert warnings(replace(secondary(), lines=(replace(visit, adjudications=(other,)), draw))) == {"C21"}


def test_one_adjustment_told_twice_warns():
    other = lakeside(adjustments=(Adjustment("CO", "45", 7_50),))

    assert "C04" in warnings(replace(secondary(), other_coverages=(other,)))


def test_a_finding_names_line_and_amounts():
    [batch] = parse_837p(changed(SECONDARY, "CAS*PR*2*20**3*10", "CAS*PR*2*20**3*9"))
    [finding] = [f for f in check_837p(batch.claims[0]) if f.rule == "C02"]

    assert (finding.claim, finding.line, finding.expected_cents, finding.found_cents) == ("BSC-1001", 1, 150_00, 149_00)
    assert finding.message == (
        "Claim BSC-1001 (line 1, segment 41): payer 88001 paid (SVD02) and adjusted (CAS) 149.00, but the charge "
        "(SV102) is 150.00."
    )


@pytest.mark.parametrize(
    ("is_", "becomes", "says"),
    [
        ("CAS*PR*2*20**3*10", "CAS*ZZ*2*20**3*10", '(line 1, segment 41): CAS01 "ZZ" is no adjustment group'),
        ("CAS*PR*2*20**3*10", "CAS*PR*999*20**3*10", '(line 1, segment 41): CAS02 "999" is no adjustment reason'),
        ("CAS*PR*2*20**3*10", "CAS*PR*2*30**3*0", "(line 1, segment 41): adjustment PR-3 has no amount (CAS03)"),
    ],
)
def test_what_is_said_of_a_code_names_the_element_it_stands_in(is_, becomes, says):
    [batch] = parse_837p(changed(SECONDARY, is_, becomes))

    assert any(says in f.message for f in check_837p(batch.claims[0]) if f.stops)


def test_a_claim_of_an_organisation_without_dates_is_judged_without_crashing():
    empty = Claim837P("", 0, primary().billing, plan("P", party=Party("IL")), payer(""), ())

    assert "REQUIRED" in rules(empty)


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_mutated_file_is_read_and_judged_or_refused_and_never_crashes(chance, times):
    with suppress(X12Error):
        for event in read_837p(mutated(SECONDARY, chance, times)):
            if isinstance(event, Claim837P):
                check_837p(event, today=date(2026, 2, 20))
