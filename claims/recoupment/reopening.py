"""When an earlier payer takes its answer back, what later payers paid has lost its ground: they are reopened.

A reopened payer is sent a correction (7), or a person says that its answer stays. When the earlier payer then says the
very same again, or an order puts the reopened one ahead of it, its answer stands as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet

from claims.models import Adjudication, Claim, ClaimPayer, Remittance
from claims.models.claim import PayerState
from claims.recoupment.claim_rows import settle_balances
from claims.recoupment.said_again import answered_as, grounded, said_again
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.turns import Turn, wait_for

REOPENED = "payer reopened"
_HAVE_ANSWERED = (PayerState.ADJUDICATED, PayerState.DENIED)
CHUNK = 1_000
_Row = TypeVar("_Row")


class NotReopened(ValueError):
    """Somebody has decided on it since; `str()` says how it stands."""


def reopen_later(taken_back: Iterable[Adjudication]) -> list[ClaimPayer]:
    """`taken_back`: answers that no longer stand, with `claim_payer`. The payers after them that had answered."""
    rows: list[ClaimPayer] = []
    for gone in _in_parts([row for row in taken_back if row.claim_id and row.claim_payer]):
        again = said_again(gone)
        first: dict[UUID | None, int] = {}
        for row in gone:
            if row.claim_payer and row.pk not in again:
                first[row.claim_id] = min(row.claim_payer.rank, first.get(row.claim_id, row.claim_payer.rank))
        later = ClaimPayer.objects.filter(claim__in=first, state__in=_HAVE_ANSWERED).select_related("claim", "payer")
        part = [row for row in later if row.rank > first[row.claim_id]]
        _move(part, PayerState.REOPENED, REOPENED, "A payer before it took its answer back.")
        rows += part
    return rows


def settle_same(remittance: Remittance) -> list[ClaimPayer]:
    """Payers reopened earlier whose ground is there again: every payer before them says what it said before."""
    here = Adjudication.objects.filter(remittance=remittance, claim=OuterRef("claim")).order_by()
    return _settle(ClaimPayer.objects.filter(Exists(here)), "The payer before it says the same as before.")


def settle_put_ahead(claim: Claim) -> list[ClaimPayer]:
    """Payers reopened earlier that an order has put ahead of the one that took its answer back."""
    return _settle(ClaimPayer.objects.filter(claim=claim), "No payer before it took an answer back.")


def _settle(payers: QuerySet[ClaimPayer], why: str) -> list[ClaimPayer]:
    back: list[ClaimPayer] = []
    for part in _in_parts(list(payers.filter(state=PayerState.REOPENED).select_related("claim", "payer"))):
        same = grounded(part)
        states = answered_as(same)
        for state in _HAVE_ANSWERED:
            _move([row for row in same if states[row.pk] == state], state, "payer's answer stands", why)
        back += same
    return back


def keep_answer(*, payer: ClaimPayer, because: str, by: User) -> None:
    """A person says that a reopened payer's answer stays. Raises NotReopened when it is no longer open."""
    with transaction.atomic():
        wait_for(Turn.POSTINGS)
        state = answered_as([payer])[payer.pk]
        kept = models.QuerySet.update(ClaimPayer.objects.filter(pk=payer.pk, state=PayerState.REOPENED), state=state)
        if not kept:
            payer.refresh_from_db()
            raise NotReopened(f"{payer.payer} is not reopened any more: {payer.get_state_display().lower()}.")
        said = {"state": state.value, "by": str(by)}
        record(
            "payer's answer stands",
            payer,
            patients=[payer.claim.patient_id],
            site_id=payer.claim.site_id,
            after=said,
            reason=because,
        )
        settle_balances([payer.claim_id])


def _move(rows: list[ClaimPayer], state: PayerState, verb: str, why: str) -> None:
    if not rows:
        return
    for row in rows:
        row.state = state
    with doing(verb, reason=why):
        ClaimPayer.objects.bulk_update(rows, ["state"])
    settle_balances({row.claim_id for row in rows})


def _in_parts(rows: list[_Row]) -> Iterator[list[_Row]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
