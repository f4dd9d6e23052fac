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


def _table(columns: str, *rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Rows by column name."""
    return [dict(zip(columns.split(), row, strict=True)) for row in rows]


COVERAGES = _table(
    "rank payer kind effective_on ended_on member_id verified_on is_stale",
    (1, "Harbor Health PPO", "Employer plan", date(2024, 1, 1), None, "…4471", date(2026, 3, 2), False),
    (2, "Medicare Part B", "Medicare", date(2024, 6, 1), None, "…TE73", date(2025, 11, 18), True),
    (3, "State Medicaid", "Medicaid", date(2025, 7, 1), None, "…0192", None, True),
    (None, "Dental Select", "Dental", date(2023, 1, 1), date(2025, 12, 31), "…8830", date(2025, 6, 2), False),
)
ROWS = _table(
    "days patient payer code meaning cents state owner",
    (-3, "Amara Boateng", "Harbor Health PPO", "CO-22", "other payer may be primary", 41250, ("Denied", "bad"), "Dee"),
    (2, "Luis Ferrer", "Medicare Part B", "OA-109", "wrong payer", 128000, ("Denied", "bad"), ""),
    (6, "Priya Natarajan", "State Medicaid", "CO-252", "EOB needed", 9675, ("Waiting", "warn"), "Dee"),
    (11, "Owen Whitfield", "Union Trust Fund", "PI-23", "prior payer’s payment", -30000, ("Takeback", "info"), "Ben"),
    (29, "Grete Halvorsen", "Harbor Health PPO", "CO-29", "filing limit passed", 57120, ("Sent", ""), "Sol"),
    (None, "Tomás Okafor", "Medicare Part B", "N598", "other coverage on file", 0, ("Settled", "good"), "Dee"),
)
AGING = _table(
    "label cents count url",
    ("0–30 days", 1842050, 88, "#aging"),
    ("31–60 days", 920400, 41, "#aging"),
    ("61–90 days", 415275, 19, "#aging"),
    ("91–120 days", 220010, 9, "#aging"),
    ("over 120 days", 131900, 6, "#aging"),
)
TIMELINE = _table(
    "at by text tone detail",
    (
        datetime(2026, 3, 12, 19, 5, tzinfo=UTC),
        "Dee Alvarez",
        "Called Harbor Health; reference 88-1402.",
        "",
        "They will reprocess when Medicare’s EOB arrives. Next look on 03/19/2026.",
    ),
    (datetime(2026, 3, 11, 14, 30, tzinfo=UTC), "Import", "Denied: CO-22, other payer may be primary.", "bad", ""),
    (datetime(2026, 2, 24, 16, 0, tzinfo=UTC), "Ben Okoro", "Sent to Harbor Health as primary.", "good", ""),
)
TABS = _table(
    "label url count is_current",
    ("Overview", "#overview", None, True),
    ("Coverage", "#coverage", 4, False),
    ("Claims", "#claims", 12, False),
    ("History", "#history", None, False),
)
STATS = _table(
    "label value unit change direction tone url",
    ("COB denial rate", "6.4", "%", "1.2 points lower than last week", "down", "good", "#stat"),
    ("Days to secondary", "9", "days", "2 days longer than last week", "up", "bad", "#stat"),
    ("Open secondaries", "$18,420", "", "same as last week", "", "", "#stat"),
    ("Credit balances", "0", "", "0 because no claim is overpaid", "", "", ""),
)


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
