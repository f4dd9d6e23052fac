"""Made-up rows for the style page. Nobody here exists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator

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
COVERAGES: list[dict[str, Any]] = [
    {
        "rank": 1, "payer": "Harbor Health PPO", "kind": "Employer plan", "effective_on": date(2024, 1, 1),
        "ended_on": None, "member_id": "…4471", "verified_on": date(2026, 3, 2), "is_stale": False,
        "rule": "MSP-WA-20", "url": "#coverage",
    },
    {
        "rank": 2, "payer": "Medicare Part B", "kind": "Medicare", "effective_on": date(2024, 6, 1), "ended_on": None,
        "member_id": "…TE73", "verified_on": date(2025, 11, 18), "is_stale": True, "rule": "MSP-WA-20", "url": "#coverage",
    },
    {
        "rank": 3, "payer": "State Medicaid", "kind": "Medicaid", "effective_on": date(2025, 7, 1), "ended_on": None,
        "member_id": "…0192", "verified_on": None, "is_stale": True, "rule": "MCD-LAST", "url": "#coverage",
    },
    {
        "rank": None, "payer": "Dental Select", "kind": "Dental", "effective_on": date(2023, 1, 1),
        "ended_on": date(2025, 12, 31), "member_id": "…8830", "verified_on": date(2025, 6, 2), "is_stale": False,
        "rule": "", "url": "#coverage",
    },
]  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {"days": -3, "patient": "Amara Boateng", "payer": "Harbor Health PPO", "code": "CO-22", "meaning": "other payer may be primary", "cents": 41250, "state": ("Denied", "bad"), "owner": "Dee"},
    {"days": 2, "patient": "Luis Ferrer", "payer": "Medicare Part B", "code": "OA-109", "meaning": "wrong payer", "cents": 128000, "state": ("Denied", "bad"), "owner": ""},
    {"days": 6, "patient": "Priya Natarajan", "payer": "State Medicaid", "code": "CO-252", "meaning": "EOB needed", "cents": 9675, "state": ("Waiting", "warn"), "owner": "Dee"},
    {"days": 11, "patient": "Owen Castellane-Whitfield", "payer": "Union Trust Fund", "code": "PI-23", "meaning": "prior payer’s payment", "cents": -30000, "state": ("Takeback", "info"), "owner": "Ben"},
    {"days": 29, "patient": "Grete Halvorsen", "payer": "Harbor Health PPO", "code": "CO-29", "meaning": "filing limit passed", "cents": 57120, "state": ("Sent", ""), "owner": "Sol"},
    {"days": None, "patient": "Tomás Okafor", "payer": "Medicare Part B", "code": "N598", "meaning": "other coverage on file", "cents": 0, "state": ("Settled", "good"), "owner": "Dee"},
]  # fmt: skip
AGING: list[dict[str, Any]] = [
    {"label": "0–30 days", "cents": 1842050, "count": 88, "url": "#aging"},
    {"label": "31–60 days", "cents": 920400, "count": 41, "url": "#aging"},
    {"label": "61–90 days", "cents": 415275, "count": 19, "url": "#aging"},
    {"label": "91–120 days", "cents": 220010, "count": 9, "url": "#aging"},
    {"label": "over 120 days", "cents": 131900, "count": 6, "url": "#aging"},
]
TIMELINE: list[dict[str, Any]] = [
    {"at": datetime(2026, 3, 12, 19, 5, tzinfo=UTC), "by": "Dee Alvarez", "text": "Called Harbor Health; reference 88-1402.", "tone": "", "detail": "They will reprocess when Medicare’s EOB arrives. Next look on 03/19/2026."},
    {"at": datetime(2026, 3, 11, 14, 30, tzinfo=UTC), "by": "Import", "text": "Denied: CO-22, other payer may be primary.", "tone": "bad", "detail": ""},
    {"at": datetime(2026, 2, 24, 16, 0, tzinfo=UTC), "by": "Ben Okoro", "text": "Sent to Harbor Health as primary.", "tone": "good", "detail": ""},
]  # fmt: skip
TABS: list[dict[str, Any]] = [
    {"label": "Overview", "url": "#overview", "is_current": True},
    {"label": "Coverage", "url": "#coverage", "count": 4},
    {"label": "Claims", "url": "#claims", "count": 12},
    {"label": "History", "url": "#history"},
]
STATS: list[dict[str, Any]] = [
    {"label": "COB denial rate", "value": "6.4", "unit": "%", "change": "1.2 points lower than last week", "direction": "down", "tone": "good", "url": "#stat"},
    {"label": "Days to secondary", "value": "9", "unit": "days", "change": "2 days longer than last week", "direction": "up", "tone": "bad", "url": "#stat"},
    {"label": "Open secondaries", "value": "$18,420", "unit": "", "change": "same as last week", "direction": "", "tone": "", "url": "#stat"},
    {"label": "Credit balances", "value": "0", "unit": "", "change": "0 because no claim is overpaid", "direction": "", "tone": "", "url": ""},
]  # fmt: skip


class SampleForm(forms.Form):
    """One of each kind of field."""

    payer = forms.CharField(help_text="As printed on the front of the card.")
    member_id = forms.CharField(label="Member id", max_length=20)
    effective_on = forms.DateField(label="In force from", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="Kind of plan", choices=[("", "Choose"), ("employer", "Employer plan"), ("medicare", "Medicare")]
    )
    working = forms.ChoiceField(
        label="Does the subscriber work there now?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known yet")],
    )
    is_closed_panel = forms.BooleanField(label="The plan pays in its own network only", required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False, help_text="Who said so, and when.")


def context() -> dict[str, Any]:
    """Everything the style page shows."""
    refused = SampleForm({"member_id": "W" * 24, "kind": "medicare", "effective_on": "2026-02-30"})
    return {
        "case": CASE, "sources": SOURCES, "determined": DETERMINED, "needs_facts": NEEDS_FACTS,
        "coverages": COVERAGES, "rows": ROWS, "aging_buckets": AGING, "events": TIMELINE, "tabs": TABS, "stats": STATS,
        "form": refused, "page": Paginator(range(412), 50).page(3),
        "chips": [
            {"label": "Payer: Harbor Health PPO", "remove_url": "#table"},
            {"label": "Under 15 days left", "remove_url": "#table"},
        ],
        "facts": [
            ("Claim", "2026-0310-4471"), ("Date of service", "03/10/2026"), ("Charge", "$412.50"),
            ("Subscriber", "Patient"), ("Filing limit", "06/08/2026"),
        ],
    }  # fmt: skip
