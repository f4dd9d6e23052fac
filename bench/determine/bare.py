"""The same core rules written out by hand: an order and a reason for each two neighbours, and nothing else.

No unknown facts, no doubts, no notes, no sources, no facts used, no question, no dated law, nothing checked: what a
careful programmer would write for cases known to be whole. What else the desk's answer has is measured against it.
"""

from __future__ import annotations

from functools import cmp_to_key
from itertools import pairwise
from typing import Any

Case = dict[str, Any]
Said = tuple[list[str], list[str]]
BANDS = {"medicare": 50, "medigap": 55, "tricare": 65, "medicaid": 70}
COUNTS_AT_65 = {"self", "spouse"}


def decide(case: Case) -> Said:
    """Ids in paying order, and the rule between each two."""
    month, medicare = month_of(case["claim"]["dos"]), case.get("medicare")
    clock = kidney_clock(medicare, month) if medicare else ("none", 0)
    banded = []
    for card in case["coverages"]:
        side = None
        band = BANDS.get(card["kind"], 40)
        if medicare and card["kind"] == "employer":
            side = side_of(case, card, month, clock)
            band = 40 if side[0] else 60
        banded.append((band, card, side))
    in_order = sorted(banded, key=cmp_to_key(lambda one, other: compare(case, one, other)[0]))
    reasons = [compare(case, one, other)[1] for one, other in pairwise(in_order)]
    return [card["id"] for _, card, _ in in_order], reasons


def compare(case: Case, one: Any, other: Any) -> tuple[int, str]:
    """Which of two stands first, and by which rule."""
    if one[0] != other[0]:
        sign = -1 if one[0] < other[0] else 1
        first, second = (one, other) if sign < 0 else (other, one)
        return sign, between_bands(first, second, has_medicare="medicare" in case)
    return commercial(case, one[1], other[1])


def between_bands(first: Any, second: Any, *, has_medicare: bool) -> str:
    """The rule between two payers of different bands."""
    kind, behind = first[1]["kind"], second[1]["kind"]
    if behind == "medicaid":
        return "TRI-EXC" if kind == "tricare" else "MCD-LAST"
    if behind == "tricare":
        if kind == "medicare":
            return "TRI-MCR"
        retired = has_medicare and first[2] is not None and first[2][1] == "MSP-RETIREE"
        return "TRI-MEDIGAP" if retired or kind == "medigap" else "TRI-LAST"
    if "medigap" in (kind, behind):
        return "MSP-MEDIGAP"
    return first[2][1] if behind == "medicare" else second[2][1]


def commercial(case: Case, one: Case, other: Case) -> tuple[int, str]:
    """Two plans of one band: own before dependent, then what the family says, then standing and length."""
    own, others = not is_dependent(case, one), not is_dependent(case, other)
    if own != others:
        return (-1 if own else 1), "NAIC-6D1a"
    if not own and "child" in case and one["subscriber"] != other["subscriber"]:
        said = of_child(case, one, other)
        if said is not None:
            return said
    return in_turn(one, other)


def is_dependent(case: Case, card: Case) -> bool:
    """Whether the plan covers the patient as a dependent; under COBRA the standing before it counts."""
    if card["subscriber"] != case["patient"]:
        return True
    return card["continuation"] != "none" and card["continuation_was"] == "dependent"


def of_child(case: Case, one: Case, other: Case) -> tuple[int, str] | None:
    """Court order, birthdays, custody."""
    child, people = case["child"], case["people"]
    terms = child["decree"]["terms"]
    if terms == "one_parent":
        named = child["decree"]["responsible_parent"]
        if named in (one["subscriber"], other["subscriber"]):
            return (-1 if one["subscriber"] == named else 1), "NAIC-6D2b-i"
        sign = tier(people, one, child["custodial_parent"]) - tier(people, other, child["custodial_parent"])
        return sign, "COM-DECREE-REST"
    if terms == "both_parents" or child["parents_living_together"]:
        rule = "NAIC-6D2b-ii" if terms == "both_parents" else "NAIC-6D2a-i"
        first, second = birthday(people[one["subscriber"]]), birthday(people[other["subscriber"]])
        if first != second:
            return (-1 if first < second else 1), rule
        return (-1 if one["subscriber_covered_since"] < other["subscriber_covered_since"] else 1), "NAIC-6D2a-ii"
    sign = tier(people, one, child["custodial_parent"]) - tier(people, other, child["custodial_parent"])
    return sign, "NAIC-6D2b-iv"


