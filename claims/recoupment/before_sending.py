"""What stands against a refund that has not gone out: nothing is owed any more, or the payer has the money already.

Between opening a refund and sending its check a remittance may take the money, an appeal may be filed or won.
"""

from __future__ import annotations

from uuid import UUID

from claims.models import ProviderAccount, ProviderEntry, Recoupment, Refund
from claims.recoupment.plb import MOVE_WORDS, Account, Move
from cob.cents import dollars
from cob.coverage.models import Payer


def against(refund: Refund) -> str:
    """Why it must not go out as things stand, and what to do; empty where nothing stands against it."""
    why = _demand(refund.recoupment) if refund.recoupment else ""
    if not why and refund.credit and not refund.account and refund.credit.settled_on:
        why = _ended("The credit is over", refund.credit.settled_because)
    if why or refund.amount_cents <= left_of(refund):
        return why
    return _of_account(refund, refund.account) if refund.account else _of_claim(refund)


def left_of(refund: Refund) -> int:
    """So much of it is owed: what stands on its account; before it has one, what can be too much, less what the payer
    took besides."""
    if refund.account:
        return refund.account.balance_cents
    return _most(refund) - taken_besides(refund.claim_id, refund.payer)[0]


def taken_besides(claim: UUID, payer: Payer) -> tuple[int, str]:
    """What this payer took for the claim and nothing on file explains, in cents and in words that name where."""
    below = ProviderAccount.objects.filter(claim=claim, payer=payer, account=Account.OWED, balance_cents__lt=0)
    rows = list(below.order_by("opened_on", "pk"))
    cents = -sum(row.balance_cents for row in rows)
    named = " and ".join(row.reference for row in rows if row.reference) or "no reference"
    return cents, f"{payer} took {dollars(cents)} under {named} for this claim already" if cents else ""


def _most(refund: Refund) -> int:
    if refund.credit:
        return refund.credit.most_cents
    return refund.recoupment.amount_cents if refund.recoupment else refund.amount_cents


def _demand(demand: Recoupment) -> str:
    if demand.closed_at:
        return _ended(f"Demand {demand} is closed", demand.closed_because)
    if demand.is_under_appeal:
        since = f"{demand.appealed_on:%m/%d/%Y}"
        said = f"Demand {demand} is under appeal since {since}: nothing goes back before that is decided."
        return f"{said} Wait, or withdraw the refund."
    return ""


def _ended(what: str, because: str) -> str:
    return f"{what}: {because.rstrip('.')}. Withdraw the refund."


def _of_account(refund: Refund, account: ProviderAccount) -> str:
    left, named = account.balance_cents, account.reference or "its account"
    lowered = account.entries.filter(amount_cents__lt=0).exclude(refund=refund).select_related("remittance")
    last: ProviderEntry | None = lowered.order_by("posted_at", "pk").last()
    happened = f" ({_happened(last)})" if last else ""
    if left > 0:
        said = f"Only {dollars(left)} is owed under {named} by now{happened}."
        return f"{said} Withdraw the refund, and open one of what is left."
    return f"Nothing is owed under {named} any more{happened}. Withdraw the refund."


def _happened(entry: ProviderEntry) -> str:
    cents = dollars(-entry.amount_cents)
    where = f" in payment {entry.remittance.trace} of" if entry.remittance else " on"
    note = f", {entry.note}" if entry.note else ""
    return f"{MOVE_WORDS[Move(entry.move)]}: {cents}{where} {entry.posted_on:%m/%d/%Y}{note}"


def _of_claim(refund: Refund) -> str:
    _cents, words = taken_besides(refund.claim_id, refund.payer)
    at_most = f"at most {dollars(max(0, left_of(refund)))} can still go back"
    if words:
        return f"{words}, so {at_most}. Withdraw the refund, and find out what it took that for."
    return f"Less than that is too much by now: {at_most}. Withdraw the refund, and open one of what is left."
