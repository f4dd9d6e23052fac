"""TA1 and 999 that answer a file of questions (270): found by its number, and a rejection is told to its questions."""

from __future__ import annotations

from collections.abc import Iterable

from claims.models import Acknowledgement, EdiFile
from cob.audit.acting import doing
from cob.coverage.models import InquiryFile, InquiryRejection
from cob.x12.acks import ClaimAck, Heard, InterchangeAck, SetAck

Ack = InterchangeAck | SetAck | ClaimAck
# Questions count from there, claims below it (claims/eligibility/sending.py).
_FROM = "900000001"


def files_answered(acks: Iterable[Ack]) -> dict[str, InquiryFile]:
    """By control number; one query, and none where no number is one of a question's."""
    numbers = {number for ack in acks if (number := number_of(ack)) >= _FROM}
    return {row.interchange: row for row in InquiryFile.objects.filter(interchange__in=numbers)} if numbers else {}


def number_of(ack: Ack) -> str:
    """The interchange it answers, nine digits; empty where it names none."""
    named = ack.control if isinstance(ack, InterchangeAck) else ack.group_control if isinstance(ack, SetAck) else ""
    return named.zfill(9) if named.isdecimal() else ""


def reject(edi_file: EdiFile, heard: Iterable[tuple[Acknowledgement, Ack]]) -> None:
    """Keep the first rejection of each file, or of each question where a 999 names its set; what was turned away may be
    put again, and the others wait for their answers."""
    for row, ack in heard:
        file, place = row.inquiry_file, _place_of(ack)
        if file is None or row.said != Heard.REJECTED:
            continue
        if InquiryRejection.objects.filter(file=file, place=place).exists():
            continue
        with doing("eligibility file rejected"):
            InquiryRejection.objects.create(
                file=file, place=place, rejected_on=row.on, words=row.in_words[:300], source_file=edi_file.pk
            )


def _place_of(ack: Ack) -> int:
    """Each question is a transaction of its own, numbered by its place (ST02)."""
    control = ack.set_control if isinstance(ack, SetAck) else ""
    return int(control) if control.isdecimal() else 0
