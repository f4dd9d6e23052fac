"""Interchange control numbers: nine digits, each used once. A number is taken in a transaction of its own before its
file is begun, so a crash in between wastes it and never gives it away twice.

Questions to payers (270) count from 900000001 on, so that an acknowledgement of one is never taken for a claim's.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from claims.delivery.models import ControlNumber, OutgoingFile
from claims.models import Submission
from cob.coverage.models import InquiryFile


@dataclass(frozen=True, slots=True)
class Series:
    """A span of numbers, both ends included."""

    name: str
    first: int
    last: int


CLAIMS = Series("claims", 1, 899_999_999)
QUESTIONS = Series("questions", 900_000_001, 999_999_999)


class NumbersUsedUp(RuntimeError):
    """Every number there is was used."""


def take(series: Series) -> str:
    """The next number, gone for good when this returns. Call it outside any transaction: Django refuses it inside one.

    Raises NumbersUsedUp.
    """
    with transaction.atomic(durable=True):
        if not ControlNumber.objects.filter(series=series.name).update(last=F("last") + 1):
            _begin(series)
        number = ControlNumber.objects.values_list("last", flat=True).get(series=series.name)
        return _text(number, series)


def unsecured(series: Series) -> str:
    """The number that would be taken next; for a file that is only looked at. Raises NumbersUsedUp."""
    last = ControlNumber.objects.filter(series=series.name).values_list("last", flat=True).first()
    return _text((last if last is not None else _highest(series)) + 1, series)


def skip_to(series: Series, number: int) -> int:
    """Let no number up to this one be taken: after a restored backup, those used since were not in it. Returns the last
    number that counts as taken. Raises ValueError for one outside the series."""
    if not series.first <= number <= series.last:
        raise ValueError(f"{number} is not between {series.first} and {series.last}, the numbers of {series.name}.")
    with transaction.atomic():
        ControlNumber.objects.get_or_create(series=series.name, defaults={"last": _highest(series)})
        ControlNumber.objects.filter(series=series.name, last__lt=number).update(last=number)
        return ControlNumber.objects.values_list("last", flat=True).get(series=series.name)


def _begin(series: Series) -> None:
    """The first taking goes on from what is on file; of two at once the second counts on."""
    try:
        with transaction.atomic():
            ControlNumber.objects.create(series=series.name, last=_highest(series) + 1)
    except IntegrityError:
        ControlNumber.objects.filter(series=series.name).update(last=F("last") + 1)


def _highest(series: Series) -> int:
    within = (f"{series.first:09d}", f"{series.last:09d}")
    found = [
        rows.filter(interchange__range=within).aggregate(top=Max("interchange"))["top"]
        for rows in (Submission.objects.filter(seen_in=None), InquiryFile.objects, OutgoingFile.objects)
    ]
    return max((int(top) for top in found if top), default=series.first - 1)


def _text(number: int, series: Series) -> str:
    if number > series.last:
        raise NumbersUsedUp(f"All interchange numbers of {series.name} are used.")
    return f"{number:09d}"
