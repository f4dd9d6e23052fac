"""The measures as a page for docs, printed from the code so that it cannot say anything else."""

from __future__ import annotations

from workqueues.kpi.measures import MEASURES, SMALLEST_BASE, Measure, Unit

INTRODUCTION = f"""# The measures

Printed by `python manage.py measure_catalogue > docs/measures.md`; a test compares the two.

Weeks are ISO weeks, Monday to Sunday, by the practice's own days. A case belongs to the week of its event date and to
the sites its reader may see. A rate of fewer than {SMALLEST_BASE} cases is shown as its counts. Every figure opens to
its rows on the screen, and `python manage.py kpis --week 2026-W46 --json` prints it with their ids. Slices by payer or
site add back to the whole; averages of averages are never taken.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([INTRODUCTION, *(_section(measure) for measure in MEASURES)])


def _section(measure: Measure) -> str:
    words = {Unit.PERCENT: "percent", Unit.DAYS: "mean days", Unit.DOLLARS: "dollars"}
    unit = f"{words[measure.unit]}, {'higher' if measure.more_is_better else 'lower'} is better"
    rows = [
        ("Unit", unit),
        ("Counts", measure.numerator),
        ("Of", measure.denominator),
        ("Event date", measure.day_word),
        ("Leaves out", measure.excluded),
        ("Reads", measure.source),
        ("Reference", measure.reference),
    ]
    table = "\n".join(f"| {name} | {text} |" for name, text in rows if text)
    return f"## {measure.id} {measure.name}\n\n{measure.sentence}\n\n| | |\n|---|---|\n{table}\n"
