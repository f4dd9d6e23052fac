"""A case read fact by fact: a fact that is needed and absent stops the answer and says which one it was."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

NEVER = "never"
EXCLUDED = {"accident_only", "fixed_indemnity", "specified_disease", "sharing_ministry", "discount_card"}
GROUP = {"employer", "union_multiemployer", "fehb", "government_employer", "hra", "tribal_self_funded"}
COMMERCIAL = GROUP | {"individual", "student"}
CHILD = {"child", "stepchild", "ward", "foster_child", "adopted_child"}
INFERRED = {
    "mother": "child", "father": "child", "parent": "child", "stepparent": "stepchild", "guardian": "ward",
    "grandparent": "other", "child": "parent", "sibling": "sibling", "other": "other", "spouse": "spouse",
    "common_law_spouse": "common_law_spouse", "domestic_partner": "domestic_partner",
    "divorced_spouse": "divorced_spouse",
}  # fmt: skip


class Unknown(Exception):
    """The answer hangs on a fact nobody told."""

    def __init__(self, *path: str) -> None:
        self.path = path


class LeftOpen(Exception):
    """Neither the catalogue nor the contract says what comes of this."""


class Impossible(Exception):
    """Facts that cannot hold together; only tried values of unknown facts end here."""


def known(holder: dict[str, Any] | None, key: str, *path: str) -> Any:
    """The fact, or the news that it is unknown."""
    value = (holder or {}).get(key)
    if value is None:
        raise Unknown(*path, key)
    return value


def of(plan: dict[str, Any], key: str, *inner: str) -> Any:
    """A fact of a coverage: `of(plan, "employment", "status")`."""
    path = ("coverages", plan["id"], key, *inner)
    holder = plan
    for step in path[2:-1]:
        holder = holder.get(step) or {}
    return known(holder, path[-1], *path[:-1])


def day(text: str) -> date:
    return date.fromisoformat(text)


def month(text: str) -> int:
    """Months since year 0, of a date or a month."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def same_day_later(start: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, index + 1, min(start.day, calendar.monthrange(year, index + 1)[1]))


def birth_date(case: dict[str, Any]) -> date:
    return day(known(case["people"][case["patient"]], "birth_date", "people", case["patient"]))


def month_day(case: dict[str, Any], person: str) -> str:
    """A birthday without the year."""
    facts = case["people"][person]
    whole = facts.get("birth_date")
    return whole[5:] if whole else known(facts, "birth_month_day", "people", person)


def known_out(plan: dict[str, Any], dos: date) -> bool:
    """On file as refused, ended or still to come."""
    starts, ends = plan.get("effective"), plan.get("last_covered_day")
    return plan.get("enrolled") is False or bool((starts and day(starts) > dos) or (ends and day(ends) < dos))


def relationship(case: dict[str, Any], plan: dict[str, Any]) -> str:
    """Of the patient to the subscriber."""
    if plan.get("relationship"):
        return plan["relationship"]
    subscriber = of(plan, "subscriber")
    if subscriber == case["patient"]:
        return "self"
    relation = case["people"][subscriber].get("relation")
    if relation:
        return INFERRED[relation]
    told = [other["relationship"] for other in case["coverages"] if other.get("subscriber") == subscriber
            and other.get("relationship") and not known_out(other, day(case["claim"]["dos"]))]  # fmt: skip
    return told[0] if told else of(plan, "relationship")


def option(case: dict[str, Any], name: str, default: Any) -> Any:
    return (case.get("options") or {}).get(name, default)
