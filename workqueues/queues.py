"""The queues: each a question asked of the facts, with who works it, how soon, and what proves that it is done.

The catalogue is code, so it is reviewed, typed and tested; `docs/queues.md` is printed from it. Days and bounds are
this product's defaults.
"""

from __future__ import annotations

from cob.accounts.roles import Role
from workqueues.asks import (
    accidents,
    changes,
    credit_balances,
    denials,
    determination,
    disputes,
    filing_risk,
    holds,
    posting,
    recoupment,
    rejected,
    secondary,
    standoffs,
    undelivered,
    unplaced,
    variances,
)
from workqueues.asks.asking import joined
from workqueues.escalation import Rung
from workqueues.models.choices import EvidenceKind
from workqueues.queue import Queue, Sla
from workqueues.queues_watched import WATCHED

__all__ = ["BY_SLUG", "QUEUES", "Queue", "Sla"]
E = EvidenceKind
PLANS_DISAGREE = "The plans have disagreed for more than 30 days: ask for equal shares (MDL-120 §9.D, unconfirmed)."
WORKED: tuple[Queue, ...] = (
    Queue(
        id="WQ01",
        title="COB determination and verification",
        why="Settle who pays first before anything is billed.",
        enters=(
            "Two or more coverages are in force at once (on the day of the next visit or today, or on the day of a "
            "claim still open) and no settled order is on file, a coverage was added since, what it rests on has "
            "changed and the patient comes within 7 days, the order has come to its end, a fact is missing, a kind of "
            "plan is unknown, or a verification is missing or too old for the visit: older than 3 days (7 for who "
            "comes every week) or of another month. Also when a payer shows another order than ours or knows of no "
            "other plan, when claims went out in another order than the one due now, and when an answer in Medicare’s "
            "questionnaire is not known."
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
        id="WQ07",
        title="Both-deny standoff",
        why="Get one of two payers that point at each other to pay first.",
        enters="Two payers of one claim each refused it because another payer comes first.",
        leaves="One of them answers as the first payer.",
        ask=standoffs.ASK,
        owner=Role.DENIALS,
        lead="Denial lead",
        sla=Sla(first_touch=1, close=10),
        closes_with=frozenset({E.PRIMARY_ANSWER, E.DECISION, E.APPROVED_WRITE_OFF}),
        special=(Rung(3, "ahead", 0, "30 days since both answers: ask for equal shares (MDL-120 §9.D, unconfirmed)."),),
        needed_is="30 days since both answers",
    ),
    Queue(
        id="WQ08",
        title="Recoupment and payer refund",
        why="Decide whether a payer may have its money back, and follow it to the cent.",
        enters=(
            "A payer demands money back by letter; it announces or takes an offset (PLB WO) that no demand explains; a "
            "PLB entry has no account of its own (CS and reasons nobody knows); a payer took its answer back without "
            "a correction (CLP02 22); a later payer paid on an answer that was taken back; a refund came back."
        ),
        leaves=(
            "The demand is decided and its money refunded or taken, to the cent; the entry is explained; the "
            "corrected answer is posted, and every later payer has the new figures or keeps its answer."
        ),
        ask=recoupment.ASK,
        owner=Role.POSTER,
        lead="Posting lead",
        sla=Sla(first_touch=1, close=5),
        closes_with=frozenset({E.VALIDITY_DECISION, E.REFUND_PROOF, E.ACCEPTED_CLAIM, E.APPROVED_WRITE_OFF}),
        special=(Rung(4, "limit", 10, "A day set by law or by the letter is at most 10 days away."),),
    ),
    Queue(
        id="WQ09",
        title="Posting exceptions",
        why="Find the claim, balance the money, say why it did not fit.",
        enters=(
            "A file that came was held back: a remittance, claims, acknowledgements, answers about coverage. An answer "
            "has no claim on file, or posting it left an exception. Also a deposit that no remittance explains to the "
            "cent 2 business days after the bank's day, and a remittance that is in no deposit although money of more "
            "than 14 days later is."
        ),
        leaves="It is balanced, deposited and posted, or the exception has its reason.",
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
        closes_its_words=True,
    ),
    Queue(
        id="WQ10",
        title="Credit balances",
        why="Give back what was paid too much, to whom it belongs, in time.",
        enters=(
            "A claim’s payments and write-offs come to more than its charge, two payers paid as if they came first, a "
            "payer paid the same twice, more than was left or more than its terms say, the patient paid more than the "
            "final share, or a refund is approved and not sent."
        ),
        leaves="It was refunded, with proof; or somebody says why it is no credit.",
        ask=credit_balances.ASK,
        owner=Role.POSTER,
        lead="Posting lead",
        sla=Sla(first_touch=2, close=10),
        closes_with=frozenset({E.REFUND_PROOF, E.NOT_A_CREDIT}),
        special=(Rung(2, "ahead", 0, "The day by which it must have gone back is here."),),
        needed_is="Give back by",
    ),
    Queue(
        id="WQ11",
        title="Coverage change and aging off",
        why="Have the next coverage on file before the old one ends.",
        enters=(
            "65 counts within 120 days, a dependent turns 26 within 90, a kidney month from 27 to 33 runs beside a job "
            "plan, a plan ends within 60 days or before the next visit, COBRA month 18 ends within 90 days, a marriage "
            "ended, a payer says inactive, or a payer refused because nothing was in force. What changed more than 31 "
            "days ago opens no new task, unless a payer tells of it now."
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
        id="WQ13",
        title="Statement hold and release",
        why="Let a statement go as soon as it is right, and no sooner.",
        enters=(
            "A statement is held and the hold’s day has come, or it waits for a person: a fact nobody told, lines "
            "that do not reconcile, a coverage in force that is not on the claim."
        ),
        leaves="Every payer is final, the lines reconcile, the share is the last payer’s rule, and nothing blocks it.",
        ask=holds.ASK,
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=5, close=10),
        closes_with=frozenset({E.RELEASE_CHECK, E.STATED_REASON}),
        special=(
            Rung(1, "ahead", -1, "It has been held for more than 60 days."),
            Rung(2, "ahead", -31, "It has been held for more than 90 days."),
        ),
        needed_is="60 days held",
        in_calendar_days=True,
        is_overlay=True,
    ),
    Queue(
        id="WQ15",
        title="Rejected claims",
        why="Put the claim right and send it again the same day: the payer has no claim, and the filing clock runs on.",
        enters=(
            "An acknowledgement turned the last sending to a payer away: a TA1 or 999 for its file, or a 277CA for the "
            "claim, its provider or the whole batch; or a 277CA took the claim in without one of its lines. Also a "
            "remittance that calls the claim unprocessable (MA130), a file that cannot be delivered, or a file of "
            "acknowledgements whose rejections answer no sending on file."
        ),
        leaves=(
            "The claim was sent again and taken in, or this payer is not billed any more; a rejection that answers "
            "none is placed with its sending, or somebody says why it is of none."
        ),
        ask=joined(rejected.ASK, undelivered.ASK, unplaced.ASK),
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=0, close=1),
        closes_with=frozenset({E.ACCEPTED_CLAIM, E.NOT_BILLABLE, E.APPROVED_WRITE_OFF}),
        special=(
            Rung(1, "age", 3, "It has been open for 3 business days."),
            Rung(2, "attempt", 3, "It was rejected a third time with the same words."),
        ),
    ),
    Queue(
        id="WQ16",
        title="Other denials",
        why="Work what only looks like coordination: clinical, authorization, benefit, coding, provider.",
        enters=(
            "A payer refused for a reason that is none of coordination and that no other queue works, or with a code "
            "that stands in no table: the denial lead decides."
        ),
        leaves="A corrected claim, an appeal, an authorization or the benefit is proved, or a write-off was approved.",
        ask=denials.ASK_OTHER,
        owner=Role.DENIALS,
        lead="Denial lead",
        sla=Sla(first_touch=1, close=5),
        closes_with=frozenset(
            {
                E.CORRECTED_CLAIM,
                E.ACCEPTED_CLAIM,
                E.APPEAL_RECEIPT,
                E.AUTHORIZATION,
                E.BENEFIT_PROOF,
                E.APPROVED_WRITE_OFF,
            }
        ),
        special=(Rung(2, "attempt", 2, "The payer refused a second time with the same codes."),),
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
    Queue(
        id="WQ18",
        title="Appeals and payment disputes",
        why="Have the payer pay what its terms and our contract say.",
        enters=(
            "A payer paid less than expected from its terms, our contract and fees, by more than the difference set "
            "for it; a plan of which too little is known counts only below the range. Also a decision on an appeal "
            "(CARC 193, 285, 286)."
        ),
        leaves="The payer’s decision is posted, or somebody says why the expectation was wrong.",
        ask=variances.ASK,
        owner=Role.DENIALS,
        lead="Denial lead",
        sla=Sla(first_touch=2, close=10),
        closes_with=frozenset(
            {
                E.DECISION,
                E.APPEAL_RECEIPT,
                E.EXCEPTION_REASON,
                E.APPROVED_WRITE_OFF,
            }
        ),
    ),
    Queue(
        id="WQ19",
        title="Patient disputes",
        why="Answer the patient: put it right, or explain it so that it is accepted.",
        enters="A patient says that what is asked of them is wrong.",
        leaves=(
            "A corrected statement or letter went out, money went back, or it was explained and accepted; the cause is "
            "named."
        ),
        ask=disputes.ASK,
        owner=Role.BILLER,
        lead="Billing lead",
        sla=Sla(first_touch=1, close=5),
        closes_with=frozenset({E.PATIENT_ANSWER}),
        ends_with="the dispute",
        special=(Rung(2, "attempt", 2, "The patient came a second time."),),
    ),
)
# By number; timely filing is asked last, because it looks at what the others found.
QUEUES: tuple[Queue, ...] = tuple(
    sorted((*WORKED, *WATCHED), key=lambda queue: (queue.slug == filing_risk.SLUG, queue.id))
)
BY_SLUG: dict[str, Queue] = {queue.slug: queue for queue in QUEUES}
