"""Reads an 837P claim by claim: walks the HL tree, remembers the loops above, hands out each claim complete.

As with the 835, what cannot be read spoils its transaction and waits in the trailer; a broken envelope is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cob.x12 import fields
from cob.x12.claim837p import Context, build_claim
from cob.x12.envelope import Group, Interchange, TransactionSet, read_transactions
from cob.x12.errors import X12Error
from cob.x12.loops837p import check_order, patient, patient_facts, payer, provider, split, subscriber
from cob.x12.parts import Envelope, Party
from cob.x12.segments import Segment, Source
from cob.x12.t837p import (
    GUIDES,
    Batch837P,
    Claim837P,
    Patient,
    Payer,
    Provider,
    Subscriber,
)

MOST_ERRORS = 50
MOST_SEGMENTS_IN_A_LOOP = 100_000
_PARENT = {"20": "", "22": "20", "23": "22"}
_ASK = "ask the sender for a corrected file"
# What every claim has besides its CLM: standing under an HL, it is a claim whose CLM was lost.
_OF_A_CLAIM = frozenset({"HI", "LX"})
_BELOW = {
    "": "at least one claim (CLM) in this transaction",
    "20": "a subscriber (HL*22) with a claim (CLM) below this billing provider",
    "22": "a claim (CLM) or a patient (HL*23) below this subscriber",
    "23": "a claim (CLM) below this patient",
}


@dataclass(frozen=True, slots=True)
class Trailer837P:
    """The end of a transaction, and whatever in it could not be read (then some of its claims are missing)."""

    transaction_control: str
    segment_count: int
    errors: tuple[X12Error, ...] = ()
    unread: tuple[str, ...] = ()


Event837P = Batch837P | Claim837P | Trailer837P


def read_837p(source: Source) -> Iterator[Event837P]:
    """Per transaction a `Batch837P` (without claims), its `Claim837P`s and always a `Trailer837P`.

    Raises `X12Error` when the file is no 5010 837P or its envelope does not close. Amounts are cents.
    """
    seen = False
    for transaction in read_transactions(source):
        _refuse_others(transaction)
        seen = True
        yield from _Walk(transaction).events()
    if not seen:
        expected = "at least one 837P transaction"
        raise X12Error(instead="an envelope only", expected=expected, advice="nothing can be read")


def parse_837p(source: Source) -> list[Batch837P]:
    """A whole file at once; same errors as `read_837p`. Transactions without a readable header are left out.

    Raises the first such error, so that nothing is lost without a word.
    """
    batches: list[Batch837P] = []
    header: Batch837P | None = None
    claims: list[Claim837P] = []
    for event in read_837p(source):
        match event:
            case Batch837P():
                header, claims = event, []
            case Claim837P():
                claims.append(event)
            case Trailer837P(errors=errors):
                if header is None:
                    raise errors[0]
                batches.append(replace(header, claims=tuple(claims), errors=errors))
                header = None
    return batches


def _refuse_others(transaction: TransactionSet) -> None:
    st = transaction.st
    if transaction.kind != "837":
        raise st.error(1, found=transaction.kind, expected="837", advice="this file is of another kind")
    if transaction.release != "5010":
        advice = "files of version 4010 and others are not read; send 5010"
        raise st.error(found=transaction.guide or transaction.release, expected="version 005010X222A1", advice=advice)
    if transaction.guide not in GUIDES:
        found, advice = transaction.guide, "institutional and dental claims are not read"
        raise st.error(found=found, expected="a professional claim, 005010X222A1", advice=advice)


class _Walk:
    def __init__(self, transaction: TransactionSet) -> None:
        self._transaction = transaction
        self._errors: list[X12Error] = []
        self._levels: dict[str, list[Segment]] = {}
        self._ids: dict[str, str] = {}
        self._count = 0
        # The ST or HL that has led to no claim yet, nor to a level below it that could.
        self._barren: Segment | None = transaction.st

    def events(self) -> Iterator[Event837P]:
        loop: list[Segment] = []
        header_done = False
        for segment in self._transaction:
            if segment.elements[0] in {"HL", "CLM"} and loop:
                yield from self._loop(loop, header_done)
                header_done, loop = True, []
            loop.append(segment)
            if len(loop) > MOST_SEGMENTS_IN_A_LOOP:
                advice = "this does not look like a batch of claims"
                raise segment.error(expected=f"at most {MOST_SEGMENTS_IN_A_LOOP} segments in one loop", advice=advice)
        yield from self._loop(loop, header_done)
        self._leave()
        errors = (*self._errors, *self._transaction.errors)[:MOST_ERRORS]
        yield Trailer837P(self._transaction.control, self._transaction.segment_count, errors)

    def _loop(self, segments: list[Segment], header_done: bool) -> list[Batch837P | Claim837P]:
        try:
            if not header_done:
                return [_header(self._transaction, segments)]
            if segments[0].id == "HL":
                self._level(segments)
            elif segments:
                self._barren = None
                return [self._claim(segments)]
        except X12Error as error:
            self._note(error)
        return []

    def _level(self, segments: list[Segment]) -> None:
        hl = segments[0]
        self._count += 1
        level = hl.at(3)
        if level not in _PARENT:
            raise hl.error(3, found=level or "nothing", expected="20, 22 or 23", advice=_ASK)
        for lower in [key for key in self._levels if key >= level]:
            del self._levels[lower]
            self._ids.pop(lower, None)
        self._levels[level], self._ids[level] = segments, hl.at(1)
        if hl.at(1) != str(self._count):
            self._note(hl.error(1, found=hl.at(1) or "nothing", expected=f"{self._count}, counted from 1", advice=_ASK))
        parent = self._ids.get(_PARENT[level], "")
        if hl.at(2) != parent:
            self._note(hl.error(2, found=hl.at(2) or "nothing", expected=f"parent {parent or 'none'}", advice=_ASK))
        self._lead(segments)

    def _lead(self, segments: list[Segment]) -> None:
        """From one level to the next: the one before is done with when this one stands below it."""
        hl = segments[0]
        if self._barren and _depth(self._barren) >= hl.at(3):
            self._leave()
        self._barren = hl
        stray = next((s for s in segments if s.elements[0] in _OF_A_CLAIM), None)
        if stray:
            self._note(stray.error(found=stray.id, expected="the claim (CLM) it belongs to before it", advice=_ASK))
            self._barren = None

    def _leave(self) -> None:
        """A level that ends without a claim has lost one, and nobody would miss it."""
        if self._barren:
            expected = _BELOW[_depth(self._barren)]
            self._note(self._barren.error(instead="no claim", expected=expected, advice=_ASK))

    def _claim(self, segments: list[Segment]) -> Claim837P:
        unread: list[str] = []
        return build_claim(self._context(segments[0], unread), segments, self._note, unread)

    def _context(self, clm: Segment, unread: list[str]) -> Context:
        for level, what in (("20", "billing provider"), ("22", "subscriber")):
            if level not in self._levels:
                raise clm.error(expected=f"a {what} loop (HL*{level}) before the claim", advice=_ASK)
        billing, pay_to = self._billing(self._levels["20"], unread)
        insured, destination = self._subscriber(self._levels["22"], unread)
        own = self._levels.get("23")
        dependent = self._patient(own, unread) if own else None
        pat = next((s for s in own or self._levels["22"] if s.id == "PAT"), None)
        return Context(billing, pay_to, insured, destination, dependent, patient_facts(pat))

    def _billing(self, segments: list[Segment], unread: list[str]) -> tuple[Provider, Provider | None]:
        own, loops = self._named("2000A", segments)
        prv = next((s for s in own if s.id == "PRV"), None)
        billing = _need(segments[0], loops, "85", "the billing provider (NM1*85)")
        pay_to = loops.get("87")
        return (
            provider(billing, self._note, unread, prv.at(3) if prv else ""),
            provider(pay_to, self._note, unread) if pay_to else None,
        )

    def _subscriber(self, segments: list[Segment], unread: list[str]) -> tuple[Subscriber, Payer]:
        own, loops = self._named("2000B", segments)
        sbr = next((s for s in own if s.id == "SBR"), None)
        if sbr is None:
            raise segments[0].error(instead="no SBR", expected="SBR, the coverage the claim goes to", advice=_ASK)
        insured = _need(segments[0], loops, "IL", "the subscriber (NM1*IL)")
        destination = _need(segments[0], loops, "PR", "the payer (NM1*PR)")
        pat = next((s for s in own if s.id == "PAT"), None)
        return subscriber(sbr, insured, self._note, unread, pat), payer(destination, self._note, unread)

    def _patient(self, segments: list[Segment], unread: list[str]) -> Patient:
        own, loops = self._named("2000C", segments)
        pat = next((s for s in own if s.id == "PAT"), None)
        if pat is None:
            raise segments[0].error(instead="no PAT", expected="PAT, the patient's relationship", advice=_ASK)
        return patient(pat, _need(segments[0], loops, "QC", "the patient (NM1*QC)"), self._note, unread)

    def _named(self, loop: str, segments: list[Segment]) -> tuple[list[Segment], dict[str, list[Segment]]]:
        own, *named = split(segments, frozenset({"NM1"}))
        check_order(loop, own, self._note)
        return list(own), {found[0].at(1): list(found) for found in reversed(named)}

    def _note(self, error: X12Error) -> None:
        is_new = all(e.segment_no != error.segment_no for e in self._errors)
        if is_new and len(self._errors) < MOST_ERRORS:
            self._errors.append(error)


def _depth(segment: Segment) -> str:
    return segment.at(3) if segment.id == "HL" else ""


def _need(hl: Segment, loops: dict[str, list[Segment]], role: str, what: str) -> list[Segment]:
    if role not in loops:
        raise hl.error(instead=f"no NM1*{role}", expected=f"{what} in this loop", advice=_ASK)
    return loops[role]


def _header(transaction: TransactionSet, segments: list[Segment]) -> Batch837P:
    st = transaction.st
    own, *named = split(segments, frozenset({"NM1"}))
    bht = next((s for s in own if s.id == "BHT"), None)
    if bht is None:
        raise st.error(instead="no BHT", expected="BHT at the start of the transaction", advice=_ASK)
    loops = {loop[0].at(1): list(loop) for loop in reversed(named)}
    submitter = _need(st, loops, "41", "the submitter (NM1*41)")
    receiver = _need(st, loops, "40", "the receiver (NM1*40)")
    return Batch837P(
        envelope=_envelope(transaction.interchange, transaction.group, st),
        transaction_control=transaction.control,
        reference=bht.at(3),
        made_on=fields.required_day(bht, 4, "the date of the batch"),
        made_time=bht.at(5),
        purpose=bht.at(2),
        kind=bht.at(6),
        guide=transaction.guide,
        submitter=_identity(submitter),
        submitter_contacts=tuple(fields.contact(s) for s in submitter if s.id == "PER"),
        receiver=_identity(receiver),
    )


def _identity(loop: list[Segment]) -> Party:
    return fields.party(loop[0])


def _envelope(interchange: Interchange | None, group: Group | None, st: Segment) -> Envelope | None:
    if not interchange or not group:
        return None
    made_on = fields.calendar_day(group.made_on)
    if made_on is None:
        raise st.error(found=group.made_on, expected="a date that exists in GS04 before this ST", advice=_ASK)
    return Envelope(
        sender_id=interchange.sender_id,
        receiver_id=interchange.receiver_id,
        interchange_control=interchange.control,
        group_control=group.control,
        made_on=made_on,
        made_time=group.made_time,
        usage=interchange.usage,
        sender_qualifier=interchange.sender_qualifier,
        receiver_qualifier=interchange.receiver_qualifier,
        group_sender=group.sender,
        group_receiver=group.receiver,
    )
