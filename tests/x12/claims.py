"""Claims for the writer: one visit of Nora Oakes at the Birch Street Clinic, addressed to one payer after another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from cob.x12.parts import Address, Adjustment, Contact, Envelope, Party, Procedure, Reference
from cob.x12.t837p import (
    Batch837P,
    Claim837P,
    Contract,
    Diagnosis,
    Line837P,
    LineAdjudication,
    OtherCoverage,
    OutpatientAdjudication,
    Patient,
    Payer,
    Provider,
    Subscriber,
)

FILES = Path(__file__).parent
REMITTANCE = (FILES / "remittance.835").read_bytes()
SECONDARY = (FILES / "secondary.837").read_bytes()

DAY = date(2026, 1, 12)
BORN = date(1981, 6, 17)
DECIDED = date(2026, 2, 13)
HOME = Address("9 PINE RD", "", "DULUTH", "MN", "55803")
OFFICE = Procedure("99214", ("25",))
DRAW = Procedure("36415")
CLINIC = Provider(
    Party("85", "BIRCH STREET CLINIC", id_qualifier="XX", id="1679576722"),
    taxonomy="207Q00000X",
    address=Address("4 BIRCH ST", "", "DULUTH", "MN", "558021234"),
    references=(Reference("EI", "421234567"),),
)
FINCH = Provider(
    Party("82", "FINCH", "ADAM", is_person=True, id_qualifier="XX", id="1245319599"), taxonomy="207Q00000X"
)
ENVELOPE = Envelope("BIRCHCLINIC", "CLEARHOUSE", "812", "812", date(2026, 2, 20), "1010")


def nora(role: str = "IL", member: str = "LH5550101") -> Party:
    """Nora as a subscriber or as a patient."""
    return Party(role, "OAKES", "NORA", is_person=True, id_qualifier="MI" if member else "", id=member)


def plan(rank: str, **changes: object) -> Subscriber:
    """Nora's own coverage in a place of the order."""
    own = Subscriber(
        rank, nora(), "18", "G-100", "LAKESIDE EMPLOYER PLAN", filing_code="CI", address=HOME, born_on=BORN, sex="F"
    )
    return replace(own, **changes)


def payer(payer_id: str, **changes: object) -> Payer:
    """A payer by its id."""
    return Payer(Party("PR", f"PLAN {payer_id}", id_qualifier="PI", id=payer_id), **changes)


def line(number: int, procedure: Procedure, cents: int, **changes: object) -> Line837P:
    """One service on the day."""
    references = (Reference("6R", str(number)),)
    made = Line837P(number, procedure, cents, Decimal(1), pointers=(1,), service_on=DAY, references=references)
    return replace(made, **changes)


def decided(
    payer_id: str, procedure: Procedure, paid: int, *adjustments: Adjustment, owes: int = 0
) -> LineAdjudication:
    """A 2430: what a payer paid on a line and how it explained the rest."""
    return LineAdjudication(payer_id, paid, procedure, Decimal(1), DECIDED, None, adjustments, owes)


def primary() -> Claim837P:
    """To Lakeside, the first in the order; no other payer is known."""
    return Claim837P(
        control_number="BSC-1001",
        charge_cents=180_00,
        billing=CLINIC,
        subscriber=plan("P"),
        payer=payer("88001"),
        diagnoses=(Diagnosis("F329", "ABK"), Diagnosis("I10")),
        providers=(FINCH,),
        lines=(line(1, OFFICE, 150_00), line(2, DRAW, 30_00)),
    )


def lakeside(rank: str = "P", **changes: object) -> OtherCoverage:
    """Lakeside as the other payer, its decision on the lines; 112.50 paid, 37.50 written off, 30.00 left to Nora."""
    other = OtherCoverage(
        replace(plan(rank), born_on=None, sex=""),
        payer("88001", references=(Reference("F8", "LHP770001"),)),
        paid_cents=112_50,
        benefits_assigned="Y",
        release="Y",
    )
    return replace(other, **changes)


def lakeside_lines() -> tuple[Line837P, ...]:
    """Both lines with Lakeside's 2430 on them."""
    on_visit = decided(
        "88001", OFFICE, 90_00, Adjustment("CO", "45", 30_00), Adjustment("PR", "2", 20_00),
        Adjustment("PR", "3", 10_00), owes=30_00,
    )  # fmt: skip
    on_draw = decided("88001", DRAW, 22_50, Adjustment("CO", "45", 7_50))
    return (
        line(1, OFFICE, 150_00, adjudications=(on_visit,)),
        line(2, DRAW, 30_00, adjudications=(on_draw,)),
    )


