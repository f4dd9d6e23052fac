"""The rows a claim of a file becomes: the claim, its lines, its payers, its submission and what it says of an accident.

New rows are gathered and written in bulk at the end of a chunk.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone

from claims.exchange.bulk import Bulk
from claims.models import Claim, ClaimPayer, EdiFile, Line, Submission
from claims.models.claim import PayerState
from cob.accounts.models import Site
from cob.coverage.models import Coverage, Fact
from cob.patients.models import Patient
from cob.uuids import in_order
from cob.x12.stored import dump
from cob.x12.t837p import RANKS, Batch837P, Claim837P, Line837P, OtherCoverage

TOLD_BY = "837P file"
_ASIDE = 1000
# CLM11 in the words of the determination contract; AP (another party) says who is liable, not what happened.
RELATED = {"EM": "work", "AA": "auto", "OA": "other_accident"}


@dataclass(slots=True)
class Known:
    """A claim with its lines and payers as they stand now, written or about to be."""

    claim: Claim
    lines: list[Line]
    payers: list[ClaimPayer]
    is_posted: bool = False

    def payer_of(self, coverage: Coverage) -> ClaimPayer | None:
        """The place of a coverage in the claim's order."""
        return next((p for p in self.payers if p.coverage_id == coverage.pk), None)


@dataclass(slots=True)
class Rows:
    """What one chunk writes."""

    edi_file: EdiFile
    batch: Batch837P
    claims: list[Claim] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    payers: list[ClaimPayer] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    keys: Iterator[uuid.UUID] = field(default_factory=in_order)

    def flush(self, bulk: Bulk) -> None:
        """One bulk write a table."""
        bulk.insert(self.claims)
        bulk.insert(self.lines)
        bulk.insert(self.payers)
        bulk.insert(self.submissions)
        self._flush_facts(bulk)

    def _flush_facts(self, bulk: Bulk) -> None:
        """Only what the latest answer to the same question does not say already."""
        patients, paths = {fact.patient_id for fact in self.facts}, {fact.path for fact in self.facts}
        latest: dict[tuple[object, str], object] = {}
        known = Fact.objects.filter(patient__in=patients, path__in=paths) if patients else Fact.objects.none()
        for row in known.order_by("told_at"):
            latest[row.patient_id, row.path] = row.value
        new = []
        for fact in self.facts:
            if latest.get((fact.patient_id, fact.path)) != fact.value:
                latest[fact.patient_id, fact.path] = fact.value
                new.append(fact)
        bulk.insert(new)

    def payers_of(self, known: Known, claim: Claim837P, covers: Sequence[Coverage]) -> None:
        """Every payer the claim names in its billed order; the destination is sent to, the rest as the claim says."""
        destination = self._payer(known, covers[0], rank_of(claim.subscriber.rank_code))
        places = [(rank_of(claim.subscriber.rank_code), destination)]
        others = [other for other in claim.other_coverages if other.payer]
        for coverage, other in zip(covers[1:], others, strict=True):
            rank = rank_of(other.subscriber.rank_code)
            payer = self._payer(known, coverage, rank)
            places.append((rank, payer))
            self._answered(payer, other, claim)
        self._rank(known, places)
        self.sent(known, destination, claim)

    def _rank(self, known: Known, places: list[tuple[int, ClaimPayer]]) -> None:
        """A claim billed again in another order is in that order, unless the order was determined or a payer has
        already paid in its place."""
        settled = any(p.state == PayerState.ADJUDICATED or p.rank_from == "determined" for p in known.payers)
        if settled or not all(rank for rank, _ in places):
            return
        billed = [payer for _, payer in sorted(places, key=lambda place: place[0])]
        wanted = billed + sorted((p for p in known.payers if p not in billed), key=lambda p: p.rank)
        moved = [(rank, payer) for rank, payer in enumerate(wanted, start=1) if payer.rank != rank]
        # One payer a rank, also halfway: all step aside before they take their places.
        for rank, payer in moved:
            if rank > payer.rank and payer.state == PayerState.DENIED:
                # It refused the place it was billed in; in the later one it has not been asked.
                payer.state, payer.answered_on = PayerState.EXPECTED, None
            payer.rank = _ASIDE + rank
            self.save(payer, "rank", "state", "answered_on")
        for rank, payer in moved:
            payer.rank = rank
            self.save(payer, "rank")

    def _payer(self, known: Known, coverage: Coverage, rank: int) -> ClaimPayer:
        found = known.payer_of(coverage)
        if found is None:
            taken = {p.rank for p in known.payers}
            place = rank if rank and rank not in taken else max(taken, default=0) + 1
            key = next(self.keys)
            found = ClaimPayer(id=key, claim=known.claim, coverage=coverage, payer=coverage.payer, rank=place)
            known.payers.append(found)
            self.payers.append(found)
        return found

    def sent(self, known: Known, payer: ClaimPayer, claim: Claim837P) -> None:
        """The claim went to this payer on the day of its file; an answer that came before is not forgotten."""
        is_again = claim.frequency == "7" or payer.state != PayerState.ADJUDICATED
        if is_again and payer.state != PayerState.NOT_BILLABLE:
            payer.state, payer.submitted_on, payer.crossover_until = PayerState.SUBMITTED, self.batch.made_on, None
        elif payer.submitted_on is None:
            payer.submitted_on = self.batch.made_on
        self.save(payer, "state", "submitted_on", "crossover_until")
        sending = Submission(
            id=next(self.keys),
            claim=known.claim,
            claim_payer=payer,
            frequency=claim.frequency,
            sent_at=timezone.make_aware(datetime.combine(self.batch.made_on, time(12))),
            seen_in=self.edi_file,
        )
        sending.number_as(self.batch)
        self.submissions.append(sending)

    def _answered(self, payer: ClaimPayer, other: OtherCoverage, claim: Claim837P) -> None:
        """A later payer's claim carries the earlier one's decision: it has answered, even if we never saw how."""
        decided = [d for line in claim.lines for d in line.adjudications if d.payer_id == other.payer_id]
        if other.paid_cents is None and not decided:
            return
        if payer.state in (PayerState.EXPECTED, PayerState.SUBMITTED):
            on_claim = other.payer.adjudicated_on if other.payer else None
            payer.state = PayerState.ADJUDICATED
            payer.answered_on = max((d.adjudicated_on for d in decided if d.adjudicated_on), default=on_claim)
            payer.payer_control_number = other.payer.control_number[:50] if other.payer else ""
            self.save(payer, "state", "answered_on", "payer_control_number")

    @staticmethod
    def save(row: Claim | ClaimPayer | Line, *names: str) -> None:
        """Change a row that is written already; one that is not will be."""
        if not row._state.adding:
            row.save(update_fields=names)

    def accident(self, patient: Patient, claim: Claim837P) -> None:
        """When and where the accident was, as facts with their source."""
        told = [("accident.date", claim.accident_on), ("accident.state", claim.accident_state)]
        for path, value in told:
            if value and claim.related_causes:
                text = value.isoformat() if isinstance(value, date) else value
                since = claim.accident_on
                self.facts.append(
                    Fact(patient=patient, path=path, value=text, true_from=since, told_by=TOLD_BY, told_how="CLM11")
                )


