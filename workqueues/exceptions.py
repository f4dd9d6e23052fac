"""Logging an exception and checking that it is over."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from cob.accounts.models import Site, User
from cob.audit.acting import doing
from workqueues.models import Item, LoggedException
from workqueues.moving import Refused


def log(
    *, site: Site, what: str, text: str, happened_on: date, expected_on: date, verify_how: str, by: User,
    item: Item | None = None,
) -> LoggedException:  # fmt: skip
    """Write it down, at best the same day; later is said on its line. Raises Refused."""
    today = timezone.localdate()
    if happened_on > today:
        raise Refused("It cannot have happened after today.")
    if expected_on < today:
        raise Refused("The day by which it should be right is over. Choose today or later.")
    if not verify_how.strip() or not text.strip():
        raise Refused("Say what happened and which step will show that it is right again.")
    entry = LoggedException(
        site=site, item=item, what=what, text=text[:300], happened_on=happened_on, expected_on=expected_on,
        verify_how=verify_how[:200], by=by,
    )  # fmt: skip
    with transaction.atomic(), doing("logged exception"):
        entry.save()
    return entry


def verify(*, entry: LoggedException, found: str, by: User) -> LoggedException:
    """Somebody did the step and says what it showed; of two, the first. Raises Refused."""
    if not found.strip():
        raise Refused("Say what the check showed.")
    with transaction.atomic(), doing("verified exception"):
        mine = LoggedException.objects.filter(pk=entry.pk, verified_at=None)
        if not mine.update(verified_at=timezone.now(), verified_by=by, found=found[:300]):
            raise Refused("Somebody has checked it already.")
    entry.refresh_from_db()
    return entry
