"""A posting taken back by us: every entry of the answer is mirrored, and what payers' states rested on it is undone.

The answer itself stays on file, out of the ledger, until somebody posts it again or says to which claim it belongs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from claims import ledger
from claims.exchange.balances import write_balances
from claims.exchange.bulk import Bulk
from claims.exchange.left_out import note_left_out
from claims.exchange.pages import Page, Told
from claims.exchange.posted import as_posted
from claims.exchange.posting import Book, denies
from claims.ledger import Posted
from claims.matching import with_everything
from claims.models import AdjudicatedLine, Adjudication, Claim, ClaimPayer, Posting, PostingUndo
from claims.models.claim import PayerState
from claims.models.undo import UndoKind
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.reasons import POINTS_ELSEWHERE
from cob.turns import Turn, wait_for

UNDONE = "posting undone"


class CannotUndo(ValueError):
    """The posting cannot be taken back as things stand; `str()` says what stands in the way and what to do first."""


def undo_postings(
    adjudications: Iterable[Adjudication], *, kind: UndoKind, reason: str, by: User | None
) -> list[PostingUndo]:
    """Take answers out of the ledger, all or none. Raises CannotUndo.

    `UNMATCHED` frees the answer for another claim, `UNPOSTED` keeps its claim, `WITHDRAWN` frees it for good.
    """
    with transaction.atomic(), doing(UNDONE, reason=reason):
        wait_for(Turn.POSTINGS)
        found = _posted(adjudications)
        rows = [each.row for each in found]
        claims = with_everything(Claim.objects.filter(pk__in={each.claim for each in found}))
        book = Book(claims)
        done: list[PostingUndo] = []
        entries: list[Posting] = []
        # The newest first, so that each finds nothing behind it.
        for each in sorted(found, key=lambda one: one.at, reverse=True):
            page = book.pages[each.claim]
            _refuse(page, each)
            mirrored = _mirror(page, each.row, by)
            entries += mirrored
            done.append(_log(each, page.claim, kind, reason, len(mirrored), by))
        _write(book, rows, entries, kind, f"{_WHAT[kind]} by {by or 'a task'}: {reason}")
        PostingUndo.objects.bulk_create(done)
        for undo in done:
            after = {"claim": str(undo.claim_id), "kind": str(kind), "entries": undo.entries}
            record(UNDONE, undo.adjudication, patients=[undo.claim.patient_id], site_id=undo.claim.site_id, after=after)
    return done


_WHAT = {
    UndoKind.UNPOSTED: "Posting undone",
    UndoKind.UNMATCHED: "Taken off a claim",
    UndoKind.WITHDRAWN: "Withdrawn",
}


class _Posted(NamedTuple):
    """An answer in the ledger: on which claim, since when."""

    row: Adjudication
    claim: UUID
    at: datetime


def _posted(adjudications: Iterable[Adjudication]) -> list[_Posted]:
    """The rows as they are now; what somebody else took back meanwhile is said."""
    wanted = {row.pk for row in adjudications}
    found = Adjudication.objects.filter(pk__in=wanted).select_related("remittance__payer")
    rows = []
    for row in found.select_for_update(of=("self",)).order_by("pk"):
        if row.posted_at is None or row.claim_id is None:
            last = row.undos.select_related("by").first()
            who = f" {last.by or 'A task'} took it back: {last.reason}" if last else ""
            raise CannotUndo(f"Claim {row.control_number} is not posted, so there is nothing to undo.{who}")
        rows.append(_Posted(row, row.claim_id, row.posted_at))
    return rows


def _refuse(page: Page, posted: _Posted) -> None:
    row = posted.row
    told = next(t for t in page.told if t.row.pk == row.pk)
    name = f"Claim {page.claim}, {row.remittance.payer} {row.remittance.trace}"
    if told.said.is_reversal:
        raise CannotUndo(f"{name}: this is the payer's own taking back. What undoes it is the payer's next answer.")
    if told.is_reversed:
        raise CannotUndo(f"{name}: the payer has taken this answer back already; nothing of it stands.")
    of = {r.id: r.answer for r in page.rows}
    if any(r.answer == row.pk and r.reverses and of.get(r.reverses) != row.pk for r in page.rows):
        raise CannotUndo(
            f"{name}: it stands in place of what a letter left of an earlier answer, which would be missing without it."
        )
    # Answers count on those before them in paying order, and the same payer's on what it said before.
    ranks = {r.answer: r.rank for r in ledger.standing(page.rows)}
    own = ranks.get(row.pk, 0), posted.at
    later = [
        t
        for t in page.told
        if (at := t.row.posted_at)
        and not (t.is_reversed or t.said.is_reversal)
        and (ranks.get(t.row.pk, own[0]), at) > own
    ]
    if later:
        behind = later[-1].row
        raise CannotUndo(
            f"{name}: {behind.remittance.payer} {behind.remittance.trace} was posted after it and counts on it. "
            f"Undo that answer first."
        )


def _mirror(page: Page, row: Adjudication, by: User | None) -> list[Posting]:
    """One reversal for each standing entry of the answer; posted today, because that is when the books change."""
    now, today = timezone.now(), timezone.localdate()
    made = []
    for entry in [r for r in ledger.standing(page.rows) if r.answer == row.pk]:
        posting = Posting(
            claim=page.claim,
            line_id=entry.line,
            adjudication=row,
            payer=row.remittance.payer,
            rank=entry.rank,
            kind=ledger.REVERSAL,
            group=entry.group,
            carc=entry.carc,
            rarc=list(entry.rarc),
            amount_cents=-entry.amount_cents,
            reverses_id=entry.id,
            note="undone here",
            posted_on=today,
            posted_at=now,
            by=by,
            key=hashlib.sha256(f"{entry.key}|undone".encode()).hexdigest(),
        )
        made.append(posting)
        page.rows.append(as_posted(posting))
    told = next(t for t in page.told if t.row.pk == row.pk)
    page.told.remove(told)
    return made


def _log(posted: _Posted, claim: Claim, kind: UndoKind, reason: str, entries: int, by: User | None) -> PostingUndo:
    return PostingUndo(
        adjudication=posted.row,
        claim=claim,
        kind=kind,
        reason=reason[:200],
        entries=entries,
        posted_at=posted.at,
        by=by,
    )


def _write(book: Book, rows: Sequence[Adjudication], entries: Sequence[Posting], kind: UndoKind, why: str) -> None:
    bulk = Bulk()
    payers = [payer for page in book.pages.values() for payer in _states_anew(page, rows)]
    for row in rows:
        row.posted_at, row.claim_payer, row.exceptions = None, None, [why[:300]]
        if kind != UndoKind.UNPOSTED:
            row.claim, row.matched_how, row.match_score = None, "", None
    bulk.update(rows, ["posted_at", "claim_payer", "exceptions", "claim", "matched_how", "match_score"])
    bulk.update([other for page in book.pages.values() for other in note_left_out(page)], ["exceptions"])
    bulk.insert(entries)
    bulk.update(payers, ["state", "answered_on", "payer_control_number", "crossover_until"])
    write_balances(bulk, book.pages.values())
    if kind != UndoKind.UNPOSTED:
        AdjudicatedLine.objects.filter(adjudication__in=[row.pk for row in rows]).update(line=None)


# --- what payers' states rested on it -------------------------------------------------------------------------------


def _states_anew(page: Page, gone: Sequence[Adjudication]) -> list[ClaimPayer]:
    """Payers of the claim whose state follows from an answer that is gone, put back to what the others say."""
    ids = {row.pk for row in gone}
    answered = {row.claim_payer_id for row in gone}
    forwarded = any(row.forwarded_by and row.claim_id == page.claim.pk for row in gone)
    still = [t for t in page.told if t.row.pk not in ids and t.row.posted_at and not t.said.is_reversal]
    changed = []
    for payer in page.payers:
        if payer.pk in answered:
            _answered_anew(payer, [t for t in still if t.row.claim_payer_id == payer.pk], page.rows)
            changed.append(payer)
        elif forwarded and payer.state == PayerState.FORWARDED and not any(_passes_on(t) for t in still):
            payer.state, payer.crossover_until = PayerState.EXPECTED, None
            changed.append(payer)
    return changed


def _passes_on(told: Told) -> bool:
    return bool(told.row.forwarded_by) and not told.is_reversed


def _answered_anew(payer: ClaimPayer, told: Sequence[Told], rows: Sequence[Posted]) -> None:
    standing = [t for t in told if not t.is_reversed]
    payer.crossover_until = None
    if standing:
        deciding = [t for t in standing if _decides(t, rows)]
        payer.state = PayerState.ADJUDICATED if deciding else PayerState.DENIED
        last = (deciding or standing)[-1].row
        payer.answered_on, payer.payer_control_number = last.answered_on, last.payer_control_number
        return
    payer.answered_on, payer.payer_control_number = None, ""
    if told:
        payer.state = PayerState.REVERSED
    else:
        payer.state = PayerState.SUBMITTED if payer.submitted_on else PayerState.EXPECTED


def _decides(told: Told, rows: Sequence[Posted]) -> bool:
    """As when it was posted: money moved, and not merely towards another payer, or there was none left to move."""
    mine = [r for r in ledger.standing(rows) if r.answer == told.row.pk]
    moved = any(
        r.carc not in POINTS_ELSEWHERE if r.kind == ledger.RESPONSIBILITY else bool(r.amount_cents) for r in mine
    )
    return moved or not denies(told.said)
