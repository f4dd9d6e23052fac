"""How long before a change the desk is told, and how long an answer is good: one table, all of it practice defaults.

No law sets these days (UNCONFIRMED as a standard, except where a source is named); what the law does set stands in
`cob/rules/parameters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Lead:
    """A number of days or months, what it is for, and where it comes from."""

    value: int
    label: str
    source: str = "practice default"


LEADS: Final[dict[str, Lead]] = {
    "age_65": Lead(120, "Days before Medicare may begin at 65"),
    "age_26": Lead(90, "Days before a dependent may lose the plan at 26"),
    "kidney_first": Lead(27, "First kidney month that is announced"),
    "kidney_last": Lead(33, "Last kidney month that is announced"),
    "cobra": Lead(90, "Days before COBRA month 18 ends"),
    "cobra_months": Lead(18, "Months COBRA lasts after a job ended", "29 USC 1162(2)(A), not read in full"),
    "plan_ends": Lead(60, "Days before a last covered day on file"),
    "grace": Lead(30, "Days between looks at a plan in its premium grace period"),
    "verify_days": Lead(3, "Days before a visit at which a verification counts", "vendor advice: at each visit"),
    "verify_weekly_days": Lead(7, "The same for patients who come every week", "vendor advice: every 7 to 14 days"),
    "form_days": Lead(365, "Days between two full interviews"),
    "msp_days": Lead(90, "Days Medicare’s questionnaire is good for", "a rule for hospital outpatients only"),
}


def lead(name: str) -> int:
    """One value of the table."""
    return LEADS[name].value
