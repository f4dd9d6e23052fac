"""Claims an answer may belong to with their score and signs; what undoing an answer would take back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.models import Adjudication, Claim, Posting, Submission
from claims.models.posting import PostingKind
from claims.weighing import Weight, known_of, weigh
from cob.x12.stored import load_835
from cob.x12.t835 import Claim835

SURE, LIKELY = 70, 40


@dataclass(frozen=True, slots=True)
class Candidate:
    """One claim on the match page; the best first."""

    claim: Claim
    weight: Weight

    @property
    def tone(self) -> str:
        return "good" if self.weight.score >= SURE else "info" if self.weight.score >= LIKELY else "warn"


def candidates(answer: Adjudication, claims: Iterable[Claim]) -> list[Candidate]:
    """`claims` come with lines, payers and patient fetched."""
    said = load_835(answer.content)
    found = [Candidate(claim, weigh(known_of(claim), said)) for claim in claims]
    return sorted(found, key=lambda c: (-c.weight.score, c.claim.control_number))


@dataclass(frozen=True, slots=True)
class Said:
    """What the answer tells of its claim."""

    patient: str
    member: str
    days: str
    procedures: str


def said_of(answer: Adjudication) -> Said:
    said: Claim835 = load_835(answer.content)
    party = said.patient
    days = {day for day in (said.statement_from_on, *(line.service_on for line in said.lines)) if day}
    return Said(
        patient=f"{party.first} {party.name}".strip() if party else "",
        member=party.id if party else "",
        days=", ".join(f"{day:%m/%d/%Y}" for day in sorted(days)),
        procedures=", ".join(dict.fromkeys((line.submitted or line.procedure).code for line in said.lines)),
    )


@dataclass(frozen=True, slots=True)
class UndoRow:
    """One standing entry and what its mirror says."""

    kind: str
    code: str
    amount_cents: int


def undo_rows(answer: Adjudication) -> list[UndoRow]:
    """The entries that would be mirrored."""
    rows = Posting.objects.filter(adjudication=answer, reversal=None).exclude(kind=PostingKind.REVERSAL)
    return [
        UndoRow(row.get_kind_display(), f"{row.group}-{row.carc}" if row.carc else "", row.amount_cents)
        for row in rows.order_by("posted_at")
    ]


def sent_since(answer: Adjudication) -> list[Submission]:
    """Claims sent to later payers with this answer on them: they are told nothing by an undo."""
    if answer.posted_at is None or answer.claim_payer is None:
        return []
    sent = Submission.objects.filter(claim=answer.claim_id, sent_at__gte=answer.posted_at)
    later = sent.filter(claim_payer__rank__gt=answer.claim_payer.rank)
    return list(later.select_related("claim_payer__payer"))
