"""Days and moments as people at the desk write them; facts are put in words by cob/coverage/wording.py."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

MISSING = "—"  # an empty cell that says it is empty


def day(value: date | datetime | None) -> str:
    """A date as the trade writes it: 03/10/2026."""
    if value is None:
        return MISSING
    if isinstance(value, datetime):
        value = _local(value)
    return f"{value:%m/%d/%Y}"


def moment(value: datetime | None) -> str:
    """A moment on the practice's clock: 03/10/2026 2:05 PM."""
    if value is None:
        return MISSING
    value = _local(value)
    return f"{value:%m/%d/%Y} {value.hour % 12 or 12}:{value:%M %p}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
