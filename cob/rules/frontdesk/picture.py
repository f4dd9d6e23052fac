"""One patient as the front desk's questions see them: the contract's case, and columns the contract has no word for.

Facts are absent where nobody told them. `case` has the shape of the determination contract, so a flag and a rule of
payer order read the same fact at the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cob.rules.order import plan

# The law's own groups of kinds, so that a flag and a rule cannot mean two things by one word.
GROUP: Final = plan.GROUP
COMMERCIAL: Final = plan.COMMERCIAL
MEDICARE: Final = plan.MEDICARE
ACCIDENT: Final = plan.ACCIDENT
NO_AGE_LIMIT: Final = plan.NO_AGE_LIMIT
NOT_A_PLAN: Final = frozenset(
    {"accident_only", "fixed_indemnity", "specified_disease", "sharing_ministry", "discount_card"}
)
CHILDREN: Final = plan.CHILDREN
RAISING: Final = frozenset(who for who, patient_is in plan.PATIENT_IS.items() if patient_is in CHILDREN)
CONTINUED: Final = frozenset({"cobra", "state", "federal_tcc"})
COUPLES: Final = frozenset({"spouse", "common_law_spouse"})


def patient_is(told: str, relation: str) -> str:
    """What the patient is to a subscriber: as told for the plan, else as it follows from who that person is."""
    return told or plan.PATIENT_IS.get(relation, relation)


def at(node: Any, path: str) -> Any:
    """A fact by its path inside the contract's JSON; None when nobody told it."""
    for step in path.split("."):
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def day(value: Any) -> date | None:
    """A contract day; None for "never" and for what nobody told."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _holds(part: Mapping[str, Any] | None, on: date) -> bool:
    """Whether a part of Medicare includes a day; an unknown start counts as begun. None: never enrolled in it."""
    return part is not None and (day(part.get("from")) or on) <= on <= (day(part.get("to")) or on)


@dataclass(frozen=True, slots=True)
class Holder:
    """In whose name a coverage is, when that is not the patient."""

    key: str
    name: str
    has_birth_date: bool = False
    has_birthday: bool = False
    has_sex: bool = False
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One coverage: the contract's entry in `said`, and what the card and the verification show beside it."""

    id: str
    payer: str
    payer_id: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    member_id: str = ""
    group_number: str = ""
    employer: str = ""
    holder: Holder | None = None
    verified_on: date | None = None
    verified_how: str = ""
    verified_by: str = ""
    continuation_told_from: date | None = None
    inactive_since: date | None = None  # what an eligibility answer (271) says
    grace_until: date | None = None
    payer_tells: tuple[str, ...] = ()  # what its answer offers and nobody has replied to, a sentence each

    def fact(self, path: str) -> Any:
        """What was told about this coverage."""
        return at(self.said, path)

    @property
    def kind(self) -> str:
        return str(self.said.get("kind") or "")

    @property
    def relationship(self) -> str:
        """What the patient is to the subscriber."""
        return patient_is(str(self.said.get("relationship") or ""), self.holder.relation if self.holder else "")

    @property
    def begins(self) -> date | None:
        return day(self.said.get("effective"))

    @property
    def ends(self) -> date | None:
        """Last covered day; None when open or not known."""
        return day(self.said.get("last_covered_day"))

    @property
    def is_end_known(self) -> bool:
        """A day, or "goes on" said in so many words."""
        return "last_covered_day" in self.said

    @property
    def is_as_child(self) -> bool:
        return self.relationship in CHILDREN

    @property
    def is_continuation(self) -> bool:
        return self.fact("continuation") in CONTINUED

    def is_in_force(self, on: date) -> bool:
        """Whether its dates include a day; an unknown start counts as begun: asking is cheaper than losing it."""
        is_enrolled = self.said.get("enrolled") is not False
        return is_enrolled and (self.begins or on) <= on <= (self.ends or on)


@dataclass(frozen=True, slots=True)
class Order:
    """The order on file as far as this day rests on it."""

    status: str
    decided_on: date
    service_on: date
    expires_on: date | None = None
    is_stale: bool = False  # a coverage was added or a fact told since

    def is_good(self, on: date) -> bool:
        """Settled, nothing changed since, and the day has not come on which it becomes another."""
        is_settled = self.status in ("determined", "likely", "tie")
        return is_settled and not self.is_stale and (self.expires_on is None or on < self.expires_on)


@dataclass(frozen=True, slots=True)
class Asked:
    """When the patient was last asked: the short form, the full form, and by when Medicare's questionnaire is due."""

    short_on: date | None = None
    full_on: date | None = None
    msp_on: date | None = None
    msp_due_on: date | None = None  # None with a Medicare card: never asked, due now


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everything the front desk's questions may rest on, as of one day."""

    today: date
    born_on: date
    visit_on: date | None = None
    comes_weekly: bool = False
    died_on: date | None = None
    marital_status: str = ""
    employment_status: str = ""
    unfilled: tuple[str, ...] = ()  # columns of the chart that are empty
    case: Mapping[str, Any] = field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    order: Order | None = None
    asked: Asked | None = None  # None: nobody keeps these days
    charts_alike: tuple[str, ...] = ()  # charts with the same member number and birth date

    @property
    def day(self) -> date:
        """The day in question: the next visit, or today."""
        return max(self.visit_on or self.today, self.today)

    @property
    def has_visit(self) -> bool:
        return self.visit_on is not None and self.visit_on >= self.today

    @property
    def before_visit(self) -> date | None:
        """By when to ask what the visit needs; None without one."""
        return self.visit_on if self.has_visit else None

    @property
    def in_force(self) -> tuple[Card, ...]:
        """The coverages of the day in question."""
        return self.in_force_on(self.day)

    def in_force_on(self, on: date) -> tuple[Card, ...]:
        """The coverages of a day."""
        return tuple(card for card in self.cards if card.is_in_force(on) and not self._is_out(card, on))

    def _is_out(self, card: Card, on: date) -> bool:
        """What the card alone does not say: whether its last day is covered still, and the days of Medicare's parts.
        Only where both parts are known and neither holds the day is that known.
        """
        if card.kind != "medicare":
            return card.ends == on and self.fact("options.term_date_is_last_day") is False
        if not {"part_a", "part_b"} <= (self.fact("medicare") or {}).keys():
            return False
        return not any(_holds(self.fact(f"medicare.{part}"), on) for part in ("part_a", "part_b"))

    def of(self, kinds: frozenset[str]) -> tuple[Card, ...]:
        """Those of some kinds in force."""
        return tuple(card for card in self.in_force if card.kind in kinds)

    def fact(self, path: str) -> Any:
        """What was told about the patient."""
        return at(self.case, path)

    @property
    def needs_order(self) -> bool:
        """Two coverages or more, and no order that can be relied on."""
        return len(self.in_force) > 1 and not (self.order and self.order.is_good(self.day))
