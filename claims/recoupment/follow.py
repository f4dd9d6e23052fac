"""What a remittance does beside the claims it answers: called once for each, in its transaction, after its answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from claims.models import Adjudication, Claim, Posting, ProviderAccount, Recoupment, Remittance
from claims.models.posting import PostingKind
from claims.recoupment.plb import Account, Move
from claims.recoupment.provider_ledger import Book, key_of, post_adjustments, refund_key
from claims.recoupment.reopening import reopen_later, settle_same


def follow(remittance: Remittance) -> None:
    """The provider's own ledger, reversals that a letter was quicker than, and later payers that lost their ground."""
    reversals = (
        Adjudication.objects.filter(status="22", reverses__isnull=False)
        .defer("content")
        .select_related("reverses__claim_payer", "reverses__recoupment__account", "reverses__recoupment__payer")
    )
    taken = list(reversals.filter(remittance=remittance))
    # A reversal that came before its answer takes it back the moment the answer comes.
    awaited = reversals.filter(reverses__remittance=remittance).exclude(remittance=remittance)
    post_duplicates(remittance, taken)
    post_replaced(remittance, Q(adjudication__remittance=remittance))
    post_given_back(remittance, [row.pk for row in (*taken, *awaited)])
    post_adjustments(remittance)
    reopen_later(row.reverses for row in (*taken, *awaited) if row.reverses)
    settle_same(remittance)


def post_duplicates(remittance: Remittance, taken: Iterable[Adjudication]) -> None:
    """A 22 for what a letter took back already: this payment was lowered by it, so the letter's debt falls. What of the
    22 the letter had left was the claim's, and is taken back there."""
    for row in taken:
        demand: Recoupment | None = getattr(row.reverses, "recoupment", None)
        if demand is None or demand.account is None or not row.paid_cents:
            continue
        left = _payments_mirrored(Q(adjudication=row)).aggregate(cents=Sum("amount_cents"))["cents"] or 0
        book = Book(demand.payer, demand.account.site, remittance.paid_on)
        book.accounts[key_of(demand.account)] = demand.account
        said = "A reversal beside the letter; this payment was lowered by it."
        paper = {"adjudication": row, "remittance": remittance, "recoupment": demand, "claim_id": row.claim_id}
        book.add(demand.account, Move.APPLIED, row.paid_cents - left, f"duplicate|{row.pk}", note=said, **paper)
        book.flush()


def post_replaced(remittance: Remittance, answers: Q) -> None:
    """An answer in place of what a letter left of an earlier one: the earlier payment was paid beside it, so what the
    letter left is owed as well. `answers` picks the postings they made."""
    rows = _payments_mirrored(answers).exclude(adjudication__status="22")
    sums = rows.order_by().values("adjudication", "reverses__adjudication__recoupment").annotate(c=Sum("amount_cents"))
    owed = {row["reverses__adjudication__recoupment"]: row for row in sums if row["c"]}
    demands = Recoupment.objects.filter(pk__in=owed).select_related("account__site", "payer")
    for demand in demands.exclude(account=None):
        row, account = owed[demand.pk], demand.account
        book = Book(demand.payer, account.site, remittance.paid_on)
        book.accounts[key_of(account)] = account
        said = "What the letter left was answered anew, so that is owed too."
        paper = {"adjudication_id": row["adjudication"], "remittance": remittance, "recoupment": demand}
        key = f"replaced|{row['adjudication']}|{demand.pk}"
        book.add(account, Move.NEW, -row["c"], key, note=said, claim_id=demand.claim_id, **paper)
        book.flush()


def post_given_back(remittance: Remittance, reversals: Collection[UUID]) -> None:
    """A payment taken back of which a check of ours had given a part back already: the payer has that part twice,
    until it credits the check. Stands where the refund was booked. A fixed number of queries."""
    mirrors = Posting.objects.filter(adjudication__in=reversals, reverses__kind=PostingKind.REFUND).order_by()
    sums = list(mirrors.values_list("adjudication", "claim").annotate(cents=Sum("amount_cents")))
    if not sums:
        return
    claims = Claim.objects.select_related("site").defer("content").in_bulk([claim for _, claim, _ in sums])
    book = Book(remittance.payer, remittance.site, remittance.paid_on)
    of_claims = ProviderAccount.objects.filter(payer=remittance.payer, account=Account.OWED, claim__in=claims)
    book.accounts = {key_of(row): row for row in of_claims.select_for_update()}
    for answer, pk, cents in sums:
        account = book.account(refund_key(claims[pk]), claim_id=pk)
        paper = {"adjudication_id": answer, "remittance": remittance, "claim_id": pk}
        said = "Taken back although a check of ours had given it back."
        book.add(account, Move.APPLIED, -cents, f"given back|{answer}", note=said, **paper)
    book.flush()


def _payments_mirrored(answers: Q) -> QuerySet[Posting]:
    """Entries with which answers took back payments of other answers that a letter had taken back before."""
    rows: QuerySet[Posting] = Posting.objects.filter(
        answers,
        kind=PostingKind.REVERSAL,
        reverses__kind=PostingKind.PAYMENT,
        reverses__adjudication__recoupment__isnull=False,
    )
    return rows


def follow_match(row: Adjudication) -> None:
    """An answer matched later: the same for it alone."""
    if row.status == "22" and row.reverses:
        fresh = Adjudication.objects.select_related("reverses__claim_payer", "reverses__recoupment__account")
        taken = [fresh.get(pk=row.pk)]
        post_duplicates(row.remittance, taken)
        post_given_back(row.remittance, [row.pk])
        reopen_later(each.reverses for each in taken if each.reverses)
    else:
        post_replaced(row.remittance, Q(adjudication=row))
    settle_same(row.remittance)
