"""An answer that came before anybody knew its claim is matched later: by a person, or when the claim comes in.

Its money was kept all the time; matching posts it, without another import.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import prefetch_related_objects

from claims.exchange.bulk import Bulk
from claims.exchange.posting import Book
from claims.matching import same_charge, same_name, tie_lines, with_coverages, with_everything
from claims.models import AdjudicatedLine, Adjudication, Claim, Line
from claims.models.undo import UndoKind
from claims.recoupment.follow import follow_match
from claims.weighing import known_of, weigh
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.turns import Turn, wait_for
from cob.x12.stored import load_835
from cob.x12.t835 import Claim835

MATCHED = "adjudication matched"
POSTED_AGAIN = "adjudication posted again"


class AlreadyMatched(ValueError):
    """Somebody was quicker; `str()` says to which claim the answer belongs now."""


def match_later(adjudication: Adjudication, claim: Claim, by: User | None, *, how: str = "") -> Adjudication:
    """Give an unmatched answer its claim and post it; its exceptions say if it could not be posted.

    Raises AlreadyMatched when it has a claim by now. `how` is what the page shows; empty: matched by that person.
    """
    with transaction.atomic(), doing(MATCHED):
        wait_for(Turn.POSTINGS)
        signs = (how or f"matched by {by or 'a task'}")[:120]
        free = Adjudication.objects.filter(pk=adjudication.pk, claim=None, remittance__withdrawn_at=None)
        if not free.update(claim=claim, matched_how=signs):
            adjudication.refresh_from_db()
            raise AlreadyMatched(_taken(adjudication))
        row = Adjudication.objects.select_related("remittance__payer").get(pk=adjudication.pk)
        fresh = with_everything(Claim.objects.filter(pk=claim.pk))
        row.match_score = weigh(known_of(fresh[0]), load_835(row.content)).score
        _post([row], fresh)
    adjudication.refresh_from_db()
    return adjudication


def post_again(adjudication: Adjudication) -> Adjudication:
    """Post an answer whose posting was undone, to the claim it has. Raises AlreadyMatched when it is posted by now."""
    with transaction.atomic(), doing(POSTED_AGAIN):
        wait_for(Turn.POSTINGS)
        waiting = Adjudication.objects.filter(pk=adjudication.pk, posted_at=None, claim__isnull=False)
        row = waiting.select_related("remittance__payer").first()
        if row is None or row.remittance.withdrawn_at:
            adjudication.refresh_from_db()
            raise AlreadyMatched(_taken(adjudication))
        _post([row], with_everything(Claim.objects.filter(pk=row.claim_id)), verb=POSTED_AGAIN)
    adjudication.refresh_from_db()
    return adjudication


def _taken(adjudication: Adjudication) -> str:
    """Who was quicker, in words."""
    if adjudication.remittance.withdrawn_at:
        return "This answer was withdrawn: it was typed wrongly, and its paper EOB is typed anew."
    if adjudication.claim is None:
        return "This answer was taken off its claim meanwhile. Find its claim first."
    return f"This answer belongs to claim {adjudication.claim} already ({adjudication.matched_how})."


def match_waiting(claims: Iterable[Claim]) -> list[Adjudication]:
    """Claims that came in just now: post the answers that have been waiting for them under our own number.

    The charge or the patient has to agree as well; what is doubtful keeps waiting for a person.
    """
    by_number = {claim.control_number: claim for claim in claims}
    unmatched = Adjudication.objects.filter(claim=None, remittance__withdrawn_at=None)
    # What a person took off a claim, a person matches again.
    unmatched = unmatched.exclude(undos__kind=UndoKind.UNMATCHED)
    waiting = unmatched.filter(control_number__in=by_number).select_related("remittance__payer")
    rows = list(waiting.as_heard())
    if not rows:
        return []
    wanted = {by_number[row.control_number].pk for row in rows}
    fresh = {c.pk: c for c in with_everything(Claim.objects.filter(pk__in=wanted))}
    matched = []
    for row in rows:
        claim = fresh[by_number[row.control_number].pk]
        if _agrees(row, claim, load_835(row.content)):
            row.claim, row.matched_how = claim, "our claim number, when the claim came in"
            row.match_score = weigh(known_of(claim), load_835(row.content)).score
            matched.append(row)
    if matched:
        with doing(MATCHED):
            _post(matched, [fresh[row.claim_id] for row in matched if row.claim_id])
    return matched


def _agrees(row: Adjudication, claim: Claim, said: Claim835) -> bool:
    site = row.remittance.site_id
    return (site is None or site == claim.site_id) and (same_charge(claim, said) or same_name(claim, said))


def _post(rows: list[Adjudication], claims: Iterable[Claim], *, verb: str = MATCHED) -> None:
    """Tie the lines, post, and say so: one event an answer."""
    prefetch_related_objects(rows, "lines")
    lines: list[AdjudicatedLine] = []
    book = Book({claim.pk: claim for claim in claims}.values(), but=rows)
    for payer in {row.remittance.payer for row in rows}:
        with_coverages((page.claim for page in book.pages.values()), payer)
    for row in rows:
        said = load_835(row.content)
        claim = book.pages[row.claim_id].claim  # type: ignore[index]  # matched by the caller
        row.claim, row.exceptions = claim, []
        tied = tie_lines(claim.lines.all(), said.lines)
        lines.extend(_tie(row, tied))
        book.post(row, said, tied)
    book.put_in_order()
    bulk = Bulk()
    bulk.update(
        rows,
        ["claim", "matched_how", "match_score", "posted_at", "claim_payer", "exceptions", "reverses", "forwarded_by"],
    )
    bulk.update(lines, ["line"])
    book.flush(bulk, rows)
    for row in rows:
        follow_match(row)
        after = {"claim": str(row.claim_id), "how": row.matched_how, "posted": row.posted_at is not None}
        record(verb, row, patients=row.audit_patients(), site_id=row.remittance.site_id, after=after)


def _tie(row: Adjudication, tied: list[Line | None]) -> Iterator[AdjudicatedLine]:
    for answered, line in zip(row.lines.all(), tied, strict=True):
        if line:
            answered.line = line
            yield answered
