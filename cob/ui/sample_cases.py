"""A made-up case for each way a verdict can come out, answered by the rules themselves. Nobody here exists."""

from __future__ import annotations

from typing import Any

from cob.coverage.deciding import BY_A_PERSON
from cob.coverage.outlook import outlook
from cob.coverage.rulebook import verdict_on
from cob.ui.card import Why
from cob.ui.why import explain

DAY = "2026-03-10"
AGED: dict[str, Any] = {
    "medicare": {
        "part_a": {"from": "2024-06-01", "to": None},
        "part_b": {"from": "2024-06-01", "to": None},
        "premium_free_part_a": True,
        "basis": {"age": "2024-06"},
    }
}
SOURCES = {
    "coverages.A.employment.status": "patient, 03/02/2026, by telephone",
    "coverages.A.employer.size": "employer letter, 01/15/2026",
    "medicare.basis": "Medicare card, 03/02/2026",
    "coverages.D.kind": "registration, 07/01/2025",
}


def _job(payer: str, **more: Any) -> dict[str, Any]:
    """A job plan in the patient's own name with everything known."""
    return {
        "id": payer[0],
        "payer": payer,
        "kind": "employer",
        "subscriber": "P",
        "effective": "2018-01-01",
        "last_covered_day": None,
        "work_status": "active",
        "continuation": "none",
        "employment": {"status": "working"},
        "employer": {"size": "20-99"},
        "patient_covered_since": "2018-01-01",
        "subscriber_covered_since": "2018-01-01",
    } | more


def _public(one: str, payer: str, kind: str) -> dict[str, Any]:
    return {
        "id": one,
        "payer": payer,
        "kind": kind,
        "subscriber": "P",
        "effective": "2020-01-01",
        "last_covered_day": None,
    }


def _case(name: str, *coverages: dict[str, Any], born: str = "1959-06-01", **more: Any) -> dict[str, Any]:
    return {
        "id": f"look-{name}",
        "claim": {"dos": DAY, "related_to": ["none"]},
        "patient": "P",
        "people": {"P": {"birth_date": born}} | more.pop("people", {}),
        "coverages": list(coverages),
    } | more


MEDICARE = {"id": "M", "payer": "Medicare Part B", "kind": "medicare"}
MEDICAID = _public("D", "State Medicaid", "medicaid")
HARBOR = _job("Acorn Health PPO")
CHILD: dict[str, Any] = {
    "people": {
        "mom": {"birth_date": "1985-09-22", "relation": "mother"},
        "dad": {"birth_month_day": "03-15", "relation": "father"},
        "her": {"birth_date": "1980-01-01", "relation": "stepparent", "spouse": "dad"},
    },
    "child": {
        "parents_living_together": False,
        "custodial_parent": "mom",
        "decree": {"terms": "one_parent", "responsible_parent": "dad"},
    },
}
CASES: dict[str, dict[str, Any]] = {
    "determined": _case("determined", HARBOR, MEDICARE, MEDICAID, **AGED),
    "likely": _case(
        "likely",
        _job("Birch Family Plan", subscriber="mom", relationship="child"),
        _job("Cedar Trust", subscriber="her", relationship="stepchild", decree_notified_on="2024-09-01"),
        born="2016-06-01",
        **CHILD,
    ),
    "needs_facts": _case("needs", HARBOR | {"employer": {}}, MEDICARE, MEDICAID, **AGED),
    "tie": _case("tie", HARBOR, _job("Birch Mutual"), born="1985-08-08"),
    "cycle": _case(
        "cycle",
        HARBOR | {"patient_covered_since": "2022-01-01"},
        _job(
            "Birch Retirees", work_status="retired", employment={"status": "retired"},
            patient_covered_since="2012-01-01", has_active_retired_rule=False,
        ),
        _job(
            "Cedar Pension Plan", work_status="retired", employment={"status": "retired"},
            patient_covered_since="2008-01-01",
        ),
        born="1965-08-08",
    ),
    "data_conflict": _case("conflict", MEDICAID, _public("K", "Kids First", "chip"), born="2016-06-01"),
    "no_coverage": _case("none", HARBOR | {"last_covered_day": "2025-12-31"}, born="1985-08-08"),
}  # fmt: skip


def card(status: str) -> Why:
    """The card of one of the cases."""
    case = CASES[status]
    verdict = verdict_on(case)
    return explain(verdict, case=case, sources=SOURCES, outlook=outlook(case, verdict))


def overridden() -> Why:
    """The determined case with a person's order in place of the rules'."""
    case, order = CASES["determined"], ["M", "A", "D"]
    verdict = verdict_on(case)
    said = {"rule": BY_A_PERSON, "because": "The employer had 14 people all year.", "cite": "Letter of 03/05/2026"}
    places = [
        {"coverage": one, "position": at, "responsibility": "PST"[at - 1]} | said
        for at, one in enumerate(order, start=1)
    ]
    by_hand = verdict | {"order": order, "positions": places, "pairs": [], "notes": [], "watch": [], "msp_type": None}
    return explain(by_hand, case=case, sources=SOURCES, outlook=outlook(case, by_hand))


def every_card() -> list[Why]:
    """One card for each way a verdict can come out, and one decided by a person."""
    return [*(card(status) for status in CASES), overridden()]
