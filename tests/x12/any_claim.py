"""Random claims that keep every rule of the guide: one to four payers, addressed to any of them, each earlier one with
its decision by line or in total, to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from cob.x12.codes import PLACES, SBR_FILING_CODES
from cob.x12.parts import Adjustment, Party, Procedure, Reference
from cob.x12.segment_writer import grouped
from cob.x12.t837p import (
    MEDICARE_FILING_CODES,
    MSP_TYPES,
    RANKS,
    Attachment,
    Claim837P,
    Contract,
    Diagnosis,
    Line837P,
    LineAdjudication,
    OtherCoverage,
    OutpatientAdjudication,
    Patient,
    Payer,
    Subscriber,
)
from tests.x12.claims import BORN, CLINIC, DAY, FINCH, HOME

IDS = ("88001", "77005", "MNDHS", "13282")
NAMES = ("OAKES", "O'NEIL", "VAN DER BERG", "LI")
CODES = ("99213", "99214", "90837", "36415", "J1885", "G0446")
REASONS = ("1", "2", "3", "23", "45", "96", "97", "253")
FILING = sorted(SBR_FILING_CODES)


@st.composite
def any_claim(draw):
    """A claim as one of its payers gets it."""
    count = draw(st.integers(1, 4))
    at = draw(st.integers(0, count - 1))
    plans = [_plan(draw, rank) for rank in range(count)]
    lines = _lines(draw)
    charge = sum(line.charge_cents for line in lines)
    others, adjudications = [], {line.number: [] for line in lines}
    for rank in range(count):
        if rank == at:
            continue
        coverage = OtherCoverage(
            replace(plans[rank], born_on=None, sex=""), _payer(IDS[rank]), benefits_assigned="Y", release="Y",
            patient_signature=draw(st.sampled_from(["", "P"])),
        )  # fmt: skip
        others.append(_decided(draw, coverage, lines, adjudications) if rank < at else coverage)
    lines = tuple(replace(line, adjudications=tuple(adjudications[line.number])) for line in lines)
    frequency = draw(st.sampled_from(["1", "7", "8"]))
    claim = Claim837P(
        control_number=draw(st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True)),
        charge_cents=charge,
        billing=CLINIC,
        subscriber=plans[at],
        payer=_payer(IDS[at]),
        lines=lines,
        place=draw(st.sampled_from(sorted(PLACES))),
        frequency=frequency,
        references=() if frequency == "1" else (Reference("F8", draw(_number)),),
        diagnoses=(Diagnosis("F329", "ABK"), Diagnosis("I10")),
        providers=draw(st.sampled_from([(), (FINCH,)])),
        patient_paid_cents=draw(st.none() | st.integers(1, 100_00)),
        attachments=draw(st.sampled_from([(), (Attachment("EB", "FX", "COB77"),)])),
        other_coverages=tuple(others),
    )
    return _with_patient(draw, claim)


_number = st.from_regex(r"[A-Z0-9]{3,15}", fullmatch=True)


def _plan(draw, rank):
    filing = draw(st.sampled_from(FILING))
    is_medicare = filing in MEDICARE_FILING_CODES
    person = Party("IL", draw(st.sampled_from(NAMES)), "NORA", is_person=True, id_qualifier="MI")
    return Subscriber(
        RANKS[rank],
        replace(person, id="1EG4TE5MK73" if is_medicare else draw(_number)),
        "18",
        "" if is_medicare else draw(st.sampled_from(["", "G-100"])),
        draw(st.sampled_from(["", "A PLAN"])),
        msp_type=draw(st.sampled_from(sorted(MSP_TYPES))) if is_medicare and rank else "",
        filing_code=filing,
        address=HOME,
        born_on=BORN,
        sex=draw(st.sampled_from("FMU")),
    )


def _payer(payer_id):
    return Payer(Party("PR", f"PLAN {payer_id}", id_qualifier="PI", id=payer_id))


def _lines(draw):
    return tuple(
        Line837P(
            number,
            Procedure(draw(st.sampled_from(CODES)), draw(st.sampled_from([(), ("25",), ("95", "59")]))),
            draw(st.integers(1, 2000_00)),
            Decimal(draw(st.integers(1, 8))),
            pointers=draw(st.sampled_from([(1,), (1, 2)])),
            service_on=DAY,
            references=(Reference("6R", f"L{number}"),),
            contract=draw(st.sampled_from([None, None, Contract("09", 50_00)])),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    )


def _adjusted(draw, charge):
    """Adjustments of a charge: some reasons, one of them below zero at times; what is left is paid."""
    left, found = charge, []
    for reason in draw(st.lists(st.sampled_from(REASONS), max_size=3, unique=True)):
        cents = draw(st.integers(0, left))
        if cents:
            found.append(Adjustment(draw(st.sampled_from(["CO", "OA", "PI", "PR"])), reason, cents))
            left -= cents
    if draw(st.booleans()) and found:
        found.append(Adjustment("OA", "94", -draw(st.integers(1, 500_00))))
    return grouped(tuple(found)), charge - sum(a.amount_cents for a in found)


def _decided(draw, coverage, lines, adjudications):
    """With its decision: on the lines, split in two at times, or on the claim."""
    on = DAY + timedelta(days=draw(st.integers(0, 60)))
    number = Reference("F8", draw(_number))
    remarks = draw(st.sampled_from([None, OutpatientAdjudication(("MA18", "N89"))]))
    if draw(st.booleans()):
        return _by_line(draw, coverage, lines, adjudications, on, number, remarks)
    charge = sum(line.charge_cents for line in lines)
    adjustments, paid = _adjusted(draw, charge)
    return replace(
        coverage,
        payer=replace(coverage.payer, references=(number,), adjudicated_on=on),
        adjustments=adjustments,
        paid_cents=paid,
        patient_liability_cents=_liability(adjustments),
        outpatient=remarks,
    )


def _by_line(draw, coverage, lines, adjudications, on, number, remarks):
    total = 0
    for line in lines:
        adjustments, paid = _adjusted(draw, line.charge_cents)
        total += paid
        adjudications[line.number].append(
            LineAdjudication(
                coverage.payer_id, paid, line.procedure, line.units, on, None, adjustments, _liability(adjustments)
            )
        )
    return replace(
        coverage,
        payer=replace(coverage.payer, references=(number,)),
        paid_cents=total,
        outpatient=remarks,
    )


def _liability(adjustments):
    return sum(a.amount_cents for a in adjustments if a.group == "PR")


def _with_patient(draw, claim):
    """Under somebody else's plan the patient has a loop of her own."""
    if draw(st.booleans()):
        return claim
    patient = Patient(Party("QC", "OAKES", "NORA", is_person=True), draw(st.sampled_from(["01", "19", "G8"])), HOME,
                      date(2001, 2, 28), "F")  # fmt: skip
    return replace(claim, subscriber=replace(claim.subscriber, relationship=""), patient=patient)
