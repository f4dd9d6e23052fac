"""The 270 and 271 (005010X279A1) as data: who is asked about whom, and what one payer knows of that person.

A payer reports what it knows, of itself and of others. What it says of another payer is its belief, kept with its
source; a question that failed is not the answer "no other coverage".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cob.x12.parts import NO_ADDRESS, Address, Contact, NamedDate, Party, Reference, reference

OTHER_PAYER, ACTIVE, INACTIVE = "R", "1", "6"
# Somebody else knows of the coverage; somebody else is to be asked; the question cannot be processed.
OTHER_SOURCE, CONTACT, CANNOT_SAY = "W", "U", "V"
# EB04 where Medicare says why it is secondary: the same words as SBR05 of a claim.
MSP_TYPES = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
# Which place the answering payer believes an other payer to have (NM101 in loop 2120).
PLACES = {"PRP": 1, "SEP": 2, "TTP": 3}
HEALTH_CARE = "30"


@dataclass(frozen=True, slots=True)
class Person:
    """A subscriber or dependent as 2100C and 2100D name them."""

    party: Party
    born_on: date | None = None
    sex: str = ""
    address: Address = NO_ADDRESS
    relationship: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[NamedDate, ...] = ()


@dataclass(frozen=True, slots=True)
class Inquiry270:
    """One question to one payer about one person: the subscriber, or the dependent where there is one.

    `trace` comes back in the answer. `tax_id` names us as its source.
    """

    payer: Party
    provider: Party
    subscriber: Person
    trace: str
    tax_id: str
    on: date
    dependent: Person | None = None
    service_types: tuple[str, ...] = (HEALTH_CARE,)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One AAA: the question could not be answered. `level` says of whom: payer, provider, subscriber, dependent."""

    level: str
    code: str
    follow_up: str = ""
    segment_no: int = 0


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody a benefit names (loop 2120): another payer, its policyholder, a sponsor, a physician."""

    party: Party
    address: Address = NO_ADDRESS
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Benefit:
    """One EB with all that hangs on it. `share` is EB08 as text (".2" is 20 percent of the allowed amount)."""

    code: str
    level: str = ""
    service_types: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    amount_cents: int | None = None
    share: str = ""
    in_network: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[NamedDate, ...] = ()
    messages: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    segment_no: int = 0

    @property
    def is_for_medical_care(self) -> bool:
        """An EB about drugs or teeth alone says nothing about a medical claim."""
        return not self.service_types or any(code not in _OTHER_CARE for code in self.service_types)

    def number(self, qualifier: str) -> str:
        """The first reference of that kind."""
        return reference(self.references, qualifier)


# Teeth, drugs (from a store, by mail, of a brand, generic), glasses.
_OTHER_CARE = frozenset("23 24 25 26 27 28 35 36 37 38 39 40 41 88 89 90 91 92 AL AM AN AO".split())


@dataclass(frozen=True, slots=True)
class Answer271:
    """What one payer says of one person. `traces` are TRN02s, ours among them; `reference` is BHT03, the question's;
    `made_on` is BHT04."""

    payer: Party
    provider: Party | None
    subscriber: Person | None
    dependent: Person | None
    traces: tuple[str, ...]
    made_on: date
    benefits: tuple[Benefit, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    control: str = ""
    reference: str = ""
    segment_no: int = 0

    @property
    def is_failed(self) -> bool:
        """Nothing was answered: refused (AAA), or said of all that it cannot be processed (EB V)."""
        return all(benefit.code == CANNOT_SAY for benefit in self.benefits)

    @property
    def person(self) -> Person | None:
        """Whom the answer is about."""
        return self.dependent or self.subscriber
