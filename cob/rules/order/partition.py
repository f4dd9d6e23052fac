"""What the law can tell two cases apart by. Cases of one partition have one verdict, names of people and cards aside.

Names become places in the case's own listing, labels of payers go, and a date leaves only what a rule may ask of it:
in force or not, which of two is earlier, how many months ago. A fact is left out only where no rule that could be
reached reads it; where something unknown would be tried against a date, the date itself stays. Exact first, few second.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple

from cob.dates import month_of
from cob.rules.order.accidents import PAYS_FOR
from cob.rules.order.case import read_day
from cob.rules.order.entitlement import Entitlement, entitlement
from cob.rules.order.general import NOT_PLANS
from cob.rules.order.jobs import job_for_medicare
from cob.rules.order.plan import COMMERCIAL, GROUP
from cob.rules.order.ranks import among_themselves, years_old
from cob.rules.parameters import is_trying, numbers

Raw = dict[Any, Any]
Part = Any  # a part of a key: a word, a number, a truth, or a tuple of them
NOTHING: Final[Raw] = {}
OUT, IN, OPEN_ENDED, END_UNKNOWN, STARTS_END_UNKNOWN, START_UNKNOWN = 0, 1, 2, 3, 4, 10


class Day(NamedTuple):
    """The day of service and what the law says on it, worked out once a day."""

    text: str
    day: date
    month: int
    version: int
    numbers: dict[str, int]


_VERSIONS: dict[tuple[int, ...], int] = {}


def day_of_service(text: str) -> Day:
    """Every number of the law on a day; days with the same numbers have the same version. Numbers that are only tried
    are not remembered.
    """
    return _numbers_on(text) if is_trying() else _remembered(text)


@cache
def _remembered(text: str) -> Day:
    return _numbers_on(text)


def _numbers_on(text: str) -> Day:
    day = read_day(text)
    law = numbers(day)
    return Day(text, day, month_of(day), _VERSIONS.setdefault(tuple(law.values()), len(_VERSIONS)), law)


def partition(case: Raw) -> Hashable:
    """The key of a case: equal keys, equal verdicts."""
    on = day_of_service(case["claim"]["dos"])
    options, medicare, cards = case.get("options"), case.get("medicare"), case["coverages"]
    place = {name: at for at, name in enumerate(case["people"])}
    counts_last = not options or options.get("term_date_is_last_day", True)
    how = [standing(card, on.text, counts_last) for card in cards]
    live = [card for card, stands in zip(cards, how, strict=True) if stands and card["kind"] in COMMERCIAL]
    entitled = None if medicare is None else entitlement(case, medicare, on)
    return (
        on.version,
        place[case["patient"]],
        repr(options) if options else None,
        None if entitled is None else entitled.key,
        among_themselves(case, live, place, on) if live else None,
        _by_kind(case, {card["kind"] for card in cards}, on),
        *[_card(card, stands, cards, place, entitled, on) for card, stands in zip(cards, how, strict=True)],
    )


def standing(card: Raw, day: str, counts_last: bool) -> int:
    """Whether a card counts on the day of service, or what of that is unknown."""
    kind = card["kind"]
    if card.get("enrolled") is False:
        return OUT
    if kind == "medicare":
        return IN
    last, start = card.get("last_covered_day"), card.get("effective")
    if kind in NOT_PLANS:
        return OUT if (start is not None and start > day) or (last is not None and last < day) else IN
    if last is not None and (last < day if counts_last else last <= day):
        return OUT
    if start is not None and start > day:
        return OUT
    end = IN if last is not None else OPEN_ENDED if "last_covered_day" in card else END_UNKNOWN
    if start is None:
        return IN if last == day else START_UNKNOWN + end
    return STARTS_END_UNKNOWN if end == END_UNKNOWN and start == day else end


def _card(
    card: Raw, stands: int, cards: list[Raw], place: dict[Any, int], entitled: Entitlement | None, on: Day
) -> Part:
    """One card: what it is, how it stands, whose it is and, where Medicare asks, from which job."""
    kind = card["kind"]
    if not stands:
        return kind
    tied = _tied_to(card, cards)
    if kind not in COMMERCIAL:
        return kind, IN if stands == OPEN_ENDED else stands, tied
    tribal = card.get("tribal") if kind == "tribal_self_funded" else None
    return (
        kind,
        stands,
        tied,
        place.get(card.get("subscriber")),
        card.get("relationship"),
        card.get("continuation"),
        job_for_medicare(card, entitled, on) if entitled is not None and kind in GROUP else None,
        (tribal.get("last_resort"), tribal.get("ihs_may_bill")) if tribal else None,
    )


def _tied_to(card: Raw, cards: list[Raw]) -> Part:
    """The places of the cards that one is a part of or supplements."""
    part, base = card.get("carve_out_of"), card.get("supplements")
    if part is None and base is None:
        return None
    return tuple([next((at for at, other in enumerate(cards) if other["id"] == name), None) for name in (part, base)])


def _by_kind(case: Raw, kinds: set[str], on: Day) -> Part:
    """Facts read only where a card of some kind is on file."""
    said: list[Part] = []
    if "va" in kinds:
        said.append((case.get("va") or NOTHING).get("authorised"))
    if "tricare" in kinds:
        capacity = (case.get("military") or NOTHING).get("beneficiary")
        young = capacity is None and _is_young(case, on)
        said.append((None if capacity is None else capacity == "adsm", young))
        said.append(case["claim"].get("category") == "early_intervention")
    if not kinds.isdisjoint(PAYS_FOR):
        said.append(_accident(case, on))
    return tuple(said)


def _is_young(case: Raw, on: Day) -> bool:
    age = years_old(case, on.text)
    return age is not None and age < on.numbers["military.enlistment.years"]


def _accident(case: Raw, on: Day) -> Part:
    """What the visit is for and where each claim for the injury stands."""
    related = case["claim"].get("related_to")
    if related == ["none"]:
        return "none"
    accident = case.get("accident") or NOTHING
    comp = accident.get("workers_comp") or NOTHING
    benefits = accident.get("no_fault") or NOTHING
    liability = accident.get("liability") or NOTHING
    paid, ended = benefits.get("paid_to_date_cents"), benefits.get("exhausted_on")
    asked = case["claim"].get("as_of") or on.text
    return (
        None if related is None else tuple(sorted(related)),
        accident.get("state"),
        (comp.get("status"), comp.get("provider_authorised"), _late(comp, asked, on)),
        benefits.get("election"),
        None if paid is None else paid >= on.numbers["accidents.massachusetts.cents"],
        ended if ended is None or ended == "never" else ended < on.text,
        _late(benefits, asked, on),
        (liability.get("status"), _late(liability, asked, on, always=True)),
    )


def _late(claim: Raw, asked: str, on: Day, *, always: bool = False) -> bool:
    """Whether a claim has waited longer than is prompt; a liability claim at the latest from the visit on."""
    filed = claim.get("claim_filed_on")
    if filed is None or filed == "never":
        filed = on.text if always else None
    elif always:
        filed = min(filed, on.text)
    if filed is None:
        return False
    waited = read_day(asked) - read_day(filed)
    return waited.days > on.numbers["accidents.promptly.days"]
