"""A rejection that answers nothing on file, answered for by a person: which sending it is about, or why it is of none.

What came stays as it came; placed, it stands once more beside the sending, which learns of it as the import would have
told it. Whatever the same file says of the same claim goes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from claims.exchange.acks_in import Ack, learn, said_in
from claims.exchange.acks_later import stand_beside
from claims.exchange.bulk import Bulk
from claims.exchange.sendings import had_left, left_with
from claims.models import Acknowledgement, AckReply, EdiFile, Submission
from claims.models.ack_reply import Replied
from cob import rows as many
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.turns import Turn, wait_for
from cob.x12.acks import ClaimAck, Level

PLACED, LEFT = "rejection placed", "rejection set aside"
_QUICKER = {
    Replied.PLACED: "placed it a moment ago",
    Replied.NOT_OURS: "said a moment ago that it is not ours",
    Replied.DEALT_WITH: "said a moment ago that it is dealt with",
}


class CannotPlace(ValueError):
    """The rejection does not go there, or somebody was quicker; `str()` says which."""


def place(*, ack: Acknowledgement, sending: Submission, by: User) -> list[Submission]:
    """Say which sending a rejection is about; all that it answers, the chosen one among them. Raises CannotPlace; of
    two people at once one places it."""
    if stop := objection(ack, sending):
        raise CannotPlace(stop)
    with transaction.atomic(), doing(PLACED):
        # Neither an import nor anybody else tells the same sending something meanwhile.
        wait_for(Turn.POSTINGS)
        read = said_in(ack.file, {ack.position})
        said = [ack, *_beside([ack], read)]
        _reply(said, Replied.PLACED, by, submission=sending)
        answered, superseded = left_with(sending, read[ack.position])
        bulk = Bulk()
        copies = stand_beside(bulk, [(row, answered) for row in said])
        learn(bulk, copies, superseded)
        ack.file.sites.add(*{row.claim.site for row in answered})
        _tell(ack.file, said, answered)
    return answered


def set_aside(*, acks: Sequence[Acknowledgement], replied: Replied, reason: str, by: User) -> int:
    """Say of rejections of one file that they are of no sending here, or that they are dealt with, and why; how many
    were said so. Raises CannotPlace; of two people at once one says it."""
    if replied == Replied.PLACED or not reason.strip():
        raise CannotPlace("Say in a few words why no sending here is meant.")
    with transaction.atomic(), doing(LEFT, reason=reason):
        # Nor does the import of the claims place it meanwhile.
        wait_for(Turn.POSTINGS)
        read = said_in(acks[0].file, {ack.position for ack in acks})
        said = [*acks, *_beside(acks, read)]
        _reply(said, replied, by, reason=reason.strip()[:200])
        _tell(acks[0].file, said, ())
    return len(acks)


def objection(ack: Acknowledgement, sending: Submission) -> str:
    """Why a rejection cannot be about a sending; empty where it can."""
    if ack.claim_id or ack.inquiry_file_id:
        return "It answers something on file already."
    if sending.on_paper:
        return "That claim was printed: no interchange carried it, and no such file answers it."
    if not had_left(sending, ack.on):
        return f"That claim left after {ack.on:%m/%d/%Y}, the day of the answer: it is about an earlier sending."
    return ""


def _beside(acks: Sequence[Acknowledgement], read: Mapping[int, Ack]) -> list[Acknowledgement]:
    """What else a file says of the claims these name: their lines, and what was taken in of them."""
    numbers = {ack.control_number for ack in read.values() if isinstance(ack, ClaimAck)} - {""}
    if not numbers:
        return []
    rows = Acknowledgement.objects.filter(file=acks[0].file, claim=None, inquiry_file=None, reply=None)
    of_claims = rows.filter(level__in=(Level.CLAIM, Level.LINE), answers_to__in=[number[:50] for number in numbers])
    return list(of_claims.exclude(pk__in=[ack.pk for ack in acks]).select_related("file"))


def _reply(
    acks: Collection[Acknowledgement],
    replied: Replied,
    by: User,
    *,
    submission: Submission | None = None,
    reason: str = "",
) -> None:
    """Compare and set: a rejection is replied to once."""
    new = [AckReply(acknowledgement=a, reply=replied, submission=submission, reason=reason, by=by) for a in acks]
    if many.insert(new, unless_there=True) == len(new):
        return
    mine = {row.pk for row in new}
    first = AckReply.objects.filter(acknowledgement__in=acks).exclude(pk__in=mine).select_related("by").first()
    said = f"{first.who} {_QUICKER[Replied(first.reply)]}" if first else "Somebody was quicker"
    raise CannotPlace(f"{said}. Nothing was changed.")


def _tell(edi_file: EdiFile, acks: Sequence[Acknowledgement], answered: Sequence[Submission]) -> None:
    """One event, about the file: the queues look again at it and at the claims' patients."""
    sites: set[UUID] = {sent.claim.site_id for sent in answered}
    record(
        PLACED if answered else LEFT,
        edi_file,
        patients={sent.claim.patient_id for sent in answered},
        site_id=next(iter(sites)) if len(sites) == 1 else None,
        after={
            "acknowledgements": [str(ack.pk) for ack in acks],
            "claims": sorted({str(sent.claim_id) for sent in answered}),
        },
    )
