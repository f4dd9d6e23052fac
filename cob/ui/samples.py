"""Made-up rows for the style page. Nobody here exists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator

from cob.ui.sample_cases import card, every_card


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
        "verdicts": every_card(), "determined": card("determined"),
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
