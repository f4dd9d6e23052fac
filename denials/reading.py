"""Answers on file as the triage reads them: each refused line with its own codes and its claim's remarks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claims.models import AdjudicatedLine, Adjudication, Claim, ReportedAdjustment
from denials.answer import Answer
from denials.codebook import CodeBook
from denials.triage import Triage, triage


@dataclass(frozen=True, slots=True)
class Answered:
    """One payer's answer to a claim on file, with everything the triage needs already loaded."""

    row: Adjudication
    claim: Claim
    payer_id: uuid.UUID
    payer_kind: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One line, or the claim as a whole where the payer adjusted it there."""

    line_id: uuid.UUID | None
    answer: Answer
    refused_cents: int


def load(pks: Sequence[uuid.UUID]) -> list[Answered]:
    """The answers with lines and adjustments, in the order they came; a fixed number of queries."""
    rows = (
        Adjudication.objects.filter(pk__in=pks, claim__isnull=False)
        .select_related("claim__site", "claim_payer__payer", "claim_payer__coverage", "remittance__payer")
        .defer("content", "claim__content")
        .with_adjustments()
        .prefetch_related("lines", "claim__payers__payer", "claim__payers__coverage")
        .order_by("remittance__created_at", "position")
    )
    return [answered for row in rows if (answered := _answered(row))]


def _answered(row: Adjudication) -> Answered | None:
    if row.claim is None:
        return None
    place = row.claim_payer
    kind = (place.coverage.kind or place.payer.kind) if place else row.remittance.payer.kind
    payer = place.payer_id if place else row.remittance.payer_id
    return Answered(row=row, claim=row.claim, payer_id=payer, payer_kind=kind, rank=place.rank if place else None)


def triaged(answered: Answered, book: CodeBook) -> Iterator[tuple[Unit, Triage]]:
    """Each unit with what its codes mean; a reversal is one unit, because it takes the whole answer back."""
    for unit in units(answered, book):
        yield unit, triage(unit.answer, book)


def units(answered: Answered, book: CodeBook) -> list[Unit]:
    """The lines, each with the claim's remarks; and the claim itself where it was adjusted or has no lines."""
    row = answered.row
    by_line: dict[uuid.UUID | None, list[ReportedAdjustment]] = {}
    for adjustment in row.adjustments.all():
        by_line.setdefault(adjustment.line_id, []).append(adjustment)
    lines = [] if row.is_reversal else list(row.lines.all())
    found = [_unit(answered, line, by_line.get(line.pk, []), book) for line in lines]
    if by_line.get(None) or not lines:
        found.append(_unit(answered, None, by_line.get(None, []), book))
    return found


def _unit(
    answered: Answered, line: AdjudicatedLine | None, adjustments: list[ReportedAdjustment], book: CodeBook
) -> Unit:
    row = answered.row
    money = line or row
    # Rows on file were checked when they were read; a group no table knows must not stop a remittance here.
    answer = Answer.model_construct(
        clp02=row.status,
        cas=tuple((a.group, a.reason, a.amount_cents) for a in adjustments),
        rarc=tuple(dict.fromkeys([*(line.remarks if line else []), *row.remarks])),
        payer_kind=answered.payer_kind,
        paid_cents=money.paid_cents,
        charge_cents=money.charge_cents,
        rank=answered.rank,
    )
    return Unit(line_id=line.pk if line else None, answer=answer, refused_cents=_refused(answer, book))


def _refused(answer: Answer, book: CodeBook) -> int:
    """What the refusing reasons add up to; all that was not paid where the payer refused without a reason."""
    contested = [cents or 0 for _, reason, cents in answer.cas if reason not in book.pure]
    if contested:
        return max(sum(contested), 0)
    return max((answer.charge_cents or 0) - (answer.paid_cents or 0), 0) if answer.clp02 == "4" else 0
