"""An acknowledgement that came before its claims is heard once they come in, as it would have been after them: by the
numbers it names. What these do not settle keeps waiting for a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.db.models import Max, Q

from claims.exchange.acks_in import chunks_of, learn, tell
from claims.exchange.bulk import Bulk
from claims.exchange.sendings import Sendings, had_left
from claims.models import Acknowledgement, AckReply, EdiFile, Submission
from claims.models.ack_reply import Replied
from claims.models.submission import bare
from cob.x12.acks import Level

Placed = tuple[Acknowledgement, Sequence[Submission]]
_COPIED = (
    "file position kind level said responder codes in_words answers_to payer_control_number charge_cents on"
).split()
_DIGITS = 9  # of a control number, leading zeros and all


def hear_waiting(claims: EdiFile) -> int:
    """Place what waited for the sendings of a file of claims, inside that file's import; how many were placed."""
    files = groupby(_waiting_for(claims), key=lambda ack: ack.file)
    return sum(_hear(file, {ack.position: ack for ack in acks}) for file, acks in files)


def _waiting_for(claims: EdiFile) -> list[Acknowledgement]:
    """What answers nothing on file, was replied to by nobody, and names a number that this file carries."""
    sent = Submission.objects.filter(seen_in=claims).order_by()
    carried = {number for pair in sent.values_list("interchange", "group_control").distinct() for number in pair}
    spelled = {bare(number).zfill(digits) for number in carried if number for digits in range(1, _DIGITS + 1)}
    named = Q(answers_to__in=spelled) | Q(answers_to__in=sent.values("claim__control_number"))
    named |= Q(level=Level.SUBMITTER, answers_to__in=sent.exclude(batch="").values("batch"))
    named |= Q(level=Level.PROVIDER, answers_to__in=sent.values("claim__site__npi"))
    rows = Acknowledgement.objects.unanswered().filter(named).select_related("file")
    return list(rows.order_by("file__received_at", "file", "position"))


def _hear(file: EdiFile, waiting: Mapping[int, Acknowledgement]) -> int:
    """What one file says of claims that are here now."""
    count, sendings = 0, Sendings()
    for acks in chunks_of(file, waiting.keys()):
        sendings.look_up(acks)
        placed: list[Placed] = []
        for ack in acks:
            row = waiting[ack.segment_no]
            # After its claims an answer is believed whatever its day; before them the day tells whose it is.
            answered = [sent for sent in sendings.answered_by(ack)[0] if had_left(sent, row.on)]
            if answered:
                placed.append((row, answered))
        bulk = Bulk()
        bulk.insert([AckReply(acknowledgement=row, reply=Replied.PLACED, submission=sent[0]) for row, sent in placed])
        copies = stand_beside(bulk, placed)
        learn(bulk, copies, sendings.superseded)
        tell(bulk, file, copies)
        count += len(placed)
    return count


def stand_beside(bulk: Bulk, placed: Sequence[Placed]) -> list[Acknowledgement]:
    """The words of some acknowledgements of one file once more for each sending they answer, numbered after what the
    file has at their place already; on file."""
    if not placed:
        return []
    parts = _last_parts([ack for ack, _ in placed])
    copies = [
        Acknowledgement(
            part=parts[ack.position] + n,
            claim=sent.claim,
            submission=sent,
            placed_from=ack,
            **{name: getattr(ack, name) for name in _COPIED},
        )
        for ack, answered in placed
        for n, sent in enumerate(answered, start=1)
    ]
    bulk.insert(copies)
    return copies


def _last_parts(acks: Sequence[Acknowledgement]) -> dict[int, int]:
    rows = Acknowledgement.objects.filter(file=acks[0].file, position__in=[ack.position for ack in acks]).order_by()
    return {row["position"]: row["last"] for row in rows.values("position").annotate(last=Max("part"))}
