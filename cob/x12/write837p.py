"""Writes an 837P from the same dataclasses the reader makes, and reads its own work back before anyone sends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cob.x12.errors import X12Error
from cob.x12.fields import amount_text
from cob.x12.loop_writer837p import OrderedSegments, write_below_name, write_contract, write_provider, write_sbr
from cob.x12.loops837p import ORDER
from cob.x12.parts import Party
from cob.x12.read837p import parse_837p
from cob.x12.segment_writer import SegmentWriter, cleaned, day_text, named_dates
from cob.x12.t837p import Attachment, Batch837P, Claim837P, Diagnosis, Patient, Subscriber
from cob.x12.write837p_cob import write_line, write_other_coverage

_DIAGNOSES = ("ABK", "ABF", "BK", "BF")
_IN_ONE_HI = 12


def write_837p(batch: Batch837P) -> bytes:
    """One interchange with one transaction. Envelope and control numbers are the caller's; counts and HL are made here.

    The result has been read back and equals the batch (in capitals, see `segment_writer.cleaned`). Raises `X12Error`
    when something does not fit into an 837P.
    """
    if batch.envelope is None:
        raise X12Error(segment_id="ISA", expected="an envelope with control numbers", advice="give the batch one")
    if not batch.claims:
        raise X12Error(segment_id="CLM", instead="no claim", expected="at least one claim in a batch")
    if not any(contact.numbers for contact in batch.submitter_contacts):
        expected = "whom the receiver may call, with a number (1000A PER)"
        raise X12Error(
            segment_id="PER", instead="nobody", expected=expected, advice="enter the site's telephone number"
        )
    writer = SegmentWriter()
    writer.open(batch.envelope, "HC", batch.guide)
    writer.start("837", batch.transaction_control.zfill(4), batch.guide)
    _head(writer, batch)
    _claims(writer, batch.claims)
    writer.end(batch.transaction_control.zfill(4))
    data = writer.close(batch.envelope, 1)
    reread(batch, data)
    return data


def reread(batch: Batch837P, data: bytes) -> Batch837P:
    """The batch as the reader sees it in `data`. Raises `X12Error` when it is not the one that was meant."""
    found = parse_837p(data)
    if len(found) == 1 and found[0].errors:
        raise found[0].errors[0]
    wanted = expected_back(batch)
    if found == [wanted]:
        return found[0]
    claims = zip(wanted.claims, found[0].claims if found else (), strict=False)
    which = next((w.control_number for w, f in claims if w != f), "")
    raise X12Error(
        segment_id="CLM",
        found=which,
        expected="a claim that reads back as it was written",
        advice="nothing was sent; some value does not survive the X12 format",
    )


def expected_back(batch: Batch837P) -> Batch837P:
    """What reading the written batch gives: clean texts, padded control numbers, group ids filled in."""
    envelope = batch.envelope
    if envelope:
        envelope = replace(
            envelope,
            interchange_control=envelope.interchange_control.zfill(9),
            group_sender=envelope.group_sender or envelope.sender_id,
            group_receiver=envelope.group_receiver or envelope.receiver_id,
        )
    control = batch.transaction_control.zfill(4)
    return cleaned(replace(batch, envelope=envelope, transaction_control=control))


def _head(writer: SegmentWriter, batch: Batch837P) -> None:
    made = (day_text(batch.made_on), batch.made_time)
    writer.add("BHT", "0019", batch.purpose, batch.reference, *made, batch.kind)
    writer.name(_role(batch.submitter, "41"))
    writer.contacts(batch.submitter_contacts)
    writer.name(_role(batch.receiver, "40"))


def _role(party: Party, role: str) -> Party:
    if party.role != role:
        raise X12Error(
            segment_id="NM1", element="NM101", found=party.role, expected=role, advice="check the exchange settings"
        )
    return party


def _claims(writer: SegmentWriter, claims: tuple[Claim837P, ...]) -> None:
    """A new HL whenever what stands above the claim changes; claims that share it stay together as they come."""
    number = billing_at = subscriber_at = 0
    above: list[object] = [None, None, None]
    for claim in claims:
        billing = (claim.billing, claim.pay_to)
        insured = (claim.subscriber, claim.payer, claim.patient is not None or claim.patient_facts)
        if above[0] != billing:
            number += 1
            billing_at = number
            _billing(writer, claim, number)
            above = [billing, None, None]
        if above[1] != insured:
            number += 1
            subscriber_at = number
            writer.add("HL", str(number), str(billing_at), "22", "1" if claim.patient else "0")
            _subscriber(writer, claim)
            above[1:] = [insured, None]
        if claim.patient and above[2] != (claim.patient, claim.patient_facts):
            number += 1
            writer.add("HL", str(number), str(subscriber_at), "23", "0")
            _patient(writer, claim.patient, claim.patient_facts)
            above[2] = (claim.patient, claim.patient_facts)
        _claim(writer, claim)


def _billing(writer: SegmentWriter, claim: Claim837P, number: int) -> None:
    writer.add("HL", str(number), "", "20", "1")
    if claim.billing.taxonomy:
        writer.add("PRV", "BI", "PXC", claim.billing.taxonomy)
    writer.name(_role(claim.billing.party, "85"))
    write_below_name(writer, claim.billing)
    if claim.pay_to:
        writer.name(_role(claim.pay_to.party, "87"))
        write_below_name(writer, claim.pay_to)


def _subscriber(writer: SegmentWriter, claim: Claim837P) -> None:
    subscriber = claim.subscriber
    write_sbr(writer, subscriber)
    own = () if claim.patient else claim.patient_facts
    if own or subscriber.died_on:
        writer.add("PAT", "", "", "", "", *_died(subscriber.died_on), *own)
    writer.name(_role(subscriber.party, "IL"))
    writer.address(subscriber.address)
    _demographics(writer, subscriber)
    writer.references(subscriber.references)
    writer.name(_role(claim.payer.party, "PR"))
    writer.address(claim.payer.address)
    writer.references(claim.payer.references)


def _patient(writer: SegmentWriter, patient: Patient, facts: tuple[str, ...]) -> None:
    writer.add("PAT", patient.relationship, "", "", "", *_died(patient.died_on), *facts)
    writer.name(_role(patient.party, "QC"))
    writer.address(patient.address)
    _demographics(writer, patient)
    writer.references(patient.references)


def _died(on: date | None) -> tuple[str, str]:
    return ("D8", day_text(on)) if on else ("", "")


def _demographics(writer: SegmentWriter, person: Patient | Subscriber) -> None:
    if person.born_on:
        writer.add("DMG", "D8", day_text(person.born_on), person.sex)


def _claim(writer: SegmentWriter, claim: Claim837P) -> None:
    _clm(writer, claim)
    own = OrderedSegments(ORDER["2300"])
    named_dates(own, claim.dates)
    for attachment in claim.attachments:
        _attachment(own, attachment)
    write_contract(own, claim.contract)
    own.amount("F5", claim.patient_paid_cents)
    own.references(claim.references)
    if claim.note:
        own.add("NTE", "ADD", claim.note)
    _diagnoses(own, claim.diagnoses)
    own.carry(claim.carried)
    own.pour_into(writer)
    for provider in claim.providers:
        write_provider(writer, provider)
    for other in claim.other_coverages:
        write_other_coverage(writer, other)
    for line in claim.lines:
        write_line(writer, line)


def _clm(writer: SegmentWriter, claim: Claim837P) -> None:
    place = (claim.place, claim.facility_qualifier, claim.frequency)
    signed = (claim.provider_signature, claim.assignment, claim.benefits_assigned, claim.release)
    empty = [""] * (3 - len(claim.related_causes))
    causes = [*claim.related_causes, *empty, claim.accident_state, claim.accident_country]
    tail = (claim.patient_signature, causes, claim.special_program, *[""] * 7, claim.delay_reason)
    writer.add("CLM", claim.control_number, amount_text(claim.charge_cents), "", "", place, *signed, *tail)


def _attachment(writer: SegmentWriter, attachment: Attachment) -> None:
    number = ("", "", "AC", attachment.control_number) if attachment.control_number else ()
    writer.add("PWK", attachment.report_type, attachment.transmission, *number)


def _diagnoses(writer: SegmentWriter, diagnoses: tuple[Diagnosis, ...]) -> None:
    """Diagnoses in one HI, then anesthesia procedures, then condition codes, in the order given within each."""
    for kinds, room in ((_DIAGNOSES, 12), (("BP",), 2), (("BG",), 24)):
        found = [d for d in diagnoses if d.qualifier in kinds]
        if len(found) > room:
            expected, advice = f"at most {room} codes of kind {kinds[0]}", "keep the ones the lines point to"
            raise X12Error(segment_id="HI", found=str(len(found)), expected=expected, advice=advice)
        for start in range(0, len(found), _IN_ONE_HI):
            writer.add("HI", *((d.qualifier, d.code) for d in found[start : start + _IN_ONE_HI]))