def birthday(person: Case) -> str:
    """Month and day of birth."""
    return person.get("birth_month_day") or person["birth_date"][5:]


def tier(people: Case, card: Case, custodial: str) -> int:
    """Custodial parent, that parent's spouse, the other parent, the other parent's spouse."""
    if card["subscriber"] == custodial:
        return 0
    spouse = people[card["subscriber"]].get("spouse")
    if spouse is None:
        return 2
    return 1 if spouse == custodial else 3


def in_turn(one: Case, other: Case) -> tuple[int, str]:
    """Active before retired, regular before continued, longer before shorter."""
    retired, others = one["work_status"] == "retired", other["work_status"] == "retired"
    if retired != others:
        return (1 if retired else -1), "NAIC-6D3"
    continued, others = one["continuation"] != "none", other["continuation"] != "none"
    if continued != others:
        return (1 if continued else -1), "NAIC-6D4"
    return (-1 if one["patient_covered_since"] < other["patient_covered_since"] else 1), "NAIC-6D5"


def month_of(day: str) -> int:
    """A month as a number."""
    return int(day[:4]) * 12 + int(day[5:7]) - 1


def aged_month(born: str) -> int:
    """The month that holds the day before the 65th birthday."""
    return month_of(born) + 65 * 12 - (born[8:] == "01")


def side_of(case: Case, card: Case, month: int, clock: tuple[str, int]) -> tuple[bool, str]:
    """Whether Medicare waits for a job plan, and by which rule."""
    phase, start = clock
    if phase == "first":
        kept = medicare_stays_first(case, card, start)
        return (False, "MSP-DUAL-KEEP") if kept else (True, "MSP-ESRD-30")
    if phase == "after":
        return False, "MSP-ESRD-AFTER"
    aged = aged_month(case["people"][case["patient"]]["birth_date"]) <= month
    if aged and not case["medicare"]["premium_free_part_a"]:
        return False, "MSP-WA-PARTA"
    if not aged and "disability" not in case["medicare"]["basis"]:
        return False, "MSP-RETIREE"
    if card["continuation"] != "none":
        return False, "MSP-COBRA"
    if card["employment"]["status"] != "working":
        return False, "MSP-RETIREE"
    size = card["employer"]["size"]
    if aged:
        return (True, "MSP-WA-20") if size != "<20" else (False, "MSP-WA-LT20")
    return (True, "MSP-DIS-100") if size == "100+" else (False, "MSP-DIS-LT100")


def kidney_clock(medicare: Case, month: int) -> tuple[str, int]:
    """Where the month of service stands in the thirty months of kidney Medicare."""
    kidney = medicare.get("esrd")
    if kidney is None:
        return "none", 0
    dialysis = month_of(kidney["first_dialysis"])
    start = dialysis + 3
    if kidney["self_training_start"] != "never" and month_of(kidney["self_training_start"]) < start:
        start = dialysis
    if kidney["transplant"] != "never":
        start = min(start, month_of(kidney["transplant"]))
    if month < start:
        return "none", start
    return ("first" if month < start + 30 else "after"), start


def medicare_stays_first(case: Case, card: Case, start: int) -> bool:
    """Whether Medicare was rightly first before the kidney failure."""
    basis = case["medicare"]["basis"]
    if not any(month_of(month) < start for name, month in basis.items() if name != "esrd"):
        return False
    last = card["employment"]["last_day"]
    worked = last == "never" or month_of(last) >= start
    aged = aged_month(case["people"][case["patient"]]["birth_date"]) <= start - 1
    small = card["employer"]["size"] == "<20" if aged else card["employer"]["size"] != "100+"
    return (small or not worked) and card["paid_after_medicare_before_esrd"]
