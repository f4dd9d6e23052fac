"""What to do where the rules alone do not settle it: what a status means, and the next steps in their order."""

from __future__ import annotations

from datetime import date
from typing import Final

from cob.rules.parameters import law

DOUBTS: Final = {
    "likely": (
        "Likely, not certain: the rules give this order, but it rests on a point that no text we could open confirms "
        "or that a plan’s own booklet may settle otherwise. Confirm it with the payers before an appeal relies on it."
    ),
    "tie": "No rule puts one of these plans before the other, so they pay in equal shares.",
    "cycle": (
        "Each plan’s own rules put another plan first, so no order follows from them. The proposed order reads the "
        "rules as if every plan had all of them."
    ),
    "data_conflict": "Two things on file cannot both be true, so any order would rest on a mistake.",
    "no_coverage": "Nothing on file was in force, or counts, on this date of service.",
    "needs_facts": "The rules give more than one order, and what is not yet known decides between them.",
}
NEXT_STEPS: Final = {
    "likely": (
        "Bill in this order.",
        "Call the first two payers, ask which of them each shows as first, and write down the reference.",
    ),
    "tie": (
        "Call each plan: say that nothing puts one first, and ask it to pay its equal share.",
        "Write down date, name and reference of each call.",
        "If a plan still refuses {days} days after it has everything, ask both in writing for equal shares now; "
        "they settle between them later.",
    ),
    "cycle": (
        "Call each plan and ask which rule of its own booklet puts it second.",
        "Bill in the proposed order meanwhile.",
        "If the plans cannot agree within {days} days of having everything, ask both in writing for equal shares; "
        "they settle between them later.",
    ),
    "data_conflict": (
        "Check eligibility with each payer on file for the date of service.",
        "Correct the coverage or fact that is wrong; the order then follows by itself.",
        "Do not bill before that.",
    ),
    "no_coverage": (
        "Ask for any other coverage in force on the date of service.",
        "Check eligibility again with each payer that is not in the order; dates on file may be wrong.",
        "Only then is the account the patient’s own.",
    ),
}


def next_steps(status: str, on: date) -> tuple[str, ...]:
    """What to do now, with the days the law gave on that date of service."""
    days = law("commercial.dispute.days", on)
    return tuple(step.format(days=days) for step in NEXT_STEPS.get(status, ()))
