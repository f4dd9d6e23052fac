"""The head of an 835: BPR, TRN, and the two parties between whom the money moves."""

from __future__ import annotations

from dataclasses import dataclass, field

from cob.x12 import fields
from cob.x12.envelope import TransactionSet
from cob.x12.parts import NO_ADDRESS, Address, Contact, Reference
from cob.x12.segments import Segment
from cob.x12.t835 import Header835, Organisation


@dataclass(slots=True)
class _Loop:
    """One N1 loop while it is being read."""

    n1: Segment
    address: Address = NO_ADDRESS
    references: list[Reference] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    def take(self, segment: Segment) -> None:
        match segment.id:
            case "N3":
                self.address = fields.street(segment)
            case "N4":
                self.address = fields.town(segment, self.address)
            case "REF":
                self.references.append(fields.reference_of(segment))
            case "PER":
                self.contacts.append(fields.contact(segment))

    def organisation(self) -> Organisation:
        return Organisation(
            name=self.n1.at(2),
            id_qualifier=self.n1.at(3),
            id=self.n1.at(4),
            address=self.address,
            references=tuple(self.references),
            contacts=tuple(self.contacts),
        )


def build_header(transaction: TransactionSet, segments: list[Segment]) -> Header835:
    """The header out of everything between ST and the first LX, CLP or PLB. Raises `X12Error` for what is missing."""
    head, loops = _split(segments)
    bpr = _one(transaction.st, head, "BPR", "the payment itself")
    trn = _one(transaction.st, head, "TRN", "the check or EFT trace number")
    produced = next((s for s in head if s.id == "DTM" and s.at(1) == "405"), None)
    produced_on = fields.required_day(produced, 2, "the production date") if produced else None
    paid_on = fields.day(bpr, 16) or produced_on
    receiver = next((s for s in head if s.id == "REF" and s.at(1) == "EV"), None)
    currency = next((s for s in head if s.id == "CUR"), None)
    return Header835(
        interchange_control=transaction.interchange.control if transaction.interchange else "",
        group_control=transaction.group.control if transaction.group else "",
        transaction_control=transaction.control,
        guide=transaction.guide,
        handling=fields.required(bpr, 1, "a handling code such as I or H"),
        paid_cents=fields.required_amount(bpr, 2, "the total payment"),
        credit_or_debit=bpr.at(3),
        method=fields.required(bpr, 4, "a payment method such as ACH, CHK or NON"),
        paid_on=paid_on or fields.required_day(bpr, 16, "the date of the payment"),
        trace=fields.required(trn, 2, "the check or EFT trace number"),
        payer_trace_id=trn.at(3),
        payer=_party(transaction.st, loops, "PR", "the payer (N1*PR)"),
        payee=_party(transaction.st, loops, "PE", "the payee (N1*PE)"),
        produced_on=produced_on,
        receiver_id=receiver.at(2) if receiver else "",
        currency=currency.at(2) if currency else "",
        references=tuple(fields.reference_of(s) for s in head if s.id == "REF" and s is not receiver),
        originator_id=bpr.at(10),
        is_paid_on_assumed=not bpr.at(16),
        segment_no=transaction.st.number,
    )


def _split(segments: list[Segment]) -> tuple[list[Segment], list[_Loop]]:
    head: list[Segment] = []
    loops: list[_Loop] = []
    for segment in segments:
        if segment.id == "N1":
            loops.append(_Loop(segment))
        elif loops:
            loops[-1].take(segment)
        else:
            head.append(segment)
    return head, loops


def _one(st: Segment, head: list[Segment], segment_id: str, what: str) -> Segment:
    found = [s for s in head if s.id == segment_id]
    if len(found) != 1:
        count = f"{len(found)} {segment_id} segments" if found else f"no {segment_id}"
        advice = "without it the remittance cannot be matched to its money"
        raise st.error(instead=count, expected=f"one {segment_id}, {what}, in this transaction", advice=advice)
    return found[0]


def _party(st: Segment, loops: list[_Loop], role: str, what: str) -> Organisation:
    for loop in loops:
        if loop.n1.at(1) == role:
            return loop.organisation()
    raise st.error(instead=f"no N1*{role}", expected=f"{what} in this transaction", advice="ask for a corrected file")
