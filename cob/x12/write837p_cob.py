"""Loops 2320 to 2430 of the 837P: what other payers decided, on the claim and on every line."""

from __future__ import annotations

from cob.x12.errors import X12Error
from cob.x12.fields import amount_text
from cob.x12.loop_writer837p import OrderedSegments, write_contract, write_provider, write_sbr
from cob.x12.loops837p import ORDER
from cob.x12.segment_writer import SegmentWriter, composite, day_text, named_dates, number
from cob.x12.t837p import Line837P, LineAdjudication, OtherCoverage, OutpatientAdjudication

_DRUG = frozenset({"LIN", "CTP", "REF"})
_FORMS = frozenset({"LQ", "FRM"})
_MOST_REMARKS = 5


def write_other_coverage(writer: SegmentWriter, other: OtherCoverage) -> None:
    """One 2320 with its 2330 loops, in the order SBR, CAS, AMT*D, AMT*A8, AMT*EAF, OI, MOA."""
    write_sbr(writer, other.subscriber)
    writer.adjustments(other.adjustments)
    writer.amount("D", other.paid_cents)
    writer.amount("A8", other.non_covered_cents)
    writer.amount("EAF", other.patient_liability_cents)
    if other.has_benefit_flags:
        writer.add("OI", "", "", other.benefits_assigned, other.patient_signature, "", other.release)
    if other.outpatient:
        _moa(writer, other.outpatient)
    if other.subscriber.party.role:
        writer.name(other.subscriber.party)
        writer.address(other.subscriber.address)
        writer.references(other.subscriber.references)
    if other.payer:
        writer.name(other.payer.party)
        writer.address(other.payer.address)
        writer.date("573", other.payer.adjudicated_on)
        writer.references(other.payer.references)
    for provider in other.providers:
        write_provider(writer, provider)


def _moa(writer: SegmentWriter, moa: OutpatientAdjudication) -> None:
    if len(moa.remarks) > _MOST_REMARKS:
        found, expected = ", ".join(moa.remarks), f"at most {_MOST_REMARKS} remark codes"
        raise X12Error(
            segment_id="MOA", element="MOA03", found=found, expected=expected, advice="keep those that matter"
        )
    amounts = (moa.hcpcs_payable_cents, moa.esrd_cents, moa.professional_component_cents)
    payable, esrd, professional = ("" if cents is None else amount_text(cents) for cents in amounts)
    remarks = [*moa.remarks, *[""] * _MOST_REMARKS][:_MOST_REMARKS]
    writer.add("MOA", number(moa.rate), payable, *remarks, esrd, professional)


def write_line(writer: SegmentWriter, line: Line837P) -> None:
    """One 2400 with its 2410, 2420, 2430 and 2440 loops."""
    own = OrderedSegments(ORDER["2400"])
    own.add("LX", str(line.number))
    _sv1(own, line)
    own.date("472", line.service_on, line.service_until)
    named_dates(own, line.dates)
    write_contract(own, line.contract)
    own.references(line.references)
    if line.note:
        own.add("NTE", "ADD", line.note)
    drug, forms = _carried_loops(line.carried)
    own.carry(tuple(text for text in line.carried if text not in drug and text not in forms))
    own.pour_into(writer)
    for text in drug:
        writer.add_text(text)
    for provider in line.providers:
        write_provider(writer, provider)
    for adjudication in line.adjudications:
        _adjudication(writer, adjudication)
    for text in forms:
        writer.add_text(text)


def _carried_loops(carried: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """2410 (drug) and 2440 (forms), which stand behind the line's own segments."""
    ids = [(text.partition("*")[0], text) for text in carried]
    return [text for i, text in ids if i in _DRUG], [text for i, text in ids if i in _FORMS]


def _sv1(writer: SegmentWriter, line: Line837P) -> None:
    service = (amount_text(line.charge_cents), line.unit_basis, number(line.units), line.place)
    pointers = [str(p) for p in line.pointers]
    emergency = "Y" if line.is_emergency else ""
    flags = ("", emergency, "", line.epsdt, line.family_planning, "", "", line.copay_status)
    writer.add("SV1", composite(line.procedure), *service, "", pointers, *flags)


def _adjudication(writer: SegmentWriter, decided: LineAdjudication) -> None:
    paid, bundled = amount_text(decided.paid_cents), str(decided.bundled_into or "")
    writer.add("SVD", decided.payer_id, paid, composite(decided.procedure), "", number(decided.units), bundled)
    writer.adjustments(decided.adjustments)
    if decided.adjudicated_on:
        writer.add("DTP", "573", "D8", day_text(decided.adjudicated_on))
    writer.amount("EAF", decided.patient_liability_cents)
