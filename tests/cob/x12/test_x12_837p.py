"""Reading an 837P and judging it: what each fault is called, and that none of them passes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cob.x12.check837p import STRUCTURAL, check_837p
from cob.x12.errors import X12Error
from cob.x12.parts import Adjustment, Party, Procedure, Reference
from cob.x12.read837p import Trailer837P, parse_837p, read_837p
from cob.x12.t837p import Batch837P, Claim837P, Contract, Diagnosis
from tests.cob.x12.test_x12_835 import mutated
from tests.x12.broken import changed, miscounted
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

[BATCH] = parse_837p(SECONDARY)
[CLAIM] = BATCH.claims
LAST_2430 = "SVD*88001*22.5*HC:36415**1~\nCAS*CO*45*7.5~\nDTP*573*D8*20260213~\nAMT*EAF*0~\n"


def rules(claim, **given):
    return {f.rule for f in check_837p(claim, **given) if f.stops}


def warnings(claim):
    return {f.rule for f in check_837p(claim) if not f.stops}


def test_the_batch_says_who_sends_it_and_when():
    assert (BATCH.submitter.name, BATCH.receiver.id, BATCH.reference) == (
        "BIRCH STREET CLINIC",
        "CLEARHOUSE",
        "B20260220A",
    )
    assert (BATCH.made_on, BATCH.envelope.interchange_control, BATCH.envelope.usage) == (
        date(2026, 2, 20),
        "000000812",
        "T",
    )
    assert BATCH.errors == ()


def test_a_claim_comes_with_the_loops_above_it():
    assert (CLAIM.billing.npi, CLAIM.billing.taxonomy, CLAIM.billing.tax_id) == (
        "1679576722",
        "207Q00000X",
        "421234567",
    )
    assert (CLAIM.subscriber.rank_code, CLAIM.subscriber.group_number, CLAIM.subscriber.party.first) == (
        "S",
        "G-900",
        "LEON",
    )
    assert (CLAIM.payer.party.id, CLAIM.patient.relationship, CLAIM.patient.born_on) == (
        "77005",
        "01",
        date(1981, 6, 17),
    )
    assert (CLAIM.place, CLAIM.frequency, CLAIM.assignment, CLAIM.medical_record_number) == ("11", "1", "A", "MR-77")
    assert CLAIM.diagnoses == (Diagnosis("F329", "ABK"), Diagnosis("I10", "ABF"))
    assert CLAIM.provider("82").npi == "1245319599"


def test_the_other_payer_and_its_decision_on_each_line_are_read():
    [other] = CLAIM.other_coverages
    visit, draw = CLAIM.lines

    assert (other.payer_id, other.paid_cents, other.payer.control_number) == ("88001", 112_50, "LHP770001")
    assert (other.benefits_assigned, other.release, other.has_benefit_flags) == ("Y", "Y", True)
    assert visit.procedure == Procedure("99214", ("25",))
    assert (visit.pointers, visit.control_number, visit.service_on) == ((1, 2), "1", date(2026, 1, 12))
    assert (draw.service_until, draw.units) == (date(2026, 1, 13), Decimal(1))
    [decision] = visit.adjudications
    assert (decision.payer_id, decision.paid_cents, decision.patient_liability_cents) == ("88001", 90_00, 30_00)
    assert decision.adjustments == (
        Adjustment("CO", "45", 30_00),
        Adjustment("PR", "2", 20_00),
        Adjustment("PR", "3", 10_00),
    )
    assert decision.adjudicated_on == date(2026, 2, 13)


def test_claim_details_that_matter_to_other_payers_are_read():
    data = changed(SECONDARY, "CLM*BSC-1001*180***11:B:1*Y*A*Y*Y~", "CLM*BSC-1001*180***11:B:1*Y*A*Y*Y**AA:EM::MN~")
    data = changed(
        data,
        "REF*EA*MR-77~",
        "DTP*439*D8*20260110~PWK*EB*FX***AC*B77~CN1*09*120~AMT*F5*10~REF*G1*PA9~REF*9F*R2~NTE*ADD*SEEN TWICE~",
    )

    claim = parse_837p(data)[0].claims[0]

    assert (claim.related_causes, claim.accident_state, claim.accident_on) == (("AA", "EM"), "MN", date(2026, 1, 10))
    assert (claim.attachments[0].report_type, claim.attachments[0].control_number) == ("EB", "B77")
    assert (claim.contract, claim.patient_paid_cents) == (Contract("09", 120_00), 10_00)
    assert (claim.prior_authorization, claim.referral, claim.note) == ("PA9", "R2", "SEEN TWICE")


def test_what_means_nothing_here_is_carried_for_the_next_payer():
    data = changed(SECONDARY, "REF*6R*2~\n", "QTY*PT*2~REF*6R*2~LIN**N4*01234567891~CTP****1*UN~REF*XZ*RX1~")

    line = parse_837p(data)[0].claims[0].lines[1]

    assert line.carried == ("QTY*PT*2", "LIN**N4*01234567891", "CTP****1*UN", "REF*XZ*RX1")
    assert line.control_number == "2"


def test_carried_segments_are_kept_in_our_own_separators():
    data = changed(SECONDARY, "REF*6R*2~\n", "REF*6R*2~LIN**N4*01234567891~CTP****1*UN:X~")
    other = data.translate(bytes.maketrans(b"*:~", b"|>'"))

    assert parse_837p(other)[0].claims[0].lines[1].carried == ("LIN**N4*01234567891", "CTP****1*UN:X")


def test_unknown_segments_are_kept_and_reported():
    assert parse_837p(changed(SECONDARY, "REF*6R*2~", "REF*6R*2~XX*1~"))[0].claims[0].unread == ("XX*1",)


def test_the_raw_segments_of_a_claim_are_kept():
    assert CLAIM.raw[0].startswith("CLM*BSC-1001")
    assert CLAIM.raw[-1] == "AMT*EAF*0"


def test_several_claims_share_the_loops_above_them():
    second = SECONDARY.decode()
    start, end = second.index("CLM*"), second.index("SE*52")
    data = changed(SECONDARY, second[start:end], second[start:end] + second[start:end].replace("BSC-1001", "BSC-1002"))

    first, other = parse_837p(data)[0].claims

    assert (first.control_number, other.control_number) == ("BSC-1001", "BSC-1002")
    assert first.patient == other.patient


def test_claims_stream_one_at_a_time():
    assert [type(e) for e in read_837p(SECONDARY)] == [Batch837P, Claim837P, Trailer837P]


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_good_claim_raises_no_objection(kind):
    assert check_837p(EVERY_KIND[kind](), today=date(2026, 2, 20)) == []


def test_the_good_file_raises_no_objection():
    assert check_837p(CLAIM, today=date(2026, 2, 20)) == []


# Faults that the reader itself meets: the transaction is not taken, and the sentence names the place.
UNREADABLE = {
    "segments out of order": ("AMT*D*112.5~\nOI***Y***Y~\n", "OI***Y***Y~\nAMT*D*112.5~\n", "AMT before OI"),
    "date after amount in 2430": (
        "DTP*573*D8*20260213~\nAMT*EAF*30~",
        "AMT*EAF*30~DTP*573*D8*20260213~",
        "DTP before AMT",
    ),
    "a wrong parent": ("HL*3*2*23*0", "HL*3*9*23*0", "HL02"),
    "a wrong HL number": ("HL*3*2*23*0", "HL*4*2*23*0", "HL01"),
    "an unknown level": ("HL*3*2*23*0", "HL*3*2*24*0", "HL03"),
    "a date that does not exist": ("DTP*472*D8*20260112", "DTP*472*D8*20261312", "DTP03"),
    "no charge on a line": ("SV1*HC:36415*30*", "SV1*HC:36415**", "SV102"),
    "no procedure": ("SV1*HC:36415*30*", "SV1**30*", "SV101"),
    "an adjustment without amount": ("CAS*CO*45*7.5", "CAS*CO*45", "CAS03"),
    "a payment that is no number": ("SVD*88001*22.5*", "SVD*88001*22,5*", "SVD02"),
    "a paid amount left out": ("SVD*88001*22.5*", "SVD*88001**", "SVD02"),
    "no claim number": ("CLM*BSC-1001*", "CLM**", "CLM01"),
    "a diagnosis without qualifier": ("HI*ABK:F329*", "HI*F329*", "HI01"),
    "a pointer that is no number": ("*UN*1***1:2~", "*UN*1***1:X~", "SV107"),
    "an institutional line": ("SV1*HC:36415*30*UN*1***1~", "SV2*0300*HC:36415*30*UN*1~", "SV2"),
    "no subscriber": ("NM1*IL*1*OAKES*LEON****MI*NP300200~\n", "", "NM1*IL"),
    "no payer": ("NM1*PR*2*NORTHERN HEALTH*****PI*77005~\n", "", "NM1*PR"),
    "no billing provider": ("NM1*85*2*", "NM1*XX*2*", "NM1*85"),
    "no patient name": ("NM1*QC*1*OAKES*NORA~\n", "", "NM1*QC"),
    "no SBR": ("SBR*S**G-900*NORTHERN EMPLOYER PLAN*****CI~\n", "", "SBR"),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_fault_of_structure_is_named_by_the_reader(fault):
    old, new, named = UNREADABLE[fault]

    *_, trailer = read_837p(changed(SECONDARY, old, new))

    assert any(named in str(e) for e in trailer.errors), trailer.errors


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        pytest.param("SE*52*", "SE*99*", "SE01", id="a wrong segment count"),
        pytest.param("SE*52*0001", "SE*52*0009", "SE02", id="ST and SE disagree"),
    ],
)
def test_a_wrong_end_spoils_the_transaction(old, new, named):
    *_, trailer = read_837p(miscounted(SECONDARY, old, new))

    assert named in str(trailer.errors[0])


def test_a_wrong_interchange_number_spoils_the_file():
    with pytest.raises(X12Error, match="IEA02"):
        list(read_837p(miscounted(SECONDARY, "IEA*1*000000812", "IEA*1*000000999")))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("BHT*0019", "BHX*0019", "no BHT", id="no BHT"),
        pytest.param("NM1*41*2", "NM1*4X*2", "NM1\\*41", id="no submitter"),
        pytest.param("NM1*40*2", "NM1*4X*2", "NM1\\*40", id="no receiver"),
    ],
)
def test_a_batch_without_a_head_is_refused(old, new, says):
    with pytest.raises(X12Error, match=says):
        parse_837p(changed(SECONDARY, old, new))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(SECONDARY.replace(b"005010X222A1", b"004010X098A1"), "4010", id="4010"),
        pytest.param(SECONDARY.replace(b"005010X222A1", b"005010X223A2"), "institutional", id="institutional"),
        pytest.param(SECONDARY.replace(b"ST*837", b"ST*835"), "expected 837", id="another kind"),
    ],
)
def test_another_kind_of_file_is_refused_by_name(data, says):
    with pytest.raises(X12Error, match=says):
        list(read_837p(data))


@pytest.mark.parametrize("guide", [b"005010X222", b"005010X222A1", b"005010X222A2"])
def test_every_name_of_the_professional_guide_is_taken(guide):
    assert parse_837p(SECONDARY.replace(b"005010X222A1", guide))[0].errors == ()


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


def test_a_payer_after_the_destination_cannot_have_decided():
    late = replace(primary(), other_coverages=(lakeside("S"),), lines=lakeside_lines())

    assert "C14" in rules(late)


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
        "Claim BSC-1001 (line 1, segment 41): payer 88001 paid and adjusted 149.00, but the charge is 150.00."
    )


def test_a_claim_of_an_organisation_without_dates_is_judged_without_crashing():
    empty = Claim837P("", 0, primary().billing, plan("P", party=Party("IL")), payer(""), ())

    assert "REQUIRED" in rules(empty)


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_mutated_file_is_read_and_judged_or_refused_and_never_crashes(chance, times):
    with suppress(X12Error):
        for event in read_837p(mutated(SECONDARY, chance, times)):
            if isinstance(event, Claim837P):
                check_837p(event, today=date(2026, 2, 20))
