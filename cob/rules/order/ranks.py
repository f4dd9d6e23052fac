"""Commercial plans of one case against each other: which is longer, whose birthday is earlier, who raises the child.

Part of a case's partition (`partition.py`). Two own plans are compared, and two dependents' plans; of an own and a
dependent's plan only whose they are is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from cob.dates import add_months, birthdays, eve, last_day, month_of
from cob.rules.order.case import read_day
from cob.rules.order.plan import CHILDREN, COMMERCIAL, COUPLES, GROUP, LONG_AGO, NO_AGE_LIMIT, PARENTS

if TYPE_CHECKING:
    from cob.rules.order.partition import Day

Raw = dict[Any, Any]
Part = Any  # a part of a key: a word, a number, a truth, or a tuple of them
NOTHING: Final[Raw] = {}
OWN, DEPENDENT, EITHER = 1, 2, 3
_RAISES: Final = frozenset({"mother", "father", "parent", "stepparent", "guardian"})
_COURT_MAY_NAME: Final = (None, "one_parent", "financial_only")


def among_themselves(case: Raw, live: Sequence[Raw], place: dict[Any, int], on: Day) -> Part:
    """Everything that is read of the commercial plans beyond each plan's own facts."""
    people, patient = case["people"], case["patient"]
    kin = tuple([(person.get("relation"), place.get(person.get("spouse"))) for person in people.values()])
    what = [_relationship(card, people, patient) for card in live]
    age = _child_age(case, on) if any(map(_ends_with_age, live, what)) else None
    adult = (_age_class(case, on), _said_of_people(case, place)) if None in what else None
    if len(live) == 1:
        return kin, age, adult, live[0].get("funding")
    sides = [_side(card, said) for card, said in zip(live, what, strict=True)]
    plans = [(card.get("continuation_was"), card.get("coordination"), card.get("funding")) for card in live]
    own = [card for card, side in zip(live, sides, strict=True) if side & OWN]
    dependents = [card for card, side in zip(live, sides, strict=True) if side & DEPENDENT]
    compared = _compared(case, own, on) if len(own) > 1 else None
    family = _dependents(case, dependents, place, on) if len(dependents) > 1 else None
    return kin, age, adult, *plans, compared, family


def _relationship(card: Raw, people: Raw, patient: str) -> str | None:
    """What the patient is to the subscriber: `self`, `child` for every sort of it, `other`; None where it is open."""
    said = card.get("relationship")
    if said is not None:
        return said if said == "self" else "child" if said in CHILDREN else "other"
    subscriber = card.get("subscriber")
    if subscriber is None:
        return None
    if subscriber == patient:
        return "self"
    relation = people[subscriber].get("relation")
    return None if relation is None else "child" if relation in _RAISES else "other"


def _said_of_people(case: Raw, place: dict[Any, int]) -> Part:
    """What any card says the patient is to somebody: it is read where a plan in that name does not say."""
    return tuple([(place.get(card.get("subscriber")), card.get("relationship")) for card in case["coverages"]])


def _ends_with_age(card: Raw, what: str | None) -> bool:
    """Whether cover as a child may end here with age: no end on file, and the patient may be a child on the plan."""
    if card.get("last_covered_day") is not None or card["kind"] in NO_AGE_LIMIT:
        return False
    return what is None or what == "child"


def _side(card: Raw, what: str | None) -> int:
    """Whether the plan covers the patient in the patient's own right, as a dependent, or perhaps either way."""
    if what is None:
        return EITHER
    if what != "self":
        return DEPENDENT
    continued = card.get("continuation")
    if continued == "none" or (continued is None and card["kind"] not in GROUP):
        return OWN
    was = card.get("continuation_was") if continued is not None else None
    return EITHER if was is None else OWN if was == "employee" else DEPENDENT


def years_old(case: Raw, day: str) -> int | None:
    """The patient's age in whole years, if the date of birth is on file."""
    born = case["people"][case["patient"]].get("birth_date")
    return None if born is None else int(day[:4]) - int(born[:4]) - (day[5:] < born[5:])


def _age_class(case: Raw, on: Day) -> Part:
    """What an unknown dependent may be to a subscriber depends on these two ages only."""
    age = years_old(case, on.text)
    if age is None:
        return None
    return age > _child_years(case, on), age < on.numbers["military.enlistment.years"] - 1


