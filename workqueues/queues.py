"""The queues: each a question asked of the facts, with who works it, how soon, and what proves that it is done.

The catalogue is code, so it is reviewed, typed and tested; `docs/queues.md` is printed from it. Days and bounds are
this product's defaults.
"""

from __future__ import annotations

from dataclasses import dataclass

from cob.accounts.roles import Role
from denials.routes import SLUGS
from workqueues.asks import accidents, changes, denials, determination, posting, secondary
from workqueues.asks.asking import Ask
from workqueues.escalation import LADDER, TO_WHOM, Rung
from workqueues.models.choices import EvidenceKind


@dataclass(frozen=True, slots=True)
class Sla:
    """Our own promise, in business days after the item came in."""

    first_touch: int
    close: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One question and how its answers are worked."""

    id: str
    title: str
    why: str  # what the work is for
    enters: str
    leaves: str
    ask: Ask
    owner: Role
    lead: str  # who is told at the first level
    sla: Sla
    closes_with: frozenset[EvidenceKind]
    special: tuple[Rung, ...] = ()
    waiting_days_max: int = 30
    needed_is: str = "Next visit"  # what the day is by which an item is needed
    in_calendar_days: bool = False  # waiting is normal here: age counts calendar days
    # Days a person's closing stands while its cause goes on; None: for good, because the cause can never change.
    closing_stands_days: int | None = 30

    @property
    def slug(self) -> str:
        return SLUGS[self.id]

    def to_whom(self, level: int) -> str:
        return self.lead if level == 1 else TO_WHOM[level]

    @property
    def ladder(self) -> tuple[Rung, ...]:
        """The queue's own rungs first: where both hold, their sentence says more."""
        return (*self.special, *LADDER)


E = EvidenceKind
PLANS_DISAGREE = "The plans have disagreed for more than 30 days: ask for equal shares (MDL-120 §9.D, unconfirmed)."
QUEUES: tuple[Queue, ...] = (
    Queue(
        id="WQ01",
        title="COB determination and verification",
        why="Settle who pays first before anything is billed.",
        enters=(
            "Two or more coverages are in force at once (on the day of the next visit or today, or on the day of a "
            "claim still open) and no settled order is on file, a coverage was added since, the order has come to its "
            "end, a fact is missing, a kind of plan is unknown, or a verification is missing or too old for the visit: "
            "older than 3 days (7 for who comes every week) or of another month. Also when a payer shows another order "
            "than ours or knows of no other plan, and when claims went out in another order than the one due now."
        ),
        leaves="An order is on file with its rule and facts, every coverage is verified, payers and claims follow it.",
        ask=determination.ASK,
        owner=Role.FRONT_DESK,
        lead="COB lead",
        sla=Sla(first_touch=1, close=3),
        closes_with=frozenset({E.DETERMINATION, E.PLAN_ANSWERS, E.STATED_REASON}),
        special=(
            Rung(1, "needed", 1, "The patient comes within 1 business day."),
            Rung(2, "attempt", 2, PLANS_DISAGREE),
            Rung(3, "attempt", 2, PLANS_DISAGREE),
        ),
    ),
    Queue(
        id="WQ02",
        title="COB denials",
        why="Put the claim right and send it again, or appeal.",
        enters="A payer refused for a reason of the COB family.",
        leaves="A corrected or redirected claim was accepted, an appeal was received, or a write-off was approved.",
        ask=denials.ASK,
        owner=Role.DENIALS,
        lead="Denial lead",
        sla=Sla(first_touch=1, close=5),
        closes_with=frozenset({E.ACCEPTED_CLAIM, E.APPEAL_RECEIPT, E.APPROVED_WRITE_OFF}),
        special=(Rung(2, "attempt", 2, "The payer refused a second time with the same codes."),),
    ),
    Queue(
        id="WQ04",
        title="Secondary submission",
        why="Send the claim to the next payer while it is fresh.",
        enters=(
            "Every earlier payer has answered, the next payer was not billed and did not get the claim by crossover "
            "(or the wait for it has passed), and money is open or the payer must be billed in any case (Medicare, "
            "Medicaid)."
        ),
        leaves="The next payer was sent the claim with the earlier answers on it, or nothing is left to bill.",
        ask=secondary.ASK,
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=1, close=3),
        closes_with=frozenset({E.ACCEPTED_CLAIM, E.APPROVED_WRITE_OFF}),
        special=(Rung(1, "age", 5, "It has been open for 5 business days."),),
    ),
    Queue(
        id="WQ09",
        title="Posting exceptions",
        why="Find the claim, balance the money, say why it did not fit.",
        enters="A remittance was held back, an answer has no claim on file, or posting an answer left an exception.",
        leaves="It is balanced and posted, or the exception has its reason.",
        ask=posting.ASK,
        owner=Role.POSTER,
        lead="Posting lead",
        sla=Sla(first_touch=0, close=2),
        closes_with=frozenset({E.BALANCED, E.EXCEPTION_REASON}),
        special=(
            Rung(1, "age", 3, "It has been open for 3 business days."),
            Rung(2, "money", 500_001, "More than $5,000 is not posted."),
        ),
        closing_stands_days=None,
    ),
    Queue(
        id="WQ11",
        title="Coverage change and aging off",
        why="Have the next coverage on file before the old one ends.",
        enters=(
            "65 counts within 120 days, a dependent turns 26 within 90, a kidney month from 27 to 33 runs beside a job "
            "plan, a plan ends within 60 days or before the next visit, COBRA month 18 ends within 90 days, a marriage "
            "ended, a payer says inactive, or a payer refused because nothing was in force. What changed more than 31 "
            "days ago opens no new task."
        ),
        leaves="The new coverage is on file and verified, or the patient is recorded as uninsured with a plan.",
        ask=changes.ASK,
        owner=Role.FRONT_DESK,
        lead="COB lead",
        sla=Sla(first_touch=2, close=10),
        closes_with=frozenset(
            {E.COVERAGE_VERIFIED, E.UNINSURED, E.DETERMINATION, E.ACCEPTED_CLAIM, E.APPROVED_WRITE_OFF}
        ),
        special=(Rung(1, "ahead", 14, "The change is at most 14 days away."),),
        needed_is="Needed by",
        closing_stands_days=None,
    ),
    Queue(
        id="WQ17",
        title="Accident and liability",
        why="Get the accident payer's answer, or rule the accident out.",
        enters=(
            "The patient or the claim says that care is because of an accident, an injury or work and no accident "
            "payer has answered, or a payer refused because somebody else answers for it."
        ),
        leaves="The accident payer's result is on file, or the care has nothing to do with the accident.",
        ask=accidents.ASK,
        owner=Role.DENIALS,
        lead="Denial lead",
        sla=Sla(first_touch=1, close=10),
        closes_with=frozenset({E.ACCIDENT_ANSWER, E.ACCEPTED_CLAIM, E.APPROVED_WRITE_OFF}),
        special=(Rung(1, "ahead", 20, "Day 100 of the 120 after which Medicare may be billed meanwhile."),),
        needed_is="Day 120",
        closing_stands_days=None,
    ),
)
BY_SLUG: dict[str, Queue] = {queue.slug: queue for queue in QUEUES}
