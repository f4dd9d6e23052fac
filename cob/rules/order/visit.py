"""The whole case as the rules see it: the day, the people, Medicare's parts, and the plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from cob.dates import add_months, first_day, month_of, month_text, parse_month, yearly_day
from cob.rules import parameters
from cob.rules.order.case import (
    Accident,
    Basis,
    Case,
    Child,
    Claim,
    Coverage,
    Decree,
    Kidney,
    Medicare,
    Options,
    Part,
    Person,
)
from cob.rules.order.plan import COUPLES, NO_AGE_LIMIT, PARENTS, Plan, dates_around
from cob.rules.reading import Facts

_NO_CHILD: Final = Child()
_NO_DECREE: Final = Decree()
_NO_ACCIDENT: Final = Accident()
_NO_KIDNEY: Final = Kidney()
_NO_MEDICARE: Final = Medicare()
_MIDSUMMER: Final = "06-30"
KIDNEY_DATES: Final = tuple(Kidney.model_fields)
BASES: Final = tuple(Basis.model_fields)
START_AND_END: Final = {letter: (f"medicare.part_{letter}.from", f"medicare.part_{letter}.to") for letter in "ab"}


class Visit(Facts):
    """Facts of one case on one day. Moving the day on is how `watch` finds out what changes by itself."""

    __slots__ = (
        "_bases",
        "_birth_path",
        "_born",
        "_medicare",
        "_month_aged",
        "_numbers",
        "_parts",
        "accident",
        "case",
        "child",
        "claim",
        "compared",
        "day",
        "decree",
        "dos",
        "is_past_a_childs_years",
        "kidney_date",
        "kinds",
        "month",
        "options",
        "patient",
        "patient_key",
        "people",
        "plans",
        "told_medicare",
    )  # fmt: skip

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        # What many rules read, at once: a field of the case itself takes longer to reach, each time.
        said = case.__dict__
        claim: Claim = said["claim"]
        self.claim, self.dos = claim, claim.dos
        self.options: Options = said["options"]
        self.people: dict[str, Person] = said["people"]
        self.patient_key: str = said["patient"]
        self.patient: Person = self.people[self.patient_key]
        self._born: date | None = self.patient.birth_date
        self._birth_path = f"people.{self.patient_key}.birth_date"
        child: Child | None = said["child"]
        self.child = child or _NO_CHILD
        self.decree = child.decree or _NO_DECREE if child else _NO_DECREE
        self.accident: Accident = said["accident"] or _NO_ACCIDENT
        coverages: list[Coverage] = said["coverages"]
        plans = [Plan(self, coverage) for coverage in coverages]
        self.plans = {plan.id: plan for plan in plans}
        self.kinds = frozenset([plan.kind for plan in plans])
        # The commercial plans, and from `assemble` on only those in the line.
        self.compared: Sequence[Plan] = [plan for plan in plans if plan.commercial]
        medicare: Medicare | None = said["medicare"]
        self.told_medicare, self._medicare = medicare, medicare or _NO_MEDICARE
        self._bases = _held(medicare.basis) if medicare else None
        kidney = medicare.esrd if medicare else None
        self.kidney_date = _first_date(kidney) if kidney else None
        self._look_at(self.dos)

    def move_to(self, day: date) -> None:
        """Ask about another day: nothing is assumed or remembered any more."""
        self.start_again()
        self._look_at(day)

    def _look_at(self, day: date) -> None:
        self.day, self.month = day, month_of(day)
        self._numbers = parameters.numbers(day)
        self._month_aged: int | None = None
        self._parts: dict[str, tuple[bool, tuple[str, str]]] = {}
        born = self._born
        # No plan has to keep a child beyond this year, and none may drop one before it.
        self.is_past_a_childs_years = born is None or day.year - born.year >= self.law("commercial.child.years")
        self.trace.used["claim.dos"] = None

    @property
    def as_of(self) -> date:
        """The day the question is asked; the day of service when nothing else is said."""
        return self.claim.as_of or self.day

    def day_of(self, path: str, value: date | str | None, might_be: Sequence[date | str]) -> date | None:
        """A day on which something happened, or None when it never did."""
        said = self.fact(path, value, might_be)
        return said if isinstance(said, date) else None

    def law(self, name: str) -> int:
        """A number set by law, as of the date of service."""
        return self._numbers[name]

    def born(self) -> date:
        """The patient's date of birth."""
        known, path = self._born, self._birth_path
        if known is not None:
            self.trace.used[path] = None
            return known
        return self.fact(path, None, () if path in self.assumed else self._possible_births())

    def _possible_births(self) -> list[date]:
        """One date of birth of each sort of patient; of somebody with Medicare by age no younger one."""
        tricare = any(plan.kind == "tricare" and not plan.is_out() for plan in self.plans.values())
        ages = [22, 45, *([8] if tricare else []), *([75] if self.told_medicare else [])]
        if self._has_medicare_for_age(self.month):
            return [first_day(self.month - 12 * 75)]
        births = [first_day(self.month - 12 * years) for years in ages]
        return [*births, self._born_to_have_left()] if any(map(self._may_be_a_child, self.plans.values())) else births

    def _may_be_a_child(self, plan: Plan) -> bool:
        """Whether nobody knows what the patient is on a plan that a child leaves with age."""
        open_ended = plan.last_covered_day is None and not plan.is_out()
        is_limited = plan.commercial and plan.kind not in NO_AGE_LIMIT
        return is_limited and open_ended and plan.known_relationship() is None

    def _born_to_have_left(self) -> date:
        """A date of birth with which cover as a child has ended of late."""
        years = self.child_years()
        if self.options.dependent_age_end == "END_OF_YEAR":
            return date(self.day.year - 1 - years, 12, 31)
        return first_day(self.month - 12 * years - 1)

    def age_known(self) -> int | None:
        """The patient's age in whole years if the date of birth is on file."""
        born = self.glance(self._birth_path, self._born)
        if born is None:
            return None
        return self.day.year - born.year - ((self.day.month, self.day.day) < (born.month, born.day))

    def month_aged(self, born: date) -> int:
        """The month that contains the day before the 65th birthday."""
        return month_of(born) + 12 * self.law("msp.aged.years") - (born.day == 1)

    def aged_from(self) -> int | None:
        """The month in which the patient begins to count as 65, if the date of birth is on file."""
        if self._month_aged is None and self._born is not None:
            self._month_aged = self.month_aged(self._born)
        return self._month_aged

    def is_aged(self, month: int | None = None) -> bool:
        """Whether the patient counts as 65 in a month, that of service unless another is given."""
        asked = self.month if month is None else month
        if self._born is None:
            return self._has_medicare_for_age(asked) or self.month_aged(self.born()) <= asked
        self.trace.used[self._birth_path] = None
        aged = self.aged_from()
        return aged is not None and aged <= asked

    def _has_medicare_for_age(self, month: int) -> bool:
        medicare = self.told_medicare
        basis = medicare.basis if medicare else None
        if basis is None or basis.age is None or parse_month(basis.age) > month:
            return False
        self.glance("medicare.basis", basis)
        return True

    def is_aged_early(self) -> bool:
        """Whether the month of service is one that only counts because 65 begins before the birthday."""
        return self.aged_from() in (self.month, self.month - 1)

    def child_years(self) -> int:
        """The age at which cover as a child ends: what the law gives, or the state's later one."""
        chosen = self.options.dependent_age_end
        return int(chosen[10:12]) if chosen.startswith("STATE_AGE") else self.law("commercial.child.years")

    def plausible_relationships(self) -> tuple[str, ...]:
        """What an unknown dependent may be to a subscriber. Somebody past the age for children's cover, whom the
        plan still covers, is not on it as a child; sorts of relatives are told apart only beside another plan."""
        beside = sum(plan.commercial and not plan.is_out() for plan in self.plans.values()) > 1
        age, other = self.age_known(), ("other",) if beside else ()
        is_grown = age is not None and age > self.child_years()
        if is_grown or (age is None and self._has_medicare_for_age(self.month)):
            return ("spouse", "domestic_partner", *other)
        if age is not None and age < self.law("military.enlistment.years") - 1:
            return ("child", "stepchild", *other)
        return ("child", *(("stepchild",) if beside else ()), "spouse", "domestic_partner", *other)

    def person(self, key: str) -> Person:
        """Somebody in the case."""
        return self.people[key]

    def birthday(self, key: str) -> str:
        """Month and day of somebody's birth, as `MM-DD`. A leap day stays itself."""
        person = self.people[key]
        born, known = person.birth_date, person.birth_month_day
        if known is None and born is not None:
            known = born.isoformat()[5:]
        path = f"people.{key}.birth_month_day" if born is None else f"people.{key}.birth_date"
        return self.fact(path, known, () if known else self._birthdays_around())

    def _birthdays_around(self) -> list[str]:
        """Earlier than, the same as, and later than the birthdays already known, within the year."""
        known = [yearly_day(2024, text) for text in map(self._birthday_if_known, self._may_be_compared()) if text]
        if not known:
            return [_MIDSUMMER]
        return [day.isoformat()[5:] for day in dates_around(known, date(2024, 12, 31)) if day.year == 2024] + (
            [] if min(known) == date(2024, 1, 1) else ["01-01"]
        )

    def _may_be_compared(self) -> set[str]:
        """Those whose birthdays may be set against each other: who holds a plan in the line, and whom they married."""
        holders = {plan.holder() for plan in self.compared}
        if None in holders or any(self._is_step_parent(key) for key in holders if key is not None):
            return set(self.people) - {self.patient_key}
        return {key for key in holders if key is not None and key != self.patient_key}

    def _is_step_parent(self, key: str) -> bool:
        relation = self.people[key].relation
        return relation is None or relation == "stepparent"

    def _birthday_if_known(self, key: str) -> str | None:
        person = self.people[key]
        if person.birth_date is not None:
            return person.birth_date.isoformat()[5:]
        assumed: str | None = self.assumed.get(f"people.{key}.birth_month_day")
        return person.birth_month_day or assumed

    def parents(self) -> list[str]:
        """The keys of the patient's parents, and of people who may be; of guardians when there is nobody else."""
        people = {key: person.relation for key, person in self.people.items()}
        others = [key for key, relation in people.items() if relation is None and key != self.patient_key]
        return [key for key, relation in people.items() if relation in PARENTS] + others or [
            key for key, relation in people.items() if relation not in COUPLES | {None} and key != self.patient_key
        ]

    def dates_around(self, name: str) -> list[date]:
        """Days that tell one plan's unknown length of coverage from the lengths of the others in the line."""
        known = [getattr(plan.coverage, name) or self.assumed.get(plan.root + name) for plan in self.compared]
        known += [plan.coverage.group_join_date for plan in self.compared if name == "patient_covered_since"]
        for plan in self.compared:
            before = plan.coverage.predecessor
            if before is not None:
                known.append(before.covered_since)
                # A start on the next day joins the two plans, one a day later does not.
                known += [before.ended_on + timedelta(days=gap) for gap in (1, 2)] if before.ended_on else []
        return dates_around([day for day in known if day is not None], self.day)

    def medicare(self) -> Medicare:
        """Entitlement facts; all unknown without the object, which is on file with every Medicare card."""
        return self._medicare

    def bases(self) -> dict[str, int | None]:
        """Why the patient has Medicare: the first month on each basis held, None where the month is unknown."""
        if self._bases is None:
            self.trace.used[self._birth_path] = None  # what was tried followed from it
            might_be = () if "medicare.basis" in self.assumed else self._possible_bases()
            assumed: dict[str, str] = self.fact("medicare.basis", None, might_be)
            return {name: parse_month(month) for name, month in assumed.items()}
        self.trace.used["medicare.basis"] = None
        return self._bases

    def _possible_bases(self) -> list[dict[str, str]]:
        """Age or, before it, disability, of old or of late; or kidney failure."""
        of_late = month_text(self.month)
        of_old = month_text(self.month_aged(self.born()) if self.is_aged() else self.month - 60)
        name = "age" if self.is_aged() else "disability"
        # A kidney clock from before 65 may have found a disability there.
        before_65 = [{"disability": month_text(self.month - 60)}] if self.kidney_date and self.is_aged() else []
        # With a kidney date on file the kidneys are in the picture on every basis; without one, on both at once too.
        both = [] if self.kidney_date else [{name: of_old, "esrd": of_late}]
        return [{name: of_old}, {name: of_late}, *before_65, {"esrd": of_late}, *both]

    def kidney(self) -> Kidney:
        """The kidney dates; all unknown when none were given."""
        return self._medicare.esrd or _NO_KIDNEY

    def part_in_force(self, letter: str) -> bool:
        """Whether Part A or Part B covers the day of service."""
        known = self._parts.get(letter)
        if known is not None:
            self.use(known[1])
            return known[0]
        part = self._medicare.part_a if letter == "a" else self._medicare.part_b
        return self._not_dated(letter) if part is None else self._dated(letter, part)

    def _not_dated(self, letter: str) -> bool:
        path = f"medicare.part_{letter}"
        if f"part_{letter}" in self._medicare.__pydantic_fields_set__:
            self.trace.used[path] = None
            return False
        enrolled = {"from": self.day.isoformat(), "to": None}
        return self.fact(path, None, [enrolled, NOT_ENROLLED]) is not NOT_ENROLLED

    def _dated(self, letter: str, part: Part) -> bool:
        start, end = START_AND_END[letter]
        said = part.__dict__
        starts: date | None = said["from_"]
        ends: date | None = said["to"]
        is_end_told = "to" in part.__pydantic_fields_set__  # null: it is known to go on
        began = self._began(start, starts, ends, is_end_told=is_end_told)
        is_in_force = began and self._goes_on(end, starts, ends, is_end_told=is_end_told)
        if starts is not None and is_end_told:
            self._parts[letter] = is_in_force, (start, end)
        return is_in_force

    def _began(self, path: str, starts: date | None, ends: date | None, *, is_end_told: bool) -> bool:
        if starts is not None:
            self.trace.used[path] = None
            return starts <= self.day
        if ends is not None and ends <= self.day:
            return True  # what has ended, or ends with the day, had begun
        # Where the end is unknown too, a start that leaves room for an end before the day.
        by_then = self.day if is_end_told else self.day - timedelta(days=1)
        began: date = self.fact(path, None, [by_then, add_months(self.day, 1)])
        return began <= self.day

    def _goes_on(self, path: str, starts: date | None, ends: date | None, *, is_end_told: bool) -> bool:
        if ends is not None:
            self.trace.used[path] = None
            return ends >= self.day
        if is_end_told:
            self.trace.used[path] = None
            return True
        if starts == self.day:
            return True  # on its first day it cannot have ended
        last: Any = self.fact(path, None, [OPEN, self.day - timedelta(days=1)])
        return last is OPEN


def _held(basis: Basis | None) -> dict[str, int | None] | None:
    """The grounds on file with their first months; None when nobody said why the patient has Medicare."""
    if basis is None:
        return None
    told, said = basis.__pydantic_fields_set__, basis.__dict__
    held: dict[str, int | None] = {}
    for name in BASES:
        if name in told:
            month: str | None = said[name]
            held[name] = parse_month(month) if month else None
    return held or None


def _first_date(kidney: Kidney) -> str | None:
    """The path of a kidney date that is on file: with one, kidney failure is in the picture."""
    said = kidney.__dict__
    for name in KIDNEY_DATES:
        if said[name] not in (None, "never"):
            return f"medicare.esrd.{name}"
    return None


class Answer:
    """A value that stands for JSON `null` where null is an answer."""


OPEN: Final = Answer()
NOT_ENROLLED: Final = Answer()
