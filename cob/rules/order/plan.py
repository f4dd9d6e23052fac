"""One coverage as the rules see it: its kind, its subscriber, what the patient is to that person, and its dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from cob.rules.order.case import Coverage, Employer, Employment

if TYPE_CHECKING:
    from cob.rules.order.visit import Visit

T = TypeVar("T")
OnFile = tuple[str | None, tuple[str, ...]]  # what the file says, and the facts that say so

GROUP: Final = frozenset(
    {"employer", "union_multiemployer", "fehb", "government_employer", "hra", "tribal_self_funded"}
)
COMMERCIAL: Final = GROUP | {"individual", "student"}
MEDICARE: Final = frozenset({"medicare", "medicare_advantage"})
ACCIDENT: Final = frozenset({"workers_comp", "black_lung", "no_fault", "medpay", "liability"})
NO_AGE_LIMIT: Final = frozenset({"student", "hra"})  # commercial, and a child does not leave it with age
CHILDREN: Final = frozenset({"child", "stepchild", "foster_child", "adopted_child", "ward"})
COUPLES: Final = frozenset({"spouse", "common_law_spouse", "domestic_partner", "divorced_spouse"})
PARENTS: Final = frozenset({"mother", "father", "parent"})
RAISING: Final = PARENTS | {"stepparent", "guardian", "grandparent"}

PATIENT_IS: Final = {
    "mother": "child", "father": "child", "parent": "child", "stepparent": "stepchild", "guardian": "ward",
    "child": "parent", "grandparent": "other",
}  # fmt: skip
_SUBSCRIBER_IS: Final = {
    "child": "parent", "adopted_child": "parent", "stepchild": "stepparent", "foster_child": "guardian",
    "ward": "guardian", "parent": "child",
}  # fmt: skip
_NO_EMPLOYMENT: Final = Employment()
_NO_EMPLOYER: Final = Employer()
LONG_AGO: Final = date(2000, 1, 1)


class Plan:
    """A coverage within one visit. Every fact it gives goes through the visit, so that it is remembered."""

    __slots__ = (
        *("_relationship", "_role", "carve_out_of", "commercial", "coordination", "coverage", "decree_notified_on"),
        *("effective", "employer", "employment", "enrolled", "group", "id", "is_end_told", "kind", "last_covered_day"),
        *("root", "supplements", "told_continuation", "told_relationship", "told_subscriber", "visit"),
    )

    def __init__(self, visit: Visit, coverage: Coverage) -> None:
        # What is read of every card, at once: a field of the case itself takes longer to reach, each time.
        said = coverage.__dict__
        name: str = said["id"]
        kind: str = said["kind"]
        self.visit, self.coverage = visit, coverage
        self.id, self.kind, self.root = name, kind, f"coverages.{name}."
        self.commercial, self.group = kind in COMMERCIAL, kind in GROUP
        self.effective: date | None = said["effective"]
        self.last_covered_day: date | None = said["last_covered_day"]
        self.enrolled: bool | None = said["enrolled"]
        self.carve_out_of: str | None = said["carve_out_of"]
        self.supplements: str | None = said["supplements"]
        self.told_subscriber: str | None = said["subscriber"]
        self.told_relationship: str | None = said["relationship"]
        self.told_continuation: str | None = said["continuation"]
        self.coordination: str | None = said["coordination"]
        self.decree_notified_on: date | str | None = said["decree_notified_on"]
        self.is_end_told = "last_covered_day" in coverage.__pydantic_fields_set__  # null: it is known to go on
        self.employment: Employment = said["employment"] or _NO_EMPLOYMENT
        self.employer: Employer = said["employer"] or _NO_EMPLOYER
        self._relationship: OnFile | None = None
        self._role: OnFile | None = None

    def ask(self, name: str, value: T | None, *might_be: T) -> T:
        """A fact of this coverage."""
        if value is not None:
            self.visit.trace.used[self.root + name] = None
            return value
        return self.visit.fact(self.root + name, value, might_be)

    def glance(self, name: str, value: T | None) -> T | None:
        """A fact of this coverage that must not be asked for."""
        if value is not None:
            self.visit.trace.used[self.root + name] = None
            return value
        visit = self.visit
        if not visit.remembers and not visit.assumed:
            return None  # as the visit would say, before a path is put together for nothing
        path = self.root + name
        visit.trace.glanced[path] = None
        assumed: T | None = visit.assumed.get(path)
        return assumed

    @property
    def name(self) -> str:
        """What people call it."""
        return self.coverage.payer or self.id

    def is_out(self) -> bool:
        """Whether what is on file says that the card does not count on the day; nothing else on it then matters."""
        day, last = self.visit.day, self.last_covered_day
        if self.enrolled is False or self.kind == "medicare":
            return self.enrolled is False  # its days are those of its parts
        if self.effective is not None and self.effective > day:
            return True
        return last is not None and (last < day or (last == day and not self.visit.options.term_date_is_last_day))

    def holder(self) -> str | None:
        """Whose name the plan is in, if that is known or assumed; nobody is asked."""
        if self.told_relationship == "self":
            return self.visit.patient_key
        known: str | None = self.told_subscriber or self.visit.assumed.get(self.root + "subscriber")
        return known

    def subscriber(self) -> str:
        """Whose name the plan is in, as a key into people."""
        known = self.told_subscriber
        if known is not None:
            self.visit.trace.used[self.root + "subscriber"] = None
            return known
        if self.told_relationship == "self":
            return self.visit.patient_key
        return self.ask("subscriber", None, *self.visit.people)

    def known_relationship(self) -> str | None:
        """What the patient is to the subscriber, if anything on file says so."""
        if self._relationship is None:
            self._relationship = self._relationship_on_file()
        known, told = self._relationship
        if known is None:
            return self._relationship_assumed()
        self.visit.use(told)
        return known

    def _relationship_on_file(self) -> OnFile:
        """What the file says of it, and the facts that say so."""
        subscriber = self.told_subscriber
        if self.told_relationship is not None:
            return self.told_relationship, (self.root + "relationship",)
        if subscriber is None:
            return None, ()
        if subscriber == self.visit.patient_key:
            return "self", (self.root + "subscriber",)
        relation = self.visit.people[subscriber].relation
        if relation is None:
            return None, ()
        told = (self.root + "subscriber", f"people.{subscriber}.relation")
        return PATIENT_IS.get(relation, relation), told

    def _relationship_assumed(self) -> str | None:
        subscriber = self.glance("subscriber", self.told_subscriber)
        if subscriber == self.visit.patient_key:
            return "self"
        relation = self.visit.people[subscriber].relation if subscriber else None
        if relation is None:
            return self.glance("relationship", self.told_relationship) or self._said_on_another_card(subscriber)
        self.visit.glance(f"people.{subscriber}.relation", relation)
        return PATIENT_IS.get(relation, relation)

    def _said_on_another_card(self, subscriber: str | None) -> str | None:
        """Two people are one thing to each other, whichever card says it."""
        for other in self.visit.plans.values():
            if subscriber is not None and other.told_subscriber == subscriber and not other.is_out():
                said = other.glance("relationship", other.told_relationship)
                if said is not None:
                    return said
        return None

    def relationship(self) -> str:
        """What the patient is to the subscriber: `self`, or that of a dependent."""
        known = self.known_relationship()
        if known is not None:
            return known
        if self.subscriber() == self.visit.patient_key:
            return "self"
        return self.known_relationship() or self.ask("relationship", None, *self.visit.plausible_relationships())

    def in_own_name(self) -> bool:
        """Whether the plan is in the patient's own name; who else it might be does not matter here."""
        known = self.told_relationship
        if known is not None:
            self.visit.trace.used[self.root + "relationship"] = None
            return known == "self"
        return self.subscriber() == self.visit.patient_key

    def role(self) -> str:
        """What the subscriber is to the patient."""
        if self._role is None:
            self._role = self._role_on_file()
        known, told = self._role
        if known is not None:
            self.visit.use(told)
            return known
        relationship, subscriber = self.relationship(), self.subscriber()
        return self.visit.people[subscriber].relation or _SUBSCRIBER_IS.get(relationship, relationship)

    def _role_on_file(self) -> OnFile:
        """What the file says of it, and the facts that say so."""
        relationship, told = self._relationship_on_file()
        subscriber = self.told_subscriber
        if relationship is None or subscriber is None:
            return None, ()
        role = self.visit.people[subscriber].relation or _SUBSCRIBER_IS.get(relationship, relationship)
        return role, (*told, self.root + "subscriber")

    def continuation(self) -> str:
        """Whether this is COBRA or another continuation; never so for a policy somebody bought."""
        if self.told_continuation is None and not self.group:
            return "none"
        return self.ask("continuation", self.told_continuation, "none", "cobra")

    def work_status(self) -> str:
        """The subscriber's standing under this plan, as the model act counts it."""
        if self.coverage.work_status is None and not self.group:
            return "none"
        return self.ask("work_status", self.coverage.work_status, "active", "retired")

    def start(self) -> date:
        """Since when the patient has been covered, before any earlier plan is counted in."""
        known = self.coverage.patient_covered_since
        if known is None and self.group and self.coverage.group_join_date is not None:
            return self.ask("group_join_date", self.coverage.group_join_date)
        if known is None:
            return self._day("patient_covered_since")
        return self.ask("patient_covered_since", known)

    def parent_start(self) -> date:
        """Since when the subscriber has been covered."""
        known = self.coverage.subscriber_covered_since
        if known is None:
            return self._day("subscriber_covered_since")
        return self.ask("subscriber_covered_since", known)

    def _day(self, name: str) -> date:
        """A day nobody told. Which days to try follows from those of all plans, so it is worked out only once asked."""
        path = self.root + name
        return self.visit.fact(path, None, () if path in self.visit.assumed else self.visit.dates_around(name))


def dates_around(known: list[date], latest: date) -> list[date]:
    """One day of each kind relative to days already known: before, on each, between, after; none after `latest`."""
    if not known:
        return [min(LONG_AGO, latest)]
    days = sorted(set(known))
    around = [days[0] - timedelta(days=366)]
    for day, following in zip(days, [*days[1:], None], strict=True):
        around.append(day)
        after = day + timedelta(days=366) if following is None else day + (following - day) / 2
        if min(after, latest) > day:
            around.append(min(after, latest))
    return [day for day in around if day <= latest] or [latest]
