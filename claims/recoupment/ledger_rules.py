"""Invariants 15 and 16 of the provider's own ledger, asked of rows a whole table at a time; nothing is repaired."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q, QuerySet, Sum

from claims.invariants import Broken, in_words
from claims.ledger_rules import finds
from claims.models import ProviderAccount, ProviderAdjustment, ProviderEntry
from claims.recoupment.plb import Account, Move, reason_of
from cob.x12.plb import REASONS

_TERMS = {
    Move.NEW: 1,
    Move.APPLIED: -1,
    Move.REFUND: -1,
    Move.CREDITED: 1,
    Move.BOOKED: 1,
    Move.EXPLAINED: 1,
    Move.UNDONE: 1,
}


def provider_ledger_adds_up(
    accounts: QuerySet[ProviderAccount], entries: QuerySet[ProviderEntry], adjustments: QuerySet[ProviderAdjustment]
) -> Iterator[Broken]:
    """15: opening + new − applied − refunds = closing for every account, and every PLB pair stands in it once and to
    the cent, one typed wrongly and withdrawn not at all. 16: interest stands in its own account and on no claim. Four
    queries, whatever is on file."""
    yield from _closings(accounts, entries)
    yield from _each_pair_once(adjustments)
    yield from _withdrawn_is_out(entries)
    yield from _interest_apart(entries)


def _closings(accounts: QuerySet[ProviderAccount], entries: QuerySet[ProviderEntry]) -> Iterator[Broken]:
    rolled: dict[object, int] = {}
    sums = entries.order_by().values_list("account", "move").annotate(cents=Sum("amount_cents"))
    for account, move, cents in sums:
        # `applied` and `refund` rows are stored below zero: their size is what the formula subtracts.
        size = abs(cents) if _TERMS[Move(move)] < 0 else cents
        rolled[account] = rolled.get(account, 0) + _TERMS[Move(move)] * size
    for pk, reference, closing, claim in accounts.order_by().values_list("pk", "reference", "balance_cents", "claim"):
        is_ = rolled.get(pk, 0)
        if is_ != closing:
            named = reference or "without a reference"
            yield Broken("15", f"Account {named}: {in_words(closing)} stands, {in_words(is_)} is due.", claim)


def _each_pair_once(adjustments: QuerySet[ProviderAdjustment]) -> Iterator[Broken]:
    # A refund row beside a credit is a check that was never recorded: it is inferred, and no part of the PLB.
    counted = Sum("entries__amount_cents", filter=~Q(entries__move=Move.REFUND.value), default=0)
    rows = adjustments.filter(remittance__withdrawn_at=None).order_by().annotate(moved=counted)
    for row in rows.exclude(moved=-F("amount_cents")):
        said = f"PLB {row.reason} {row.reference} of {in_words(row.amount_cents)}"
        yield Broken("15", f"{said} moved the ledger by {in_words(row.moved)}.", remittance=row.remittance_id)


def _withdrawn_is_out(entries: QuerySet[ProviderEntry]) -> Iterator[Broken]:
    rows = entries.filter(remittance__withdrawn_at__isnull=False).order_by()
    left = rows.values("remittance", "account", "account__reference").annotate(cents=Sum("amount_cents"))
    for row in left.exclude(cents=0):
        named, cents = row["account__reference"] or "without a reference", in_words(row["cents"])
        why = f"A withdrawn paper EOB still moves account {named} by {cents}."
        yield Broken("15", why, remittance=row["remittance"])


def _interest_apart(entries: QuerySet[ProviderEntry]) -> Iterator[Broken]:
    reasons = [code for code in REASONS if reason_of(code).account is Account.INTEREST]
    elsewhere = entries.filter(adjustment__reason__in=reasons, move=Move.BOOKED.value).exclude(
        account__account=Account.INTEREST.value
    )
    for cents in elsewhere.order_by().values_list("amount_cents", flat=True):
        yield Broken("16", f"Interest of {in_words(cents)} stands in another account.")


@finds(15)
def check_provider_ledger() -> list[Broken]:
    """The rule over everything on file."""
    every = ProviderAccount.objects.all(), ProviderEntry.objects.all(), ProviderAdjustment.objects.all()
    return list(provider_ledger_adds_up(*every))
