"""A sending as it should be, and one thing about it changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from claims.edits import Order, Place, Sending
from claims.edits.facts import Twin
from claims.filing import Clock
from claims.submissions.decided import Answer, AnsweredLine, net
from cob.x12.check837p import check_837p
from cob.x12.parts import Adjustment, Procedure
from cob.x12.t837p import OutpatientAdjudication
from tests.x12 import claims as x12

TODAY = date(2026, 2, 20)

DAY = x12.DAY

DECIDED = x12.DECIDED


def answer(**changes):
    lines = (
        AnsweredLine(1, Procedure("99214"), 150_00, 90_00, adjustments=(Adjustment("PR", "2", 60_00),)),
        AnsweredLine(2, Procedure("36415"), 30_00, 30_00),
    )
    return Answer("1", DECIDED, 180_00, 120_00, "LHP770001", lines=changes.pop("lines", lines), **changes)


LAKESIDE = Place(
    place=1,
    payer="Lakeside Health",
    payer_id="88001",
    kind="employer",
    state="adjudicated",
    coverage="A",
    member_id="LH5550101",
    relationship="self",
    subscriber="Oakes",
    effective_on=date(2020, 1, 1),
    submitted_on=date(2026, 1, 13),
    answered_on=DECIDED,
    decided=net([answer()], 180_00),
)

NORTHERN = replace(
    LAKESIDE,
    place=2,
    payer="Northern Benefit",
    payer_id="77005",
    coverage="B",
    member_id="NP300200",
    state="expected",
    submitted_on=None,
    answered_on=None,
    decided=None,
)

ORDER = Order("determined", ("A", "B"))


def sending(*, to=None, first=None, order=ORDER, claim=None, **changes):
    """Everything as it should be, but for what is named."""
    first, to = first or LAKESIDE, to or NORTHERN
    claim = claim or x12.secondary()
    fields = {
        "today": TODAY,
        "claim": claim,
        "to": to,
        "payers": (first, to),
        "service_from": DAY,
        "service_to": DAY,
        "charge_cents": 180_00,
        "coverages_in_force": 2,
        "order": order,
        "clock": Clock("secondary_filing", DECIDED + timedelta(days=180), "because"),
        "findings": tuple(check_837p(claim, changes.get("today", TODAY))),
    }
    return Sending(**fields | changes)


def place(base=NORTHERN, **changes):
    return replace(base, **changes)


def clock(days):
    return Clock("secondary_filing", TODAY + timedelta(days=days), "because")


def with_remark(code):
    claim = x12.secondary_by_totals()
    [other] = claim.other_coverages
    return replace(claim, other_coverages=(replace(other, outpatient=OutpatientAdjudication((code,))),))


def at_place(where, *modifiers):
    claim = x12.secondary()
    first, *rest = claim.lines
    procedure = replace(first.procedure, modifiers=modifiers)
    decided = tuple(replace(d, procedure=procedure) for d in first.adjudications)
    seen = replace(first, procedure=procedure, adjudications=decided, place=where)
    return replace(claim, lines=(seen, *rest))


def refused(reason):
    lines = (AnsweredLine(1, Procedure("99214"), 150_00, 0, adjustments=(Adjustment("CO", reason, 150_00),)),)
    return net([replace(answer(lines=lines), status="4")], 180_00)


def twin(code, *modifiers, on=DAY):
    return Twin("BSC-9", frozenset({(code, modifiers, on)}))
