"""What comes next for a claim as its page says it: the step, or the money that has to go back first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from claims.models import Credit
from claims.next_step import Action, NextStep
from cob.cents import dollars

_WORDS = {
    Action.SUBMIT: ("Send it", "warn"),
    Action.WAIT_CROSSOVER: ("Wait for the crossover", "info"),
    Action.HOLD: ("Hold", "info"),
    Action.NONE: ("Nothing to send", "good"),
}
_GIVE_BACK = ("Give money back", "bad")


@dataclass(frozen=True, slots=True)
class StepShown:
    """`on` is the day by which, `url` where it is done."""

    label: str
    tone: str
    payer: str
    because: str
    on: date | None = None
    url: str = ""


def step_shown(
    step: NextStep, credits: Sequence[Credit], clock_on: date | None, today: date, *, open_cents: int
) -> StepShown:
    """`credits` of the claim, `clock_on` the limit of the payer it is about. Nothing else to do is not nothing to do as
    long as a payer's money is here. A day that is past is no day by which."""
    owed = [row for row in credits if not row.settled_on and not row.no_credit_because]
    if step.action is Action.NONE and owed:
        return _give_back(min(owed, key=lambda row: row.due_on or date.max))
    label, tone = _WORDS[step.action]
    if step.action is Action.NONE and open_cents < 0:
        label, tone = _GIVE_BACK
    payer = step.place.payer if step.place else ""
    on = step.until or clock_on
    return StepShown(label, tone, payer, step.because, on if on and on >= today else None)


def _give_back(row: Credit) -> StepShown:
    """The one with the nearest day, and which law says that day."""
    label, tone = _GIVE_BACK
    least, most = f"${dollars(row.amount_cents)}", f"${dollars(row.most_cents)}"
    sum_ = most if row.is_sure else f"At most {most}" if not row.amount_cents else f"{least} to {most}"
    because = f"{row.because} {sum_} goes back. Clock: {row.clock}."
    return StepShown(label, tone, str(row.payer), because, row.due_on, reverse("claims:credit-page", args=[row.pk]))
