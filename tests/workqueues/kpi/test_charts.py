"""A chart is a picture of links that the page's own rules allow."""

from __future__ import annotations

import re

from workqueues.kpi.charts import line_chart

POINTS = [
    {"week": "26-W44", "value": 1.5, "label": "2026-W44: 1.50 %, 3 of 200. Open the rows.", "url": "/kpi/x/2026-W44/"},
    {"week": "26-W45", "value": None, "label": "", "url": "/kpi/x/2026-W45/"},
    {"week": "26-W46", "value": 2.0, "label": "2026-W46: 2.00 %, 4 of 200. Open the rows.", "url": "/kpi/x/2026-W46/"},
]


def test_each_week_with_a_value_is_a_link_that_says_what_it_is():
    svg = line_chart(POINTS, title="COB denial rate", unit="%", reference=1.2)

    assert re.findall(r'<a href="([^"]*)"', svg) == ["/kpi/x/2026-W44/", "/kpi/x/2026-W46/"]
    assert 'aria-label="2026-W46: 2.00 %, 4 of 200. Open the rows."' in svg


def test_the_chart_has_no_inline_style_script_or_foreign_address():
    svg = line_chart(POINTS, title="COB denial rate", unit="%", reference=None)

    assert "style=" not in svg
    assert "<script" not in svg
    assert re.findall(r'(?:href|src)="https?:', svg) == []


def test_nothing_measured_is_no_chart():
    assert line_chart([POINTS[1]], title="t", unit="%", reference=None) == ""
