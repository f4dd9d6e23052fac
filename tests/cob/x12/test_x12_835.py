"""Reading a remittance: every field that somebody posts, works or argues from, and which faults hold the money."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.x12.balance835 import balance_835, check_835
from cob.x12.errors import X12Error
from cob.x12.parts import Adjustment, Contact, NamedAmount, NamedQuantity, Procedure, Reference
from cob.x12.read835 import parse_835, read_835
from cob.x12.t835 import Claim835, Header835, ProviderAdjustment, Trailer835
from tests.x12.broken import changed, miscounted
from tests.x12.claims import REMITTANCE

[READ] = parse_835(REMITTANCE)
NORA, IVO, BACK, AGAIN = READ.claims


def checked(data):
    [found] = check_835(data)
    return found


def test_the_header_says_who_paid_whom_how_much_and_when():
    header = READ.header

    assert (header.paid_cents, header.method, header.handling, header.credit_or_debit) == (141_17, "ACH", "I", "C")
    assert (header.trace, header.payer_trace_id, header.originator_id) == ("EFT900417", "1999888777", "1999888777")
    assert (header.paid_on, header.produced_on) == (date(2026, 2, 13), date(2026, 2, 12))
    assert (header.payer.name, header.payer.id, header.payer.address.city) == (
        "LAKESIDE HEALTH PLAN",
        "88001",
        "DULUTH",
    )
    assert (header.payee.npi, header.payee.tax_id) == ("1679576722", "421234567")
    assert (header.interchange_control, header.group_control, header.transaction_control) == (
        "000004711",
        "4711",
        "0001",
    )


def test_a_claim_keeps_its_numbers_people_and_remarks():
    assert (NORA.control_number, NORA.status, NORA.payer_control_number) == ("BSC-1001", "1", "LHP770001")
    assert (NORA.charge_cents, NORA.paid_cents, NORA.patient_cents) == (180_00, 112_50, 30_00)
    assert (NORA.patient.name, NORA.patient.id, NORA.rendering.id) == ("OAKES", "LH5550101", "1245319599")
    assert (NORA.remark_codes, NORA.received_on) == (("MA01",), date(2026, 1, 20))
    assert (NORA.filing_code, NORA.place, NORA.frequency) == ("12", "11", "1")


def test_a_line_keeps_every_adjustment_with_its_quantity():
    visit, draw = NORA.lines

    assert visit.procedure == Procedure("99214", ("25",))
    assert visit.adjustments == (
        Adjustment("CO", "45", 30_00),
        Adjustment("PR", "2", 20_00, Decimal(1)),
        Adjustment("PR", "3", 10_00),
    )
    assert (visit.control_number, visit.policies, visit.allowed_cents) == ("1", ("POL-12",), 120_00)
    assert (visit.service_on, visit.service_until) == (date(2026, 1, 12), None)
    assert (draw.service_on, draw.service_until) == (date(2026, 1, 12), date(2026, 1, 13))
    assert (draw.units, draw.remark_codes) == (Decimal(1), ("N19",))


def test_the_submitted_code_is_kept_beside_the_paid_one():
    data = changed(REMITTANCE, "SVC*HC:36415*30*22.5**1**1", "SVC*HC:36410*30*22.5**1*HC:36415*2")

    line = parse_835(data)[0].claims[0].lines[1]

    assert (line.procedure.code, line.submitted.code, line.submitted_units) == ("36410", "36415", Decimal(2))


def test_every_sign_of_a_crossover_is_seen():
    assert IVO.crossover_signals == ("CLP02 19", "NM1*TT", "MA18")
    assert (IVO.crossover_carrier.name, IVO.crossover_carrier.id) == ("NORTHERN SUPPLEMENT", "60099")
    assert NORA.crossover_signals == ()


def test_a_reversal_comes_negative_with_its_groups():
    assert BACK.is_reversal
    assert (BACK.charge_cents, BACK.paid_cents, BACK.original_control_number) == (-120_00, -80_00, "LHP550004")
    assert BACK.lines[0].adjustments == (Adjustment("CO", "45", -24_00), Adjustment("PR", "3", -16_00))
    assert AGAIN.lines[0].adjustments == (Adjustment("OA", "23", 69_00), Adjustment("OA", "94", -9_00))


def test_provider_adjustments_are_read_in_pairs():
    assert READ.provider_adjustments == (
        ProviderAdjustment("1679576722", date(2026, 12, 31), "WO", "LHP440002", 15_00),
        ProviderAdjustment("1679576722", date(2026, 12, 31), "L6", "", -2_50),
    )


def test_the_raw_segments_of_a_claim_are_kept_for_the_file():
    assert IVO.raw[0] == "CLP*BSC-1002*19*96*61.17*15.29*MB*LHP770002*11*1"
    assert IVO.raw[-1] == "REF*6R*1"
    assert len(IVO.raw) == 9


def test_other_parties_of_a_claim_are_told_apart():
    extra = (
        "NM1*IL*1*OAKES*LEON****MI*X1~NM1*74*1*OAKS*NORA****C*LH1~NM1*PR*2*OTHER PLAN*****PI*60001~NM1*GB*1*OAKES*LEON~"
    )
    claim = parse_835(changed(REMITTANCE, "NM1*82*1*FINCH*ADAM****XX*1245319599~\n", extra))[0].claims[0]

    assert (claim.subscriber.first, claim.corrected.name) == ("LEON", "OAKS")
    assert (claim.corrected_payer.id, claim.other_subscriber.first) == ("60001", "LEON")


def test_coverage_dates_and_inpatient_remarks_are_read():
    extra = "MIA*0****MA01*1**************MA18~DTM*036*20251231~DTM*232*20260101~DTM*233*20260102~AMT*AU*120~"
    claim = parse_835(changed(REMITTANCE, "MOA***MA01~\nREF*EA*MR-77~\n", extra))[0].claims[0]

    assert (claim.coverage_expired_on, claim.statement_from_on) == (date(2025, 12, 31), date(2026, 1, 1))
    assert (claim.inpatient_remarks, claim.amounts[0].cents) == (("MA01", "MA18"), 120_00)


def test_a_hospitals_answer_keeps_days_amounts_contacts_and_the_provider_billed_under():
    extra = "MIA*3*10.5**4200.25*MA01*1**************MA18~PER*CX*CLAIM DESK*TE*2185550111~QTY*CA*3~QTY*LE*0~"
    data = changed(REMITTANCE, "MOA***MA01~\nREF*EA*MR-77~\n", extra).replace(
        b"11*1~\nNM1*QC*1*OAKES", b"11*1**291*1.75*.5~\nNM1*QC*1*OAKES"
    )
    data = changed(data, "LX*1~\n", "LX*1~\nTS3*1245319599*11*20261231*4*276~\n")
    claim = parse_835(data)[0].claims[0]

    assert (claim.drg, claim.drg_weight, claim.discharge_fraction) == ("291", Decimal("1.75"), Decimal("0.5"))
    assert claim.settlement_counts == (NamedQuantity("MIA01", Decimal(3)),)
    assert claim.settlement_amounts == (
        NamedAmount("MIA02", 10_50), NamedAmount("MIA04", 4200_25), NamedAmount("MIA06", 1_00),
    )  # fmt: skip
    assert claim.inpatient_remarks == ("MA01", "MA18")
    assert claim.contacts == (Contact("CLAIM DESK", (("TE", "2185550111"),), "CX"),)
    assert claim.quantities == (NamedQuantity("CA", Decimal(3)), NamedQuantity("LE", Decimal(0)))
    assert (claim.billed_under, claim.unread) == ("1245319599", ())


def test_medicares_outpatient_amounts_are_kept():
    data = changed(REMITTANCE, "MOA***MA18*MA01~", "MOA*.8*61.17*MA18*MA01****30*10.01~")
    claim = parse_835(data)[0].claims[1]

    assert (claim.reimbursement_rate, claim.hcpcs_payable_cents) == (Decimal("0.8"), 61_17)
    assert claim.settlement_amounts == (NamedAmount("MOA08", 30_00), NamedAmount("MOA09", 10_01))


def test_a_bundled_service_says_what_was_sent_and_what_went_into_another():
    data = changed(REMITTANCE, "SVC*HC:99214:25*150*90**1~", "SVC*HC:99215*150*90**1*HC:99214:25*1~")
    data = changed(data, "SVC*HC:36415*30*22.5**1**1~", "SVC*HC:36415*30*0**0*HC:36415*1~")
    data = changed(data, "CAS*CO*45*7.5*1~", "CAS*CO*97*30~")
    first, second = parse_835(data)[0].claims[0].lines

    assert (first.is_recoded, first.submitted.code, first.is_bundled_away) == (True, "99214", False)
    assert (second.is_recoded, second.submitted_units, second.is_bundled_away) == (False, Decimal(1), True)


def test_a_second_party_of_one_kind_is_kept_as_unread_and_does_not_replace_the_first():
    line = "NM1*82*1*FINCH*ADAM****XX*1245319599~\n"
    claim = parse_835(changed(REMITTANCE, line, line + "NM1*82*1*OTHER*EVE~\n"))[0].claims[0]

    assert (claim.rendering.name, claim.unread) == ("FINCH", ("NM1*82*1*OTHER*EVE",))


def test_a_services_quantities_and_the_headers_numbers_are_kept():
    data = changed(REMITTANCE, "AMT*B6*120~", "AMT*B6*120~QTY*ZL*3.75~")
    [read] = parse_835(changed(data, "REF*EV*BIRCHCLINIC~", "CUR*PR*USD~REF*EV*BIRCHCLINIC~REF*F2*V7~"))

    assert read.claims[0].lines[0].quantities == (NamedQuantity("ZL", Decimal("3.75")),)
    assert (read.header.currency, read.header.references) == ("USD", (Reference("F2", "V7"),))


def test_several_transactions_payers_and_checks_of_one_file_are_told_apart():
    inner = REMITTANCE[REMITTANCE.index(b"ST*") : REMITTANCE.index(b"GE*")].decode()
    other = inner.replace("*0001", "*0002").replace("EFT900417", "CHK77").replace("LAKESIDE HEALTH PLAN", "NORTHERN")
    data = REMITTANCE.decode().replace("GE*1", other + "GE*2").encode()

    assert [(t.header.payer.name, t.header.trace, len(t.claims)) for t in parse_835(data)] == [
        ("LAKESIDE HEALTH PLAN", "EFT900417", 4), ("NORTHERN", "CHK77", 4),
    ]  # fmt: skip


def test_segments_nobody_knows_are_kept_and_reported():
    found = checked(changed(REMITTANCE, "AMT*B6*120~", "AMT*B6*120~XX*B6*800~"))

    assert found.is_postable
    assert [f.rule for f in found.findings] == ["UNREAD"]
    assert parse_835(changed(REMITTANCE, "AMT*B6*120~", "XX*B6*800~"))[0].claims[0].unread == ("XX*B6*800",)


def test_a_good_file_balances_and_posts():
    found = checked(REMITTANCE)

    assert (found.is_balanced, found.is_postable, found.reason, found.findings) == (True, True, "", [])
    assert (found.claims, found.lines, found.claims_paid_cents, found.plb_cents) == (4, 5, 153_67, 12_50)


def test_claims_stream_one_at_a_time():
    events = read_835(io.BytesIO(REMITTANCE))

    kinds = [type(event) for event in events]

    assert kinds == [Header835, *[Claim835] * 4, *[ProviderAdjustment] * 2, Trailer835]


# What a fault does and why. HOLD: nothing of the transaction is posted. WARN: it is posted and somebody looks.
HOLD = {
    "a line out of balance": ("CAS*PR*2*20*1*3*10", "CAS*PR*2*20*1*3*9", "E1"),
    "a paid amount of a line off by a cent": ("SVC*HC:99213*96*61.17", "SVC*HC:99213*96*61.18", "E1"),
    "a claim's payment off": ("CLP*BSC-1001*1*180*112.5*", "CLP*BSC-1001*1*180*112.51*", "E2"),
    "a claim's charge off": ("CLP*BSC-1001*1*180*", "CLP*BSC-1001*1*181*", "E2"),
    "an adjustment on both levels": ("NM1*QC*1*OAKES", "CAS*CO*45*30~NM1*QC*1*OAKES", "E3"),
    "the payment off": ("BPR*I*141.17", "BPR*I*141.18", "E4"),
    "the sign of a PLB turned": ("*WO:LHP440002*15*", "*WO:LHP440002*-15*", "E4"),
    "an unknown status": ("CLP*BSC-1002*19*", "CLP*BSC-1002*99*", "CLP02"),
    "an unknown group": ("CAS*OA*23*69", "CAS*ZZ*23*69", "CAS01"),
    "a 4010 group outside a reversal": ("CAS*OA*23*69", "CAS*CR*23*69", "CAS01"),
    "an impossible reason": ("CAS*OA*23*69", "CAS*OA*XX*69", "CAS02"),
    "no patient": ("NM1*QC*1*PELT*IVO****MI*1EG4TE5MK73~\n", "", "NM1*QC"),
}
UNREADABLE = {
    "letters in an amount": ("SVC*HC:99213*96*61.17", "SVC*HC:99213*96*6l.17", "SVC03"),
    "three decimals": ("AMT*B6*120", "AMT*B6*120.005", "AMT02"),
    "no charge": ("SVC*HC:99213*96*61.17", "SVC*HC:99213**61.17", "SVC02"),
    "no payment on the claim": ("CLP*BSC-1002*19*96*61.17*", "CLP*BSC-1002*19*96**", "CLP04"),
    "no claim number": ("CLP*BSC-1002*", "CLP**", "CLP01"),
    "no procedure": ("SVC*HC:99213*", "SVC**", "SVC01"),
    "a service date that does not exist": ("DTM*472*20260115", "DTM*472*20260231", "DTM02"),
    "a payment date that does not exist": ("DA*77702*20260213", "DA*77702*20261302", "BPR16"),
    "no trace": ("TRN*1*EFT900417*1999888777~\n", "", "TRN"),
    "no payment": ("BPR*I*141.17", "XPR*I*141.17", "BPR"),
    "no payer": ("N1*PR*LAKESIDE HEALTH PLAN*XV*88001~\n", "", "N1*PR"),
    "no payee": ("N1*PE*BIRCH STREET CLINIC*XX*1679576722~\n", "", "N1*PE"),
    "a reason without amount": ("CAS*CO*45*7.5*1", "CAS*CO*45", "CAS03"),
    "a PLB without amount": ("WO:LHP440002*15*L6*-2.5", "WO:LHP440002", "PLB04"),
    "a claim after the PLB": ("L6*-2.5~", "L6*-2.5~CLP*X*1*0*0~", "after the first PLB"),
}
ENDS = {
    "a wrong segment count": ("SE*58*", "SE*99*", "SE01"),
    "ST and SE disagree": ("SE*58*0001", "SE*58*0009", "SE02"),
}
WARN = {
    # The money is right and posted; who it went on to must be found out.
    "forwarded without saying to whom": ("NM1*TT*2*NORTHERN SUPPLEMENT*****PI*60099~\n", "", "NM1*TT"),
    # A remark explains an amount that is itself explained by CAS; refusing the money would help nobody.
    "an impossible remark": ("LQ*HE*N19", "LQ*HE*QQ99", "LQ02"),
    # New reasons appear three times a year: the adjustment is posted, and triage will not know it.
    "a reason beyond the list": ("CAS*OA*23*69", "CAS*OA*999*69", "CAS02"),
    # CLP05 balances nothing; the PR adjustments are what is posted.
    "CLP05 disagrees with the PR adjustments": ("*112.5*30*12*", "*112.5*31*12*", "E5"),
    # The NPI routes the file; the bank deposit does not depend on its check digit.
    "a payee NPI with a wrong digit": ("*XX*1679576722~", "*XX*1679576723~", "N1*PE"),
    # Old systems still send CR on reversals; the amounts are negated all the same.
    "group CR on a reversal": ("CAS*CO*45*-24", "CAS*CR*45*-24", "CAS01"),
    # Files in use leave BPR16 out of check payments; the production date stands in and is marked as assumed.
    "no payment date": ("DA*77702*20260213", "DA*77702", "BPR16"),
    "no payer claim number": ("*MB*LHP770002*11", "*MB**11", "CLP07"),
    "no LX": ("LX*1~\n", "", "LX"),
    "no technical contact": ("PER*BL*EDI DESK*TE*2185550100~\n", "", "PER*BL"),
    "no service date": ("DTM*472*20260115~\n", "", "DTM*472"),
    "an unknown payment method": ("*C*ACH*", "*C*GIRO*", "BPR04"),
    "an unknown handling": ("BPR*I*", "BPR*9*", "BPR01"),
    "a debit": ("*C*ACH*", "*D*ACH*", "BPR03"),
}


@pytest.mark.parametrize("fault", HOLD)
def test_a_fault_in_the_money_or_the_codes_holds_the_transaction(fault):
    old, new, rule = HOLD[fault]

    found = checked(changed(REMITTANCE, old, new))

    assert rule in [f.rule for f in found.findings if f.stops]
    assert not found.is_postable
    assert found.reason


@pytest.mark.parametrize("fault", UNREADABLE)
def test_what_cannot_be_read_holds_the_transaction_and_names_the_element(fault):
    old, new, named = UNREADABLE[fault]

    found = checked(changed(REMITTANCE, old, new))

    assert not found.is_postable
    assert not found.is_balanced
    assert named in found.reason


@pytest.mark.parametrize("fault", ENDS)
def test_a_wrong_end_holds_the_transaction(fault):
    old, new, named = ENDS[fault]

    found = checked(miscounted(REMITTANCE, old, new))

    assert not found.is_postable
    assert named in found.reason


@pytest.mark.parametrize("fault", WARN)
def test_a_fault_that_moves_no_money_is_told_and_posted(fault):
    old, new, rule = WARN[fault]

    found = checked(changed(REMITTANCE, old, new))

    assert rule in [f.rule for f in found.findings if not f.stops]
    assert found.is_postable, found.reason


def test_a_reversal_that_is_not_negated_is_pointed_out():
    claim = Claim835("A", "22", 100_00, 80_00, patient=NORA.patient)

    assert "CLP03" in [f.rule for f in balance_835(claim)]


def test_a_finding_names_claim_line_segment_and_both_amounts():
    [finding] = [f for f in checked(changed(REMITTANCE, "CAS*PR*2*15.29", "CAS*PR*2*15.20")).findings if f.rule == "E1"]

    assert (finding.claim, finding.line, finding.segment_id) == ("BSC-1002", 1, "SVC")
    assert (finding.expected_cents, finding.found_cents) == (61_26, 61_17)
    assert "61.26" in finding.message
    assert f"segment {finding.segment_no}" in finding.message


def test_a_broken_transaction_does_not_take_its_neighbours_along():
    inner = REMITTANCE[REMITTANCE.index(b"ST*") : REMITTANCE.index(b"GE*")].decode()
    broken = inner.replace("*0001", "*0002").replace("61.17", "x", 1)
    data = REMITTANCE.decode().replace("GE*1", broken + "GE*2").encode()

    first, second = check_835(data)

    assert (first.is_postable, second.is_postable) == (True, False)


def test_predetermination_and_information_only_payments_balance():
    claim = Claim835("A", "25", 100_00, 0, adjustments=(Adjustment("OA", "101", 100_00),), patient=NORA.patient)

    assert [f for f in balance_835(claim) if f.stops] == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(REMITTANCE.replace(b"005010X221A1", b"004010X091A1"), "4010", id="4010, by name"),
        pytest.param(REMITTANCE.replace(b"ST*835", b"ST*271"), 'found "271", expected 835', id="another kind"),
        pytest.param(
            REMITTANCE.replace(b"005010X221A1", b"999999X999X9").replace(b"00501", b"99999"),
            "999999X999X9",
            id="no version",
        ),
        pytest.param(
            REMITTANCE[: REMITTANCE.index(b"ST*")] + b"GE*0*4711~IEA*1*000004711~",
            "at least one 835",
            id="nothing inside",
        ),
    ],
)
def test_another_kind_of_file_is_refused_by_name(data, says):
    with pytest.raises(X12Error, match=says):
        list(read_835(data))


def test_a_composite_cut_with_another_usual_separator_is_still_read():
    [transaction] = parse_835(REMITTANCE.replace(b"HC:", b"HC>").replace(b"99214:25", b"99214>25"))

    assert transaction.claims[0].lines[0].procedure == Procedure("99214", ("25",))


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_mutated_file_is_read_or_refused_and_never_crashes(chance, times):
    with suppress(X12Error):
        list(check_835(mutated(REMITTANCE, chance, times)))


def mutated(data: bytes, chance: random.Random, times: int) -> bytes:
    text = bytearray(data)
    for _ in range(times):
        place = chance.randrange(len(text))
        match chance.randrange(4):
            case 0:
                text[place] = chance.randrange(256)
            case 1:
                del text[place : place + chance.randrange(1, 40)]
            case 2:
                text[place:place] = chance.choice(
                    [b"*", b"~", b":", b"9", b"-", b"~CAS*CO", b"~SVC*", b"~PLB*", b"~LX"]
                )
            case _:
                other = chance.randrange(len(text))
                text[place:place] = text[other : other + chance.randrange(1, 80)]
    return bytes(text)
