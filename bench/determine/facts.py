"""What a rule engine is handed: flat facts about each card and each two plans, the calendar arithmetic already done.

An engine compares words; days, months and who is whose parent are worked out here, by the helpers of `bare`, for both
engines alike. Each engine then says a band and a rule for a card, which of two plans is first, and why one payer stands
before its neighbour.
"""

from __future__ import annotations

from functools import cmp_to_key
from itertools import combinations, pairwise
from typing import Any, Protocol

from bench.determine import bare

Case = dict[str, Any]
Facts = dict[str, Any]


class Engine(Protocol):
    """Three tables of rules."""

    def places(self, cards: list[Facts]) -> list[Facts]:
        """A band and a rule for each card."""

    def firsts(self, pairs: list[Facts]) -> list[Facts]:
        """A sign and a rule for each two plans of one band."""

    def reasons(self, neighbours: list[Facts]) -> list[Facts]:
        """A rule for each two neighbours of different bands."""


def decide(engine: Engine, case: Case) -> bare.Said:
    """Ids in paying order, and the rule between each two."""
    cards = case["coverages"]
    placed = dict(zip((card["id"] for card in cards), engine.places(of_cards(case)), strict=True))
    in_one_band = [
        (one, other)
        for one, other in combinations(cards, 2)
        if placed[one["id"]]["band"] == placed[other["id"]]["band"]
    ]
    said: dict[tuple[str, str], Facts] = {}
    if in_one_band:
        answers = engine.firsts([of_pair(case, one, other) for one, other in in_one_band])
        for (one, other), answer in zip(in_one_band, answers, strict=True):
            said[one["id"], other["id"]] = answer
            said[other["id"], one["id"]] = {"sign": -answer["sign"], "rule": answer["rule"]}

    def compare(one: str, other: str) -> int:
        return (placed[one]["band"] - placed[other]["band"]) or said[one, other]["sign"]

    order = sorted(placed, key=cmp_to_key(compare))
    return order, _rules(engine, case, order, placed, said)


def _rules(engine: Engine, case: Case, order: list[str], placed: dict[str, Facts], said: Any) -> list[str]:
    kinds = {card["id"]: card["kind"] for card in case["coverages"]}
    steps = list(pairwise(order))
    across = [
        {
            "first": kinds[one],
            "second": kinds[other],
            "first_rule": placed[one]["rule"],
            "second_rule": placed[other]["rule"],
            "medicare": "medicare" in case,
        }
        for one, other in steps
        if (one, other) not in said
    ]
    answers = iter(engine.reasons(across) if across else ())
    return [said[step]["rule"] if step in said else next(answers)["rule"] for step in steps]


def of_cards(case: Case) -> list[Facts]:
    """The facts that place each card."""
    month, medicare = bare.month_of(case["claim"]["dos"]), case.get("medicare")
    if medicare is None:
        return [{"kind": card["kind"], "medicare": False} for card in case["coverages"]]
    phase, start = bare.kidney_clock(medicare, month)
    shared = {
        "medicare": True,
        "kidney": phase,
        "aged": bare.aged_month(case["people"][case["patient"]]["birth_date"]) <= month,
        "premium_free": medicare["premium_free_part_a"],
        "disabled": "disability" in medicare["basis"],
    }
    return [
        {"kind": card["kind"], **shared, **(_job(case, card, phase, start) if card["kind"] == "employer" else {})}
        for card in case["coverages"]
    ]


def _job(case: Case, card: Case, phase: str, start: int) -> Facts:
    return {
        "continued": card["continuation"] != "none",
        "working": card["employment"]["status"] == "working",
        "size": card["employer"]["size"],
        "medicare_stays": phase == "first" and bare.medicare_stays_first(case, card, start),
    }


def of_pair(case: Case, one: Case, other: Case) -> Facts:
    """The facts that order two plans of one band; a sign is below 0 where the first of them goes first."""
    facts = {
        "own": bare.is_dependent(case, one) - bare.is_dependent(case, other),
        "both_dependent": bare.is_dependent(case, one) and bare.is_dependent(case, other),
        "family": "child" in case and one["subscriber"] != other["subscriber"],
        "retired": (one["work_status"] == "retired") - (other["work_status"] == "retired"),
        "continued": (one["continuation"] != "none") - (other["continuation"] != "none"),
        "length": _sign(one["patient_covered_since"], other["patient_covered_since"]),
        "terms": "",
        "together": False,
        "named": 0,
        "birthday": 0,
        "parent_length": 0,
        "custody": 0,
    }
    return facts | _family(case, one, other) if facts["family"] else facts


def _family(case: Case, one: Case, other: Case) -> Facts:
    child, people = case["child"], case["people"]
    named, custodial = child["decree"]["responsible_parent"], child["custodial_parent"]
    return {
        "terms": child["decree"]["terms"],
        "together": child["parents_living_together"],
        "named": (other["subscriber"] == named) - (one["subscriber"] == named),
        "birthday": _sign(bare.birthday(people[one["subscriber"]]), bare.birthday(people[other["subscriber"]])),
        "parent_length": _sign(one["subscriber_covered_since"], other["subscriber_covered_since"]),
        "custody": bare.tier(people, one, custodial) - bare.tier(people, other, custodial),
    }


def _sign(one: str, other: str) -> int:
    return (one > other) - (one < other)
