"""The practice's own billing system: it writes each day's first claims and sends them, as before there was a desk.

Families of coverages that coordinate in every way: alone, behind each other, crossing over, three deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cob.x12.parts import Address, Contact, Envelope, Party, Procedure, Reference
from cob.x12.t837p import (
    RANKS,
    Batch837P,
    Claim837P,
    Diagnosis,
    Line837P,
    OtherCoverage,
    Payer,
    Provider,
    Subscriber,
)
from cob.x12.write837p import write_837p
from simulator.faults import draw

SENDER, RECEIVER = "BIRCHCLINIC", "CLEARHOUSE"
CLINIC = Provider(
    Party("85", "BIRCH STREET CLINIC", id_qualifier="XX", id="1679576722"),
    taxonomy="207Q00000X",
    address=Address("4 BIRCH ST", "", "DULUTH", "MN", "558021234"),
    references=(Reference("EI", "421234567"),),
)
_SERVICES = (("99213", 125_00), ("99214", 180_00), ("90837", 210_00), ("36415", 24_00), ("85025", 41_00))
_LAST = ("OAKES", "LIND", "BERG", "HOLM", "STONE", "RIVERS", "MARSH", "HART")
_FIRST = ("NORA", "LEON", "ADA", "OTTO", "INES", "PAUL", "VERA", "HUGO")


@dataclass(frozen=True, slots=True)
class Plan:
    """One payer as the practice has it on its cards; `kind` is the desk's word for what it is."""

    name: str
    payer_id: str
    filing: str
    kind: str
    prefix: str


LAKESIDE = Plan("LAKESIDE HEALTH", "88001", "CI", "employer", "LH")
NORTHERN = Plan("NORTHERN BENEFIT", "77005", "CI", "employer", "NB")
MEDICARE = Plan("MEDICARE PART B", "13282", "MB", "medicare", "")
MEDIGAP = Plan("PRAIRIE MEDIGAP", "60054", "ZZ", "medigap", "PM")
MEDICAID = Plan("MEDICAID MINNESOTA", "MNDHS", "MC", "medicaid", "MD")
PLANS = (LAKESIDE, NORTHERN, MEDICARE, MEDIGAP, MEDICAID)
CROSSES_TO = frozenset({MEDIGAP.payer_id, MEDICAID.payer_id})
FAMILIES: tuple[tuple[Plan, ...], ...] = (
    (LAKESIDE, NORTHERN),
    (MEDICARE, MEDIGAP),
    (LAKESIDE, MEDICAID),
    (LAKESIDE,),
    (LAKESIDE, NORTHERN, MEDICAID),
    (MEDICARE, MEDIGAP, MEDICAID),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of one patient: the claim number, the day, and the plans in paying order."""

    number: str
    on: date
    patient: int
    plans: tuple[Plan, ...]


@dataclass(slots=True)
class Practice:
    """`visits_a_day` on each weekday, or on each `every`th day only, over `patients` people in turn."""

    seed: int = 1
    visits_a_day: int = 2
    patients: int = 24
    every: int = 1
    number: int = 0
    files: int = 0

    def day(self, today: date) -> tuple[bytes, list[Visit]] | None:
        """The day's file and what is in it; None on a day nobody came."""
        if today.weekday() >= 5 or today.toordinal() % self.every:
            return None
        visits = list(self._visits(today))
        self.files += 1
        # Two numbers, as with many billing systems: interchanges count from a place of their own.
        number, group = str(700_000_000 + self.files), str(self.files)
        batch = Batch837P(
            envelope=Envelope(SENDER, RECEIVER, number, group, today, "1830", "P"),
            transaction_control="0001",
            reference=f"PM{self.files:06d}",
            made_on=today,
            made_time="1830",
            submitter=Party("41", "BIRCH STREET CLINIC", id_qualifier="46", id=SENDER),
            submitter_contacts=(Contact("BILLING OFFICE", (("TE", "2185550100"),)),),
            receiver=Party("40", "THE CLEARINGHOUSE", id_qualifier="46", id=RECEIVER),
            claims=tuple(self._claim(visit) for visit in visits),
        )
        return write_837p(batch), visits

    def _visits(self, today: date) -> Iterator[Visit]:
        for _ in range(self.visits_a_day):
            self.number += 1
            patient = self.number % self.patients
            yield Visit(f"BSC{self.number:06d}", today, patient, FAMILIES[patient % len(FAMILIES)])

    def _claim(self, visit: Visit) -> Claim837P:
        first, *later = visit.plans
        die = draw(self.seed, "services", visit.number)
        lines = tuple(
            Line837P(
                number,
                Procedure(code),
                cents,
                Decimal(1),
                pointers=(1,),
                service_on=visit.on,
                references=(Reference("6R", f"{visit.number}L{number}"),),
            )
            for number, (code, cents) in enumerate(die.sample(_SERVICES, die.randint(1, 3)), start=1)
        )
        return Claim837P(
            control_number=visit.number,
            charge_cents=sum(line.charge_cents for line in lines),
            billing=CLINIC,
            subscriber=_subscriber(visit.patient, first, 0),
            payer=_payer(first),
            lines=lines,
            diagnoses=(Diagnosis("F329", "ABK"),),
            other_coverages=tuple(
                OtherCoverage(_subscriber(visit.patient, plan, place), _payer(plan), benefits_assigned="Y", release="Y")
                for place, plan in enumerate(later, start=1)
            ),
        )


def _subscriber(patient: int, plan: Plan, place: int) -> Subscriber:
    party = Party(
        "IL",
        _LAST[patient % len(_LAST)],
        _FIRST[patient // len(_LAST) % len(_FIRST)],
        is_person=True,
        id_qualifier="MI",
        id=_member(patient, plan),
    )
    own = place == 0
    return Subscriber(
        RANKS[place],
        party,
        "18",
        filing_code=plan.filing,
        plan_name=plan.name,
        address=Address(f"{patient + 1} PINE RD", "", "DULUTH", "MN", "55803"),
        born_on=date(1946, 3, 1) + timedelta(days=137 * patient) if own else None,
        sex=("F", "M")[patient % 2] if own else "",
    )


def _member(patient: int, plan: Plan) -> str:
    """Medicare's number has a form of its own, the MBI's: 1EG4-TE5-MK73 and the like."""
    if plan is MEDICARE:
        letters = "ACDEFGHJKMNPQRTUVWXY"
        return f"1EG4TE{patient % 10}{letters[patient % 20]}K{patient // 10 % 10}{patient % 10}"
    return f"{plan.prefix}{500_000 + patient * 37}"


def _payer(plan: Plan) -> Payer:
    return Payer(Party("PR", plan.name, id_qualifier="PI", id=plan.payer_id))
