"""A payer of a claim with the coverage it answers for, in the codes of an 837P."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from claims.submissions.decided import Decided
from cob.x12.parts import NO_ADDRESS, Address, Party, Reference
from cob.x12.t837p import Claim837P, Payer, Provider, Subscriber

SELF = "18"
# A payer's own number for a provider, and for the place of the practice.
PROVIDER_NUMBERS = frozenset({"G2", "LU"})
UNKNOWN = "21"
# Individual relationship codes of 005010X222A1; step and foster children are "child" there, wards have no code.
RELATIONSHIP = {
    "self": SELF,
    "spouse": "01",
    "common_law_spouse": "01",
    "domestic_partner": "53",
    "child": "19",
    "stepchild": "19",
    "foster_child": "19",
    "adopted_child": "19",
    "divorced_spouse": "G8",
    "ward": "G8",
    "parent": "G8",
    "sibling": "G8",
    "other": "G8",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named on a claim."""

    last: str
    first: str = ""
    middle: str = ""
    born_on: date | None = None
    sex: str = ""
    address: Address = NO_ADDRESS


@dataclass(frozen=True, slots=True)
class Filed:
    """What the practice's own claim said about one coverage, kept because the rows do not hold all of it.

    `providers` are ours by the numbers that this payer knows them by: the billing one (NM1*85) among them.
    """

    subscriber: Subscriber
    payer: Payer
    approvals: tuple[Reference, ...] = ()
    benefits_assigned: str = ""
    release: str = ""
    patient_signature: str = ""
    providers: tuple[Provider, ...] = ()

    def numbers_for(self, role: str) -> tuple[Reference, ...]:
        """The numbers that this payer knows our provider of that part (NM101) by."""
        known = [r for p in self.providers if p.party.role == role for r in p.references]
        return tuple(r for r in known if r.qualifier in PROVIDER_NUMBERS)


@dataclass(frozen=True, slots=True)
class Insured:
    """One payer on the claim; `place` counts from 1 among the payers that belong on it."""

    place: int
    payer_name: str
    payer_id: str
    filing_code: str
    subscriber: Person
    relationship: str = ""
    member_id: str = ""
    group_number: str = ""
    plan_name: str = ""
    msp_type: str = ""
    decided: Decided | None = None
    is_passed_over: bool = False
    filed: Filed | None = None

    @property
    def relationship_code(self) -> str:
        """18, 01, 19, 53, G8; 21 where nobody said (an edit stops that claim)."""
        return RELATIONSHIP.get(self.relationship, UNKNOWN)

    @property
    def is_patient(self) -> bool:
        return self.relationship == "self"


def filed_on(claim: Claim837P, payer_id: str, member_id: str, others: Collection[str] = ()) -> Filed | None:
    """What the claim as filed says about this coverage: payer and member agree, or the payer alone names one.

    `others` are the member ids of the claim's other coverages with that payer: both spouses may be insured with it, and
    what was filed about the one plan is not about the other.
    """
    every = [_destination(claim), *_others(claim)]
    same_payer = [f for f in every if f.payer.party.id == payer_id]
    same_both = [f for f in same_payer if _plain(f.subscriber.party.id) == _plain(member_id)]
    if same_both:
        return same_both[0]
    of_others = {_plain(number) for number in others}
    left = [f for f in same_payer if _plain(f.subscriber.party.id) not in of_others]
    return left[0] if len(same_payer) == len(left) == 1 else None


_APPROVALS = frozenset({"G1", "9F"})
# Loops 2330C to 2330G, in the order of the guide.
_ROLES = ("DN", "P3", "82", "77", "DQ", "85")


def _destination(claim: Claim837P) -> Filed:
    return Filed(
        subscriber=claim.subscriber,
        payer=claim.payer,
        approvals=tuple(r for r in claim.references if r.qualifier in _APPROVALS),
        benefits_assigned=claim.benefits_assigned,
        release=claim.release,
        patient_signature=claim.patient_signature,
        providers=_numbered(claim),
    )


def _numbered(claim: Claim837P) -> tuple[Provider, ...]:
    """The providers whose numbers at the destination stand on the claim itself: with their names in 2310, the billing
    provider's with the payer (2010BB)."""
    every = [*claim.providers, replace(claim.billing, references=claim.payer.references)]
    theirs = [replace(p, references=tuple(r for r in p.references if r.qualifier in PROVIDER_NUMBERS)) for p in every]
    found = {p.party.role: p for p in map(_nameless, theirs) if p.references}
    return tuple(found[role] for role in _ROLES if role in found)


def _nameless(provider: Provider) -> Provider:
    """A provider by its part in the claim and by numbers: 2330C to 2330G name nobody."""
    return Provider(Party(provider.party.role, is_person=provider.party.is_person), references=provider.references)


def _others(claim: Claim837P) -> list[Filed]:
    return [
        Filed(
            subscriber=other.subscriber,
            payer=other.payer,
            approvals=tuple(r for r in other.payer.references if r.qualifier in _APPROVALS),
            benefits_assigned=other.benefits_assigned,
            release=other.release,
            patient_signature=other.patient_signature,
            providers=tuple(_nameless(p) for p in other.providers if p.references),
        )
        for other in claim.other_coverages
        if other.payer
    ]


def _plain(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum())
