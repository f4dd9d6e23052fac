"""The patient's share of a claim as rows: line by line what may be owed, or both outcomes of what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from claims.models import Line, Posting
from claims.patient_billing.asking import answer_words, question_words
from claims.patient_billing.grounds import open_question, payer_of
from claims.patient_billing.models import BillingFact
from claims.patient_billing.protecting import NOTE
from claims.patient_billing.share import Reason, Share
from claims.patient_billing.standing import ClaimStanding
from claims.patient_billing.telling import told_of
from claims.patient_billing.write_off_reversal import to_reverse


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One amount with its reasons; `given` finishes "if …" and is empty where nothing had to be assumed."""

    owes_cents: int
    given: str
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One line."""

    line: Line
    left_cents: int
    owes_cents: int | None
    outcomes: tuple[OutcomeRow, ...]


@dataclass(frozen=True, slots=True)
class ToldRow:
    """An answer the share rests on, after its question."""

    id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class SharePart:
    """What templates/billing/share.html shows. `forbidden_cents`: left of the charge and not to be asked for;
    `written_off_cents`: so much of that was written off; `reversible_cents`: so much of an earlier payer's write-off a
    later payer allows beyond it."""

    standing: ClaimStanding
    rows: tuple[ShareRow, ...]
    question: str
    forbidden_cents: int
    written_off_cents: int
    reversible_cents: int
    told: tuple[ToldRow, ...] = ()


def share_part(standing: ClaimStanding, postings: Sequence[Posting]) -> SharePart:
    """Of one claim with its postings."""
    picture = standing.picture
    rows = tuple(
        _row(standing, line, picture.shares[line.pk])
        for line in picture.lines
        if picture.is_final and line.pk in picture.shares
    )
    question = (open_question(picture) or "") if picture.is_final else ""
    back = {row.reverses_id for row in postings}
    off = sum(p.amount_cents for p in postings if p.note.startswith(NOTE) and p.pk not in back)
    beyond = sum(part.cents for part in to_reverse(picture))
    told = tuple(map(_told, told_of(picture.claim)))
    return SharePart(standing, rows, question, sum(picture.to_write_off.values()), off, beyond, told)


def _told(row: BillingFact) -> ToldRow:
    where = f" ({row.source})" if row.source else ""
    on = f"{timezone.localtime(row.told_at):%m/%d/%Y}"
    said = f"{row.told_by}{where} on {on}: {answer_words(row.name, row.value)}."
    return ToldRow(row.pk, f"{question_words(row.name)} {said}")


def _row(standing: ClaimStanding, line: Line, share: Share) -> ShareRow:
    outcomes = []
    for outcome in share.outcomes:
        given = ""
        if share.question:
            fact = share.question.fact
            given = answer_words(fact, dict(outcome.given).get(fact), payer_of(standing.picture, fact))
        outcomes.append(OutcomeRow(outcome.owes_cents, given, outcome.because))
    return ShareRow(line, share.left_cents, share.owes_cents, tuple(outcomes))
