"""The patient and the subscribers as an 837P names them: our rows first, the claim as filed where they are silent."""

from __future__ import annotations

from claims.submissions.insured import Filed, Person
from cob.coverage.models import Coverage
from cob.patients.models import Patient, RelatedPerson
from cob.x12.parts import NO_ADDRESS, Address
from cob.x12.t837p import Claim837P


def patient_of(row: Patient, content: Claim837P) -> Person:
    """The patient, with the address of the claim as filed where the chart has none."""
    filed = content.patient or content.subscriber
    address = _address(row)
    return Person(
        last=row.last_name,
        first=row.first_name,
        middle=row.middle_name,
        born_on=row.birth_on,
        sex=row.sex or "U",
        address=filed.address if address == NO_ADDRESS else address,
    )


def subscriber_of(coverage: Coverage, patient: Person, filed: Filed | None) -> Person:
    """In whose name the coverage stands; an empty name where nobody has said."""
    if coverage.relationship == "self":
        return patient
    if coverage.subscriber is not None:
        row = coverage.subscriber
        return Person(row.last_name, row.first_name, "", row.birth_on, row.sex, _address(row))
    if filed is None or not coverage.relationship:
        return Person("")
    party = filed.subscriber.party
    return Person(party.name, party.first, party.middle, address=filed.subscriber.address)


def _address(row: Patient | RelatedPerson) -> Address:
    """Street and town together or not at all: half an address is refused."""
    parts = (row.address, row.city, row.state, row.zip_code)
    return Address(parts[0], "", *parts[1:]) if all(parts) else NO_ADDRESS
