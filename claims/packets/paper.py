"""A packet as PDF: cover with contents, each part on a page of its own; every page says which of how many it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image as Picturing
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Frame,
    Image,
    ListFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

from claims.packets.blocks import Block, Facts, Grid, Items, Part, Picture, Words
from cob.drawable import drawable

_MARGIN, _WIDE = 20 * mm, letter[0] - 40 * mm
_PICTURE = (_WIDE, letter[1] - 62 * mm)
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=9.5, leading=13, spaceAfter=3)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8, leading=10.5, textColor=colors.HexColor("#444444"))
CELL = ParagraphStyle("cell", parent=BODY, fontSize=8.5, leading=11, spaceAfter=0)
AMOUNT = ParagraphStyle("amount", parent=CELL, alignment=2)
HEAD = ParagraphStyle("head", parent=BODY, fontName="Helvetica-Bold", fontSize=10.5, leading=14, spaceBefore=9)
PART = ParagraphStyle("part", parent=BODY, fontName="Helvetica-Bold", fontSize=14, leading=19, spaceAfter=6)
TITLE = ParagraphStyle("title", parent=PART, fontSize=18, leading=24)
_LINES = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.grey),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)
_BARE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
)


@dataclass(frozen=True, slots=True)
class Made:
    """The file, how many pages it has, and on which page each part begins."""

    data: bytes
    pages: int
    begins: dict[str, int]


def pdf_of(*, title: str, cover: Sequence[tuple[str, str]], foot: str, parts: Sequence[Part]) -> Made:
    """Letter size, black on white. `foot` stands on every page, before its number."""
    out = BytesIO()
    paper = _Paper(out, title)
    story: list[Any] = [Paragraph(_safe(title), TITLE), *_facts(cover), Spacer(1, 6 * mm), Paragraph("Contents", HEAD)]
    contents = TableOfContents()
    contents.levelStyles = [ParagraphStyle("contents", parent=BODY, leading=16)]
    story.append(contents)
    for part in parts:
        story += [PageBreak(), _PartTitle(part), *(flowable for block in part.blocks for flowable in _drawn(block))]
    paper.multiBuild(story, canvasmaker=_numbered(foot))
    return Made(out.getvalue(), paper.page, paper.begins)


def sheet_of(out: BytesIO, *, title: str, number: tuple[str, str], blocks: Sequence[Block]) -> None:
    """One page without contents; `number` stands large beneath the title and as a bar code (Code 128)."""
    label, digits = number
    story: list[Any] = [
        Paragraph(_safe(title), TITLE),
        Spacer(1, 4 * mm),
        Paragraph(_safe(label), SMALL),
        Paragraph(_safe(digits), TITLE),
        Spacer(1, 2 * mm),
        Code128(digits, barWidth=0.45 * mm, barHeight=14 * mm, quiet=False),
        Spacer(1, 4 * mm),
        *(flowable for block in blocks for flowable in _drawn(block)),
    ]
    _Paper(out, title).build(story, canvasmaker=_numbered(f"{label} {digits}"))


class _PartTitle(Paragraph):  # type: ignore[misc]  # reportlab is untyped
    def __init__(self, part: Part) -> None:
        super().__init__(_safe(part.title), PART)
        self.part = part


class _Paper(BaseDocTemplate):  # type: ignore[misc]
    """Tells the contents, and whoever asks, on which page each part begins."""

    def __init__(self, out: BytesIO, title: str) -> None:
        super().__init__(out, pagesize=letter, title=title, lang="en-US", invariant=1)
        frame = Frame(_MARGIN, 18 * mm, _WIDE, letter[1] - 36 * mm, leftPadding=0, rightPadding=0)
        self.addPageTemplates(PageTemplate("page", [frame]))
        self.begins: dict[str, int] = {}

    def afterFlowable(self, flowable: Any) -> None:
        if isinstance(flowable, _PartTitle):
            key = f"part-{flowable.part.name}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.part.title, key, 0)
            self.notify("TOCEntry", (0, _safe(flowable.part.title), self.page, key))
            self.begins[flowable.part.name] = self.page


def _numbered(foot: str) -> type[Canvas]:
    """A canvas that knows at its end how many pages there are, and then writes the foot of each."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._drawn: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._drawn.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, state in enumerate(self._drawn, start=1):
                self.__dict__.update(state)
                self.setFont("Helvetica", 8)
                self.drawString(_MARGIN, 11 * mm, drawable(foot))
                self.drawRightString(letter[0] - _MARGIN, 11 * mm, f"Page {number} of {len(self._drawn)}")
                super().showPage()
            super().save()

    return Numbered


def _drawn(block: Block) -> Iterator[Any]:
    match block:
        case Words():
            style = HEAD if block.is_head else SMALL if block.is_small else BODY
            if block.is_head:
                yield CondPageBreak(28 * mm)
            yield Paragraph(_safe(block.text), style)
        case Items():
            rows = [Paragraph(_safe(item), BODY) for item in block.items]
            yield ListFlowable(
                rows, bulletType="1" if block.is_numbered else "bullet", leftIndent=14, bulletFontSize=8.5
            )
        case Facts():
            yield from _facts(block.rows)
        case Grid():
            yield _grid(block)
        case Picture():
            yield from _picture(block)


def _facts(rows: Sequence[tuple[str, str]]) -> Iterator[Any]:
    told = [[Paragraph(_safe(term), SMALL), Paragraph(_safe(value), CELL)] for term, value in rows if value]
    if told:
        table = Table(told, colWidths=[48 * mm, _WIDE - 48 * mm])
        table.setStyle(_BARE)
        yield table
        yield Spacer(1, 2 * mm)


def _grid(block: Grid) -> Table:
    rows = [[Paragraph(_safe(name), AMOUNT if n in block.numbers else SMALL) for n, name in enumerate(block.head)]]
    rows += [
        [Paragraph(_safe(value), AMOUNT if n in block.numbers else CELL) for n, value in enumerate(row)]
        for row in block.rows
    ]
    whole = sum(block.wide)
    table = Table(rows, colWidths=[_WIDE * part / whole for part in block.wide], repeatRows=1)
    table.setStyle(_LINES)
    return table


def _picture(block: Picture) -> Iterator[Any]:
    """As JPEG: a scanned page as PNG would be ten times as large."""
    out = BytesIO()
    with Picturing.open(BytesIO(block.png)) as picture:
        picture.convert("RGB").save(out, "JPEG", quality=82)
        wide, high = picture.size
    out.seek(0)
    scale = min(_PICTURE[0] / wide, _PICTURE[1] / high, 1.0)
    yield Image(out, width=wide * scale, height=high * scale)
    yield Paragraph(_safe(block.beneath), SMALL)


def _safe(text: str) -> str:
    return escape(drawable(text))
