"""Money a payer takes back or took back, and what hangs on it: demands, offsets, reversals, later payers reopened."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from claims.models import ClaimPayer, ProviderAccount, Recoupment, Refund
from claims.models.claim import PayerState
from claims.models.recoupment import RefundState
from claims.recoupment.plb import Account
from cob.cents import dollars
from workqueues.asks import denials
from workqueues.asks.asking import Ask, Found, Scope

SLUG = "recoupment"
DEMAND, ACCOUNT, PAYER, REFUND = "claims.recoupment", "claims.provideraccount", "claims.claimpayer", "claims.refund"
SOON = timedelta(days=10)


def _accounts(scope: Scope) -> QuerySet[ProviderAccount]:
    rows = ProviderAccount.objects.order_by()
    if scope.is_everything:
        return rows
    patients, files = scope.patients or (), scope.files or ()
    return rows.filter(Q(claim__patient__in=patients) | Q(entries__remittance__file__in=files)).distinct()


def found(scope: Scope, today: date) -> Iterator[Found]:
    yield from denials.owned_by(SLUG, scope)
    yield from _demands(scope, today)
    yield from _offsets(scope)
    yield from _taken_back(scope)
    yield from _returned(scope)


def _demands(scope: Scope, today: date) -> Iterator[Found]:
    rows = scope.of(Recoupment.objects.filter(closed_at=None).order_by()).select_related("payer", "claim", "account")
    for row in rows.defer("claim__content").iterator(chunk_size=2000):
        left = row.account.balance_cents if row.account else row.amount_cents
        yield Found(
            subject_type=DEMAND,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=_demand_words(row),
            codes=("under_appeal" if row.is_under_appeal else f"demand_{row.decision or 'open'}",),
            amount_cents=max(left, 0) or row.amount_cents,
            limit_on=row.answer_by if row.is_unanswered else None,
            since=row.received_on,
            has_legal_clock=row.is_unanswered and row.answer_by - today <= SOON,
        )


def _demand_words(row: Recoupment) -> str:
    asks = f"{row.payer} demands {dollars(row.amount_cents)} back (letter {row.reference})"
    if row.is_under_appeal:
        return f"{asks}; under appeal, nothing is written off."
    if row.is_unanswered:
        what = "disputed: appeal it" if row.decision else "decide whether it is valid"
        silent = "" if row.respond_by else f" It sets no day: {row.answer_by:%m/%d/%Y} is 30 days from it, unconfirmed."
        return f"{asks}: {what}.{silent}"
    if row.account and row.account.balance_cents > 0:
        return f"{asks}; {dollars(row.account.balance_cents)} is neither refunded nor taken yet."
    return f"{asks}; the money is settled, close it."


def _offsets(scope: Scope) -> Iterator[Found]:
    """A demand's own account is the demand's item; a forward balance above zero is the payer's next remittance."""
    demanded = Recoupment.objects.filter(account=OuterRef("pk"), closed_at=None)
    owed = Q(account=Account.OWED, balance_cents__gt=0, reason="WO") & ~Exists(demanded)
    taken = Q(account=Account.OWED, balance_cents__lt=0)
    unread = Q(account=Account.UNEXPLAINED) & ~Q(balance_cents=0)
    rows = _accounts(scope).filter(owed | taken | unread).select_related("payer", "claim").defer("claim__content")
    for row in rows.iterator(chunk_size=2000):
        reason, code = _offset_words(row)
        yield Found(
            subject_type=ACCOUNT,
            subject_id=row.pk,
            patient_id=row.claim.patient_id if row.claim else None,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id if row.claim else row.site_id,
            reason=reason,
            codes=(code,),
            amount_cents=abs(row.balance_cents),
            since=row.moved_on,
        )


def _offset_words(row: ProviderAccount) -> tuple[str, str]:
    under = f" under {row.reference}" if row.reference else ""
    cents = dollars(abs(row.balance_cents))
    if row.account == Account.UNEXPLAINED:
        way = "took" if row.balance_cents < 0 else "gave"
        return (
            f"{row.payer} {way} {cents}{under} (PLB {row.reason}): read the reference and say what it is.",
            "read_plb",
        )
    if row.balance_cents < 0:
        return f"{row.payer} took {cents}{under} and nothing on file explains it.", "unexplained_offset"
    return f"{row.payer} will take {cents}{under}: decide whether that is right.", "offset_announced"


def _taken_back(scope: Scope) -> Iterator[Found]:
    demanded = Recoupment.objects.filter(claim=OuterRef("claim"), payer=OuterRef("payer"), closed_at=None)
    states = (PayerState.REVERSED, PayerState.REOPENED)
    if not scope.has_payers(*states):
        return
    rows = scope.of(ClaimPayer.objects.filter(state__in=states, claim__is_void=False).order_by())
    rows = rows.filter(~(Q(state=PayerState.REVERSED) & Exists(demanded))).select_related("claim", "payer")
    for row in rows.defer("claim__content").iterator(chunk_size=2000):
        is_reversed = row.state == PayerState.REVERSED
        says = (
            f"{row.payer} took its answer back and has not corrected it."
            if is_reversed
            else f"{row.payer} paid on an answer that was taken back: send it a correction (7), or keep its answer."
        )
        yield Found(
            subject_type=PAYER,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=says,
            codes=("reversed" if is_reversed else "basis_gone",),
            amount_cents=max(row.claim.insurer_open_cents, 0),
            since=row.answered_on,
        )


def _returned(scope: Scope) -> Iterator[Found]:
    rows = scope.of(Refund.objects.filter(state=RefundState.RETURNED).order_by()).select_related("claim", "payer")
    rows = rows.exclude(account__balance_cents__lte=0)
    for row in rows.defer("claim__content").iterator(chunk_size=2000):
        yield Found(
            subject_type=REFUND,
            subject_id=row.pk,
            patient_id=row.claim.patient_id,
            claim_id=row.claim_id,
            payer_id=row.payer_id,
            site_id=row.claim.site_id,
            reason=f"{row.payer} sent check {row.check_number} back: find out why, and give the money back again.",
            codes=("refund_returned",),
            amount_cents=row.amount_cents,
            since=row.acknowledged_on,
        )


def of_nobody(scope: Scope) -> tuple[QuerySet[Any], ...]:
    return () if scope.is_everything else (_accounts(scope).values("pk"),)


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    demands = Recoupment.objects.filter(pk__in=ids).values_list("pk", "closed_because")
    accounts = ProviderAccount.objects.filter(pk__in=ids).values_list("pk", flat=True)
    payers = ClaimPayer.objects.filter(pk__in=ids).annotate(name=F("payer__name")).values_list("pk", "name", "state")
    refunds = Refund.objects.filter(pk__in=ids).values_list("pk", flat=True)
    words = {PayerState.SUBMITTED: "The claim was sent to {} again.", PayerState.ADJUDICATED: "{}'s answer stands."}
    said = {pk: because or "The demand is closed." for pk, because in demands}
    said |= dict.fromkeys(accounts, "The ledger with the payer comes to nothing here.")
    said |= {pk: words.get(PayerState(state), "{} has it no longer.").format(name) for pk, name, state in payers}
    return denials.gone(ids) | said | dict.fromkeys(refunds, "The refund is over.")


ASK = Ask(found=found, gone=gone, of_nobody=of_nobody)