def rank_of(code: str) -> int:
    """SBR01 as a number; 0 where it says unknown."""
    return RANKS.find(code) + 1 if code else 0


def made_of(claim: Claim837P, site: Site, patient: Patient, rows: Rows) -> Known:
    """A claim that is new here, with its lines."""
    key = next(rows.keys)
    row = Claim(id=key, site=site, patient=patient, file=rows.edi_file, billed_on=rows.batch.made_on, **columns(claim))
    row.insurer_open_cents = row.charge_cents
    rows.claims.append(row)
    known = Known(row, [line_row(row, line, next(rows.keys)) for line in claim.lines], [])
    rows.lines.extend(known.lines)
    rows.accident(patient, claim)
    return known


def columns(claim: Claim837P) -> dict[str, object]:
    """What of a claim has a column of its own."""
    days = [day for line in claim.lines for day in (line.service_on, line.service_until) if day]
    rendering = claim.provider("82")
    return {
        "control_number": claim.control_number,
        "service_from": min(days),
        "service_to": max(days),
        "charge_cents": claim.charge_cents,
        "rendering_npi": rendering.npi[:10] if rendering else "",
        "related_to": [RELATED[cause] for cause in claim.related_causes if cause in RELATED],
        "content": dump(claim),
    }


def line_row(claim: Claim, line: Line837P, key: uuid.UUID | None = None) -> Line:
    """One service as a row."""
    return Line(id=key or uuid.uuid4(), claim=claim, number=line.number, **line_columns(line))


def line_columns(line: Line837P) -> dict[str, object]:
    """What of a line has a column of its own."""
    return {
        "control_number": line.control_number,
        "procedure": line.procedure.code,
        "modifiers": " ".join(line.procedure.modifiers)[:20],
        "service_on": line.service_on,
        "charge_cents": line.charge_cents,
        "units": line.units,
    }
