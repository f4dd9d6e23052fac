"""Figures of a measure by week, in two grouped queries however many weeks; and the rows behind one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncWeek

from workqueues.kpi.measures import DAY, SMALLEST_BASE, Measure, Slice, Unit, cob_denials
from workqueues.kpi.periods import Week, weeks_to


@dataclass(frozen=True, slots=True)
class Figure:
    """One week of a measure. `numerator` counts cases (percent), days (days) or cents (dollars)."""

    week: Week
    numerator: int
    denominator: int
    unit: Unit

    @property
    def value(self) -> float | None:
        """Percent, mean days, or dollars in all; None when there was nothing to measure."""
        if not self.denominator:
            return None
        if self.unit is Unit.DOLLARS:
            return self.numerator / 100
        share = self.numerator / self.denominator
        return share * 100 if self.unit is Unit.PERCENT else share

    @property
    def is_small(self) -> bool:
        """A rate of fewer than 20 cases is shown as its counts."""
        return self.denominator < SMALLEST_BASE


def figures(measure: Measure, part: Slice, last: Week, weeks: int) -> list[Figure]:
    """The measure for `weeks` weeks ending with `last`, oldest first; weeks without a case are there with zeros."""
    span = weeks_to(last, weeks)
    cases = measure.cases(part, span[0], last)
    of = _by_week(measure.day, cases, Count("pk"))
    if measure.events:
        counts = _by_week(measure.events.day, measure.events.within(part, span[0], last), Count("pk"))
    elif measure.unit is Unit.PERCENT:
        counts = _by_week(measure.day, measure.counts(cases), Count("pk"))
    else:
        what = Sum("cents" if measure.unit is Unit.DOLLARS else "days")
        counts = _by_week(measure.day, measure.counts(cases), what)
    return [Figure(week, _whole(counts.get(week)), _whole(of.get(week)), measure.unit) for week in span]


def _by_week(day: str, rows: QuerySet[Any], what: Any) -> dict[Week, Any]:
    grouped = rows.order_by().annotate(week=TruncWeek(day)).values_list("week").annotate(figure=what)
    return {Week.of(day): figure for day, figure in grouped}


def _whole(figure: Any) -> int:
    """A count as it is; a duration in whole days."""
    if isinstance(figure, timedelta):
        return round(figure / DAY)
    return int(figure or 0)


def behind(measure: Measure, part: Slice, week: Week, *, only_counted: bool = False) -> QuerySet[Any]:
    """The rows behind one week: all cases, or only those that count. Others carry `days` or `cents` on each row."""
    shown = measure.shown(only_counted=only_counted)
    rows = shown.within(part, week, week)
    if shown is not measure.events and (only_counted or measure.unit is not Unit.PERCENT):
        rows = measure.counts(rows)
    related = {shown.claim, f"{shown.claim}__patient", shown.payer}
    return rows.select_related(*sorted(related)).order_by(shown.day, "pk")


def own_median(history: list[Figure]) -> float | None:
    """The practice's own reference: the median of the weeks that had enough cases to speak."""
    values = [figure.value for figure in history if figure.value is not None and not figure.is_small]
    return median(values) if values else None


def open_age(part: Slice, today: date) -> tuple[int, int]:
    """How many COB denials are open now and their mean age in days, to stand beside those resolved."""
    rows = cob_denials().filter(resolved_on=None)
    if not part.user.sees_all_sites:
        rows = rows.filter(site__in=part.user.site_ids())
    if part.site:
        rows = rows.filter(site=part.site)
    if part.payer:
        rows = rows.filter(payer=part.payer)
    ages = [(today - day).days for day in rows.values_list("answered_on", flat=True)]
    return len(ages), round(sum(ages) / len(ages)) if ages else 0
