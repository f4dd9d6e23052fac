"""Reading an 837P: what is taken from it, and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cob.x12.errors import X12Error
from cob.x12.parts import Adjustment, Procedure
from cob.x12.read837p import Trailer837P, parse_837p, read_837p
from cob.x12.t837p import Batch837P, Claim837P, Contract, Diagnosis
from tests.x12.broken import changed, miscounted, recounted
from tests.x12.claims import (
    SECONDARY,
)

[BATCH] = parse_837p(SECONDARY)
[CLAIM] = BATCH.claims


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


def level(number, parent, code, child, loops=""):
    """One HL of SECONDARY's tree with what hangs on it."""
    return f"HL*{number}*{parent}*{code}*{child}~\n{loops}"


TEXT = SECONDARY.decode()
CLAIM_TEXT = TEXT[TEXT.index("CLM*") : TEXT.index("SE*52")]
HEAD = TEXT[: TEXT.index("HL*1")]
BILLING, SUBSCRIBER, PATIENT = (
    TEXT[TEXT.index(start) : TEXT.index(end)].partition("\n")[2]
    for start, end in (("HL*1*", "HL*2*"), ("HL*2*", "HL*3*"), ("HL*3*", "CLM*"))
)
OWN = SUBSCRIBER.replace("SBR*S**", "SBR*S*18*")
TAIL = TEXT[TEXT.index("SE*52") :]
PROVIDER = level(1, "", 20, 1, BILLING)
FAMILY = level(2, 1, 22, 1, SUBSCRIBER)

# (levels and claims of a transaction, claims read, the sentence about the one that is missing)
TREES = {
    "a subscriber that leads to a patient": (PROVIDER + FAMILY + level(3, 2, 23, 0, PATIENT) + CLAIM_TEXT, 1, ""),
    "a subscriber with a claim, then a patient": (
        PROVIDER + FAMILY + CLAIM_TEXT + level(3, 2, 23, 0, PATIENT) + CLAIM_TEXT,
        2,
        "",
    ),
    "no level at all": ("", 0, 'Segment 3 (ST), found no claim, expected at least one claim (CLM)'),
    "a provider alone": (PROVIDER, 0, "expected a subscriber (HL*22)"),
    "a subscriber alone": (PROVIDER + FAMILY, 0, "expected a claim (CLM) or a patient (HL*23)"),
    "a patient alone": (PROVIDER + FAMILY + level(3, 2, 23, 0, PATIENT), 0, "expected a claim (CLM) below this pat"),
    "a subscriber before one with a claim": (
        PROVIDER + FAMILY + level(3, 1, 22, 0, OWN) + CLAIM_TEXT,
        1,
        "expected a claim (CLM) or a patient (HL*23)",
    ),
    "a patient before one with a claim": (
        PROVIDER + FAMILY + level(3, 2, 23, 0, PATIENT) + level(4, 2, 23, 0, PATIENT) + CLAIM_TEXT,
        1,
        "expected a claim (CLM) below this patient",
    ),
    "a patient after one with a claim": (
        PROVIDER + FAMILY + level(3, 2, 23, 0, PATIENT) + CLAIM_TEXT + level(4, 2, 23, 0, PATIENT),
        1,
        "expected a claim (CLM) below this patient",
    ),
    "a provider before one with a claim": (
        PROVIDER + level(2, "", 20, 1, BILLING) + level(3, 2, 22, 0, OWN) + CLAIM_TEXT,
        1,
        "expected a subscriber (HL*22)",
    ),
    "a claim whose CLM was lost": (
        PROVIDER + FAMILY + level(3, 2, 23, 0, PATIENT) + CLAIM_TEXT.partition("\n")[2],
        0,
        "(HI), found",
    ),
    "a claim whose CLM was lost before a whole one": (
        PROVIDER + FAMILY + level(3, 2, 23, 0, PATIENT) + "LX*1~\n" + CLAIM_TEXT,
        1,
        "(LX), found",
    ),
}  # fmt: skip


@pytest.mark.parametrize("tree", TREES)
def test_a_level_that_leads_to_no_claim_is_named_and_one_that_leads_to_a_patient_is_right(tree):
    body, claims, says = TREES[tree]
    events = list(read_837p(recounted(HEAD + body + TAIL)))

    assert sum(isinstance(event, Claim837P) for event in events) == claims
    *rest, said = [str(e) for e in events[-1].errors] or [""]
    assert rest == []
    assert says in said
    assert bool(says) == bool(said)


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
