"""Changes of checked cases, as a practice's own data would differ from them: other days, other words, facts left out,
cards more or fewer, other names. Every field of the contract can be reached; what the contract allows is read off it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, get_args, get_origin

from pydantic import StringConstraints

from cob.dates import add_months
from cob.rules import BadCase, read_case
from cob.rules.order.case import Case, Options, Shape

PEOPLE = ("subscriber", "spouse", "custodial_parent", "responsible_parent")
CARDS = ("carve_out_of", "supplements")
CHOSEN = {
    "nf_order": ["NF_FIRST", "NJ_ELECTION", "MI_COORDINATED", "MA_2000_SPLIT", "CUSTOM"],
    "dependent_age_end": ["BIRTHDAY_EVE", "END_OF_MONTH", "END_OF_YEAR", "STATE_AGE(29)"],
    "state": ["NJ", "MI", "MA", "OH"],
    "prior_year_net_cents": [39_999, 40_000],
    "paid_to_date_cents": [199_999, 200_000],
}


def changed(case, random, times):
    """The case with up to so many changes, each kept only if the case can still be read."""
    for _ in range(times):
        after = copy.deepcopy(case)
        try:
            random.choice(CHANGES)(after, random)
            read_case(after)
        except (BadCase, IndexError):  # nothing there to change, or changed into what nobody can read
            continue
        case = after
    return case


def _tell(case, random):
    """Another value for one fact, known before or not."""
    holder, model = random.choice(list(_holders(case, Case)))
    name = random.choice([name for name in _names(model) if name not in ("id", "patient", "people", "coverages")])
    holder[name] = _value(case, holder, name, model, random)


def _leave_out(case, random):
    """One fact nobody told: gone, or null."""
    holder, model = random.choice(list(_holders(case, Case)))
    told = [name for name in holder if name in _names(model)]
    if told:
        name = random.choice(told)
        holder.pop(name) if random.random() < 0.5 else holder.update({name: None})


def _move(case, random):
    """One known day to before, on or after another, or by a month or a year."""
    days = [(holder, name) for holder, _ in _holders(case, Case) for name, said in holder.items() if _is_day(said)]
    holder, name = random.choice(days)
    holder[name] = _near(case, random)


def _choose(case, random):
    case["options"] = {**case.get("options", {})}
    name = random.choice(list(Options.model_fields))
    case["options"][name] = _value(case, case["options"], name, Options, random)


def _shuffle(case, random):
    random.shuffle(case["coverages"])
    people = list(case["people"].items())
    random.shuffle(people)
    case["people"] = dict(people)


def _drop(case, random):
    case["coverages"].remove(random.choice(case["coverages"]))


def _double(case, random):
    """One card a second time, under another id."""
    again = copy.deepcopy(random.choice(case["coverages"]))
    case["coverages"].insert(random.randrange(9), again | {"id": f"{again['id']}.{random.randrange(99)}"})


def _rename(case, random):
    """Other names for people and cards, some of them hard to tell from words and paths."""
    people = dict(
        zip(case["people"], random.sample(["equal.x", "c0", "p1", "P", "a.birth_date", "7", "ä"], 7), strict=False)
    )
    cards = {card["id"]: random.choice(["c1", "A.employer", "p0", "x y"]) + str(at)
             for at, card in enumerate(case["coverages"])}  # fmt: skip
    for holder, _ in list(_holders(case, Case)):
        for name, names in (*((name, people) for name in PEOPLE), *((name, cards) for name in (*CARDS, "id"))):
            if holder is not case and holder.get(name) is not None:
                holder[name] = names.get(holder[name], holder[name])
    case["patient"] = people[case["patient"]]
    case["people"] = {people[key]: person for key, person in case["people"].items()}


CHANGES = [*[_tell] * 6, *[_move] * 6, *[_leave_out] * 3, _choose, _shuffle, _drop, _double, _rename]


def _names(model):
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _holders(value, model) -> Iterator[tuple[dict, type[Shape]]]:
    """Every object of a case with its shape."""
    yield value, model
    for name, field in _names(model).items():
        shape = _shape(field.annotation)
        said = value.get(name)
        if shape is not None and said is not None:
            for inner in said.values() if name == "people" else said if isinstance(said, list) else [said]:
                yield from _holders(inner, shape)


def _shape(annotation):
    for inner in (annotation, *_parts(annotation)):
        if isinstance(inner, type) and issubclass(inner, Shape):
            return inner
    return None


def _parts(annotation):
    for inner in get_args(annotation) if get_origin(annotation) is not Literal else ():
        yield inner
        yield from _parts(inner)


def _value(case, holder, name, model, random):
    """Some value the contract allows for a field."""
    field = _names(model)[name]
    if _shape(field.annotation) is not None:
        return {}
    if name in PEOPLE:
        return random.choice([*case["people"], *(["equal", "none"] if name == "custodial_parent" else [])])
    if name in CARDS:
        return random.choice([card["id"] for card in case["coverages"]])
    if name in CHOSEN:
        return random.choice(CHOSEN[name])
    kinds = [field.annotation, *_parts(field.annotation)]
    words = [word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)]
    if bool in kinds:
        return random.choice([True, False])
    if name in ("related_to", "no_fault_states"):
        return random.sample(words or ["NJ", "OH"], random.choice([1, 1, 2]))
    if date in kinds:
        return random.choice([*words, *[_near(case, random)] * 3])
    if words:
        return random.choice(words)
    patterns = [str(c.pattern) for c in (*field.metadata, *kinds) if isinstance(c, StringConstraints) and c.pattern]
    day = _near(case, random)
    return day[:7] if r"\d{4}" in "".join(patterns) else day[5:] if patterns else random.randrange(200)


def _is_day(said):
    return isinstance(said, str) and len(said) == 10 and said[4:5] == said[7:8] == "-"


def _near(case, random):
    """A day near one that is already in the case: comparisons turn on such days."""
    days = [said for holder, _ in _holders(case, Case) for said in holder.values() if _is_day(said)]
    day = date.fromisoformat(random.choice([*days, case["claim"]["dos"]]))
    step = random.choice([0, 0, 1, -1, 2, -2, 30, -30, 121, -366, 400])
    moved = add_months(day, random.choice([1, -1, 3, -3, 12, -12, 29, 30, -30, -312, -780])) if step == 400 else day
    return (moved + timedelta(days=step % 400)).isoformat()
