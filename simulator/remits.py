"""The payers' 835 files: one transaction for each payer, payee and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cob.x12.parts import Address, Contact, Envelope, Party, Reference
from cob.x12.t835 import Claim835, Header835, Line835, Organisation, Transaction835
from cob.x12.t837p import Claim837P, Provider
from cob.x12.write835 import write_835
from simulator.payers import Answer, line_number

# CLP06 has no code of its own for Blue plans and some others of SBR09.
_FILING = {"BL": "12", "CI": "15", "FI": "12"}


def remittance(envelope: Envelope, answers: Sequence[Answer], on: date, trace: str) -> bytes:
    """One check of one payer to one payee for all these answers. Raises `X12Error` if anything does not balance."""
    first = answers[0].claim
    paid = sum(answer.paid_cents for answer in answers)
    header = Header835(
        interchange_control="",
        group_control="",
        transaction_control="0001",
        guide="005010X221A1",
        handling="I" if paid else "H",
        paid_cents=paid,
        credit_or_debit="C",
        method="ACH" if paid else "NON",
        paid_on=on,
        trace=trace,
        payer_trace_id="1999999999",
        payer=_payer(first),
        payee=_payee(first.billing),
        produced_on=on,
    )
    return write_835(envelope, [Transaction835(header, tuple(_claim(answer) for answer in answers), ())])


def _payer(claim: Claim837P) -> Organisation:
    return Organisation(
        claim.payer.party.name,
        "",
        "",
        Address("1 PAYMENT PLAZA", city="OMAHA", state="NE", postal_code="681010001"),
        (Reference("2U", claim.payer.party.id),),
        (Contact("PROVIDER SERVICE", (("TE", "8005550100"),), "BL"),),
    )


def _payee(billing: Provider) -> Organisation:
    return Organisation(
        billing.party.name,
        "XX",
        billing.npi,
        billing.address,
        (Reference("TJ", billing.tax_id),) if billing.tax_id else (),
    )


def _claim(answer: Answer) -> Claim835:
    claim = answer.claim
    member = claim.subscriber.party
    patient = claim.patient.party if claim.patient else member
    filing = claim.subscriber.filing_code
    return Claim835(
        control_number=claim.control_number,
        status=answer.status,
        charge_cents=claim.charge_cents,
        paid_cents=answer.paid_cents,
        patient_cents=answer.left_cents,
        filing_code=_FILING.get(filing, filing),
        payer_control_number=answer.number,
        place=claim.place,
        frequency=claim.frequency,
        patient=Party("QC", patient.name, patient.first, is_person=True, id_qualifier="MI", id=member.id),
        subscriber=None
        if claim.patient is None
        else Party("IL", member.name, member.first, is_person=True, id_qualifier="MI", id=member.id),
        crossover_carrier=Party("TT", answer.forwarded[0].name, id_qualifier="PI", id=answer.forwarded[0].id)
        if answer.forwarded
        else None,
        outpatient_remarks=answer.remarks,
        lines=tuple(
            Line835(
                procedure=line.procedure,
                charge_cents=said.charge_cents,
                paid_cents=said.paid_cents,
                units=line.units,
                service_on=line.service_on,
                adjustments=said.adjustments,
                references=line_number(line),
            )
            for line, said in zip(claim.lines, answer.lines, strict=True)
        ),
    )
