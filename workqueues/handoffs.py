"""What one stage owes the next: which work is handed on, at what, by when, and what goes with it.

The desk does the handing on itself, because queues are questions of the facts; what can be late is the first touch.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from cob.accounts.models import User
from workqueues.models import Item
from workqueues.queues import BY_SLUG, Queue


@dataclass(frozen=True, slots=True)
class HandOff:
    """One contract between two stages."""

    giver: str
    taker: str
    slug: str
    trigger: str
    brings: str
    within: str


HAND_OFFS = (
    HandOff("Front desk", "COB verification", "cob-determination", "A second card, or a yes at check-in.",
            "Both coverages, who said so, the next visit.", "the same day"),
    HandOff("COB verification", "Billing", "secondary-submission", "The order is settled, the payer before answered.",
            "The order with rule and facts, the earlier answer line by line.", "1 business day"),
    HandOff("Posting", "Billing", "secondary-submission", "The first payer's answer is posted.",
            "Paid, adjusted and left over for each line, the filing limit.", "1 business day"),
    HandOff("Posting", "Denials", "cob-denials", "An answer refuses for coordination.",
            "Every code, the playbook, the limit, the money.", "the same day"),
    HandOff("Denials", "Front desk", "patient-outreach", "The payer waits for the patient's answer.",
            "What the payer asks for, by when, its reference.", "1 business day"),
    HandOff("Refunds", "Billing", "secondary-submission", "A demand is right: the correct payer is billed.",
            "The decision, the wrong payer's answer as proof of timely filing.", "1 business day"),
    HandOff("Care management", "Coding", "missed-care-months", "A month is closed and not billed.",
            "The month, the last claim, the filing limit.", "3 business days"),
    HandOff("Anybody", "Compliance", "recoupment", "A legal clock runs (level 4).",
            "The limit, the money, what was done so far.", "the same day"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A contract with how it is kept now."""

    contract: HandOff
    queue: Queue
    waiting: int  # handed on and not yet touched
    late: int  # of these, those whose first touch is overdue


def kept(user: User) -> list[Kept]:
    """Every contract with what waits at it: one statement."""
    untouched = Q(first_touched_at=None)
    rows = Item.objects.visible_to(user).open().filter(untouched).order_by().values("queue")
    counted = {
        row["queue"]: (row["n"], row["late"])
        for row in rows.annotate(n=Count("pk"), late=Count("pk", filter=Q(first_touch_due_at__lte=timezone.now())))
    }
    return [Kept(one, BY_SLUG[one.slug], *counted.get(one.slug, (0, 0))) for one in HAND_OFFS]
