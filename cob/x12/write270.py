"""Writes a 270: one question a transaction, so that a payer's answer to one person never waits for another's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cob.x12.errors import X12Error
from cob.x12.parts import Envelope
from cob.x12.segment_writer import SegmentWriter, day_text
from cob.x12.t271 import Inquiry270, Person

GUIDE = "005010X279A1"
_MOST_SETS = 9_999


def write_270(envelope: Envelope, inquiries: Sequence[Inquiry270]) -> bytes:
    """One interchange with these questions; control numbers are the caller's.

    Only what payers search by is sent: some refuse a question that says more. Raises `X12Error` for a question that
    no payer could answer.
    """
    if not inquiries or len(inquiries) > _MOST_SETS:
        raise X12Error(segment_id="ST", expected=f"from 1 to {_MOST_SETS} questions in one file")
    writer = SegmentWriter()
    writer.open(envelope, "HS", GUIDE)
    for place, inquiry in enumerate(inquiries, start=1):
        for problem in problems_with(inquiry):
            raise X12Error(segment_id="ST", expected=problem, advice=f"see the question with trace {inquiry.trace}")
        _transaction(writer, f"{place:04d}", inquiry, envelope)
    return writer.close(envelope, len(inquiries))


def problems_with(inquiry: Inquiry270) -> Iterator[str]:
    """What no payer could answer without, in words."""
    asked = inquiry.dependent or inquiry.subscriber
    if not inquiry.payer.id:
        yield "the payer's id (NM109)"
    if inquiry.provider.id_qualifier != "XX" or not inquiry.provider.id:
        yield "the provider's NPI"
    if not inquiry.trace or not inquiry.tax_id:
        yield "a trace number with our tax number beside it"
    if not inquiry.subscriber.party.id and not (inquiry.subscriber.party.name and inquiry.subscriber.born_on):
        yield "the subscriber's member id, or last name and date of birth"
    if asked is inquiry.dependent and not (asked.party.first and asked.born_on):
        yield "the dependent's first name and date of birth"


def _transaction(writer: SegmentWriter, control: str, inquiry: Inquiry270, envelope: Envelope) -> None:
    writer.start("270", control, GUIDE)
    writer.add("BHT", "0022", "13", inquiry.trace, day_text(envelope.made_on), envelope.made_time)
    writer.add("HL", "1", "", "20", "1")
    writer.add("NM1", "PR", "2", inquiry.payer.name, "", "", "", "", inquiry.payer.id_qualifier, inquiry.payer.id)
    writer.add("HL", "2", "1", "21", "1")
    provider = inquiry.provider
    kind = "1" if provider.is_person else "2"
    writer.add("NM1", "1P", kind, provider.name, provider.first, "", "", "", provider.id_qualifier, provider.id)
    writer.add("HL", "3", "2", "22", "1" if inquiry.dependent else "0")
    if inquiry.dependent is None:
        _trace(writer, inquiry)
    _person(writer, "IL", inquiry.subscriber)
    if inquiry.dependent is not None:
        writer.add("HL", "4", "3", "23", "0")
        _trace(writer, inquiry)
        _person(writer, "03", inquiry.dependent)
    writer.add("DTP", "291", "D8", day_text(inquiry.on))
    for service_type in inquiry.service_types:
        writer.add("EQ", service_type)
    writer.end(control)


def _trace(writer: SegmentWriter, inquiry: Inquiry270) -> None:
    writer.add("TRN", "1", inquiry.trace, f"9{inquiry.tax_id}")


def _person(writer: SegmentWriter, role: str, person: Person) -> None:
    party = person.party
    number = ("MI", party.id) if party.id and role == "IL" else ()
    writer.add("NM1", role, "1", party.name, party.first, party.middle, "", party.suffix, *number)
    if person.born_on:
        writer.add("DMG", "D8", day_text(person.born_on), person.sex if person.sex in {"F", "M"} else "")
    if person.relationship:
        writer.add("INS", "N", person.relationship)