def _child_years(case: Raw, on: Day) -> int:
    """The age at which cover as a child ends."""
    chosen = (case.get("options") or NOTHING).get("dependent_age_end", "")
    return int(chosen[10:12]) if chosen.startswith("STATE_AGE") else on.numbers["commercial.child.years"]


def _child_age(case: Raw, on: Day) -> Part:
    """Before the end of a child's cover, between its two readings, within a year of it, or later; and what keeps it."""
    born = case["people"][case["patient"]].get("birth_date")
    disabled = (case.get("child") or NOTHING).get("disabled_dependent")
    if born is None:
        return None, disabled
    chosen = (case.get("options") or NOTHING).get("dependent_age_end", "BIRTHDAY_EVE")
    limit = _child_years(case, on)
    years = on.day.year - int(born[:4])
    if years < limit:
        return "before"
    reached = birthdays(read_day(born), limit)
    if chosen == "END_OF_MONTH":
        ends = [last_day(month_of(day)) for day in reached]
    else:
        ends = [date(reached[0].year, 12, 31)] if chosen == "END_OF_YEAR" else [eve(day) for day in reached]
    if on.day <= min(ends):
        return "before"
    if on.day <= max(ends):
        return "in doubt", disabled
    return "past" if on.day <= add_months(max(ends), 12) else "long past", disabled


def _ranks(values: Sequence[Any]) -> Part:
    """Each value's rank among the others: all that a comparison can see."""
    if len(values) == 2:
        return (values[0] > values[1]) - (values[0] < values[1])
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    return tuple([places[value] for value in values])


def _compared(case: Raw, plans: Sequence[Raw], on: Day) -> Part:
    """Standing and length of plans that rules 3 to 6 may compare."""
    rules = [
        (
            card.get("work_status"),
            card.get("has_active_retired_rule") is not False,
            card.get("has_continuation_rule") is not False,
        )
        for card in plans
    ]
    return *rules, _lengths(case, plans, on)


def _lengths(case: Raw, plans: Sequence[Raw], on: Day) -> Part:
    """Which plan has covered the patient longer. Where one start is unknown, days around all known ones are tried."""
    since = [_covered_since(card) for card in plans]
    if None not in since:
        return _ranks(since)
    days = [
        (_first(card, "patient_covered_since"), card.get("group_join_date"), *_predecessor(card))
        for card in case["coverages"]
    ]
    return _as_tried(days, len(case["coverages"]), on)


def _as_tried(days: list[tuple[Any, ...]], unknown: int, on: Day) -> Part:
    """Known days as they are, with the day of service, which is the last one tried. Where no day is known the days
    tried start long ago, a year apart."""
    if not any(any(known) for known in days) and int(on.text[:4]) > LONG_AGO.year + unknown + 1:
        return "none known"
    return (on.text, *days)


def _first(card: Raw, name: str) -> Any:
    return card.get(name) if card["kind"] in COMMERCIAL else None


def _predecessor(card: Raw) -> tuple[Any, ...]:
    before = card.get("predecessor") or NOTHING
    return before.get("covered_since"), before.get("ended_on"), card.get("carrier_changed_only")


def _covered_since(card: Raw) -> str | None:
    """The first day that counts, an earlier plan it merely continues counted in; None where something is unknown."""
    since: str | None = card.get("patient_covered_since")
    if since is None and card["kind"] in GROUP:
        since = card.get("group_join_date")
    before = card.get("predecessor")
    if since is None or not before or not any(before.values()):
        return since
    if card.get("carrier_changed_only") is not True:
        ended = before.get("ended_on")
        if ended is None:
            return None
        if read_day(ended) + timedelta(days=1) < read_day(since):
            return since
    earlier: str | None = before.get("covered_since")
    return None if earlier is None else min(since, earlier)


def _dependents(case: Raw, plans: Sequence[Raw], place: dict[Any, int], on: Day) -> Part:
    """Two plans or more that cover the patient as somebody's dependent."""
    people, patient = case["people"], case["patient"]
    if all(_is_couples(card, people, patient) for card in plans):
        return _compared(case, plans, on)
    themselves = any(card.get("relationship") == "self" or card.get("subscriber") == patient for card in plans)
    born = [_birthday(person) for key, person in people.items() if key != patient or themselves]
    apart = None not in born and len(set(born)) == len(born)
    family = _family(case, place)
    birthdays = _ranks(born) if None not in born else _as_they_are(people)
    court = tuple([_court(card, on) for card in plans]) if family[0] in _COURT_MAY_NAME else None
    if apart and _is_plain(case, plans, place):
        return family, None if _custody_decides(family, case, plans) else birthdays, court
    return family, birthdays, court, apart or _parents_lengths(case, plans, on), _compared(case, plans, on)


