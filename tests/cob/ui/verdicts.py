"""A verdict written by hand, so that the card is tested on what it is given and not on what the rules would say."""

from __future__ import annotations

from typing import Any

CASE: dict[str, Any] = {
    "id": "look-1",
    "claim": {"dos": "2026-03-10", "related_to": ["none"]},
    "patient": "P",
    "people": {"P": {"birth_date": "1959-06-01"}},
    "medicare": {"part_b": {"from": "2024-06-01", "to": None}, "basis": {"age": "2024-06"}},
    "coverages": [
        {
            "id": "A",
            "payer": "Harbor Health PPO",
            "kind": "employer",
            "employment": {"status": "working"},
            "employer": {"size": "20-99"},
        },
        {"id": "M", "payer": "Medicare Part B", "kind": "medicare"},
        {"id": "D", "payer": "State Medicaid", "kind": "medicaid"},
    ],
}
SOURCES = {
    "coverages.A.employment.status": "patient, 03/02/2026, by telephone",
    "coverages.A.employer.size": "employer letter, 01/15/2026",
    "claim.related_to": "questionnaire, 03/10/2026",
}


def _position(coverage: str, at: int, letter: str, rule: str, because: str, cite: str) -> dict[str, Any]:
    named = {"coverage": coverage, "position": at, "responsibility": letter}
    return named | {"rule": rule, "because": because, "cite": cite}


DETERMINED: dict[str, Any] = {
    "id": "look-1",
    "status": "determined",
    "order": ["A", "M", "D"],
    "positions": [
        _position(
            "A", 1, "P", "MSP-WA-20",
            "The plan comes from a current job at an employer with 20 or more employees, so Medicare waits for it.",
            "42 CFR 411.172(a)",
        ),
        _position(
            "M", 2, "S", "MSP-WA-20",
            "Medicare pays after the employer’s plan, up to its own allowance.",
            "42 CFR 411.32(a)(1)",
        ),
        _position(
            "D", 3, "T", "MCD-LAST",
            "Medicaid pays only what every other payer has left.",
            "42 USC 1396a(a)(25)",
        ),
    ],
    "set_aside": [{"coverage": "Dental Select", "rule": "GEN-DOS", "because": "Ended 12/31/2025."}],
    "notes": [{"rule": "MCD-NOBAL", "text": "Do not bill the patient for what Medicaid leaves unpaid."}],
    "watch": [{"on": "2026-10-01", "because": "The job is expected to end; Medicare would then pay first."}],
    "msp_type": "12",
    "rules_version": "2026.1",
    "facts_used": [
        "claim.dos", "claim.related_to", "coverages.A.employment.status", "coverages.A.employer.size",
        "medicare.basis.age",
    ],
}  # fmt: skip
NEEDS_FACTS: dict[str, Any] = {
    "id": "look-2",
    "status": "needs_facts",
    "order": [],
    "branches": [
        {
            "assuming": [{"fact": "coverages.A.employer.size", "value": "<20"}],
            "order": ["M", "A", "D"],
            "rules": ["MSP-WA-LT20"],
        },
        {
            "assuming": [{"fact": "coverages.A.employer.size", "value": "20-99"}],
            "order": ["A", "M", "D"],
            "rules": ["MSP-WA-20"],
        },
    ],
    "questions": [
        {
            "fact": "coverages.A.employer.size",
            "ask": "How many people does the employer behind Harbor Health PPO employ?",
            "why": "At 20 or more, Medicare waits for the plan; below that, Medicare pays first.",
            "choices": ["<20", "20-99", "100+"],
        }
    ],
    "certain_suffix": ["D"],
    "rules_version": "2026.1",
    "facts_used": ["claim.dos", "coverages.A.employment.status"],
}
