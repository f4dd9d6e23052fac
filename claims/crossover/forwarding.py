"""An answer that hands its claim on, as it is posted: the payers that now wait, their watches, and what says otherwise.

Rows are collected and written with the chunk that the answers belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from claims.crossover.signs import (
    BY_SETTING,
    CAME_INCOMPLETE,
    NOT_FORWARDED,
    Later,
    Passing,
    not_forwarded,
    passing,
)
from claims.crossover.timing import timer
from claims.exchange.bulk import Bulk
from claims.exchange.pages import Page
from claims.exchange.places import Place
from claims.models import Adjudication, Claim, ClaimPayer, CrossoverNotice, CrossoverWatch, Heard
from claims.models.claim import PayerState
from cob.coverage.crossover.on_file import CrossoverOnFile
from cob.x12.t835 import Claim835

_REFUSED = "4"
_WAITED = frozenset({PayerState.EXPECTED})
_WAITED_ANEW = _WAITED | {PayerState.FORWARDED}
_TELLING = frozenset({CAME_INCOMPLETE, *NOT_FORWARDED})


class Forwarding:
    """What a chunk of answers hands on. The settings are read once, when the first answer may."""

    def __init__(self) -> None:
        self._watches: list[CrossoverWatch] = []
        self._notices: list[CrossoverNotice] = []

    @cached_property
    def _on_file(self) -> CrossoverOnFile:
        return CrossoverOnFile.read()

    def note(self, row: Adjudication, place: Place, page: Page, said: Claim835) -> list[ClaimPayer]:
        """Watch what the answer hands on; the payers whose state changed. `place.exceptions` may grow."""
        claim = page.claim
        if said.is_reversal:
            return []
        signs = said.crossover_signals
        remarks = {*said.remark_codes, *(code for line in said.lines for code in line.remark_codes)}
        rows = {p.rank: p for p in page.payers if p.rank > place.rank}
        if not signs and not remarks & _TELLING and not (rows and self._on_file.has_unannounced):
            row.forwarded_by, row.forwarded_to = [], ""
            return []
        later = [self._later(rows[rank], row.remittance.payer_id, claim) for rank in sorted(rows)]
        passed = passing(signs, said.crossover_carrier, later)
        if BY_SETTING in passed.signs and said.status == _REFUSED:
            # A refusal of the whole claim is handed on by nobody who does not say so.
            passed = Passing()
        row.forwarded_by = list(passed.signs)
        row.forwarded_to = (said.crossover_carrier.name if said.crossover_carrier else "")[:80]
        place.exceptions.extend(passed.doubts)
        self._failed(row, place, claim, rows, not_forwarded(sorted(remarks), later, passed.to), passed)
        if CAME_INCOMPLETE in remarks and place.payer is not None:
            self._tell(
                row, claim, place.payer, Heard.INCOMPLETE, CAME_INCOMPLETE, "the copy came without data it needs"
            )
        may_wait = _WAITED_ANEW if _corrects(page, place) else _WAITED
        waiting = [
            self._watch(row, claim, rows[one.rank], passed)
            for one in passed.to
            if rows[one.rank].state in may_wait or _was_turned_away(rows[one.rank])
        ]
        for one in passed.to:
            payer = rows[one.rank]
            if payer.state == PayerState.SUBMITTED and payer.submitted_on:
                place.exceptions.append(f"Passed on to {payer.payer}, to whom it was sent already: expect a duplicate.")
        return waiting

    def flush(self, bulk: Bulk) -> None:
        """Write the watches and notices of the chunk. An answer posted again is watched as before, not twice."""
        bulk.insert(_not_yet(CrossoverWatch, self._watches))
        bulk.insert(_not_yet(CrossoverNotice, self._notices))
        self._watches, self._notices = [], []

    def _later(self, row: ClaimPayer, sender: UUID, claim: Claim) -> Later:
        payer = row.payer
        terms = self._on_file.between(sender, payer.pk, claim.service_from)
        ids = {payer.edi_id, *(str(i) for i in payer.remit_ids), *self._on_file.coba_ids(payer.pk, claim.service_from)}
        return Later(
            rank=row.rank,
            kind=row.coverage.kind or payer.kind,
            name=payer.name,
            ids=frozenset(one.upper() for one in ids),
            is_off=terms is not None and not terms.is_on,
            is_unannounced=terms is not None and terms.is_on and not terms.is_announced,
        )

    def _watch(self, row: Adjudication, claim: Claim, payer: ClaimPayer, passed: Passing) -> ClaimPayer:
        wait = self._on_file.wait(row.remittance.payer_id, payer.payer_id, claim.service_from)
        ends = timer(row.answered_on, wait)
        payer.state, payer.crossover_until = PayerState.FORWARDED, ends.until
        self._watches.append(
            CrossoverWatch(
                claim=claim,
                claim_payer=payer,
                answer=row,
                sender=row.remittance.payer,
                forwarded_on=row.answered_on,
                signs=list(passed.signs),
                named=row.forwarded_to,
                check_on=ends.check_on,
                until=ends.until,
                refuses_early=wait.refuses_early,
                wait_source=wait.source,
            )
        )
        return payer

    def _failed(
        self,
        row: Adjudication,
        place: Place,
        claim: Claim,
        rows: dict[int, ClaimPayer],
        said: Sequence[tuple[str, Later]],
        passed: Passing,
    ) -> None:
        """Who gets no copy is not waited for; who is said to get one as well is waited for, and a person looks."""
        for code, one in said:
            if one in passed.to:
                by = ", ".join(passed.signs)
                place.exceptions.append(f"It says that {one.name} gets the claim ({by}) and that it does not ({code}).")
            else:
                self._tell(row, claim, rows[one.rank], Heard.REMARK, code, NOT_FORWARDED[code][0])

    def _tell(self, row: Adjudication, claim: Claim, payer: ClaimPayer, heard: Heard, code: str, words: str) -> None:
        self._notices.append(
            CrossoverNotice(
                claim=claim,
                claim_payer=payer,
                heard=heard,
                answer=row,
                code=code,
                told_on=row.answered_on,
                words=words[:300],
            )
        )


def _was_turned_away(payer: ClaimPayer) -> bool:
    """Our sending never got in and it has decided nothing: the copy is the first that it gets of the claim."""
    return payer.state == PayerState.REJECTED and payer.answered_on is None


def _corrects(page: Page, place: Place) -> bool:
    """The payer has taken back an answer of its before: what that one handed on is handed on anew."""
    mine = place.payer.pk if place.payer else None
    return any(told.is_reversed and told.row.claim_payer_id == mine for told in page.told)


R = TypeVar("R", CrossoverWatch, CrossoverNotice)


def _not_yet(model: type[R], rows: Sequence[R]) -> list[R]:
    """Those whose answer does not have one of the kind for the same payer already."""
    if not rows:
        return []
    on_file = model.objects.filter(answer__in=[row.answer_id for row in rows])
    known = set(on_file.values_list("answer", "claim_payer"))
    return [row for row in rows if (row.answer_id, row.claim_payer_id) not in known]
