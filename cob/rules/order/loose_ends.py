"""What no field of a case can say of itself: names of nobody, days the wrong way round, cards that belong together.

Each in one line, as `read_case` refuses them; the first is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from cob.rules.order.case import Case
from cob.rules.order.plan import MEDICARE

# More cards than anybody carries; beyond it a list has been put together wrongly.
MOST_COVERAGES: Final = 40
ANSWERS_ABOUT_CUSTODY: Final = frozenset({"equal", "none"})


def loose_ends(case: Case) -> Iterator[str]:
    """References that lead nowhere, spans that end before they begin, Medicare without its card or the card alone."""
    yield from _people(case)
    yield from _spans(case)
    medicare, ids = case.medicare, [coverage.id for coverage in case.coverages]
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        yield f"coverages: the id {twice!r} is used twice; give every coverage its own id"
    if any(one.carve_out_of is not None or one.supplements is not None for one in case.coverages):
        yield from _parts(case, ids)
        yield from _circles(case)
    has_card = any(coverage.kind in MEDICARE for coverage in case.coverages)
    if has_card and medicare is None:
        yield "medicare: expected the entitlement facts beside a medicare coverage; add the object"
    if medicare is not None and not has_card:
        yield "coverages: expected a medicare or medicare_advantage entry beside the medicare object; add one"


def _people(case: Case) -> Iterator[str]:
    people, patient, child = case.people, case.patient, case.child
    for word in ANSWERS_ABOUT_CUSTODY:
        if word in people:
            yield f"people.{word}: that word is an answer about custody; give the person another key"
    if patient not in people:
        yield _nobody("patient", patient, people)
    for at, one in enumerate(case.coverages):
        subscriber = one.subscriber
        if subscriber is not None and subscriber not in people:
            yield _nobody(f"coverages.{at}.subscriber", subscriber, people)
    for key, person in people.items():
        spouse = person.spouse
        if spouse is not None and spouse not in people:
            yield _nobody(f"people.{key}.spouse", spouse, people)
    if child is not None:
        custody = child.custodial_parent
        if custody is not None and custody not in ANSWERS_ABOUT_CUSTODY and custody not in people:
            yield _nobody("child.custodial_parent", custody, people)
        named = child.decree.responsible_parent if child.decree else None
        if named is not None and named not in people:
            yield _nobody("child.decree.responsible_parent", named, people)


def _nobody(where: str, key: str | None, people: Iterable[str]) -> str:
    return f"{where}: {key!r} is nobody in people; use one of {', '.join(people)}"


def _parts(case: Case, ids: list[str]) -> Iterator[str]:
    """Plans that are parts or supplements of none on file, or of themselves."""
    for place, coverage in enumerate(case.coverages):
        for name, target in (("carve_out_of", coverage.carve_out_of), ("supplements", coverage.supplements)):
            if target is not None and (target not in ids or target == coverage.id):
                yield f"coverages.{place}.{name}: {target!r} is no other coverage of this case; name one that is"


def _spans(case: Case) -> Iterator[str]:
    """What cannot be in time: more cards than fit a wallet come first, since nothing else is worth reading then."""
    count = len(case.coverages)
    if count > MOST_COVERAGES:
        yield f"coverages: {count} are more than the {MOST_COVERAGES} that can be compared; leave out those long ended"
    patient = case.people.get(case.patient)
    born = patient.birth_date if patient else None
    if born is not None and born > case.claim.dos:
        yield f"people.{case.patient}.birth_date: {born} is after the day of service; correct one of the two"
    for place, one in enumerate(case.coverages):
        starts, last = one.effective, one.last_covered_day
        if starts and last and last < starts:
            yield (
                f"coverages.{place}.last_covered_day: {last} is before the start on {starts}; correct one of the two"
            )
    medicare = case.medicare
    for letter, part in (("a", medicare.part_a), ("b", medicare.part_b)) if medicare else ():
        if part and part.from_ and part.to and part.to < part.from_:
            yield f"medicare.part_{letter}.to: {part.to} is before the start on {part.from_}; correct one of the two"


def _circles(case: Case) -> Iterator[str]:
    """Plans that are parts or supplements of each other in a circle."""
    for name in ("carve_out_of", "supplements"):
        above = {coverage.id: getattr(coverage, name) for coverage in case.coverages}
        for start in above:
            seen, at = {start}, above[start]
            while at is not None and at not in seen:
                seen.add(at)
                at = above.get(at)
            if at is not None:
                yield f"coverages: {name} of {start!r} leads back to {at!r}; name the main plan only"
