"""Every outcome still possible: each unknown fact the answer hangs on is tried with each value it might have."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from tests.reference.order import Answer, decide
from tests.reference.reading import NEVER, Impossible, Unknown, day, month, option, same_day_later

VALUES: dict[str, list[Any]] = {
    "relationship": ["self", "spouse", "domestic_partner", "child", "parent", "other"],
    "work_status": ["active", "laid_off", "retired", "survivor", "none"],
    "continuation": ["none", "cobra", "federal_tcc"],
    "continuation_was": ["employee", "dependent"],
    "status": ["working", "furlough", "disability_pay", "retired", "rehired_retiree", "self_employed"],
    "size": ["<20", "20-99", "100+"],
    "largest_member": ["<20", "20-99", "100+"],
    "prior_year_net_cents": [39_999, 40_000],
    "paid_to_date_cents": [199_999, 200_000],
    "election": ["no_fault_first", "health_first"],
    "funding": ["insured", "self_funded_erisa"],
    "state": ["NY", "NJ", "MI", "MA"],
    "beneficiary": ["adsm", "retiree"],
    "terms": ["none", "one_parent", "both_parents", "joint_custody_silent", "financial_only", "expired"],
}  # fmt: skip
YES_NO = {
    "on_ssdi", "rehired_qualifies", "small_employer_exception", "premium_free_part_a", "disabled_dependent",
    "parents_living_together", "last_resort", "ihs_may_bill", "authorised", "provider_authorised",
    "paid_before_notice", "paid_after_medicare_before_esrd",
}  # fmt: skip
CAUSES = {
    "workers_comp": ["work"], "black_lung": ["black_lung"], "wtc": ["wtc", "work"], "no_fault": ["auto"],
    "medpay": ["auto"], "liability": ["liability"], "crime_victim": ["crime"],
}  # fmt: skip
RANKED = ("data_conflict", "no_coverage", "cycle", "tie", "likely", "determined")
LIMIT = 20_000


class TooMany(Exception):
    """More combinations than are worth trying."""


@dataclass
class Outcomes:
    """What the unknown facts leave open."""

    answers: list[Answer] = field(default_factory=list)
    asked: set[tuple[str, ...]] = field(default_factory=set)
    matters: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def orders(self) -> set[tuple[tuple[str, ...], ...]]:
        return {grouped(answer) for answer in self.answers}

    @property
    def status(self) -> str:
        """The one outcome's status, or that facts are needed: a fact that changes only the status is not asked."""
        if len(self.orders) > 1:
            return "needs_facts"
        statuses = {answer.status for answer in self.answers}
        return next(status for status in RANKED if status in statuses)

    def prefix(self) -> list[str]:
        return shared([grouped(answer) for answer in self.answers])

    def suffix(self) -> list[str]:
        return shared([grouped(answer)[::-1] for answer in self.answers])[::-1]


def shared(orders: list[tuple[tuple[str, ...], ...]]) -> list[str]:
    """What stands first in every order; of plans that share equally none stands before the other."""
    alike = takewhile(lambda groups: len({*groups}) == 1 and len(groups[0]) == 1, zip(*orders, strict=False))
    return [groups[0][0] for groups in alike]


def grouped(answer: Answer) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(group)) for group in answer.groups)


def outcomes(case: dict[str, Any], limit: int = LIMIT) -> Outcomes:
    """Every answer the case leaves possible, found by trying; `TooMany` beyond the limit of tries."""
    found = Outcomes()
    budget = [limit]
    explore(case, found, budget)
    return found


def explore(case: dict[str, Any], found: Outcomes, budget: list[int]) -> set[Any]:
    """Adds this case's answers to what was found and returns them as a set of orders."""
    budget[0] -= 1
    if budget[0] < 0:
        raise TooMany
    try:
        answer = decide(case)
    except Impossible:
        return set()
    except Unknown as missing:
        found.asked.add(missing.path)
        reached = [explore(told, found, budget) for told in tried(case, missing.path)]
        reached = [orders for orders in reached if orders]
        if any(orders != reached[0] for orders in reached):
            found.matters.add(missing.path)
        return set().union(*reached)
    found.answers.append(answer)
    return {grouped(answer)}


