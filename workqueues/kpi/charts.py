"""A measure as a line over weeks, drawn on the server as SVG: every point is a link to the rows it counts.

Altair describes the chart and vl-convert draws it without a browser. Drawing takes tens of milliseconds, so a chart
is kept by its content.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from typing import Any

from django.core.cache import cache

KEEP_SECONDS = 24 * 3600
# Relative addresses are drawn as if they stood on the drawing library's sample site.
_SAMPLE_BASE = "https://vega.github.io/vega-datasets/"
_STYLE = re.compile(r'\sstyle="[^"]*"')


def line_chart(points: list[dict[str, Any]], *, title: str, unit: str, reference: float | None) -> str:
    """SVG of `points` (week, value, label, url), with the reference as a dashed line. Safe to put on a page as it is.

    Weeks without a value are gaps. Empty string when there is nothing to draw.
    """
    if not any(point["value"] is not None for point in points):
        return ""
    asked = json.dumps([points, title, unit, reference], sort_keys=True)
    key = f"chart:{hashlib.sha256(asked.encode()).hexdigest()}"
    svg = cache.get(key)
    if svg is None:
        svg = _draw(points, title=title, unit=unit, reference=reference)
        cache.set(key, svg, KEEP_SECONDS)
    return str(svg)


def _draw(points: list[dict[str, Any]], *, title: str, unit: str, reference: float | None) -> str:
    # Imported here: the drawing library costs 150 MB of memory, which a worker that never draws need not pay.
    import vl_convert as vlc

    alt: Any = importlib.import_module("altair")  # half of its calls carry no types
    data = alt.Data(values=[point for point in points if point["value"] is not None])
    weeks = [point["week"] for point in points]
    x = alt.X(
        "week:O",
        sort=weeks,
        scale=alt.Scale(domain=weeks),
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True, tickSize=0),
    )
    y = alt.Y("value:Q", axis=alt.Axis(title=unit, grid=True, tickCount=4), scale=alt.Scale(zero=True))
    base = alt.Chart(data)
    layers: list[Any] = [
        base.mark_line(strokeWidth=2, aria=False).encode(x=x, y=y),
        base.mark_point(filled=True, size=60).encode(x=x, y=y, href="url:N", description="label:N"),
    ]
    if reference is not None:
        rule = alt.Chart(alt.Data(values=[{"reference": reference}]))
        layers.insert(0, rule.mark_rule(strokeDash=[5, 4], aria=False).encode(y="reference:Q"))
    chart = alt.layer(*layers).properties(width=560, height=170, description=title, background="transparent")
    spec = chart.configure(font="sans-serif").configure_view(stroke=None).to_dict()
    return _for_the_page(vlc.vegalite_to_svg(spec))


def _for_the_page(svg: str) -> str:
    """The page allows no inline style; `charts.css` gives the drawing library's fixed colours their role."""
    svg = _STYLE.sub("", svg).replace(_SAMPLE_BASE, "")
    svg = svg.replace("xlink:href", "href").replace(' target="_blank"', "")
    return re.sub(r"<svg ", '<svg role="group" ', svg, count=1)
