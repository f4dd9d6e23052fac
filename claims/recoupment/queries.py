"""Reads for the pages of money taken back; each costs the same for one row as for fifty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from claims.models import Claim, Credit, ProviderAccount, ProviderEntry, Recoupment, Refund
from claims.models.recoupment import RefundState
from claims.recoupment.plb import Account, Move
from cob.accounts.models import User
from cob.coverage.models import Payer

# A check that came back although nothing is owed.
NOTHING_LEFT = Q(state=RefundState.RETURNED, account__balance_cents__lte=0)


def accounts_seen_by(user: User) -> QuerySet[ProviderAccount]:
    """Accounts of the user's sites."""
    rows: QuerySet[ProviderAccount] = ProviderAccount.objects.visible_to(user)
    return rows


@dataclass(frozen=True, slots=True)
class PayerLine:
    """One payer in the list: what stands on each kind of account."""

    payer: Payer
    owed_cents: int
    taken_cents: int
    unexplained_cents: int
    interest_cents: int
    other_cents: int
    open_accounts: int
    moved_on: date


_OTHER = [a.value for a in Account if a not in (Account.OWED, Account.UNEXPLAINED, Account.INTEREST)]


def payer_lines(user: User) -> list[PayerLine]:
    """Every payer the ledger has anything on, what is owed first. Two queries."""
    owed = Q(account=Account.OWED.value)
    sums = (
        accounts_seen_by(user)
        .order_by()
        .values("payer")
        .annotate(
            owed=Sum("balance_cents", filter=owed & Q(balance_cents__gt=0), default=0),
            taken=Sum("balance_cents", filter=owed & Q(balance_cents__lt=0), default=0),
            unexplained=Sum("balance_cents", filter=Q(account=Account.UNEXPLAINED.value), default=0),
            interest=Sum("balance_cents", filter=Q(account=Account.INTEREST.value), default=0),
            other=Sum("balance_cents", filter=Q(account__in=_OTHER), default=0),
            open=Count("pk", filter=~Q(balance_cents=0)),
        )
    )
    rows = {row["payer"]: row for row in sums}
    last = dict(accounts_seen_by(user).order_by("moved_on").values_list("payer", "moved_on"))
    found = []
    for payer in Payer.objects.filter(pk__in=rows).order_by("name"):
        row = rows[payer.pk]
        sums_of = (row["owed"], row["taken"], row["unexplained"], row["interest"], row["other"])
        found.append(PayerLine(payer, *sums_of, row["open"], last[payer.pk]))
    return sorted(found, key=lambda line: (line.taken_cents, -line.owed_cents, line.payer.name))


def accounts_of(payer: Payer, user: User, *, every: bool) -> QuerySet[ProviderAccount]:
    """A payer's accounts, last moved first; those at nothing only when asked for."""
    rows = accounts_seen_by(user).filter(payer=payer).select_related("claim__patient", "site")
    rows = rows.defer("claim__content").order_by("-moved_on", "reference", "pk")
    return rows if every else rows.exclude(balance_cents=0)


@dataclass(frozen=True, slots=True)
class RolledUp:
    """Opening + new − applied − refunds = closing, as the page shows it; a credited check is a refund come back."""

    opening_cents: int
    new_cents: int
    applied_cents: int
    refund_cents: int
    other_cents: int
    closing_cents: int


def rolled_up(account: ProviderAccount, entries: list[ProviderEntry], since: date | None = None) -> RolledUp:
    """The terms of invariant 15 from the account's rows; `since`: what came before that day is the opening."""
    before = [row for row in entries if since and row.posted_on < since]
    rows = entries[len(before) :] if since else entries

    def total(*moves: Move) -> int:
        return sum(row.amount_cents for row in rows if row.move in moves)

    return RolledUp(
        opening_cents=sum(row.amount_cents for row in before),
        new_cents=total(Move.NEW),
        applied_cents=-total(Move.APPLIED),
        refund_cents=-total(Move.REFUND, Move.CREDITED),
        other_cents=total(Move.BOOKED, Move.EXPLAINED, Move.UNDONE),
        closing_cents=account.balance_cents,
    )


def entries_of(account: ProviderAccount) -> list[ProviderEntry]:
    """Oldest first, with the paper behind each."""
    rows = account.entries.select_related("remittance", "adjustment", "recoupment", "refund", "by")
    return list(rows.order_by("posted_at", "pk"))


def demands_seen_by(user: User) -> QuerySet[Recoupment]:
    """Letters of the user's sites, open ones first by the day an answer is due."""
    rows: QuerySet[Recoupment] = Recoupment.objects.visible_to(user).select_related(
        "claim__patient", "claim__site", "payer", "account", "answer__remittance", "by", "decided_by", "closed_by"
    )
    return rows.defer("claim__content", "answer__content")


def demand_list(user: User, *, closed: bool) -> QuerySet[Recoupment]:
    rows = demands_seen_by(user).filter(closed_at__isnull=not closed)
    if closed:
        return rows.order_by("-letter_on", "pk")
    return rows.order_by(F("respond_by").asc(nulls_last=True), "letter_on", "pk")


def credits_seen_by(user: User) -> QuerySet[Credit]:
    rows: QuerySet[Credit] = Credit.objects.visible_to(user).select_related(
        "claim__patient", "claim__site", "payer", "settled_by"
    )
    return rows.defer("claim__content")


def credit_list(user: User, *, settled: bool) -> QuerySet[Credit]:
    """Open ones by the day they are due; those settled or found to be none, newest first."""
    over = Q(settled_on__isnull=False) | ~Q(no_credit_because="")
    rows = credits_seen_by(user)
    return rows.filter(over).order_by("-found_on", "pk") if settled else rows.exclude(over)


def refunds_seen_by(user: User) -> QuerySet[Refund]:
    rows: QuerySet[Refund] = Refund.objects.visible_to(user).select_related(
        "claim__patient", "claim__site", "payer", "account", "credit", "recoupment", "opened_by", "approved_by",
        "sent_by", "acknowledged_in",
    )  # fmt: skip
    return rows.defer("claim__content")


def refunds_under_way(user: User) -> QuerySet[Refund]:
    """Not over yet, the oldest first. One that came back for money the payer took besides is over."""
    over = Q(state__in=(RefundState.CLOSED, RefundState.WITHDRAWN)) | NOTHING_LEFT
    return refunds_seen_by(user).exclude(over).order_by("opened_at", "pk")


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """What hangs on a claim: demands, credits, refunds, and rows of the provider's ledger."""

    demands: list[Recoupment]
    credits: list[Credit]
    refunds: list[Refund]
    entries: list[ProviderEntry]

    @property
    def is_any(self) -> bool:
        return bool(self.demands or self.credits or self.refunds or self.entries)


def money_back_of(claim: Claim) -> MoneyBack:
    """Four queries."""
    return MoneyBack(
        list(claim.recoupments.select_related("payer").order_by("-letter_on")),
        list(claim.credits.select_related("payer").order_by("-found_on")),
        list(claim.refunds.select_related("payer").order_by("-opened_at")),
        list(claim.provider_entries.select_related("account__payer", "remittance").order_by("posted_at", "pk")),
    )


def accounts_by_adjustment(adjustments: list[UUID]) -> dict[UUID, ProviderAccount]:
    """Where each PLB of a remittance stands in the provider's ledger."""
    rows = ProviderEntry.objects.filter(adjustment__in=adjustments).select_related("account").order_by("posted_at")
    return {row.adjustment_id: row.account for row in rows if row.adjustment_id}
