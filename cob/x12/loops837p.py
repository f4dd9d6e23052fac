"""The loops of an 837P that name somebody: provider, subscriber, payer, patient; and the order segments stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from cob.x12 import fields
from cob.x12.errors import X12Error
from cob.x12.parts import NO_ADDRESS, Address, Contact, Party, Reference
from cob.x12.segments import Segment
from cob.x12.t837p import Patient, Payer, Provider, Subscriber

# Order of the segments in each loop (005010X222A1). "NM1" stands for every named loop of providers.
ORDER = {
    "2000A": ("HL", "PRV", "CUR"),
    "2000B": ("HL", "SBR", "PAT"),
    "2000C": ("HL", "PAT"),
    "NM1": ("NM1", "PRV", "N3", "N4", "DMG", "DTP", "REF", "PER"),
    "2300": ("CLM", "DTP", "PWK", "CN1", "AMT", "REF", "K3", "NTE", "CR1", "CR2", "CRC", "HI", "HCP"),
    "2320": ("SBR", "CAS", "AMT", "OI", "MOA"),
    "2400": tuple("LX SV1 SV5 PWK CR1 CR3 CRC DTP QTY MEA CN1 REF AMT K3 NTE PS1 HCP".split()),
    "2430": ("SVD", "CAS", "DTP", "AMT"),
}

Note = Callable[[X12Error], None]


def split(segments: Sequence[Segment], starters: frozenset[str]) -> list[Sequence[Segment]]:
    """Cut before each segment whose id starts a loop; the first piece is what stands before any of them."""
    cuts = [n for n, s in enumerate(segments) if s.elements[0] in starters]
    bounds = [0, *cuts, len(segments)]
    return [segments[start:end] for start, end in pairwise(bounds)]


def check_order(loop: str, segments: Sequence[Segment], note: Note) -> None:
    """Notes the first segment that stands before one it should follow; ids the loop does not know are left alone."""
    order = ORDER[loop]
    reached = 0
    for segment in segments:
        if segment.elements[0] not in order:
            continue
        rank = order.index(segment.elements[0])
        if rank < reached:
            after = order[reached]
            note(
                segment.error(
                    expected=f"{segment.id} before {after} in loop {loop}", advice="segments are out of order"
                )
            )
            return
        reached = rank


def portable(segment: Segment) -> str:
    """A segment's text in our own separators, to be carried into another file unchanged in meaning."""
    separators = segment.separators
    elements = [e.strip().replace(separators.component, ":") for e in segment.elements]
    if separators.repetition:
        elements = [e.replace(separators.repetition, "^") for e in elements]
    return "*".join(elements).rstrip("*")


class _Named:
    """What hangs on an NM1: address, references, contacts, taxonomy, birth date."""

    def __init__(self, segments: Sequence[Segment], note: Note, unread: list[str]) -> None:
        check_order("NM1", segments, note)
        self.party: Party = fields.party(segments[0])
        self.address: Address = NO_ADDRESS
        self.references: tuple[Reference, ...] = ()
        self.contacts: tuple[Contact, ...] = ()
        self.taxonomy = ""
        self.demographics: Segment | None = None
        self.dates: list[Segment] = []
        for segment in segments[1:]:
            self._take(segment, unread)

    def _take(self, segment: Segment, unread: list[str]) -> None:
        match segment.elements[0]:
            case "N3":
                self.address = fields.street(segment)
            case "N4":
                self.address = fields.town(segment, self.address)
            case "REF":
                self.references += (fields.reference_of(segment),)
            case "PER":
                self.contacts += (fields.contact(segment),)
            case "PRV":
                self.taxonomy = segment.at(3)
            case "DMG":
                self.demographics = segment
            case "DTP":
                self.dates.append(segment)
            case _:
                unread.append(segment.text)


def provider(segments: Sequence[Segment], note: Note, unread: list[str], taxonomy: str = "") -> Provider:
    """Any provider loop; a billing provider's taxonomy stands before its NM1 and is handed in."""
    named = _Named(segments, note, unread)
    return Provider(named.party, named.taxonomy or taxonomy, named.address, named.references, named.contacts)


def subscriber(
    sbr: Segment, segments: Sequence[Segment], note: Note, unread: list[str], pat: Segment | None = None
) -> Subscriber:
    """SBR with the NM1*IL loop below it (which may be missing: then the party has no role), and the PAT beside it."""
    named = _Named(segments, note, unread) if segments else None
    dmg = named.demographics if named else None
    return Subscriber(
        rank_code=sbr.at(1),
        party=named.party if named else Party(role=""),
        relationship=sbr.at(2),
        group_number=sbr.at(3),
        plan_name=sbr.at(4),
        msp_type=sbr.at(5),
        filing_code=sbr.at(9),
        address=named.address if named else NO_ADDRESS,
        born_on=fields.day(dmg, 2) if dmg else None,
        sex=dmg.at(3) if dmg else "",
        died_on=fields.day(pat, 6) if pat else None,
        references=named.references if named else (),
    )


def payer(segments: Sequence[Segment], note: Note, unread: list[str]) -> Payer:
    """NM1*PR with its address, references and, in 2330B, the adjudication date."""
    named = _Named(segments, note, unread)
    dates = [fields.dtp(s) for s in named.dates]
    adjudicated = next((d.on for d in dates if d.qualifier == "573"), None)
    return Payer(named.party, named.address, named.references, adjudicated)


def patient_facts(pat: Segment | None) -> tuple[str, ...]:
    """PAT07 to PAT09, wherever PAT stands: the weight, a pregnancy."""
    if pat is None:
        return ()
    fields.quantity(pat, 8)
    return tuple(portable(pat).split("*")[7:10])


def patient(pat: Segment, segments: Sequence[Segment], note: Note, unread: list[str]) -> Patient:
    """PAT with the NM1*QC loop below it."""
    named = _Named(segments, note, unread)
    dmg = named.demographics
    return Patient(
        party=named.party,
        relationship=pat.at(1),
        address=named.address,
        born_on=fields.day(dmg, 2) if dmg else None,
        sex=dmg.at(3) if dmg else "",
        died_on=fields.day(pat, 6),
        references=named.references,
    )
