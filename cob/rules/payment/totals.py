"""A claim of several lines: what is used up from line to line, and the payers that reckon with the whole claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from cob.rules.payment.expected import Expected
from cob.rules.payment.terms import PLACES, Adjustment, Later, Primary, Terms

# Stated for the claim these are shared by its lines; stated on a line they are that line's.
POOLS = ("deductible_remaining", "benefit_max_remaining", "reserve_balance", "copay", "visit_copay", "covers")
Used = Counter[tuple[str, str]]  # by payer and name, in cents


def as_one_line(terms: Terms) -> Terms | None:
    """The claim as one line, where its later payer reckons so: Part A, and Medicaid in some states."""
    payer = terms.secondary
    if payer.formula != "msp_part_a" and payer.level != "claim":
        return None
    lines = terms.lines
    reasons = [one for line in lines for one in line.primary.cas or ()]
    primary = Primary(
        payer_type=terms.primary.payer_type,
        in_network=lines[0].primary.in_network,
        allowed=sum(line.primary.allowed for line in lines),
        paid=sum(line.primary.paid for line in lines),
        paid_to_patient=sum(line.primary.paid_to_patient or 0 for line in lines) or None,
        cas=list(_added_up(reasons)) if all(line.primary.cas is not None for line in lines) else None,
    )
    whole: dict[str, object] = {"billed": sum(line.billed for line in lines), "primary": primary, "lines": ()}
    for place in PLACES:
        one: Later | None = getattr(terms, place)
        if one is not None and one.allowed is None:
            allowed = [getattr(line, place).allowed for line in lines if getattr(line, place) is not None]
            if allowed and None not in allowed:
                whole[place] = one.model_copy(update={"allowed": sum(allowed)})
    return terms.model_copy(update=whole)


def _added_up(reasons: Iterable[Adjustment]) -> Iterator[Adjustment]:
    totals: dict[tuple[str, str], int] = {}
    for one in reasons:
        totals[one.group, one.carc] = totals.get((one.group, one.carc), 0) + one.amount
    for (group, carc), cents in totals.items():
        yield Adjustment.model_validate({"group": group, "carc": carc, "amount": cents})


def use(line: Terms, said: Expected, used: Used) -> None:
    """Take from the lines to come what this one took."""
    used.update(taken_of_shared(line, said))


def taken_of_shared(line: Terms, said: Expected) -> dict[tuple[str, str], int]:
    """What a line takes of the amounts it shares with others, by payer and name."""
    payers = {place: payer for place in PLACES if (payer := getattr(line, place)) is not None}
    return {key: cents for key, cents in said.used.items() if key[0] in payers and _is_shared(key, payers[key[0]])}


def _is_shared(key: tuple[str, str], payer: Later) -> bool:
    return key[1].partition(".")[0] in payer.shared


def less(line: Terms, used: Used) -> Terms:
    """The line with what those before it have left of the amounts they share."""
    changes: dict[str, Later] = {}
    for place in PLACES:
        payer: Later | None = getattr(line, place)
        if payer is None:
            continue
        left: dict[str, object] = {
            name: max(0, value - used[place, name])
            for name in payer.shared
            if isinstance(value := getattr(payer, name), int)
        }
        if "covers" in payer.shared and payer.covers is not None:
            left["covers"] = {carc: max(0, most - used[place, f"covers.{carc}"]) for carc, most in payer.covers.items()}
        changes[place] = payer.model_copy(update=left) if left else payer
    return line.model_copy(update=changes)
