"""What a payer sent, row for row as it sent it: answer, answered lines, every adjustment."""

from __future__ import annotations

from collections.abc import Sequence

from claims.exchange.bulk import Bulk
from claims.matching import Match
from claims.models import AdjudicatedLine, Adjudication, Line, Remittance, ReportedAdjustment
from cob.rows import Json, Plain, day, number, words
from cob.uuids import in_order, texts_in_order
from cob.x12.parts import Adjustment
from cob.x12.stored import text_835
from cob.x12.t835 import Claim835, Line835

_LINE = (
    *("id", "adjudication_id", "position", "line_id", "procedure", "modifiers", "submitted_procedure", "charge_cents"),
    *("paid_cents", "allowed_cents", "units", "service_on", "control_number", "remarks"),
)
_ADJUSTMENT = ("id", "adjudication_id", "line_id", "group", "reason", "amount_cents", "quantity")


class Answers:
    """The rows of one chunk of answers."""

    def __init__(self, remittance: Remittance, after: int) -> None:
        """`after`: how many answers of the remittance came before this chunk."""
        self._remittance, self._after = remittance, after
        self._keys, self._more_keys = in_order(), texts_in_order()
        self._lines: list[tuple[Plain, ...]] = []
        self._adjustments: list[tuple[Plain, ...]] = []
        self.tied: list[Sequence[Line | None]] = []

    def add(self, claim: Claim835, match: Match, tied: Sequence[Line | None]) -> Adjudication:
        """One answer; its lines and adjustments wait for `flush`."""
        row = Adjudication(
            id=next(self._keys),
            remittance=self._remittance,
            position=self._after + len(self.tied) + 1,
            claim=match.claim,
            matched_how=match.how[:120] if match.claim else "",
            match_score=match.score if match.claim else None,
            control_number=claim.control_number,
            status=claim.status,
            charge_cents=claim.charge_cents,
            paid_cents=claim.paid_cents,
            patient_cents=claim.patient_cents,
            payer_control_number=claim.payer_control_number,
            remarks=list(claim.remark_codes),
            forwarded_by=list(claim.crossover_signals),
            forwarded_to=(claim.crossover_carrier.name if claim.crossover_carrier else "")[:80],
            exceptions=[match.how] if match.how and not match.claim else [],
            content=Json(text_835(claim)),
            answered_on=self._remittance.paid_on,
        )
        key = row.pk.hex
        self._adjust(key, None, claim.adjustments)
        for position, (line, ours) in enumerate(zip(claim.lines, tied, strict=True), 1):
            self._line(key, position, line, ours)
        self.tied.append(tied)
        return row

    def _line(self, answer: str, position: int, line: Line835, ours: Line | None) -> None:
        key = next(self._more_keys)
        self._lines.append(
            (
                key,
                answer,
                position,
                ours.pk.hex if ours else None,
                line.procedure.code,
                " ".join(line.procedure.modifiers)[:20],
                line.submitted.code[:48] if line.submitted else "",
                line.charge_cents,
                line.paid_cents,
                line.allowed_cents,
                number(line.units),
                day(line.service_on),
                line.control_number[:50],
                words(line.remark_codes),
            )
        )
        self._adjust(answer, key, line.adjustments)

    def _adjust(self, answer: str, line: str | None, adjustments: Sequence[Adjustment]) -> None:
        self._adjustments.extend(
            (next(self._more_keys), answer, line, a.group[:2], a.reason[:5], a.amount_cents, number(a.quantity))
            for a in adjustments
        )

    def flush(self, bulk: Bulk) -> None:
        """After the answers themselves."""
        bulk.write(AdjudicatedLine, _LINE, self._lines)
        bulk.write(ReportedAdjustment, _ADJUSTMENT, self._adjustments)
