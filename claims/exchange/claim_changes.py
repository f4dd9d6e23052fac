"""A claim that is on file comes again: the same, to another payer, put right, replaced or voided.

What was posted stays posted. A change of services under postings is never made silently: it is listed for a person.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from claims.exchange.claim_rows import Known, Rows, columns, line_columns, line_row
from claims.models import Claim, Line
from claims.models.claim import PayerState
from cob.accounts.models import Site
from cob.coverage.models import Coverage
from cob.patients.models import Patient
from cob.x12.stored import load
from cob.x12.t837p import Claim837P

# Nothing of the claim was taken.
LEFT_OUT = "exceptions"
_REPLACES, _VOIDS = "7", "8"


class OnFile:
    """The claims of a chunk that are on file, and those the chunk itself adds."""

    def __init__(self, claims: Iterable[Claim], posted: set[uuid.UUID]) -> None:
        """`claims` with lines and payers fetched; `posted`: those the ledger has entries for."""
        self._ours: dict[tuple[uuid.UUID, str], Known] = {}
        self._theirs: dict[tuple[uuid.UUID, str, str], Known] = {}
        for claim in claims:
            known = Known(claim, list(claim.lines.all()), list(claim.payers.all()), claim.pk in posted)
            self._ours[claim.site_id, claim.control_number] = known
            for payer in known.payers:
                if payer.payer_control_number:
                    self._theirs[claim.site_id, payer.payer.edi_id, payer.payer_control_number] = known

    def find(self, site: Site, claim: Claim837P) -> Known | None:
        """By our number; a replacement or void also by the payer's own number of what it replaces (REF*F8)."""
        found = self._ours.get((site.pk, claim.control_number))
        if found is None and claim.frequency in {_REPLACES, _VOIDS}:
            found = self._theirs.get((site.pk, claim.payer.party.id, claim.payer_control_number))
        return found

    def add(self, known: Known, claim: Claim837P) -> Known:
        """A claim of this very chunk; it may come again further down."""
        self._ours[known.claim.site_id, claim.control_number] = known
        return known


def follow(
    known: Known | None, claim: Claim837P, patient: Patient, covers: Sequence[Coverage], rows: Rows
) -> tuple[str, str]:
    """Do what this sending asks of the claim on file: what was done (for the count) and an objection, if any."""
    if known is None:
        return LEFT_OUT, "A void (frequency 8) of a claim that is not on file; nothing was voided."
    if known.claim.patient_id != patient.pk:
        return LEFT_OUT, "This claim number belongs to another patient on file; the claim was not stored."
    if claim.frequency == _VOIDS:
        return _void(known, claim, covers, rows)
    if claim.frequency != _REPLACES and load(known.claim.content) == claim:
        return _again(known, claim, covers, rows)
    return _change(known, claim, covers, rows)


def _again(known: Known, claim: Claim837P, covers: Sequence[Coverage], rows: Rows) -> tuple[str, str]:
    """The same to the same payer says nothing new, unless that payer's front end had turned it away."""
    payer = known.payer_of(covers[0])
    if payer is None or payer.state != PayerState.REJECTED:
        return "unchanged", ""
    _send(known, claim, covers, rows)
    return "sent_again", ""


def _void(known: Known, claim: Claim837P, covers: Sequence[Coverage], rows: Rows) -> tuple[str, str]:
    known.claim.is_void = True
    rows.save(known.claim, "is_void")
    _send(known, claim, covers, rows)
    why = "Voided with postings on it: wait for the payer's reversal." if known.is_posted else ""
    return "voided", why


def _change(known: Known, claim: Claim837P, covers: Sequence[Coverage], rows: Rows) -> tuple[str, str]:
    same_services = services(load(known.claim.content)) == services(claim)
    if not same_services and known.is_posted:
        why = (
            "Services or charges differ from the claim on file, which has postings; the claim on file was kept. "
            "Compare the two and decide."
        )
        return LEFT_OUT, why
    is_other_payer = known.payers and known.payer_of(covers[0]) is not _first_sent(known)
    if is_other_payer and same_services and claim.frequency != _REPLACES:
        _send(known, claim, covers, rows)
        return "sent_to_next", ""
    _rewrite(known, claim, rows)
    _send(known, claim, covers, rows)
    return ("replaced" if claim.frequency == _REPLACES else "updated"), ""


def _first_sent(known: Known) -> object:
    """The payer whose claim the kept content is."""
    edi_id = load(known.claim.content).payer.party.id
    return next((p for p in known.payers if p.payer.edi_id == edi_id), None)


def _send(known: Known, claim: Claim837P, covers: Sequence[Coverage], rows: Rows) -> None:
    rows.payers_of(known, claim, covers)


def services(claim: Claim837P) -> list[tuple[object, ...]]:
    """What postings rest on: each line's service, day, units and charge."""
    return [
        (line.number, line.procedure.code, line.procedure.modifiers, line.service_on, line.units, line.charge_cents)
        for line in claim.lines
    ]


def _rewrite(known: Known, claim: Claim837P, rows: Rows) -> None:
    """The claim as it is now; the trail keeps what it was."""
    row = known.claim
    for name, value in columns(claim).items():
        setattr(row, name, value)
    row.insurer_open_cents = row.charge_cents - row.paid_cents - row.written_off_cents - row.patient_cents
    row.is_void = False
    rows.save(row, *columns(claim), "insurer_open_cents", "is_void")
    _rewrite_lines(known, claim, rows)
    rows.accident(row.patient, claim)


def _rewrite_lines(known: Known, claim: Claim837P, rows: Rows) -> None:
    by_number = {line.number: line for line in known.lines}
    kept: list[Line] = []
    for line in claim.lines:
        found = by_number.pop(line.number, None)
        if found is None:
            found = line_row(known.claim, line)
            rows.lines.append(found)
        else:
            values = line_columns(line)
            for name, value in values.items():
                setattr(found, name, value)
            rows.save(found, *values)
        kept.append(found)
    for gone in by_number.values():
        if gone._state.adding:
            rows.lines.remove(gone)
        else:
            gone.delete()
    known.lines = kept
