"""Takes facts out of a case again, so that they are unknown."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.reference.reading import COMMERCIAL

Case = dict[str, Any]
DEFAULTED = {"coordination", "has_active_retired_rule", "has_continuation_rule", "enrolled", "carrier_changed_only",
             "funding", "supplements", "carve_out_of", "service", "category", "as_of", "predecessor",
             "new_period_from", "last_day", "claim_filed_on"}  # fmt: skip


def forget(random: Random, case: Case) -> None:
    """Takes one fact out."""
    found = list(forgettable(case))
    if not found:
        return
    holder, key = random.choice(found)
    if key in ("last_covered_day", "to", "part_a", "part_b"):
        del holder[key]
    else:
        holder[key] = None


def forgettable(case: Case) -> Iterator[tuple[Case, str]]:
    for person in case["people"].values():
        yield from ((person, key) for key in ("birth_date", "birth_month_day", "spouse") if person.get(key))
        if person.get("relation") and person["relation"] not in ("mother", "father", "stepparent", "guardian"):
            yield person, "relation"
    for plan in case["coverages"]:
        if plan["kind"] == "medicare":
            continue
        keys = ["effective", "last_covered_day"]
        if plan["kind"] in COMMERCIAL:
            keys += ["work_status", "continuation", "continuation_was", "patient_covered_since",
                     "subscriber_covered_since", "decree_notified_on", "paid_before_notice", "plan_year_start",
                     "paid_after_medicare_before_esrd"]  # fmt: skip
        yield from ((plan, key) for key in keys if key in plan)
        for holder in ("employment", "employer", "tribal"):
            yield from ((plan[holder], key) for key in plan.get(holder, {}) if key not in DEFAULTED)
    for name in ("child", "medicare", "va", "military"):
        yield from ((case[name], key) for key in case.get(name, {}) if key != "decree")
    yield from ((case["child"]["decree"], key) for key in case.get("child", {}).get("decree", {}))
    for holder, keys in (("workers_comp", ["provider_authorised"]), ("no_fault", ["election", "paid_to_date_cents",
                                                                                  "exhausted_on"])):  # fmt: skip
        yield from ((case["accident"][holder], key) for key in keys if case.get("accident"))
    if case.get("accident"):
        yield case["accident"], "state"
        yield case["claim"], "related_to"
    esrd = case.get("medicare", {}).get("esrd") or {}
    yield from ((esrd, key) for key in esrd if key != "new_period_from")
