"""Rows of the provider's own ledger: from a remittance, from a letter, from a refund, or from a person's explanation.

Whoever writes here is in a transaction and has its turn at the postings; an account's balance is moved with its rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.models import Claim, ProviderAccount, ProviderAdjustment, ProviderEntry, Refund, Remittance
from claims.models.recoupment import RefundState
from claims.recoupment.plb import Account, Move
from claims.recoupment.references import claims_named
from claims.recoupment.roll import Debt, Key, Known, Plb, Rolled, Row, SentRefund, roll
from cob.accounts.models import Site
from cob.audit.acting import doing, person
from cob.coverage.models import Payer

POSTED = "posted to the provider ledger"
_RECOVERY = "WO"


@dataclass(slots=True)
class Book:
    """The accounts of one payer while rows are added; `flush` writes both."""

    payer: Payer
    site: Site | None
    on: date
    accounts: dict[Key, ProviderAccount] = field(default_factory=dict)
    _rows: list[ProviderEntry] = field(default_factory=list)
    _fresh: list[ProviderAccount] = field(default_factory=list)
    _moved: dict[UUID, ProviderAccount] = field(default_factory=dict)
    _clock: datetime = field(default_factory=timezone.now)

    @classmethod
    def open(cls, payer: Payer, site: Site | None, on: date) -> Book:
        """Every account of the site that stands open with the payer, or whose check is on its way; others are looked up
        when they are moved."""
        sent = Refund.objects.filter(account=OuterRef("pk"), state=RefundState.SENT)
        rows = ProviderAccount.objects.select_for_update().filter(~Q(balance_cents=0) | Exists(sent), payer=payer)
        if site:
            rows = rows.filter(Q(site=site) | Q(site=None))
        accounts = {key_of(row): row for row in rows.order_by("opened_on", "pk")}
        return cls(payer, site, on, accounts)

    def account(self, key: Key, *, claim_id: UUID | None = None, reason: str = "") -> ProviderAccount:
        """The account of that key, opened if it was never there."""
        if key not in self.accounts:
            where = {"npi": key.npi, "account": key.account.value, "reference": key.reference}
            found = ProviderAccount.objects.select_for_update().filter(payer=self.payer, **where).first()
            self.accounts[key] = found or self._open(key, claim_id, reason)
        return self.accounts[key]

    def _open(self, key: Key, claim_id: UUID | None, reason: str) -> ProviderAccount:
        made = ProviderAccount(
            payer=self.payer,
            site=self.site,
            npi=key.npi,
            account=key.account.value,
            reason=reason,
            reference=key.reference,
            claim_id=claim_id,
            opened_on=self.on,
            moved_on=self.on,
        )
        self._fresh.append(made)
        return made

    def add(self, account: ProviderAccount, move: Move, cents: int, key: str, **paper: Any) -> None:
        """One row; `key` makes it post once. `paper`: the columns that name what is behind it."""
        self._clock += timedelta(microseconds=1)
        account.balance_cents += cents
        account.moved_on = max(account.moved_on, self.on)
        self._moved[account.pk] = account
        paper.setdefault("claim_id", account.claim_id)
        self._rows.append(
            ProviderEntry(
                account=account,
                move=move.value,
                amount_cents=cents,
                posted_on=self.on,
                posted_at=self._clock,
                by=person(),
                key=hashlib.sha256(key.encode()).hexdigest(),
                **paper,
            )
        )

    def flush(self) -> None:
        """Accounts, then their rows; one event for each kind."""
        with doing(POSTED):
            if self._fresh:
                ProviderAccount.objects.bulk_create(self._fresh)
            fresh = {account.pk for account in self._fresh}
            moved = [account for pk, account in self._moved.items() if pk not in fresh]
            if moved:
                ProviderAccount.objects.bulk_update(moved, ["balance_cents", "moved_on"])
            if self._rows:
                ProviderEntry.objects.bulk_create(self._rows)
        self._fresh, self._rows, self._moved = [], [], {}


def key_of(account: ProviderAccount) -> Key:
    return Key(account.npi, Account(account.account), account.reference)


def refund_key(claim: Claim) -> Key:
    """Where a refund that nobody demanded is booked."""
    return Key(claim.site.npi, Account.OWED, claim.control_number)


# --- from a remittance ------------------------------------------------------------------------------------------------


def post_adjustments(remittance: Remittance) -> Rolled:
    """Every PLB of a remittance, once: doing it again adds nothing, and what was withdrawn brings nothing."""
    rows = list(
        ProviderAdjustment.objects.filter(remittance=remittance)
        .exclude(Exists(ProviderEntry.objects.filter(adjustment=OuterRef("pk"))))
        .order_by("reason", "reference", "amount_cents", "pk")
    )
    if not rows or remittance.withdrawn_at:
        return Rolled()
    book = Book.open(remittance.payer, remittance.site, remittance.paid_on)
    known = _known(book, rows, remittance)
    done = roll([Plb(r.pk, r.provider, r.reason, r.reference, r.amount_cents) for r in rows], known)
    for number, row in enumerate(done.rows):
        _write(book, remittance, row, number)
    book.flush()
    _settle_refunds(remittance, done)
    return done


def _known(book: Book, rows: Sequence[ProviderAdjustment], remittance: Remittance) -> Known:
    debts = _debts(book)
    sent = Refund.objects.filter(payer=remittance.payer, state=RefundState.SENT).select_related("account")
    if remittance.site_id:
        sent = sent.filter(claim__site=remittance.site_id)
    refunds = []
    for r in sent.order_by("sent_on", "pk"):
        key = key_of(r.account) if r.account else None
        refunds.append(SentRefund(r.pk, r.check_number, r.amount_cents, key, r.claim_id))
        if key and key not in debts:
            account = book.account(key)
            debts[key] = Debt(account.balance_cents, account.claim_id, account.reason)
    claims = claims_named({row.reference for row in rows}, remittance.payer, remittance.site_id)
    return Known(debts, claims, refunds)


def _debts(book: Book) -> dict[Key, Debt]:
    return {
        key: Debt(account.balance_cents, account.claim_id, account.reason)
        for key, account in book.accounts.items()
        if key.account is Account.OWED
    }


def _write(book: Book, remittance: Remittance, row: Row, number: int) -> None:
    account = book.account(row.key, claim_id=row.claim, reason=row.plb.reason)
    book.add(
        account,
        row.move,
        row.amount_cents,
        f"plb|{row.plb.id}|{number}",
        adjustment_id=row.plb.id,
        remittance=remittance,
        claim_id=row.claim or account.claim_id,
        refund_id=row.refund,
        note=row.note,
    )


def _settle_refunds(remittance: Remittance, done: Rolled) -> None:
    for pk, state in [(pk, RefundState.CLOSED) for pk in done.acknowledged] + [
        (pk, RefundState.RETURNED) for pk in done.returned
    ]:
        because = "Acknowledged" if state == RefundState.CLOSED else "Credited to us again"
        refund = Refund.objects.get(pk=pk)
        with doing("refund acknowledged" if state == RefundState.CLOSED else "refund came back"):
            refund.state, refund.acknowledged_on, refund.acknowledged_in = state, remittance.paid_on, remittance
            refund.ended_because = f"{because} in payment {remittance.trace}."[:300]
            refund.save(update_fields=["state", "acknowledged_on", "acknowledged_in", "ended_because"])


def post_missed() -> int:
    """Remittances that came in before there was a provider ledger, oldest first. Returns how many."""
    missing = ProviderAdjustment.objects.filter(
        ~Exists(ProviderEntry.objects.filter(adjustment=OuterRef("pk"))), remittance=OuterRef("pk")
    ).exclude(amount_cents=0)
    rows = Remittance.objects.counted().filter(Exists(missing)).select_related("payer", "site")
    found = list(rows.order_by("paid_on", "created_at"))
    for remittance in found:
        post_adjustments(remittance)
    return len(found)


def take_out(remittance: Remittance, why: str) -> int:
    """Mirror every row a remittance brought, because it was typed wrongly; refunds it acknowledged are on their way
    again. What somebody has explained meanwhile stays explained, and its account shows what is missing now. Returns
    how many rows were mirrored; doing it again mirrors nothing."""
    rows = list(
        ProviderEntry.objects.filter(remittance=remittance)
        .exclude(move=Move.UNDONE.value)
        .exclude(remittance__provider_entries__move=Move.UNDONE.value)
        .order_by("posted_at", "pk")
    )
    accounts = ProviderAccount.objects.select_for_update().filter(pk__in={row.account_id for row in rows})
    by_id = {account.pk: account for account in accounts}
    book = Book(remittance.payer, remittance.site, timezone.localdate())
    for row in rows:
        paper = {
            "adjustment_id": row.adjustment_id,
            "adjudication_id": row.adjudication_id,
            "remittance": remittance,
            "recoupment_id": row.recoupment_id,
            "refund_id": row.refund_id,
            "claim_id": row.claim_id,
        }
        book.add(by_id[row.account_id], Move.UNDONE, -row.amount_cents, f"undone|{row.pk}", note=why[:200], **paper)
    book.flush()
    for refund in Refund.objects.filter(acknowledged_in=remittance):
        with doing("refund sent", reason=why):
            refund.state, refund.acknowledged_on, refund.acknowledged_in = RefundState.SENT, None, None
            refund.ended_because = ""
            refund.save(update_fields=["state", "acknowledged_on", "acknowledged_in", "ended_because"])
    return len(rows)


# --- from a person ----------------------------------------------------------------------------------------------------


def explain(account: ProviderAccount, to: Account, claim: Claim | None, note: str, on: date) -> ProviderAccount:
    """Move what nobody could map to the account it belongs to; the account that has it now. What is owed or was taken
    meets what stands for the same already, as it would from a remittance."""
    book = Book.open(account.payer, account.site, on)
    book.accounts[key_of(account)] = account
    cents, said, claim_id = account.balance_cents, note[:200], claim.pk if claim else None
    parts = [(Key(account.npi, to, account.reference), cents, claim_id)]
    if to is Account.OWED:
        parts = _where(book, account, claim)
    stamp = f"explain|{account.pk}|{account.entries.count()}"
    book.add(account, Move.EXPLAINED, -cents, f"{stamp}|from", note=said)
    there = account
    for number, (key, part, of) in enumerate(parts):
        there = book.account(key, claim_id=of, reason=account.reason)
        book.add(there, Move.EXPLAINED, part, f"{stamp}|to|{number}", note=said, claim_id=of)
    book.flush()
    return there


def _where(book: Book, account: ProviderAccount, claim: Claim | None) -> list[tuple[Key, int, UUID | None]]:
    """Rolled as a WO under the claim's number, or under its own reference."""
    reference = claim.control_number if claim else account.reference
    named = {reference: claim.pk} if claim else claims_named({reference}, account.payer, account.site_id)
    plb = Plb(account.pk, account.npi, _RECOVERY, reference, -account.balance_cents)
    return [(row.key, row.amount_cents, row.claim) for row in roll([plb], Known(_debts(book), named)).rows]


def totals(accounts: Iterable[ProviderAccount]) -> dict[Account, int]:
    """What stands on each kind of account."""
    found: dict[Account, int] = {}
    for row in accounts:
        kind = Account(row.account)
        found[kind] = found.get(kind, 0) + row.balance_cents
    return found
