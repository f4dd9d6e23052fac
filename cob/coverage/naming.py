"""What a case from elsewhere calls its plans and people: a plan nobody named by its kind, a person by the relation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from cob.coverage import catalogue
from cob.coverage.wording import say


def named(case: Mapping[str, Any]) -> dict[str, Any]:
    """The case with every plan called by its own name: the rules write that into their sentences. A payer's name
    decides nothing."""
    names = plans_in(case)
    return dict(case) | {"coverages": [entry | {"payer": names[entry["id"]]} for entry in case["coverages"]]}


def plans_in(case: Mapping[str, Any]) -> dict[str, str]:
    """Coverage id → payer, or the kind of plan where no payer is named; no two are called the same."""
    entries = case.get("coverages", ())
    called = {entry["id"]: entry.get("payer") or say("coverages._.kind", entry["kind"], {}) for entry in entries}
    counts, seen = Counter(called.values()), Counter[str]()
    names = {}
    for one, name in called.items():
        seen[name] += 1
        names[one] = f"{name} ({seen[name]})" if counts[name] > 1 else name
    return names


def people_in(case: Mapping[str, Any]) -> dict[str, str]:
    """Person key → "the mother"; two of a relation are numbered."""
    people = case.get("people", {})
    relations = {key: entry.get("relation") for key, entry in people.items() if key != case.get("patient")}
    counts, seen = Counter(relations.values()), Counter[str | None]()
    names = {key: "the patient" for key in people if key == case.get("patient")}
    for key, relation in relations.items():
        seen[relation] += 1
        called = f"the {catalogue.spoken(relation)}" if relation else "another person"
        names[key] = f"{called} ({seen[relation]})" if counts[relation] > 1 else called
    return names
