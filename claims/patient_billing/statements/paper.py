"""A statement as PDF, drawn from its kept content: the same content gives the same bytes."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cob.cents import dollars
from cob.drawable import drawable

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8.5, leading=11.5)
NUMBER = ParagraphStyle("number", parent=BODY, alignment=2)
HEAD = ParagraphStyle("head", parent=BODY, fontName="Helvetica-Bold", fontSize=11, leading=15, spaceBefore=8)
TITLE = ParagraphStyle("title", parent=BODY, fontName="Helvetica-Bold", fontSize=16, leading=20)
AMOUNT = ParagraphStyle("amount", parent=BODY, fontName="Helvetica-Bold", fontSize=13, leading=18)
GRID = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.grey),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def pdf_of(content: dict[str, Any]) -> bytes:
    """Letter size, black on white, with title and language set for a screen reader."""
    out = BytesIO()
    paper = SimpleDocTemplate(
        out,
        pagesize=letter,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=f"Statement {content['number']}",
        author=content["site"]["name"],
        lang="en-US",
        invariant=1,
    )
    story = [*_head(content)]
    for claim in content["claims"]:
        story += _claim(claim)
    story += [*_payments(content["payments"]), *_closing(content)]
    paper.build(story, onFirstPage=_foot(content["number"]), onLaterPages=_foot(content["number"]))
    return out.getvalue()


def _foot(number: str) -> Any:
    def draw(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(letter[0] - 20 * mm, 10 * mm, f"Statement {number}, page {document.page}")

    return draw


def _text(words: str, style: ParagraphStyle = BODY) -> Paragraph:
    return Paragraph(escape(drawable(words)), style)


def _head(content: dict[str, Any]) -> list[Any]:
    site, patient = content["site"], content["patient"]
    clinic = [site["name"], site["address"], site["place"], site["phone"]]
    to = [patient["name"], patient["address"], patient["place"]]
    facts = [
        f"Statement {content['number']}",
        f"Date {_day(content['issued_on'])}",
        f"Account {patient['account']}",
        f"Please pay by {_day(content['due_on'])}" if content["total_cents"] else "Nothing to pay",
    ]
    left = [_text(row) for row in clinic if row] + [Spacer(1, 8 * mm)] + [_text(row) for row in to if row]
    table = Table([[left, [_text("Statement", TITLE), *[_text(row) for row in facts]]]], colWidths=[105 * mm, 70 * mm])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
    return [table, Spacer(1, 6 * mm), _text(content["sentence"], AMOUNT)]


def _claim(claim: dict[str, Any]) -> list[Any]:
    names = [payer["name"] for payer in claim["payers"]]
    titles = ["Service", "Charge", *[f"{name} paid" for name in names], "Taken off", "You owe"]
    rows: list[list[Any]] = [[_text(title, SMALL) for title in titles]]
    for line in claim["lines"]:
        rows.append(
            [
                [_text(line["service"]), _text(line["why"], SMALL)],
                _money(line["charge_cents"]),
                *[_money(payer["paid_cents"]) for payer in line["payers"]],
                _money(line["off_cents"]),
                _money(line["owes_cents"]),
            ]
        )
    wide = 175 * mm
    first = wide * 0.38
    table = Table(rows, colWidths=[first] + [(wide - first) / (len(titles) - 1)] * (len(titles) - 1), repeatRows=1)
    table.setStyle(GRID)
    heading = [_text(f"Visit on {_day(claim['service_on'])}, claim {claim['claim']}", HEAD), _text(claim["sentence"])]
    return [KeepTogether([*heading, Spacer(1, 2 * mm), table])]


def _payments(payments: list[dict[str, Any]]) -> list[Any]:
    if not payments:
        return []
    rows: list[list[Any]] = [[_text(title, SMALL) for title in ("Your payments", "How", "Receipt", "Amount")]]
    for row in payments:
        rows.append(
            [_text(_day(row["received_on"])), _text(row["method"]), _text(row["receipt"]), _money(row["amount_cents"])]
        )
    table = Table(rows, colWidths=[60 * mm, 50 * mm, 35 * mm, 30 * mm])
    table.setStyle(GRID)
    return [Spacer(1, 5 * mm), table]


def _closing(content: dict[str, Any]) -> list[Any]:
    phone = content["site"]["phone"]
    call = f" Our number is {phone}." if phone else ""
    return [
        KeepTogether(
            [
                _text("How to pay", HEAD),
                _text(content["how_to_pay"]),
                _text("If you think something is wrong", HEAD),
                _text(f"{content['how_to_dispute']}{call}"),
            ]
        )
    ]


def _money(cents: int) -> Paragraph:
    return _text(f"${dollars(cents)}" if cents >= 0 else f"-${dollars(-cents)}", NUMBER)


def _day(text: str) -> str:
    return f"{date.fromisoformat(text):%m/%d/%Y}"
