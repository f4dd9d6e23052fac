"""The invented practice's 837P files: its sent claims as its own billing system would write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from cob.accounts.models import Site
from cob.x12.parts import Address, NamedDate, Party, Procedure, Reference
from cob.x12.t837p import (
    Batch837P,
    Claim837P,
    Contact,
    Diagnosis,
    Envelope,
    Line837P,
    LineAdjudication,
    OtherCoverage,
    OutpatientAdjudication,
    Patient,
    Payer,
    Provider,
    Subscriber,
)
from cob.x12.write837p import write_837p
from workqueues.demo.answers import Answer
from workqueues.demo.people import DemoCoverage, DemoPatient
from workqueues.demo.practice import Sent

RELATION = {"self": "18", "spouse": "01", "child": "19"}
CAUSES = {"auto": "AA", "work": "EM", "other_accident": "OA"}
DIAGNOSES = ("F329", "I10", "E119", "J069", "M545", "F411")
MSP = {"age": "12", "disability": "43", "esrd": "13"}


def claims_file(sent: Iterable[Sent], sites: list[Site], *, made_on: date, number: int) -> bytes:
    """One 837P file for the clearinghouse with all the given claims."""
    claims = sorted(
        (_claim(event, sites[event.visit.patient.site]) for event in sent), key=lambda c: c.billing.party.id
    )
    batch = Batch837P(
        envelope=Envelope("COBDEMO", "CLEARING", str(number), str(number), made_on),
        transaction_control="0001",
        reference=f"B{number:06}",
        made_on=made_on,
        submitter=Party("41", "DEMO PRACTICE", id_qualifier="46", id="COBDEMO"),
        submitter_contacts=(Contact("BILLING OFFICE", (("TE", "2175550100"),)),),
        receiver=Party("40", "DEMO CLEARINGHOUSE", id_qualifier="46", id="CLEARING"),
        claims=tuple(claims),
    )
    return write_837p(batch)


def billing_provider(site: Site) -> Provider:
    """Loop 2010AA of a site."""
    return Provider(
        party=Party("85", site.name, id_qualifier="XX", id=site.npi),
        taxonomy=site.taxonomy,
        address=Address(site.address, city=site.city, state=site.state, postal_code=site.zip_code),
        references=(Reference("EI", site.tax_id),),
    )


def _claim(event: Sent, site: Site) -> Claim837P:
    patient, visit = event.visit.patient, event.visit
    coverage = patient.coverages[event.order[event.place]]
    is_subscriber = coverage.plan.relationship == "self"
    causes = tuple(CAUSES[cause] for cause in patient.story.related_to)
    answered = {index: (answer, on) for index, answer, on in event.earlier}
    return Claim837P(
        control_number=visit.control_number,
        charge_cents=sum(visit.charges),
        billing=billing_provider(site),
        subscriber=_subscriber(event, event.place, destination=True),
        payer=_payer(coverage),
        patient=None if is_subscriber else _patient(patient, coverage),
        lines=tuple(
            _line(event, number, code, charge, answered) for number, (code, charge) in enumerate(visit.lines, start=1)
        ),
        related_causes=causes,
        accident_state="IL" if "AA" in causes else "",
        dates=(NamedDate("439", visit.on),) if causes else (),
        references=(Reference("EA", patient.chart_number),),
        diagnoses=(Diagnosis(DIAGNOSES[patient.number % len(DIAGNOSES)], "ABK"),),
        other_coverages=tuple(
            _other(event, place, answered.get(event.order[place]))
            for place in range(len(event.order))
            if place != event.place
        ),
    )


def _party(person_last: str, first: str, member_id: str = "", role: str = "IL") -> Party:
    return Party(role, person_last, first, is_person=True, id_qualifier="MI" if member_id else "", id=member_id)


def _address(patient: DemoPatient) -> Address:
    city, state, zip_code = patient.city
    return Address(patient.street, city=city, state=state, postal_code=zip_code)


def _subscriber(event: Sent, place: int, *, destination: bool) -> Subscriber:
    patient = event.visit.patient
    coverage = patient.coverages[event.order[place]]
    own = coverage.plan.relationship == "self"
    medicare_later = coverage.payer.kind == "medicare" and place > 0
    return Subscriber(
        rank_code="PSTABCDEFGH"[place],
        party=_party(coverage.holder.last, coverage.holder.first, coverage.member_id),
        relationship="18" if own else ("" if destination else RELATION[coverage.plan.relationship]),
        group_number=coverage.group_number,
        plan_name="" if coverage.group_number else coverage.payer.name.upper(),
        msp_type=_msp(event) if medicare_later else "",
        filing_code=coverage.payer.filing,
        address=_address(patient),
        born_on=coverage.holder.born_on if destination else None,
        sex=coverage.holder.sex if destination else "",
    )


def _msp(event: Sent) -> str:
    first = event.visit.patient.coverages[event.order[0]].payer.kind
    return {"no_fault": "14", "workers_comp": "15"}.get(first, MSP.get(event.visit.patient.story.medicare, "12"))


def _payer(coverage: DemoCoverage) -> Payer:
    return Payer(Party("PR", coverage.payer.name, id_qualifier="PI", id=coverage.payer.edi_id))


def _patient(patient: DemoPatient, coverage: DemoCoverage) -> Patient:
    return Patient(
        party=_party(patient.person.last, patient.person.first, role="QC"),
        relationship=RELATION[coverage.plan.relationship],
        address=_address(patient),
        born_on=patient.person.born_on,
        sex=patient.person.sex,
    )


def _other(event: Sent, place: int, answered: tuple[Answer, date] | None) -> OtherCoverage:
    coverage = event.visit.patient.coverages[event.order[place]]
    payer = _payer(coverage)
    if answered is None:
        return OtherCoverage(_subscriber(event, place, destination=False), payer, benefits_assigned="Y", release="Y")
    answer, _on = answered
    return OtherCoverage(
        _subscriber(event, place, destination=False),
        replace(payer, references=(Reference("F8", answer.payer_number),)),
        paid_cents=answer.paid_cents,
        benefits_assigned="Y",
        release="Y",
        outpatient=OutpatientAdjudication(answer.remarks) if answer.remarks else None,
    )


def _line(event: Sent, number: int, code: str, charge: int, answered: dict[int, tuple[Answer, date]]) -> Line837P:
    return Line837P(
        number=number,
        procedure=Procedure(code),
        charge_cents=charge,
        units=Decimal(1),
        pointers=(1,),
        service_on=event.visit.on,
        references=(Reference("6R", f"{event.visit.control_number}L{number}"),),
        adjudications=tuple(
            LineAdjudication(
                payer_id=event.visit.patient.coverages[index].payer.edi_id,
                paid_cents=answer.lines[number - 1].paid_cents,
                procedure=Procedure(code),
                units=Decimal(1),
                adjudicated_on=on,
                adjustments=answer.lines[number - 1].adjustments,
                patient_liability_cents=answer.lines[number - 1].responsibility_cents,
            )
            for index, (answer, on) in answered.items()
        ),
    )
