"""What the codes of acknowledgements mean, in our own words: enough to know what to do, the code always beside it."""

from __future__ import annotations

from typing import Final

from cob.x12.acks import ClaimAck, InterchangeAck, SetAck, SyntaxError999

CATEGORIES: Final = {
    "A0": "passed on to the next receiver",
    "A1": "received, not yet accepted",
    "A2": "accepted for a decision",
    "A3": "returned, cannot be worked on",
    "A4": "no such claim found",
    "A5": "split into several claims",
    "A6": "turned away, something is missing",
    "A7": "turned away, something is not valid",
    "A8": "turned away, two things in it do not fit together",
}
# From practice and not from the licensed list: UNCONFIRMED, so the number is always shown beside the words.
STATUSES: Final = {
    "19": "entity acknowledges receipt",
    "20": "accepted for processing",
    "21": "missing or invalid information",
    "24": "entity not approved to send claims",
    "54": "duplicate of a claim already taken in",
    "88": "patient not eligible on the date of service",
    "97": "patient not found in the eligibility file",
    "116": "sent to the wrong payer",
    "164": "member number not valid",
    "171": "information on other coverage",
    "187": "dates of service",
    "249": "place of service",
    "286": "the other payer's explanation of benefits or payment information",
    "453": "procedure code modifiers",
    "454": "procedure code",
    "516": "the other payer's adjudication date",
    "519": "adjustment amounts",
    "521": "adjustment reason",
    "562": "entity's national provider identifier",
    "672": "the other payer's payment information is out of balance",
    "718": "filed too late",
}
NOTES_TA1: Final = {
    "000": "no error",
    "001": "the control numbers in header and trailer differ",
    "005": "the sender's qualifier is not valid",
    "006": "the sender's id is not known",
    "007": "the receiver's qualifier is not valid",
    "008": "the receiver's id is not known",
    "014": "the date is not valid",
    "021": "the number of groups is not right",
    "023": "the file ends too early",
    "024": "the contents are not valid",
    "025": "this control number was used before",
}
SET_CODES: Final = {
    "1": "this kind of transaction is not taken",
    "2": "the trailer is missing",
    "3": "the control numbers in header and trailer differ",
    "4": "the number of segments is not right",
    "5": "one or more segments are in error",
    "23": "the transaction's control number was used before in this group",
}
SEGMENT_CODES: Final = {
    "1": "is not known",
    "2": "is not expected here",
    "3": "is missing",
    "4": "occurs too often",
    "5": "stands in the wrong place",
    "6": "is not defined for this transaction",
    "7": "stands out of order",
    "8": "has elements in error",
    "I4": "is not used by the guide",
    "I6": "is required here by the guide",
    "I7": "is out of place by the guide",
    "I8": "is missing although the guide asks for it here",
    "I9": "is there although the guide does not want it here",
}


def of_interchange(ack: InterchangeAck) -> str:
    """A TA1 in a sentence."""
    meaning = NOTES_TA1.get(ack.note, "see the receiver's list")
    return f"Interchange {ack.control} was {_past(ack.said)}: {meaning} (note {ack.note or 'none'})."


def of_set(ack: SetAck) -> str:
    """A 999's answer to one transaction in a sentence, its first errors named."""
    what = f"Transaction {ack.set_control}" if ack.set_control else f"Group {ack.group_control}"
    codes = "; ".join(f"{SET_CODES.get(code, 'see the receiver’s list')} (code {code})" for code in ack.codes)
    errors = " ".join(_segment(error) for error in ack.errors[:3])
    more = f" {len(ack.errors) - 3} more errors like these." if len(ack.errors) > 3 else ""
    return f"{what} was {_past(ack.said)}{': ' + codes if codes else ''}. {errors}{more}".strip()


def _segment(error: SyntaxError999) -> str:
    loop = f" of loop {error.loop}" if error.loop else ""
    code = f"{SEGMENT_CODES.get(error.code, 'is in error')} (code {error.code})" if error.code else "is in error"
    elements = ", ".join(f"element {at.replace(':', '-')}" for at, _, _ in error.elements if at)
    where = [*([elements] if elements else []), *(f"at {said}" for said in error.context[:1])]
    return (
        f"Segment {error.segment_id}, number {error.position}{loop}, {code}{': ' + ', '.join(where) if where else ''}."
    )


def of_claim(ack: ClaimAck) -> str:
    """A 277CA's answer to one level in a sentence: the category first, then each status with its number."""
    first, *_ = ack.statuses
    said = [f"{STATUSES.get(s.status, 'status')} ({s})" for s in ack.statuses if s.status]
    line = f"line {ack.line_control_number or ack.procedure}, " if ack.level == "line" else ""
    note = f" Their note: {ack.message}" if ack.message else ""
    who = ack.responder or "The receiver"
    return f"{who}: {line}{CATEGORIES[first.category]}: {'; '.join(said) or first.category}.{note}"


def _past(said: str) -> str:
    return {"accepted": "accepted", "accepted_with_errors": "accepted with errors", "rejected": "rejected"}[said]
