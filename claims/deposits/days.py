"""A bank day: each deposit with the remittances it pays, what is posted of them, and what explains the rest.

    difference = deposited − (posted − provider adjustments)

It is zero when every deposit equals its remittances and all of their money is in the ledger.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from claims.deposits.figures import Sums, sums_of
from claims.deposits.tying import plain
from claims.models import DayClose, Deposit, DepositTie, EdiFile, Remittance
from claims.models.edi_file import Outcome
from cob.accounts.models import Site
from cob.cents import dollars


@dataclass(frozen=True, slots=True)
class Paid:
    """A remittance in a deposit with its sums."""

    tie: DepositTie
    sums: Sums


@dataclass(slots=True)
class DepositRow:
    """One deposit: what it pays and what is not explained."""

    deposit: Deposit
    paid: list[Paid] = field(default_factory=list)
    because: list[str] = field(default_factory=list)

    @property
    def sums(self) -> Sums:
        return sum((p.sums for p in self.paid), Sums())

    @property
    def bank_cents(self) -> int:
        """Deposited beyond what the remittances say."""
        return self.deposit.amount_cents - self.sums.remitted_cents

    @property
    def difference_cents(self) -> int:
        return self.deposit.amount_cents - self.sums.posted_cents + self.sums.provider_cents


@dataclass(frozen=True, slots=True)
class Day:
    """One site's bank day."""

    site: Site
    day: date
    deposits: list[DepositRow]
    close: DayClose | None

    @property
    def deposited_cents(self) -> int:
        return sum(row.deposit.amount_cents for row in self.deposits)

    @property
    def sums(self) -> Sums:
        return sum((row.sums for row in self.deposits), Sums())

    @property
    def difference_cents(self) -> int:
        return sum(row.difference_cents for row in self.deposits)

    @property
    def figures(self) -> dict[str, int]:
        """As they are kept with a closing."""
        sums = self.sums
        return {
            "deposited": self.deposited_cents,
            "remitted": sums.remitted_cents,
            "posted": sums.posted_cents,
            "provider": sums.provider_cents,
            "unmatched": sums.unmatched_cents,
            "waiting": sums.waiting_cents,
            "exceptions": sums.odd,
        }

    @property
    def changed_since(self) -> bool:
        """Closed, and something came after it."""
        return self.close is not None and self.close.figures != self.figures


def day_of(site: Site, day: date) -> Day:
    """One day with everything on it."""
    deposits = Deposit.objects.counted().filter(site=site, deposited_on=day).select_related("by", "bank_file", "site")
    rows = rows_of(deposits.order_by("-amount_cents", "trace"))
    close = DayClose.objects.filter(site=site, day=day, reopened_at=None).select_related("by").first()
    return Day(site, day, rows, close)


def days_of(keys: Sequence[tuple[uuid.UUID, date]]) -> list[Day]:
    """Several days in the order given, in as many queries as one."""
    if not keys:
        return []
    sites = Site.objects.in_bulk({site for site, _ in keys})
    wanted = {day for _, day in keys}
    deposits = Deposit.objects.counted().filter(site__in=sites, deposited_on__in=wanted).select_related("site")
    by_day: dict[tuple[uuid.UUID, date], list[DepositRow]] = defaultdict(list)
    for row in rows_of(deposits):
        by_day[row.deposit.site_id, row.deposit.deposited_on].append(row)
    closes = DayClose.objects.filter(site__in=sites, day__in=wanted, reopened_at=None).select_related("by")
    closed = {(close.site_id, close.day): close for close in closes}
    return [Day(sites[site], day, by_day[site, day], closed.get((site, day))) for site, day in keys]


def rows_of(deposits: Iterable[Deposit]) -> list[DepositRow]:
    """Deposits with what they pay and why the rest is left, in a fixed number of queries."""
    rows = {deposit.pk: DepositRow(deposit) for deposit in deposits}
    tied = DepositTie.objects.filter(deposit__in=rows).select_related("remittance__payer", "by")
    found = list(tied.order_by("at"))
    sums = sums_of([tie.remittance for tie in found])
    for tie in found:
        rows[tie.deposit_id].paid.append(Paid(tie, sums[tie.remittance_id]))
    held = _held_back({row.deposit.site_id for row in rows.values()})
    for row in rows.values():
        row.because = list(_because(row, held))
    return list(rows.values())


def _because(row: DepositRow, held: dict[str, tuple[str, int]]) -> Iterable[str]:
    """What explains a difference, the bank's side first."""
    if not row.paid:
        name, cents = held.get(plain(row.deposit.trace), ("", 0)) if row.deposit.trace else ("", 0)
        if name:
            yield f"Its remittance is held back in {name} ({dollars(cents)}): see the file for what is wrong."
        else:
            yield "No remittance has come for it."
        return
    if row.bank_cents:
        side = "more" if row.bank_cents > 0 else "less"
        yield f"{dollars(abs(row.bank_cents))} {side} was deposited than its remittances say."
    for paid in row.paid:
        yield from _because_remittance(paid.tie.remittance, paid.sums)


def _because_remittance(remittance: Remittance, sums: Sums) -> Iterable[str]:
    name = remittance.trace
    if sums.unmatched:
        what = "answer fits" if sums.unmatched == 1 else "answers fit"
        yield f"{name}: {sums.unmatched} {what} no claim, {dollars(sums.unmatched_cents)}."
    if sums.waiting:
        what = "answer is" if sums.waiting == 1 else "answers are"
        yield f"{name}: {sums.waiting} {what} not posted, {dollars(sums.waiting_cents)}."
    plb_cents = sums.provider_cents - sums.letter_cents
    for what, cents in (("provider adjustments (PLB)", plb_cents), ("answers beside a letter", sums.letter_cents)):
        if cents:
            yield f"{name}: {what} {'lowered' if cents > 0 else 'raised'} the payment by {dollars(abs(cents))}."
    if sums.rest_cents:
        yield f"{name}: {dollars(sums.rest_cents)} is neither posted nor waiting."


def _held_back(sites: set[uuid.UUID]) -> dict[str, tuple[str, int]]:
    """Payments of remittance files that are held back: plain trace → file name and amount."""
    if not sites:
        return {}
    ours = Q(sites__in=sites) | Q(sites=None)
    files = EdiFile.objects.filter(ours, kind="835", outcome=Outcome.QUARANTINED).order_by("received_at")
    found: dict[str, tuple[str, int]] = {}
    for name, result in files.values_list("name", "result")[:500]:
        transactions: list[dict[str, Any]] = (result or {}).get("transactions") or []
        found |= {plain(t.get("trace", "")): (name, t.get("paid_cents") or 0) for t in transactions if t.get("trace")}
    return found
