"""A measure as a page shows it: the figure as staff write it, its change, its chart, and its weeks as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cob.cents import dollars
from workqueues.kpi import charts
from workqueues.kpi.measures import SMALLEST_BASE, Events, Measure, Unit
from workqueues.kpi.queries import Figure, own_median

UNIT_WORDS = {Unit.PERCENT: "%", Unit.DAYS: "days", Unit.DOLLARS: "dollars"}


def written(figure: Figure) -> str:
    """As staff say it: "1.53 %", "5.0 days", "2 of 14" when there were too few for a rate, "none" for no case."""
    if figure.value is None:
        return "none"
    if figure.unit is Unit.PERCENT:
        return f"{figure.numerator} of {figure.denominator}" if figure.is_small else f"{figure.value:.2f} %"
    return _value_in_words(figure.value, figure.unit)


def _value_in_words(value: float, unit: Unit) -> str:
    if unit is Unit.DOLLARS:
        return f"${dollars(round(value * 100))}"
    return f"{value:.2f} %" if unit is Unit.PERCENT else f"{value:.1f} days"


def basis(figure: Figure) -> str:
    """What the figure was computed from."""
    if figure.unit is Unit.PERCENT:
        return f"{figure.numerator:,} of {figure.denominator:,}"
    if figure.unit is Unit.DOLLARS:
        return f"{figure.denominator:,} answer{'' if figure.denominator == 1 else 's'}"
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
        return _value_in_words(self.reference, self.measure.unit)

    @property
    def standing(self) -> str:
        """Better, worse or level with the practice's own median."""
        value = self.latest.figure.value
        if value is None or self.reference is None or self.latest.figure.is_small:
            return ""
        if abs(value - self.reference) < 0.05:
            return "level with"
        return "better than" if (value > self.reference) is self.measure.more_is_better else "worse than"

    @property
    def settles_note(self) -> str:
        """Young figures of some measures are not final."""
        days = self.measure.settles_days
        return f"Provisional until {days} days after the week: a later correction still counts." if days else ""

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


def claim_of(shown: Events, row: Any) -> Any:
    """The claim a case is about; None for an answer that has none by now."""
    return getattr(row, shown.claim)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case behind a figure: which claim, whose, which payer, the day, and what it added."""

    claim: Any
    payer: Any
    on: Any
    days: int | None
    cents: int | None = None


def case_line(shown: Events, row: Any) -> CaseLine:
    payer = row
    for step in shown.payer.split("__"):
        payer = getattr(payer, step, None)
    days = getattr(row, "days", None)
    whole = days.days if days is not None else None
    return CaseLine(claim_of(shown, row), payer, getattr(row, shown.day), whole, getattr(row, "cents", None))