def _is_couples(card: Raw, people: Raw, patient: str) -> bool:
    """Whether the subscriber is the patient's spouse or partner, or the patient: no rule about children is read."""
    subscriber, what = card.get("subscriber"), card.get("relationship")
    relation = people[subscriber].get("relation") if subscriber is not None else None
    if subscriber == patient:
        return relation is None and what in (None, "self")
    return relation in COUPLES and what not in CHILDREN and what != "self"


def _family(case: Raw, place: dict[Any, int]) -> tuple[Any, ...]:
    """What a court said as far as it counts, whether the parents live together, and with whom the child lives."""
    child = case.get("child") or NOTHING
    decree = child.get("decree") or NOTHING
    terms, together, custody = decree.get("terms"), child.get("parents_living_together"), child.get("custodial_parent")
    if terms == "financial_only":
        counts = (case.get("options") or NOTHING).get("decree_financial_only_counts") == "YES"
        terms = "one_parent" if counts else "none"
    elif terms == "expired":
        terms = "none"
    lives_with = custody if custody in ("equal", "none") else place.get(custody)
    if terms in ("both_parents", "joint_custody_silent"):
        return (terms,)
    if terms == "none":
        return (terms, together) if together else (terms, together, lives_with)
    return terms, together, lives_with, place.get(decree.get("responsible_parent"))


def _is_plain(case: Raw, plans: Sequence[Raw], place: dict[Any, int]) -> bool:
    """Whether every plan is another parent's or step-parent's, all known, and custody, if it comes to that, too. With
    birthdays that differ nothing then remains to be told apart by standing or length.
    """
    people, custody = case["people"], (case.get("child") or NOTHING).get("custodial_parent")
    if custody in ("none", None) or (custody != "equal" and custody not in place):
        return False
    subscribers, spouses = set(), set()
    for card in plans:
        subscriber, what = card.get("subscriber"), card.get("relationship")
        person = people[subscriber] if subscriber is not None else NOTHING
        relation = person.get("relation")
        if what is not None and what not in CHILDREN:
            return False
        if relation == "stepparent":
            if person.get("spouse") is None or person["spouse"] in spouses:
                return False
            spouses.add(person["spouse"])
        elif relation not in PARENTS:
            return False
        subscribers.add(subscriber)
    return len(subscribers) == len(plans)


def _custody_decides(family: tuple[Any, ...], case: Raw, plans: Sequence[Raw]) -> bool:
    """Whether parents live apart without a court order and custody gives every plan another place, so that no birthday
    is read.
    """
    if family[:2] != ("none", False) or family[2] == "equal":
        return False
    custody, people = case["child"]["custodial_parent"], case["people"]
    tiers = {_tier(card["subscriber"], people[card["subscriber"]], custody) for card in plans}
    return len(tiers) == len(plans)


def _tier(key: str, person: Raw, custody: str) -> int:
    if key == custody:
        return 0
    if person["relation"] != "stepparent":
        return 2
    return 1 if person["spouse"] == custody else 3


def _as_they_are(people: Raw) -> Part:
    """Every birthday on file: an unknown one is tried around all of them."""
    return tuple([(person.get("birth_month_day"), person.get("birth_date")) for person in people.values()])


def _birthday(person: Raw) -> str | None:
    """Month and day of birth."""
    said: str | None = person.get("birth_month_day")
    if said is None and person.get("birth_date") is not None:
        said = person["birth_date"][5:]
    return said


def _parents_lengths(case: Raw, dependents: Sequence[Raw], on: Day) -> Part:
    """Which parent's plan has covered the parent longer; read where two birthdays are the same."""
    since = [card.get("subscriber_covered_since") for card in dependents]
    if None not in since:
        return _ranks(since)
    days = [(_first(card, "subscriber_covered_since"), *_predecessor(card)) for card in case["coverages"]]
    return _as_tried(days, len(case["coverages"]), on)


def _court(card: Raw, on: Day) -> Part:
    """Whether the plan knows of a court order, and whether a plan year has turned since."""
    told, paid = card.get("decree_notified_on"), card.get("paid_before_notice")
    if told is None:
        return paid
    if told == "never" or told > on.text:
        return "not told"
    if read_day(told) + timedelta(days=366) <= on.day:
        return "told"
    return (told == on.text or (told, on.text, card.get("plan_year_start"))), paid
