"""When an earlier payer takes its answer back, what later payers paid has lost its ground: they are reopened.

A reopened payer is sent a correction (7), or a person says that its answer stays. When the earlier payer then says the
very same again, nothing has changed and the later answer stands as before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from claims.models import Adjudication, ClaimPayer, Posting, Remittance
from claims.models.claim import PayerState
from claims.models.posting import PostingKind
from claims.reasons import POINTS_ELSEWHERE, is_denial
from claims.recoupment.claim_rows import settle_balances
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.turns import Turn, wait_for
from cob.x12.parts import Adjustment

REOPENED = "payer reopened"
_HAVE_PAID = (PayerState.ADJUDICATED, PayerState.DENIED)
_Said = tuple[int, tuple[tuple[tuple[str, str], int], ...]]


class NotReopened(ValueError):
    """Somebody has decided on it since; `str()` says how it stands."""


def reopen_later(taken_back: Iterable[Adjudication]) -> list[ClaimPayer]:
    """`taken_back`: answers that no longer stand, with `claim_payer`. The payers after them that had answered."""
    first: dict[UUID, int] = {}
    for answer in taken_back:
        if answer.claim_id and answer.claim_payer and not _said_again(answer):
            first[answer.claim_id] = min(answer.claim_payer.rank, first.get(answer.claim_id, answer.claim_payer.rank))
    later = Q(pk=None)
    for claim_id, rank in first.items():
        later |= Q(claim=claim_id, rank__gt=rank)
    rows = list(ClaimPayer.objects.filter(later, state__in=_HAVE_PAID).select_related("claim", "payer"))
    _move(rows, PayerState.REOPENED, REOPENED, "A payer before it took its answer back.")
    return rows


def settle_same(remittance: Remittance) -> list[ClaimPayer]:
    """Payers reopened earlier whose ground is there again: every payer before them says what it said before."""
    here = Adjudication.objects.filter(remittance=remittance, claim=OuterRef("claim")).order_by()
    rows = ClaimPayer.objects.filter(Exists(here), state=PayerState.REOPENED).select_related("claim", "payer")
    back = [row for row in rows if _is_grounded(row)]
    for state in _HAVE_PAID:
        same = [row for row in back if _answered_as(row) == state]
        _move(same, state, "payer's answer stands", "The payer before it says the same as before.")
    return back


def keep_answer(*, payer: ClaimPayer, because: str, by: User) -> None:
    """A person says that a reopened payer's answer stays. Raises NotReopened when it is no longer open."""
    with transaction.atomic():
        wait_for(Turn.POSTINGS)
        kept = models.QuerySet.update(
            ClaimPayer.objects.filter(pk=payer.pk, state=PayerState.REOPENED), state=_answered_as(payer)
        )
        if not kept:
            payer.refresh_from_db()
            raise NotReopened(f"{payer.payer} is not reopened any more: {payer.get_state_display().lower()}.")
        said = {"state": _answered_as(payer).value, "by": str(by)}
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


def _answered_as(row: ClaimPayer) -> PayerState:
    """Whether what stands of its answers decided the claim or refused it."""
    money = Posting.objects.filter(claim=row.claim_id, adjudication__claim_payer=row, reverses=None, reversal=None)
    money = money.exclude(amount_cents=0).exclude(kind=PostingKind.RESPONSIBILITY, carc__in=POINTS_ELSEWHERE)
    decided = money.exists() or any(not _refuses(answer) for answer in _standing(row.claim_id, row.pk))
    return PayerState.ADJUDICATED if decided else PayerState.DENIED


def _refuses(answer: Adjudication) -> bool:
    rows = answer.adjustments.values_list("group", "reason", "amount_cents")
    return bool(answer.charge_cents) and is_denial(answer.status, [Adjustment(*row) for row in rows])


def _standing(claim_id: UUID | None, payer_id: UUID | None) -> models.QuerySet[Adjudication]:
    """What a payer says of the claim now: posted, and taken back neither by a reversal nor by letter."""
    return Adjudication.objects.filter(
        claim=claim_id, claim_payer=payer_id, reversed_by=None, recoupment=None, posted_at__isnull=False
    ).exclude(status__in=("22", "25"))


def _is_grounded(row: ClaimPayer) -> bool:
    """Whether for each answer taken back before this payer the same has been said again."""
    gone = Adjudication.objects.filter(claim=row.claim_id, claim_payer__rank__lt=row.rank)
    gone = gone.filter(Q(reversed_by__isnull=False) | Q(recoupment__isnull=False)).distinct()
    return all(_said_again(answer) for answer in gone)


def _said_again(gone: Adjudication) -> bool:
    """A later answer of the same payer, standing, with the same payment and the same adjustments."""
    standing = _standing(gone.claim_id, gone.claim_payer_id).exclude(status="23").exclude(pk=gone.pk)
    same = _said(gone)
    return any(_said(answer) == same for answer in standing)


def _said(answer: Adjudication) -> _Said:
    sums: Counter[tuple[str, str]] = Counter()
    for group, reason, cents in answer.adjustments.values_list("group", "reason", "amount_cents"):
        sums[group, reason] += cents
    return answer.paid_cents, tuple(sorted(sums.items()))
