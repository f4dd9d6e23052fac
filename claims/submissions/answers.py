"""Stored adjudications as the answers that `decided` nets: rows in, plain values out."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from django.db.models import Prefetch

from claims.models import AdjudicatedLine, Adjudication, Claim, ReportedAdjustment
from claims.submissions.decided import Answer, AnsweredLine
from cob.x12.parts import Adjustment, Procedure


def answers_to(*claims: Claim) -> dict[UUID, list[Answer]]:
    """Every answer to these claims by the ClaimPayer that gave it, oldest first. Four queries, however many answers."""
    # Joined: Django fetches a thousand rows that others point at by a condition deeper than SQLite reads.
    lines = Prefetch("lines", AdjudicatedLine.objects.select_related("line"))
    rows = (
        Adjudication.objects.filter(claim__in=claims, claim_payer__isnull=False)
        .as_heard()
        .select_related("recoupment")
        .with_adjustments()
        .prefetch_related(lines, "reversed_by")
    )
    found: dict[UUID, list[Answer]] = defaultdict(list)
    for row in rows:
        found[row.claim_payer_id].append(_answer(row))
    return found


def _answer(row: Adjudication) -> Answer:
    every = list(row.adjustments.all())
    rate, payable = row.content.get("reimbursement_rate"), row.content.get("hcpcs_payable_cents")
    letter = getattr(row, "recoupment", None)
    return Answer(
        status=row.status,
        answered_on=row.answered_on,
        charge_cents=row.charge_cents,
        paid_cents=row.paid_cents,
        payer_control_number=row.payer_control_number,
        remarks=tuple(row.remarks),
        rate=None if rate is None else Decimal(rate),
        hcpcs_payable_cents=payable,
        adjustments=_adjustments([a for a in every if a.line_id is None]),
        lines=tuple(_line(line, [a for a in every if a.line_id == line.pk]) for line in row.lines.all()),
        is_reversed=letter is not None or bool(row.reversed_by.all()),
        taken_back_on=letter.letter_on if letter else None,
        reverses=row.reverses_id is not None,
        is_posted=row.posted_at is not None,
    )


def _line(row: AdjudicatedLine, adjustments: list[ReportedAdjustment]) -> AnsweredLine:
    return AnsweredLine(
        line=row.line.number if row.line else None,
        procedure=Procedure(row.procedure, tuple(row.modifiers.split())),
        charge_cents=row.charge_cents,
        paid_cents=row.paid_cents,
        units=row.units,
        submitted=row.submitted_procedure,
        adjustments=_adjustments(adjustments),
    )


def _adjustments(rows: list[ReportedAdjustment]) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(a.group, a.reason, a.amount_cents, a.quantity) for a in rows)
