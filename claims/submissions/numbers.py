"""Interchange control numbers: nine digits, each used once. The row that carries the number is what secures it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max

from claims.models import Submission

LAST = 999_999_999
_TRIES = 50


class NumbersUsedUp(RuntimeError):
    """A billion files were sent."""


def next_free() -> str:
    """The number after the highest on file; nobody has secured it yet."""
    highest = Submission.objects.exclude(interchange="").aggregate(top=Max("interchange"))["top"]
    number = int(highest or 0) + 1
    if number > LAST:
        raise NumbersUsedUp("All nine-digit interchange numbers are used.")
    return f"{number:09d}"


def save_numbered(submission: Submission) -> Submission:
    """Store the row under a number of its own: whoever meets another's number takes the next one.

    The unique constraint decides, so a number is never used twice, whoever crashes where. Call it in a transaction.
    """
    for _ in range(_TRIES):
        submission.interchange = next_free()
        try:
            with transaction.atomic():
                submission.save(force_insert=True)
        except IntegrityError:
            continue
        return submission
    raise IntegrityError("No interchange number could be secured; send again.")
