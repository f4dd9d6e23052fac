"""The boxes as a PDF to print onto the red form, and a test page to find out how far a printer is off."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from claims.cms1500.boxes import Page
from claims.cms1500.positions import COLUMNS, LINES, SERVICE, SERVICES, SPOTS, spot_of

# 10 characters and 6 lines an inch: Courier of 12 points is 7.2 wide, on lines of 12 points.
_CHARACTER, _LINE, _FONT = 7.2, 12.0, ("Courier", 12)
# The form's first column and line on letter paper, where a printer feeds it straight.
_LEFT, _TOP = 24.0, 24.0
_HEIGHT = letter[1]


def overlay(sheets: Sequence[Page], *, right_mm: float = 0.0, down_mm: float = 0.0) -> bytes:
    """One PDF page a sheet, data only. `right_mm` and `down_mm` move everything for a printer that is off."""
    return _drawn(list(sheets), right_mm, down_mm)


def alignment_page(*, right_mm: float = 0.0, down_mm: float = 0.0) -> bytes:
    """Every box filled to its width, with rulers: laid over a form it shows how far off the printer is."""
    services = [f"24.{number}.{part}" for number in range(1, SERVICES + 1) for part in SERVICE]
    boxes = {box: "X" * spot_of(box).width for box in (*SPOTS, *services)}
    out = BytesIO()
    canvas = _canvas(out, "CMS-1500 alignment")
    _draw(canvas, boxes, right_mm, down_mm)
    canvas.setFont("Courier", 6)
    for column in range(1, COLUMNS + 1, 10):
        canvas.drawString(*_at(1, column, right_mm, down_mm), f"|{column}")
    for line in range(6, LINES, 6):
        canvas.drawString(*_at(line, COLUMNS - 1, right_mm, down_mm), f"-{line}")
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _drawn(sheets: list[Page], right_mm: float, down_mm: float) -> bytes:
    out = BytesIO()
    canvas = _canvas(out, "CMS-1500")
    for sheet in sheets:
        _draw(canvas, sheet.boxes, right_mm, down_mm)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _canvas(out: BytesIO, title: str) -> Canvas:
    # `invariant`: the same claim is the same file, to the byte.
    canvas = Canvas(out, pagesize=letter, invariant=True)
    canvas.setTitle(title)
    return canvas


def _draw(canvas: Canvas, boxes: dict[str, str], right_mm: float, down_mm: float) -> None:
    canvas.setFont(*_FONT)
    for box, text in boxes.items():
        spot = spot_of(box)
        shown = text.rjust(spot.width) if spot.is_right else text
        canvas.drawString(*_at(spot.line, spot.column, right_mm, down_mm), shown)


def _at(line: int, column: int, right_mm: float, down_mm: float) -> tuple[float, float]:
    x = _LEFT + (column - 1) * _CHARACTER + right_mm * mm
    y = _HEIGHT - _TOP - line * _LINE - down_mm * mm
    return x, y