def tried(case: dict[str, Any], path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for value in domain(case, path):
        told = copy.deepcopy(case)
        holder: Any = told
        for step in path[:-1]:
            if isinstance(holder, list):
                holder = next(plan for plan in holder if plan["id"] == step)
            else:
                if holder.get(step) is None:
                    holder[step] = {}
                holder = holder[step]
        holder[path[-1]] = value
        yield told


def domain(case: dict[str, Any], path: tuple[str, ...]) -> list[Any]:
    name, dos = path[-1], day(case["claim"]["dos"])
    if name == "related_to":
        return subsets(case)
    if name == "subscriber":
        return list(case["people"])
    if name in ("custodial_parent", "responsible_parent"):
        parents = [key for key, person in case["people"].items()
                   if person.get("relation") in ("mother", "father", "parent", "guardian")]  # fmt: skip
        return parents + (["equal", "none"] if name == "custodial_parent" else [])
    if name == "spouse":
        married = {person.get("spouse") for person in case["people"].values()}
        return [key for key, person in case["people"].items()
                if person.get("relation") in ("mother", "father", "parent") and key not in married]  # fmt: skip
    if name == "relationship":
        plan = next(plan for plan in case["coverages"] if plan["id"] == path[1])
        mine, grown = plan["subscriber"] == case["patient"], is_grown(case, dos)
        return [value for value in VALUES[name] if (value == "self") == mine and not (value == "child" and grown)]
    if name == "beneficiary" and case["people"][case["patient"]].get("birth_date") and young(case, dos, 17):
        return ["retiree_family"]
    if name == "basis":
        return grounds(case, dos)
    if name in VALUES:
        return VALUES[name]
    if name in YES_NO:
        return [True, False]
    return dates(case, path, dos)


def grounds(case: dict[str, Any], dos: date) -> list[dict[str, None]]:
    """Age or disability, by the age where it is known; kidney failure; where nothing was said of it, both as well."""
    alone = ["age", "disability"]
    if case["people"][case["patient"]].get("birth_date"):
        alone = ["disability"] if young(case, dos, 65) else ["age"]
    kidneys_failed = any(told not in (None, NEVER) for told in (case["medicare"].get("esrd") or {}).values())
    if kidneys_failed and alone == ["age"]:
        alone = ["age", "disability"]
    both = [] if kidneys_failed else [{name: None, "esrd": None} for name in alone]
    return [*({name: None} for name in alone), {"esrd": None}, *both]


def subsets(case: dict[str, Any]) -> list[list[str]]:
    causes = sorted({cause for plan in case["coverages"] for cause in CAUSES.get(plan["kind"], [])})
    chosen = [[cause for place, cause in enumerate(causes) if mask >> place & 1] for mask in range(2 ** len(causes))]
    return [causes or ["none"] for causes in chosen]


def dates(case: dict[str, Any], path: tuple[str, ...], dos: date) -> list[Any]:
    name = path[-1]
    eve, next_day = str(dos - timedelta(days=1)), str(dos + timedelta(days=1))
    if name in ("effective", "from"):
        ends_with_the_day = any(plan["id"] == path[1] and plan.get("last_covered_day") == str(dos)
                                for plan in case["coverages"])  # fmt: skip
        return [str(dos) if name == "from" or has_end(case, path) else eve, *([] if ends_with_the_day else [next_day])]
    if name in ("last_covered_day", "to"):
        return [*([] if began_on(case, path, dos) else [eve]), next_day, *([] if is_open(case, path) else [None])]
    if name in ("part_a", "part_b"):
        return [None, {"from": str(dos), "to": None}]
    if name == "birth_date":
        return born(case, path[1], dos)
    if name == "birth_month_day":
        return around([text[-5:] for text in told_dates(case) if re.fullmatch(r"(\d{4}-)?\d\d-\d\d", text)])
    if name == "decree_notified_on":
        return ["never", str(same_day_later(dos, -30)), eve, str(dos)]
    if name == "plan_year_start":
        told = next(plan for plan in case["coverages"] if plan["id"] == path[1]).get("decree_notified_on")
        return ["01-01", "07-01", str(dos)[5:], str(dos + timedelta(days=1))[5:], *([told[5:]] if told else [])]
    if name == "exhausted_on":
        return ["never", eve]
    if name == "retro_award_date":
        return ["never", str(dos), next_day]
    if name == "disability_pay_start":
        return [eve, *(str(same_day_later(dos, -months)) for months in range(5, 42))]
    if name in ("first_dialysis", "transplant", "dialysis_end", "self_training_start", "preop_admission"):
        return kidney(case, name, dos)
    if name == "last_day":
        firsts = [same_day_later(dos.replace(day=1), -months) for months in range(31)]
        # Still there on the eve of a month, or gone on the day before it.
        ends = [first - timedelta(days=days) for first in firsts for days in (1, 2)]
        return [eve, *map(str, ends), str(dos - timedelta(days=4000))]
    return lengths(case)


def began_on(case: dict[str, Any], path: tuple[str, ...], dos: date) -> bool:
    """What begins with the day of service has not ended before it."""
    return path[0] == "coverages" and any(
        plan["id"] == path[1] and plan.get("effective") == str(dos) for plan in case["coverages"]
    )


def is_open(case: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Known to have no end, so that only the reading of a birthday on 29 February is asked."""
    return path[0] == "coverages" and has_end(case, path)


def has_end(case: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Whether it is told when a card's cover ends, or that it does not."""
    return any(plan["id"] == path[1] and "last_covered_day" in plan for plan in case["coverages"])


def is_grown(case: dict[str, Any], dos: date) -> bool:
    """Known to be too old to be covered as somebody's child, a year for the plans' ways to count allowed."""
    if case["people"][case["patient"]].get("birth_date"):
        return not young(case, dos, child_years(case) + 1)
    aged = ((case.get("medicare") or {}).get("basis") or {}).get("age")
    return bool(aged) and month(aged) <= month(str(dos))


def child_years(case: dict[str, Any]) -> int:
    rule = option(case, "dependent_age_end", "")
    return int(rule[10:-1]) if rule.startswith("STATE_AGE") else 26


def young(case: dict[str, Any], dos: date, years: int) -> bool:
    """Known to be under that age."""
    told = case["people"][case["patient"]].get("birth_date")
    return bool(told) and day(told) > same_day_later(dos, -years * 12)


def born(case: dict[str, Any], person: str, dos: date) -> list[str]:
    known = case["people"][person].get("birth_month_day")
    as_child = person == case["patient"] and any(plan.get("relationship") == "child" for plan in case["coverages"])
    days = [same_day_later(dos, -12 * years) for years in ((10, child_years(case)) if as_child else (10, 40, 70))]
    if known:
        return [f"{one.year - one.year % 4}-{known}" for one in days]
    return [str(one) for one in days]


def around(days: list[str]) -> list[str]:
    """Month-days told elsewhere, their neighbours, and both ends of the year."""
    values = {"01-01", "12-31"}
    for text in days:
        if text == "02-29":
            values |= {"02-28", "02-29", "03-01"}
        else:
            here = date.fromisoformat(f"2023-{text}")
            values |= {str(here + timedelta(days=step))[5:] for step in (-1, 0, 1)}
    return sorted(values)


def told_dates(case: dict[str, Any]) -> Iterator[str]:
    for person in case["people"].values():
        for key in ("birth_date", "birth_month_day"):
            if person.get(key):
                yield person[key]


def lengths(case: dict[str, Any]) -> list[str]:
    told = set()
    for plan in case["coverages"]:
        for key in ("patient_covered_since", "subscriber_covered_since", "group_join_date"):
            if plan.get(key):
                told.add(plan[key])
        told |= {value for value in (plan.get("predecessor") or {}).values() if value}
    values = {"1950-01-01", case["claim"]["dos"]}
    for text in told:
        values |= {str(day(text) + timedelta(days=step)) for step in (-1, 0, 1)}
    return sorted(values)


def kidney(case: dict[str, Any], name: str, dos: date) -> list[str]:
    facts = case["medicare"].get("esrd") or {}
    if name == "self_training_start":
        return ["never", facts["first_dialysis"]]
    if name == "preop_admission":
        return ["never", *(str(same_day_later(day(facts["transplant"]), -months)) for months in (1, 2, 3))]
    began = facts.get("first_dialysis") or "never"
    if name == "dialysis_end":
        first = "" if began == "never" else str(same_day_later(day(began), 3))
        return ["never", *(text for text in months_back(dos, 1, 13, 14, 40) if text >= first)]
    if name == "first_dialysis":
        alone = facts.get("transplant") is not None
        trained = facts.get("self_training_start")
        # Nobody trains for dialysis at home before it began.
        latest = trained if trained not in (None, "never") else str(dos)
        days = months_back(dos, *(range(35) if alone else (1, 3, 20, 32, 33)), 60)
        return ["never", *(text for text in days if text <= latest)]
    if facts.get("first_dialysis") == "never":
        return ["never", *months_back(dos, *range(35), 40)]
    # A transplant longer before the dialysis is of an earlier spell.
    first = str(same_day_later(day(began), -36)) if began != "never" else ""
    return ["never", *(text for text in months_back(dos, 1, 20, 32, 40) if text >= first), began]


def months_back(dos: date, *counts: int) -> list[str]:
    return [str(same_day_later(dos, -count)) for count in counts]
