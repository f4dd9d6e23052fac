"""Sendings that a rejection may be about, as the page to place it lists them, and how it was replied to."""

from __future__ import annotations

from dataclasses import dataclass

from claims.exchange.acks_by_hand import objection
from claims.models import Acknowledgement, Submission
from claims.rejections import answers_whole_file, left_together


@dataclass(frozen=True, slots=True)
class SendingRow:
    """One sending: what differs from what the rejection names, why it cannot be meant, how many left with it."""

    sending: Submission
    differs: str
    stop: str
    others: int


def sending_rows(ack: Acknowledgement, sendings: list[Submission]) -> list[SendingRow]:
    """In the order given."""
    together = left_together(sendings) if answers_whole_file(ack) else {}
    return [
        SendingRow(
            sending=sent,
            differs=_difference(ack, sent),
            stop=objection(ack, sent),
            others=max(together.get((sent.seen_in_id, sent.interchange), 1) - 1, 0),
        )
        for sent in sendings
    ]


def _difference(ack: Acknowledgement, sent: Submission) -> str:
    """Of one claim the charge may be named; a whole file names nothing that a claim has."""
    if answers_whole_file(ack) or ack.charge_cents is None or ack.charge_cents == sent.claim.charge_cents:
        return ""
    return "The charge"
