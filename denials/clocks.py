"""By which day something must be done about a refusal: the limits of its codes, counted from their own first day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from denials.codebook import Limit


def limit_on(
    names: Iterable[str], limits: Mapping[str, Limit], *, answered_on: date, service_on: date, payer_kind: str
) -> tuple[date, str] | None:
    """The day and the name of the limit that binds; None when no limit's days are known.

    Limits that run from the payer's answer bind before those from the day of service, which the answer may long have
    overtaken: an appeal is still in time when a filing limit is not.
    """
    days: dict[str, list[tuple[date, str]]] = {"answer": [], "service": []}
    for name in names:
        limit = limits[name]
        count = limit.for_payer(payer_kind)
        if count is not None:
            start = answered_on if limit.runs_from == "answer" else service_on
            days[limit.runs_from].append((start + timedelta(days=count), limit.label))
    return min(days["answer"] or days["service"], default=None)
