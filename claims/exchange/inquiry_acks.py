"""TA1 and 999 that answer a file of questions (270): found by its number, and a rejection is told to its questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from claims.models import Acknowledgement, EdiFile
from cob.audit.acting import doing
from cob.coverage.models import InquiryFile, InquiryRejection
from cob.x12.acks import ClaimAck, Heard, InterchangeAck, SetAck

Ack = InterchangeAck | SetAck | ClaimAck
# Questions count from there, claims below it (claims/eligibility/sending.py).
_FROM = "900000001"
_LONGEST = 9  # of ST02


class Files:
    """The files of questions that a chunk of acknowledgements is about; one query, and none where no number is one of a
    question's."""

    def __init__(self, acks: Iterable[Ack]) -> None:
        numbers = {number for ack in acks if (number := number_of(ack)) >= _FROM}
        asked: QuerySet[Any] = InquiryFile.objects.filter(interchange__in=numbers).annotate(asked=Count("inquiries"))
        self._files = {row.interchange: row for row in asked} if numbers else {}

    def answered_by(self, ack: Ack) -> InquiryFile | None:
        """By control number; None also where it names a transaction that the file has not: nobody can tell which
        question was meant, and a person is to look."""
        file = self._files.get(number_of(ack))
        return file if file and (not _set_of(ack) or 0 < _place_of(ack) <= file.asked) else None


def number_of(ack: Ack) -> str:
    """The interchange it answers, nine digits; empty where it names none."""
    named = ack.control if isinstance(ack, InterchangeAck) else ack.group_control if isinstance(ack, SetAck) else ""
    return named.zfill(9) if named.isdecimal() else ""


def reject(edi_file: EdiFile, heard: Iterable[tuple[Acknowledgement, Ack]]) -> None:
    """Keep the first rejection of each file, or of each question where a 999 names its set; what was turned away may be
    put again, and the others wait for their answers."""
    said: dict[tuple[UUID, int], InquiryRejection] = {}
    for row, ack in heard:
        file, place = row.inquiry_file, _place_of(ack)
        if file and row.said == Heard.REJECTED:
            turned_away = InquiryRejection(
                file=file, place=place, rejected_on=row.on, words=row.in_words[:300], source_file=edi_file.pk
            )
            said.setdefault((file.pk, place), turned_away)
    if said:
        before = InquiryRejection.objects.filter(file__in={file for file, _ in said}).values_list("file", "place")
        if fresh := [said[key] for key in said.keys() - set(before)]:
            with doing("eligibility file rejected"):
                InquiryRejection.objects.bulk_create(fresh, batch_size=500)


def _set_of(ack: Ack) -> str:
    return ack.set_control if isinstance(ack, SetAck) else ""


def _place_of(ack: Ack) -> int:
    """Each question is a transaction of its own, numbered by its place (ST02); 0 where none is named."""
    control = _set_of(ack)
    return int(control) if control.isdecimal() and len(control) <= _LONGEST else 0
