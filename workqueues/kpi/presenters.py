"""A measure as a page shows it: the figure as staff write it, its change, its chart, and its weeks as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from workqueues.kpi import charts
from workqueues.kpi.measures import SMALLEST_BASE, Measure, Unit
from workqueues.kpi.queries import Figure, own_median

UNIT_WORDS = {Unit.PERCENT: "%", Unit.DAYS: "days"}


def written(figure: Figure) -> str:
    """As staff say it: "1.53 %", "5.0 days", "2 of 14" when there were too few for a rate, "none" for no case."""
    if figure.value is None:
        return "none"
    if figure.unit is Unit.PERCENT:
        return f"{figure.numerator} of {figure.denominator}" if figure.is_small else f"{figure.value:.2f} %"
    return f"{figure.value:.1f} days"


def basis(figure: Figure) -> str:
    """What the figure was computed from."""
    if figure.unit is Unit.PERCENT:
        return f"{figure.numerator:,} of {figure.denominator:,}"
    return f"{figure.numerator:,} day{'' if figure.numerator == 1 else 's'} over {figure.denominator:,}"


@dataclass(frozen=True, slots=True)
class WeekRow:
    figure: Figure
    url: str

    @property
    def written(self) -> str:
        return written(self.figure)

    @property
    def basis(self) -> str:
        return basis(self.figure)


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """One measure with its last full week in front and the weeks before it behind."""

    measure: Measure
    weeks: list[WeekRow]
    reference: float | None
    chart: SafeString

    @property
    def newest_first(self) -> list[WeekRow]:
        return self.weeks[::-1]

    @property
    def latest(self) -> WeekRow:
        return self.weeks[-1]

    @property
    def value(self) -> str:
        return written(self.latest.figure)

    @property
    def reference_written(self) -> str:
        if self.reference is None:
            return ""
        return f"{self.reference:.2f} %" if self.measure.unit is Unit.PERCENT else f"{self.reference:.1f} days"

    @property
    def standing(self) -> str:
        """Better, worse or level with the practice's own median; all three measures are better when lower."""
        value = self.latest.figure.value
        if value is None or self.reference is None or self.latest.figure.is_small:
            return ""
        if abs(value - self.reference) < 0.05:
            return "level with"
        return "better than" if value < self.reference else "worse than"

    @property
    def small_note(self) -> str:
        few = self.measure.unit is Unit.PERCENT and self.latest.figure.is_small
        return f"Fewer than {SMALLEST_BASE} cases: counts instead of a rate." if few else ""


def card(measure: Measure, figures: list[Figure], filters: dict[str, str]) -> MeasureCard:
    """`filters` (site, payer) are carried into every link."""
    rows = [WeekRow(figure, _url(measure, figure, filters)) for figure in figures]
    reference = own_median(figures[:-1])
    points = [_point(row) for row in rows]
    svg = charts.line_chart(points, title=measure.name, unit=UNIT_WORDS[measure.unit], reference=reference)
    # The drawing library escapes what it writes; names in it are ours and addresses are reversed.
    return MeasureCard(measure, rows, reference, mark_safe(svg))  # noqa: S308


def _url(measure: Measure, figure: Figure, filters: dict[str, str]) -> str:
    return reverse("kpi:measure-rows", args=[measure.slug, str(figure.week)]) + (
        f"?{urlencode(filters)}" if filters else ""
    )


def _point(row: WeekRow) -> dict[str, Any]:
    value = row.figure.value
    shown = None if value is None else round(value, 2)
    label = f"{row.figure.week}: {row.written}, {row.basis}. Open the rows."
    return {"week": str(row.figure.week)[2:], "value": shown, "label": label, "url": row.url}


def claim_of(measure: Measure, row: Any) -> Any:
    """The claim a case is about."""
    return getattr(row, measure.claim)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case behind a figure: which claim, whose, which payer, the day, and what it added."""

    claim: Any
    payer: Any
    on: Any
    days: int | None


def case_line(measure: Measure, row: Any) -> CaseLine:
    payer = row
    for step in measure.payer.split("__"):
        payer = getattr(payer, step)
    days = getattr(row, "days", None)
    return CaseLine(claim_of(measure, row), payer, getattr(row, measure.day), days.days if days is not None else None)
