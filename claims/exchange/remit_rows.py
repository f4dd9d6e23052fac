"""What a payer sent, row for row as it sent it: answer, answered lines, every adjustment."""

from __future__ import annotations

from collections.abc import Sequence

from claims.exchange.bulk import Bulk
from claims.matching import Match
from claims.models import AdjudicatedLine, Adjudication, Line, Remittance, ReportedAdjustment
from cob.x12.parts import Adjustment
from cob.x12.stored import dump_835
from cob.x12.t835 import Claim835, Line835


class Answers:
    """The rows of one chunk of answers."""

    def __init__(self, remittance: Remittance, after: int) -> None:
        """`after`: how many answers of the remittance came before this chunk."""
        self._remittance, self._after = remittance, after
        self._lines: list[AdjudicatedLine] = []
        self._adjustments: list[ReportedAdjustment] = []
        self.tied: list[Sequence[Line | None]] = []

    def add(self, claim: Claim835, match: Match, tied: Sequence[Line | None]) -> Adjudication:
        """One answer; its lines and adjustments wait for `flush`."""
        row = Adjudication(
            remittance=self._remittance,
            position=self._after + len(self.tied) + 1,
            claim=match.claim,
            matched_how=match.how[:120] if match.claim else "",
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
            content=dump_835(claim),
            answered_on=self._remittance.paid_on,
        )
        self._adjust(row, None, claim.adjustments)
        for position, (line, ours) in enumerate(zip(claim.lines, tied, strict=True), 1):
            self._line(row, position, line, ours)
        self.tied.append(tied)
        return row

    def _line(self, row: Adjudication, position: int, line: Line835, ours: Line | None) -> None:
        answered = AdjudicatedLine(
            adjudication=row,
            position=position,
            line=ours,
            procedure=line.procedure.code,
            modifiers=" ".join(line.procedure.modifiers)[:20],
            submitted_procedure=line.submitted.code[:48] if line.submitted else "",
            charge_cents=line.charge_cents,
            paid_cents=line.paid_cents,
            allowed_cents=line.allowed_cents,
            units=line.units,
            service_on=line.service_on,
            control_number=line.control_number[:50],
            remarks=list(line.remark_codes),
        )
        self._lines.append(answered)
        self._adjust(row, answered, line.adjustments)

    def _adjust(self, row: Adjudication, line: AdjudicatedLine | None, adjustments: Sequence[Adjustment]) -> None:
        self._adjustments.extend(
            ReportedAdjustment(
                adjudication=row,
                line=line,
                group=a.group[:2],
                reason=a.reason[:5],
                amount_cents=a.amount_cents,
                quantity=a.quantity,
            )
            for a in adjustments
        )

    def flush(self, bulk: Bulk) -> None:
        """After the answers themselves."""
        bulk.insert(self._lines)
        bulk.insert(self._adjustments)
