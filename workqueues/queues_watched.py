"""The queues in which somebody else has the next word: a payer, the patient, the calendar. Part of the catalogue."""

from __future__ import annotations

from cob.accounts.roles import Role
from workqueues.asks import care_months, filing_risk, outreach, waiting
from workqueues.escalation import Rung
from workqueues.models.choices import EvidenceKind
from workqueues.queue import Queue, Sla

E = EvidenceKind
WATCHED: tuple[Queue, ...] = (
    Queue(
        id="WQ03",
        title="Awaiting primary EOB",
        why="Chase the first payer: until it answers nobody else can be billed.",
        enters=(
            "The first payer was sent the claim 21 days ago (35 on paper) and has not answered. Without any word that "
            "it has the claim, the filing clock runs on. Money without its remittance is in posting exceptions."
        ),
        leaves="The answer is posted; or the payer does not have the claim, and it is sent again or put right.",
        ask=waiting.PRIMARY,
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=2, close=10),
        closes_with=frozenset({E.PRIMARY_ANSWER, E.CLAIM_STATUS}),
        special=(Rung(2, "ahead", 0, "No answer for 45 days: write to the payer (prompt-payment law)."),),
        waiting_days_max=10,
        needed_is="45 days without answer",
        in_calendar_days=True,
        closing_stands_days=10,
    ),
    Queue(
        id="WQ05",
        title="Crossover watch",
        why="Neither bill twice what crosses over, nor lose it.",
        enters=(
            "A payer passed the claim on to the next one (MA07, MA18, N89, CLP02 19, 20 or 21), and the wait for the "
            "copy, 30 days, is not over; from business day 15 on the payer is asked for it. Also a refusal as "
            "duplicate of a claim that crossed over."
        ),
        leaves="The next payer's answer is posted; or nothing came, and it goes to secondary submission.",
        ask=waiting.CROSSED,
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=15, close=21),
        closes_with=frozenset({E.NEXT_PAYER_ANSWER, E.CLAIM_STATUS}),
        special=(Rung(2, "days", 45, "Nothing came of it for 45 days."),),
        in_calendar_days=True,
        is_passive=True,
    ),
    Queue(
        id="WQ06",
        title="Questionnaire and patient outreach",
        why="Get the patient's answer to where it is waited for.",
        enters=(
            "A payer pays only when the patient has answered it (CARC 227, N179, N686 and others), or a payer sent its "
            "money to the patient (CARC 100) and the claim is still open."
        ),
        leaves="The payer confirms its record and works the claim anew; or the patient did not answer in time.",
        ask=outreach.ASK,
        owner=Role.FRONT_DESK,
        lead="COB lead",
        sla=Sla(first_touch=1, close=15),
        closes_with=frozenset({E.PAYER_CONFIRMATION, E.OUTREACH_LOG, E.ACCEPTED_CLAIM, E.APPROVED_WRITE_OFF}),
        special=(
            Rung(1, "silent", 14, "Nobody was reached for 14 days."),
            Rung(2, "days", 21, "21 days are over: ask at the next visit."),
        ),
        waiting_days_max=21,
    ),
    Queue(
        id="WQ12",
        title="Timely-filing risk",
        why="See every limit that is near while nothing is accepted, whichever queue works it.",
        enters=(
            "A limit set by others is at most 45 days away for an item of another queue, which stays there and is "
            "shown here beside it; a payer refused because the claim or the appeal came too late."
        ),
        leaves="A submission was accepted inside the limit, or the limit was computed anew with proof.",
        ask=filing_risk.ASK,
        owner=Role.SUPERVISOR,
        lead="Billing manager",
        sla=Sla(first_touch=5, close=30),
        closes_with=frozenset({E.ACCEPTED_CLAIM, E.LIMIT_PROOF, E.APPEAL_RECEIPT, E.APPROVED_WRITE_OFF}),
        is_passive=True,
        is_overlay=True,
    ),
    Queue(
        id="WQ14",
        title="Missed care-management months",
        why="Look at months of care management that nobody billed.",
        enters=(
            f"Care management ({', '.join(care_months.MONTHS)}) was billed for a month and not for the month "
            "after it, which closed 3 days ago or longer. A gap older than 62 days opens no new task."
        ),
        leaves="The month is billed, or somebody says why it cannot be.",
        ask=care_months.ASK,
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=3, close=10),
        closes_with=frozenset({E.BILLED, E.NOT_BILLABLE}),
        special=(Rung(2, "limit", 60, "The filing limit is at most 60 days away."),),
        needed_is="30 days after the month",
        closing_stands_days=None,
    ),
    Queue(
        id="WQ20",
        title="Awaiting later payers",
        why="Keep every claim in sight that a later payer has, until it answers.",
        enters=(
            "The claim was sent to its second or a later payer, which has not answered; or a payer says that it still "
            "reviews the claim or has passed it on (CARC 133, CLP02 23)."
        ),
        leaves="The payer's last word is posted.",
        ask=waiting.LATER,
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=15, close=42),
        closes_with=frozenset({E.NEXT_PAYER_ANSWER, E.CLAIM_STATUS}),
        special=(Rung(2, "days", 60, "The payer has not answered for 60 days."),),
        waiting_days_max=15,
        in_calendar_days=True,
        is_passive=True,
        closing_stands_days=15,
    ),
)
