"""What no field of a case can say of itself: names of nobody, days the wrong way round, cards that belong together.

Each in one line, as `read_case` refuses them; the first is told. And how many keys of a text have arrived in a case.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from cob.rules.order.case import Accident, Case, Child, Coverage, Medicare, Part, Person, Shape
from cob.rules.order.plan import MEDICARE

# More cards than anybody carries; beyond it a list has been put together wrongly.
MOST_COVERAGES: Final = 40
ANSWERS_ABOUT_CUSTODY: Final = frozenset({"equal", "none"})
Said = dict[str, Any]  # the fields of a shape: one of the shape itself takes longer to reach, each time


def loose_end(case: Case) -> str | None:
    """A reference that leads nowhere, a span that ends before it begins, Medicare without its card or the card alone;
    None where there is none.
    """
    said = case.__dict__
    coverages: list[Coverage] = said["coverages"]
    cards = [coverage.__dict__ for coverage in coverages]
    return _nobody_there(said, cards) or _wrong_way_round(said, cards) or _apart(said["medicare"], cards)


def _nobody_there(said: Said, cards: list[Said]) -> str | None:
    people: dict[str, Person] = said["people"]
    patient: str = said["patient"]
    for word in ANSWERS_ABOUT_CUSTODY:
        if word in people:
            return f"people.{word}: that word is an answer about custody; give the person another key"
    if patient not in people:
        return _nobody("patient", patient, people)
    for at, card in enumerate(cards):
        subscriber: str | None = card["subscriber"]
        if subscriber is not None and subscriber not in people:
            return _nobody(f"coverages.{at}.subscriber", subscriber, people)
    for key, person in people.items():
        spouse = person.spouse
        if spouse is not None and spouse not in people:
            return _nobody(f"people.{key}.spouse", spouse, people)
    child: Child | None = said["child"]
    return None if child is None else _no_parent_there(child, people)


def _no_parent_there(child: Child, people: dict[str, Person]) -> str | None:
    custody = child.custodial_parent
    if custody is not None and custody not in ANSWERS_ABOUT_CUSTODY and custody not in people:
        return _nobody("child.custodial_parent", custody, people)
    named = child.decree.responsible_parent if child.decree else None
    if named is not None and named not in people:
        return _nobody("child.decree.responsible_parent", named, people)
    return None


def _nobody(where: str, key: str | None, people: Iterable[str]) -> str:
    return f"{where}: {key!r} is nobody in people; use one of {', '.join(people)}"


def _wrong_way_round(said: Said, cards: list[Said]) -> str | None:
    """What cannot be in time: more cards than fit a wallet come first, since nothing else is worth reading then."""
    count = len(cards)
    if count > MOST_COVERAGES:
        return f"coverages: {count} are more than the {MOST_COVERAGES} that can be compared; leave out those long ended"
    patient: str = said["patient"]
    born = said["people"][patient].birth_date
    if born is not None and born > said["claim"].dos:
        return f"people.{patient}.birth_date: {born} is after the day of service; correct one of the two"
    for place, card in enumerate(cards):
        starts, last = card["effective"], card["last_covered_day"]
        if starts and last and last < starts:
            return f"coverages.{place}.last_covered_day: {last} is before the start on {starts}; correct one of the two"
    medicare: Medicare | None = said["medicare"]
    if medicare is not None:
        return _part_wrong_way_round("a", medicare.part_a) or _part_wrong_way_round("b", medicare.part_b)
    return None


def _part_wrong_way_round(letter: str, part: Part | None) -> str | None:
    starts, ends = (part.from_, part.to) if part else (None, None)
    if starts and ends and ends < starts:
        return f"medicare.part_{letter}.to: {ends} is before the start on {starts}; correct one of the two"
    return None


def _apart(medicare: Medicare | None, cards: list[Said]) -> str | None:
    """Cards that cannot be told apart, or stand without what belongs to them."""
    ids: list[str] = [card["id"] for card in cards]
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        return f"coverages: the id {twice!r} is used twice; give every coverage its own id"
    if any(card["carve_out_of"] is not None or card["supplements"] is not None for card in cards):
        problem = _part_of_none(cards, ids) or _circle(cards)
        if problem:
            return problem
    has_card = any(card["kind"] in MEDICARE for card in cards)
    if has_card and medicare is None:
        return "medicare: expected the entitlement facts beside a medicare coverage; add the object"
    if medicare is not None and not has_card:
        return "coverages: expected a medicare or medicare_advantage entry beside the medicare object; add one"
    return None


def _part_of_none(cards: list[Said], ids: list[str]) -> str | None:
    """Plans that are parts or supplements of none on file, or of themselves."""
    for place, card in enumerate(cards):
        for name in ("carve_out_of", "supplements"):
            target: str | None = card[name]
            if target is not None and (target not in ids or target == card["id"]):
                return f"coverages.{place}.{name}: {target!r} is no other coverage of this case; name one that is"
    return None


def _circle(cards: list[Said]) -> str | None:
    """Plans that are parts or supplements of each other in a circle."""
    for name in ("carve_out_of", "supplements"):
        above: dict[str, str | None] = {card["id"]: card[name] for card in cards}
        for start in above:
            seen, at = {start}, above[start]
            while at is not None and at not in seen:
                seen.add(at)
                at = above.get(at)
            if at is not None:
                return f"coverages: {name} of {start!r} leads back to {at!r}; name the main plan only"
    return None


def keys_arrived(case: Case) -> int:
    """How many keys of a text have arrived in a case, in all its objects."""
    said = case.__dict__
    people: dict[str, Person] = said["people"]
    coverages: list[Coverage] = said["coverages"]
    child: Child | None = said["child"]
    medicare: Medicare | None = said["medicare"]
    accident: Accident | None = said["accident"]
    count = len(people) + _keys(case)
    for name in ("claim", "child", "medicare", "accident", "military", "va", "medicaid", "options"):
        count += _keys(said[name])
    for person in people.values():
        count += _keys(person)
    for coverage in coverages:
        count += _keys(coverage)
        told = coverage.__dict__
        for name in ("employment", "employer", "predecessor", "tribal"):
            count += _keys(told[name])
    if child is not None:
        count += _keys(child.decree)
    if medicare is not None:
        told = medicare.__dict__
        for name in ("part_a", "part_b", "basis", "esrd"):
            count += _keys(told[name])
    if accident is not None:
        told = accident.__dict__
        for name in ("workers_comp", "no_fault", "liability"):
            count += _keys(told[name])
    return count


def _keys(shape: Shape | None) -> int:
    return 0 if shape is None else len(shape.__pydantic_fields_set__)
