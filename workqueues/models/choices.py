"""The words of an item's life: its states and what leads where, what proves an ending, why it happened."""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    NEW = "new", "New"
    ASSIGNED = "assigned", "Handed over"
    IN_PROGRESS = "in_progress", "In progress"
    WAITING = "waiting", "Set aside"
    RESOLVED = "resolved", "Waits for approval"
    CLOSED = "closed", "Closed"


# From where a person may move an item to where. The machine may close an item from any open state: its reason has gone.
ALLOWED: dict[State, frozenset[State]] = {
    State.NEW: frozenset({State.IN_PROGRESS, State.ASSIGNED}),
    State.ASSIGNED: frozenset(
        {State.NEW, State.IN_PROGRESS, State.ASSIGNED, State.WAITING, State.RESOLVED, State.CLOSED}
    ),
    State.IN_PROGRESS: frozenset({State.NEW, State.ASSIGNED, State.WAITING, State.RESOLVED, State.CLOSED}),
    State.WAITING: frozenset({State.IN_PROGRESS, State.ASSIGNED, State.RESOLVED, State.CLOSED}),
    State.RESOLVED: frozenset({State.CLOSED, State.IN_PROGRESS}),
    State.CLOSED: frozenset({State.IN_PROGRESS}),
}


class EvidenceKind(models.TextChoices):
    """What may prove that an item is done; each queue names the kinds it takes."""

    DETERMINATION = "determination", "Determination on file"
    PLAN_ANSWERS = "plan_answers", "Answers of both plans"
    STATED_REASON = "stated_reason", "Reason why one plan's answer was enough"
    ACCEPTED_CLAIM = "accepted_claim", "Acceptance of the claim (277CA)"
    APPEAL_RECEIPT = "appeal_receipt", "Receipt of the appeal"
    APPROVED_WRITE_OFF = "approved_write_off", "Approved write-off"
    EOB_STORED = "eob_stored", "EOB on file"
    PRIMARY_ANSWER = "primary_answer", "Answer of the first payer"
    CLAIM_STATUS = "claim_status", "Claim status answer"
    NEXT_PAYER_ANSWER = "next_payer_answer", "Answer of the next payer"
    PAYER_CONFIRMATION = "payer_confirmation", "Payer's confirmation with reference"
    OUTREACH_LOG = "outreach_log", "Outreach log, cadence used up"
    REFUND_PROOF = "refund_proof", "Proof of the refund or offset"
    VALIDITY_DECISION = "validity_decision", "Decision on the demand"
    BALANCED = "balanced", "Posted in balance"
    EXCEPTION_REASON = "exception_reason", "Reason of the exception"
    NOT_A_CREDIT = "not_a_credit", "Why it is no credit"
    COVERAGE_VERIFIED = "coverage_verified", "New coverage verified"
    UNINSURED = "uninsured", "Patient recorded as uninsured"
    LIMIT_PROOF = "limit_proof", "Limit computed anew, with proof"
    RELEASE_CHECK = "release_check", "Release checklist passed"
    BILLED = "billed", "Claim billed"
    NOT_BILLABLE = "not_billable", "Reason why it cannot be billed"
    CORRECTED_CLAIM = "corrected_claim", "Corrected claim"
    AUTHORIZATION = "authorization", "Authorization or decision letter"
    BENEFIT_PROOF = "benefit_proof", "Proof of the benefit"
    ACCIDENT_ANSWER = "accident_answer", "Accident payer's answer or worksheet"
    DECISION = "decision", "Decision received"
    PATIENT_ANSWER = "patient_answer", "Corrected statement, letter or refund"


class RootCause(models.TextChoices):
    CARD_NOT_CAPTURED = "card_not_captured", "Second coverage not captured"
    COVERAGE_OUTDATED = "coverage_outdated", "Coverage outdated"
    ORDER_WRONG = "order_wrong", "We billed in the wrong order"
    FACT_UNKNOWN = "fact_unknown", "A fact was not known"
    PAYER_FILE_STALE = "payer_file_stale", "Payer's file out of date"
    EOB_NOT_SENT = "eob_not_sent", "Earlier payer's answer not sent along"
    DATA_ENTRY = "data_entry", "Typing or data error"
    SENT_LATE = "sent_late", "Sent late"
    POSTING = "posting", "Posting"
    PAYER_ERROR = "payer_error", "Payer's error"
    PATIENT_SILENT = "patient_silent", "Patient did not answer"
    CROSSOVER = "crossover", "Crossover failed"
    NORMAL_WORK = "normal_work", "Normal work, no error"


class ClosureCode(models.TextChoices):
    DONE = "done", "Put right"
    SENT = "sent", "Sent to the payer"
    APPEALED = "appealed", "Appealed"
    NOT_NEEDED = "not_needed", "Nothing to do, reason stated"
    WRITE_OFF = "write_off", "Written off"
    REASON_GONE = "reason_gone", "Its reason has gone"


class Channel(models.TextChoices):
    PHONE = "phone", "Telephone"
    PORTAL = "portal", "Payer portal"
    LETTER = "letter", "Letter"
    EMAIL = "email", "Secure message"
    VISIT = "visit", "In person"


class Outcome(models.TextChoices):
    REACHED = "reached", "Reached"
    NO_ANSWER = "no_answer", "No answer"
    LEFT_MESSAGE = "left_message", "Left a message"
    PROMISED = "promised", "Something was promised"
    REFUSED = "refused", "Refused"
    WRONG_NUMBER = "wrong_number", "Wrong number or address"
    RETURNED_MAIL = "returned_mail", "Letter came back"


# The outcomes in which somebody was on the other end.
GOT_THROUGH = (Outcome.REACHED, Outcome.PROMISED, Outcome.REFUSED)