def secondary() -> Claim837P:
    """To Nora's second plan, with Lakeside's decision line by line."""
    second = plan("S", group_number="G-900", plan_name="", party=nora(member="NP300200"))
    return replace(
        primary(),
        subscriber=second,
        payer=payer("77005"),
        other_coverages=(lakeside(),),
        lines=lakeside_lines(),
    )


def secondary_by_totals() -> Claim837P:
    """The same when Lakeside gave claim totals only: CAS, D and EAF in 2320, the date in 2330B, no 2430."""
    other = lakeside(
        payer=payer("88001", adjudicated_on=DECIDED, references=(Reference("F8", "LHP770001"),)),
        adjustments=(Adjustment("CO", "45", 37_50), Adjustment("PR", "2", 20_00), Adjustment("PR", "3", 10_00)),
        patient_liability_cents=30_00,
        outpatient=OutpatientAdjudication(("MA01",)),
    )
    return replace(secondary(), other_coverages=(other,), lines=primary().lines)


def with_spouse() -> Claim837P:
    """To the plan of Nora's husband: loop 2000C names Nora."""
    leon = Party("IL", "OAKES", "LEON", is_person=True, id_qualifier="MI", id="NP300200")
    coverage = Subscriber("S", leon, "", "G-900", "NORTHERN EMPLOYER PLAN", filing_code="CI")
    patient = Patient(nora("QC", ""), "01", HOME, BORN, "F")
    return replace(secondary(), subscriber=coverage, patient=patient)


def tertiary() -> Claim837P:
    """To Medicaid after Lakeside and Northern, each with its decision on each line."""
    first, second = lakeside_lines()
    northern_visit = decided(
        "77005", OFFICE, 20_00, Adjustment("OA", "23", 120_00), Adjustment("PR", "2", 10_00), owes=10_00
    )
    northern_draw = decided("77005", DRAW, 0, Adjustment("OA", "23", 30_00))
    northern = OtherCoverage(
        replace(plan("S", group_number="G-900", party=nora(member="NP300200")), born_on=None, sex=""),
        payer("77005", references=(Reference("F8", "NHX-9"),)),
        paid_cents=20_00,
        benefits_assigned="Y",
        release="Y",
    )
    return replace(
        primary(),
        subscriber=plan("T", group_number="", plan_name="", filing_code="MC", party=nora(member="MN00012345")),
        payer=payer("MNDHS"),
        other_coverages=(lakeside(), northern),
        lines=(
            replace(first, adjudications=(*first.adjudications, northern_visit)),
            replace(second, adjudications=(*second.adjudications, northern_draw)),
        ),
    )


def msp() -> Claim837P:
    """To Medicare after a working-aged plan, with OTAF on the line."""
    first, second = lakeside_lines()
    medicare = plan(
        "S", group_number="", plan_name="", msp_type="12", filing_code="MB", party=nora(member="1EG4TE5MK73")
    )
    return replace(
        secondary(),
        subscriber=medicare,
        payer=payer("13282"),
        lines=(replace(first, contract=Contract("09", 120_00)), second),
    )


def replacement() -> Claim837P:
    """A frequency 7 to the second payer, after Lakeside decided anew."""
    return replace(secondary(), frequency="7", references=(Reference("F8", "NHX-9"),))


def batch(*claims: Claim837P) -> Batch837P:
    """Claims in an envelope."""
    return Batch837P(
        envelope=ENVELOPE,
        transaction_control="0001",
        reference="B20260220A",
        made_on=date(2026, 2, 20),
        made_time="1010",
        submitter=Party("41", "BIRCH STREET CLINIC", id_qualifier="46", id="BIRCHCLINIC"),
        submitter_contacts=(Contact("BILLING DESK", (("TE", "2185550111"),)),),
        receiver=Party("40", "CLEARHOUSE", id_qualifier="46", id="CLEARHOUSE"),
        claims=claims,
    )


EVERY_KIND = {
    "primary": primary,
    "secondary by lines": secondary,
    "secondary by totals": secondary_by_totals,
    "spouse's plan": with_spouse,
    "tertiary": tertiary,
    "Medicare second": msp,
    "replacement": replacement,
}
