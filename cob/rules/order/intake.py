"""From raw JSON values to a case, or one line that says which field is wrong, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from cob.rules.order.case import Case
from cob.rules.order.plan import MEDICARE

# More cards than anybody carries; beyond it a list has been put together wrongly.
MOST_COVERAGES = 40
ANSWERS_ABOUT_CUSTODY = frozenset({"equal", "none"})


class BadCase(ValueError):
    """A case that cannot be read; the message is one line."""


_INSTEAD = {
    "extra_forbidden": "this key is not part of a case; remove it or correct its spelling",
    "missing": "this key is required; add it",
    "literal_error": "use one of the listed words",
    "bool_type": "expected true or false",
    "string_type": "expected text in quotation marks",
    "dict_type": "expected an object in braces",
    "model_type": "expected an object in braces",
    "list_type": "expected a list in brackets",
    "string_too_short": "expected a text that is not empty",
}


class _Checked(Case):
    """A case that has been through `read_case`: handed in again, it is not looked through again."""


def read_case(raw: Any) -> Case:
    """A checked case. Raises BadCase."""
    if isinstance(raw, _Checked):
        return raw
    try:
        case = raw if isinstance(raw, Case) else _Checked.model_validate(raw)
    except ValidationError as refused:
        raise BadCase(_one_line(refused)) from None
    for problem in _dangling(case):
        raise BadCase(problem)
    return case


def _one_line(refused: ValidationError) -> str:
    first = refused.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "the case"
    said = first["msg"].removeprefix("Value error, ").partition(" or instance of ")[0]
    hint = _INSTEAD.get(first["type"], "correct the value")
    more = refused.error_count() - 1
    also = f" (and {more} more)" if more else ""
    return " ".join(f"{where}: {said}; {hint}{also}".split())


def _dangling(case: Case) -> Iterator[str]:
    """References that lead nowhere, spans that end before they begin, Medicare without its card or the card alone."""
    yield from _people(case)
    yield from _spans(case)
    ids = [coverage.id for coverage in case.coverages]
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        yield f"coverages: the id {twice!r} is used twice; give every coverage its own id"
    if any(one.carve_out_of is not None or one.supplements is not None for one in case.coverages):
        yield from _parts(case, ids)
        yield from _circles(case)
    has_card = any(coverage.kind in MEDICARE for coverage in case.coverages)
    if has_card and case.medicare is None:
        yield "medicare: expected the entitlement facts beside a medicare coverage; add the object"
    if case.medicare is not None and not has_card:
        yield "coverages: expected a medicare or medicare_advantage entry beside the medicare object; add one"


def _people(case: Case) -> Iterator[str]:
    people = case.people
    for word in ANSWERS_ABOUT_CUSTODY & people.keys():
        yield f"people.{word}: that word is an answer about custody; give the person another key"
    if case.patient not in people:
        yield _nobody("patient", case.patient, people)
    for at, one in enumerate(case.coverages):
        if one.subscriber is not None and one.subscriber not in people:
            yield _nobody(f"coverages.{at}.subscriber", one.subscriber, people)
    for key, person in people.items():
        if person.spouse is not None and person.spouse not in people:
            yield _nobody(f"people.{key}.spouse", person.spouse, people)
    if case.child is not None:
        custody = case.child.custodial_parent
        if custody is not None and custody not in ANSWERS_ABOUT_CUSTODY and custody not in people:
            yield _nobody("child.custodial_parent", custody, people)
        named = case.child.decree.responsible_parent if case.child.decree else None
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
    born = case.people[case.patient].birth_date if case.patient in case.people else None
    if born is not None and born > case.claim.dos:
        yield f"people.{case.patient}.birth_date: {born} is after the day of service; correct one of the two"
    for place, one in enumerate(case.coverages):
        if one.effective and one.last_covered_day and one.last_covered_day < one.effective:
            yield (
                f"coverages.{place}.last_covered_day: {one.last_covered_day} is before the start on {one.effective}; "
                "correct one of the two"
            )
    for letter in "ab" if case.medicare else "":
        part = case.medicare and getattr(case.medicare, f"part_{letter}")
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
