"""Writing an 837P: an independent validator takes it, our reader reads it back, and nothing unsafe gets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cob.x12.errors import X12Error
from cob.x12.parts import Address, Adjustment, Contact, NamedDate, Party, Procedure, Reference
from cob.x12.read837p import parse_837p
from cob.x12.segment_writer import clean, grouped, segment_text
from cob.x12.t837p import (
    Attachment,
    Diagnosis,
    LineAdjudication,
    OutpatientAdjudication,
    Payer,
    Provider,
)
from cob.x12.write837p import expected_back, reread, write_837p
from tests.x12.claims import (
    CLINIC,
    DAY,
    ENVELOPE,
    EVERY_KIND,
    SECONDARY,
    batch,
    lakeside_lines,
    plan,
    primary,
    replacement,
    secondary,
    secondary_by_totals,
    tertiary,
    with_spouse,
)
from tests.x12.validator import assert_valid, verdict


def segments(claim):
    return write_837p(batch(claim)).decode().replace("\n", "").split("~")


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_the_independent_validator_takes_every_kind_of_claim(kind):
    assert_valid(write_837p(batch(EVERY_KIND[kind]())))


def test_the_independent_validator_takes_them_all_in_one_batch():
    assert_valid(write_837p(batch(*(make() for make in EVERY_KIND.values()))))


def test_the_independent_validator_can_say_no():
    ok, said = verdict(write_837p(batch(primary())).replace(b"HI*ABK:F329*ABF:I10~", b""))

    assert not ok
    assert said


def test_a_crash_of_the_validator_is_no_approval():
    assert verdict(b"\xff")[0] is False


def test_a_file_that_was_read_is_written_byte_for_byte():
    assert write_837p(parse_837p(SECONDARY)[0]) == SECONDARY


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_what_is_written_reads_back_as_it_was_meant(kind):
    wanted = batch(EVERY_KIND[kind]())

    assert parse_837p(write_837p(wanted)) == [replace(wanted, envelope=expected_back(wanted).envelope)]


def test_the_full_charge_goes_to_every_payer():
    charges = [
        [s for s in segments(make()) if s.startswith(("CLM*", "SV1*"))] for make in (primary, secondary, tertiary)
    ]

    assert charges[0] == charges[1] == charges[2]


def test_a_decision_goes_on_the_lines_or_on_the_claim_never_both():
    by_line, by_totals = segments(secondary()), segments(secondary_by_totals())

    assert [s[:3] for s in by_line if s.startswith(("SVD", "DTP*573", "AMT*EAF"))] == ["SVD", "DTP", "AMT"] * 2
    assert not [s for s in by_totals if s.startswith("SVD")]
    start = by_totals.index("SBR*P*18*G-100*LAKESIDE EMPLOYER PLAN*****CI")
    assert by_totals[start + 1 : start + 7] == [
        "CAS*CO*45*37.5",
        "CAS*PR*2*20**3*10",
        "AMT*D*112.5",
        "AMT*EAF*30",
        "OI***Y***Y",
        "MOA***MA01",
    ]
    assert by_totals[by_totals.index("REF*F8*LHP770001") - 1] == "DTP*573*D8*20260213"


def test_the_patient_gets_a_loop_of_her_own_under_somebody_elses_plan():
    found = segments(with_spouse())

    assert [s for s in found if s.startswith("HL")] == ["HL*1**20*1", "HL*2*1*22*1", "HL*3*2*23*0"]
    assert "PAT*01" in found


FACTS = ("01", "156", "Y")


@pytest.mark.parametrize(
    ("made", "pat"), [(primary, "PAT*******01*156*Y"), (with_spouse, "PAT*01******01*156*Y")], ids=["own", "dependent"]
)
def test_weight_and_pregnancy_stand_with_the_patient_whoever_is_the_subscriber(made, pat):
    claim = replace(made(), patient_facts=FACTS)
    data = write_837p(batch(claim))

    assert_valid(data)
    assert pat in segments(claim)
    assert parse_837p(data)[0].claims[0] == claim


def test_the_day_a_subscriber_died_stands_with_the_subscriber():
    claim = replace(primary(), subscriber=replace(plan("P"), died_on=DAY))

    assert f"PAT*****D8*{DAY:%Y%m%d}" in segments(claim)
    assert parse_837p(write_837p(batch(claim)))[0].claims[0] == claim


def test_claims_whose_patient_differs_in_weight_alone_share_no_loop():
    heavier = replace(primary(), control_number="BSC-2", patient_facts=("01", "157"))

    found = parse_837p(write_837p(batch(replace(primary(), patient_facts=FACTS), heavier, primary())))[0].claims

    assert [claim.patient_facts for claim in found] == [FACTS, ("01", "157"), ()]


def test_claims_under_the_same_loops_share_them():
    claims = (
        primary(),
        replace(primary(), control_number="BSC-2"),
        with_spouse(),
        replace(with_spouse(), control_number="BSC-3"),
    )
    data = write_837p(batch(*claims))
    hl = [s for s in data.decode().replace("\n", "").split("~") if s.startswith("HL")]

    assert hl == ["HL*1**20*1", "HL*2*1*22*0", "HL*3*1*22*1", "HL*4*3*23*0"]
    assert parse_837p(data)[0].claims == claims


def test_another_billing_provider_opens_another_tree():
    other = replace(CLINIC, address=Address("1 OAK ST", "", "DULUTH", "MN", "558021111"))
    claims = (primary(), replace(primary(), billing=other), primary())
    data = write_837p(batch(*claims))

    assert [s[:9] for s in data.decode().split("~\n") if s.startswith("HL")] == [
        "HL*1**20*", "HL*2*1*22", "HL*3**20*", "HL*4*3*22", "HL*5**20*", "HL*6*5*22",
    ]  # fmt: skip
    assert_valid(data)


def test_a_replacement_names_the_payers_own_number():
    found = segments(replacement())

    assert "REF*F8*NHX-9" in found
    assert "CLM*BSC-1001*180***11:B:7*Y*A*Y*Y" in found


def test_counts_and_control_numbers_are_right():
    data = segments(secondary())
    start, end = data.index("ST*837*0001*005010X222A1"), next(n for n, s in enumerate(data) if s.startswith("SE*"))

    assert data[end] == f"SE*{end - start + 1}*0001"
    assert data[end + 1 : end + 3] == ["GE*1*812", "IEA*1*000000812"]
    assert len(data[0]) == 105


def test_everything_a_claim_can_carry_passes_the_independent_validator():
    assert_valid(write_837p(batch(full_claim())))


def full_claim():
    [visit, draw] = lakeside_lines()
    referring = Provider(Party("DN", "BIRD", "EVA", is_person=True, id_qualifier="XX", id="1245319599"))
    site = Provider(
        Party("77", "HARBOR SITE", id_qualifier="XX", id="1679576722"),
        address=Address("2 QUAY", "", "DULUTH", "MN", "558020001"),
    )
    return replace(
        secondary(),
        dates=(NamedDate("439", date(2026, 1, 10)), NamedDate("431", date(2026, 1, 9))),
        related_causes=("AA",),
        accident_state="MN",
        attachments=(Attachment("EB", "FX", "B77"),),
        patient_paid_cents=5_00,
        references=(Reference("G1", "PA9"), Reference("EA", "MR-77"), Reference("D9", "CH1")),
        note="SEEN TWICE",
        diagnoses=(*secondary().diagnoses, Diagnosis("17", "BG")),
        providers=(referring, secondary().providers[0], site),
        carried=("K3*FIXED FORMAT",),
        lines=(
            replace(visit, note="LONG VISIT", dates=(NamedDate("304", DAY),), is_emergency=True),
            replace(
                draw,
                carried=("LIN**N4*01234567891", "CTP****1*UN", "REF*XZ*RX1"),
                providers=(secondary().providers[0],),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("O'Neil-Núñez", "O'NEIL-NUNEZ"),
        ("A*B~C:D^E", "A B C D E"),
        ("  two   blanks ", "TWO BLANKS"),
        ("line\nbreak\ttab", "LINE BREAK TAB"),
        ("straße", "STRASSE"),
        ("病院", ""),
        ("a@b.example", "A@B.EXAMPLE"),
    ],
)
def test_texts_are_made_safe(text, written):
    assert clean(text) == written


def test_a_hostile_name_cannot_open_a_segment():
    party = Party("82", "X~CLM*EVIL*1", "A:B", is_person=True)
    claim = replace(primary(), providers=(Provider(party),))

    [back] = parse_837p(write_837p(batch(claim)))[0].claims

    assert (back.providers[0].party.name, back.providers[0].party.first) == ("X CLM EVIL 1", "A B")


def test_empty_tails_are_not_written():
    assert segment_text("SBR", "P", "", "", ("", "")) == "SBR*P"
    assert segment_text("SV1", ("HC", "99213", "", ""), "") == "SV1*HC:99213"


def test_adjustments_are_written_by_group_and_zeros_left_out():
    mixed = (Adjustment("CO", "45", 5), Adjustment("PR", "1", 1), Adjustment("CO", "97", 0), Adjustment("CO", "253", 2))

    assert grouped(mixed) == (mixed[0], mixed[3], mixed[1])


def test_a_seventh_reason_opens_a_second_segment():
    many = tuple(Adjustment("CO", str(n), 100) for n in range(1, 8))
    [visit, draw] = lakeside_lines()
    decision = replace(visit.adjudications[0], paid_cents=143_00, adjustments=many, patient_liability_cents=None)
    found = segments(replace(secondary(), lines=(replace(visit, adjudications=(decision,)), draw)))

    assert [s.count("*") for s in found if s.startswith("CAS*CO")][:2] == [18, 3]


REFUSED = {
    "no envelope": (lambda: replace(batch(primary()), envelope=None), "an envelope"),
    "no claim": (batch, "at least one claim"),
    "nobody to call": (lambda: replace(batch(primary()), submitter_contacts=()), "whom the receiver may call"),
    "nobody's number": (
        lambda: replace(batch(primary()), submitter_contacts=(Contact("BILLING DESK"),)),
        "whom the receiver may call",
    ),
    "thirteen diagnoses": (lambda: batch(replace(primary(), diagnoses=(Diagnosis("A00"),) * 13)), "at most 12 codes"),
    "five modifiers": (
        lambda: batch(replace(primary(), lines=(replace(primary().lines[0], procedure=Procedure("1", ("A1",) * 5)),))),
        "at most four modifiers",
    ),
    "six remark codes": (
        lambda: batch(with_other(outpatient=OutpatientAdjudication(("MA01",) * 6))),
        "at most 5 remark codes",
    ),
    "six groups' worth of adjustments": (
        lambda: batch(with_other(adjustments=tuple(Adjustment("CO", "45", 1) for _ in range(31)))),
        "at most 5 CAS segments",
    ),
    "a control number of letters": (
        lambda: replace(batch(primary()), envelope=replace(ENVELOPE, interchange_control="A1")),
        "ISA13",
    ),
    "a sender id too long": (
        lambda: replace(batch(primary()), envelope=replace(ENVELOPE, sender_id="X" * 16)),
        "ISA06",
    ),
    "no receiver id": (lambda: replace(batch(primary()), envelope=replace(ENVELOPE, receiver_id="")), "ISA08"),
    "a qualifier of one letter": (
        lambda: replace(batch(primary()), envelope=replace(ENVELOPE, sender_qualifier="Z")),
        "ISA05",
    ),
    "a usage of neither kind": (lambda: replace(batch(primary()), envelope=replace(ENVELOPE, usage="X")), "ISA15"),
    "a time that is none": (lambda: replace(batch(primary()), envelope=replace(ENVELOPE, made_time="9:00")), "ISA10"),
    "a payer in the wrong role": (lambda: batch(replace(primary(), payer=Payer(Party("IL", "X")))), "expected PR"),
    "no claim number": (lambda: batch(replace(primary(), control_number="")), "CLM01"),
    "a carried segment the loop does not have": (
        lambda: batch(replace(primary(), carried=("XX*1",))),
        "the loop that CLM opens",
    ),
    "a paid amount without a procedure": (
        lambda: batch(
            replace(
                secondary(),
                lines=(replace(primary().lines[0], adjudications=(LineAdjudication("1", 0, Procedure(""), None),)),),
            )
        ),
        "SVD03",
    ),
}


def with_other(**changes):
    [other] = secondary().other_coverages
    return replace(secondary(), other_coverages=(replace(other, **changes),))


@pytest.mark.parametrize("reason", REFUSED)
def test_what_does_not_fit_into_an_837p_is_refused(reason):
    make, says = REFUSED[reason]

    with pytest.raises(X12Error, match=says):
        write_837p(make())


def test_a_file_that_reads_back_otherwise_is_not_sent():
    data = write_837p(batch(secondary()))

    with pytest.raises(X12Error, match="reads back"):
        reread(batch(primary()), data)
