"""A payer demands money back by letter: entered with the letter kept, posted as mirror rows, decided, ended.

A letter is the manual way of taking back (X12 RFI 1082, 325): the claim is put right from it, later remittances bring
only the PLB, and a reversal (22) that comes besides is a duplicate.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from claims.models import Adjudication, Claim, ClaimPayer, Posting, ProviderAccount, Recoupment, Refund
from claims.models.claim import PayerState
from claims.models.posting import PostingKind
from claims.models.recoupment import Decision, Ground
from claims.recoupment.claim_rows import again, mirrored, settle_balances, standing_of, write
from claims.recoupment.plb import Account, Move
from claims.recoupment.provider_ledger import Book, key_of
from claims.recoupment.reopening import reopen_later
from claims.recoupment.roll import Key
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.cents import dollars
from cob.coverage.models import Payer
from cob.turns import Turn, wait_for

ENTERED, CHANGED = "demand entered", "demand changed"


class LetterRefused(ValueError):
    """The demand cannot be taken so; `str()` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What the letter says. `answer`: what it takes back in our ledger, None when nothing of it is posted here."""

    claim: Claim
    payer: Payer
    answer: Adjudication | None
    amount_cents: int
    ground: Ground
    reference: str
    letter_on: date
    received_on: date
    respond_by: date | None = None


def enter(letter: Letter, *, name: str, stream: IO[bytes], by: User) -> Recoupment:
    """Keep the letter and put the claim right from it, in one transaction. Raises LetterRefused."""
    with transaction.atomic(), doing(ENTERED):
        wait_for(Turn.POSTINGS)
        _refuse(letter)
        row = Recoupment(
            claim=letter.claim,
            payer=letter.payer,
            answer=letter.answer,
            amount_cents=letter.amount_cents,
            ground=letter.ground,
            reference=letter.reference,
            letter_on=letter.letter_on,
            received_on=letter.received_on,
            respond_by=letter.respond_by,
            letter_name=Path(name).name[:200],
            by=by,
        )
        row.letter.save(f"{uuid.uuid4().hex}{Path(name).suffix.lower()[:5]}", File(stream), save=False)
        row.account = _account_of(letter)
        row.save()
        if letter.answer:
            _take_back(row, letter.answer)
        return row


def _refuse(letter: Letter) -> None:
    same = Recoupment.objects.filter(claim=letter.claim, payer=letter.payer, reference=letter.reference).first()
    if same:
        by = f" by {same.by}" if same.by else ""
        raise LetterRefused(f"{letter.payer}’s demand {letter.reference} is on file already, entered{by}.")
    answer = letter.answer
    if answer is None:
        return
    fresh = Adjudication.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if fresh.claim_id != letter.claim.pk or fresh.posted_at is None:
        raise LetterRefused("That answer is not posted to this claim any more; enter the letter without an answer.")
    if Recoupment.objects.filter(answer=fresh).exists() or fresh.reversed_by.exists():
        raise LetterRefused("That answer was taken back already; enter the letter without an answer.")
    if letter.amount_cents > fresh.paid_cents:
        raise LetterRefused(
            f"The answer paid {dollars(fresh.paid_cents)}; {dollars(letter.amount_cents)} cannot be taken back from it."
        )
    _refuse_what_went_back(letter, fresh)


def _refuse_what_went_back(letter: Letter, answer: Adjudication) -> None:
    """The letter may have crossed a check of ours: what went back of the payment is not taken back again."""
    paid = answer.postings.filter(kind=PostingKind.PAYMENT, reversal=None)
    back = Posting.objects.filter(
        kind=PostingKind.REFUND, reversal=None, claim=letter.claim, payer=letter.payer, rank__in=paid.values("rank")
    )
    of_lines = back.filter(Q(line__in=paid.values("line")) | Q(line=None))
    cents = -(of_lines.aggregate(cents=Sum("amount_cents"))["cents"] or 0)
    if letter.amount_cents <= answer.paid_cents - cents:
        return
    sent = Refund.objects.filter(claim=letter.claim, payer=letter.payer, recoupment=None, sent_on__isnull=False)
    checks = " and ".join(f"{row.check_number} of {row.sent_on:%m/%d/%Y}" for row in sent.order_by("sent_on", "pk"))
    raise LetterRefused(
        f"The answer paid {dollars(answer.paid_cents)}, and {dollars(cents)} of it went back by check {checks}; "
        f"{dollars(letter.amount_cents)} cannot be taken back from the rest. Tell {letter.payer} of the check; what it "
        "wants besides is entered without an answer."
    )


def _account_of(letter: Letter) -> ProviderAccount | None:
    """Money this payer took for the claim before anybody knew why, else what it said it will take; else a new one."""
    owed = ProviderAccount.objects.filter(claim=letter.claim, payer=letter.payer, account=Account.OWED)
    taken = owed.filter(balance_cents__lt=0).order_by("opened_on").first()
    return taken or owed.filter(balance_cents__gt=0, recoupments=None).order_by("opened_on").first()


def _take_back(row: Recoupment, answer: Adjudication) -> None:
    """Mirror every row of the answer; when only a part is demanded, post the rest of it anew."""
    rows = standing_of(answer)
    note = f"Letter {row.reference} of {row.letter_on:%m/%d/%Y}"
    rest = answer.paid_cents - row.amount_cents
    drafts = mirrored(rows, note)
    if rest:
        drafts += again(rows, row.amount_cents, f"letter|{row.pk}", f"As letter {row.reference} leaves it")
    today = timezone.localdate()
    write(drafts, today)
    _owe(row, today)
    if not rest and answer.claim_payer:
        ClaimPayer.objects.filter(pk=answer.claim_payer.pk).update(state=PayerState.REVERSED)
    settle_balances([row.claim_id])
    reopen_later([answer])


def _owe(row: Recoupment, today: date) -> None:
    book = Book(row.payer, row.claim.site, today)
    if row.account and row.account.balance_cents < 0:
        key = key_of(row.account)
        book.accounts[key] = row.account
    else:
        key = Key(row.claim.site.npi, Account.OWED, row.reference)
    account = book.account(key, claim_id=row.claim_id)
    book.add(account, Move.NEW, row.amount_cents, f"letter|{row.pk}", recoupment=row, claim_id=row.claim_id)
    book.flush()
    if row.account_id != account.pk:
        row.account = account
        row.save(update_fields=["account"])


# --- what people decide -----------------------------------------------------------------------------------------------


def decide(*, row: Recoupment, decision: Decision, because: str, by: User) -> Recoupment:
    """Say whether the demand is right. Raises LetterRefused once it is closed or somebody else has said so."""
    return _change(
        row,
        Recoupment.objects.filter(pk=row.pk, closed_at=None, decision=row.decision),
        decision=decision.value,
        decided_on=timezone.localdate(),
        decided_by=by,
        decided_because=because,
    )


def appeal(*, row: Recoupment, reference: str, on: date, by: User) -> Recoupment:
    """An appeal went out: Medicare's taking stops (section 935) and nothing of the claim is written off meanwhile."""
    free = Recoupment.objects.filter(pk=row.pk, closed_at=None, appealed_on=None)
    because = row.decided_because or f"Appealed under {reference}"
    return _change(
        row,
        free,
        appealed_on=on,
        appeal_reference=reference,
        decision=Decision.DISPUTED.value,
        decided_on=row.decided_on or on,
        decided_by=row.decided_by or by,
        decided_because=because[:300],
    )


def end_appeal(*, row: Recoupment, result: str, on: date, is_withdrawn: bool) -> Recoupment:
    """The appeal was decided. `is_withdrawn`: the payer gives up its demand, and its answer is posted again."""
    with transaction.atomic():
        wait_for(Turn.POSTINGS)
        free = Recoupment.objects.filter(pk=row.pk, appealed_on__isnull=False, appeal_ended_on=None)
        changed = _change(row, free, appeal_ended_on=on, appeal_result=result[:300])
        if is_withdrawn:
            _restore(changed)
        return changed


def close(*, row: Recoupment, because: str, by: User) -> Recoupment:
    """End it. Raises LetterRefused while it is undecided, under appeal, or something is still owed under it."""
    account = row.account
    if row.decision == Decision.OPEN:
        raise LetterRefused("Say first whether the demand is valid.")
    if row.is_under_appeal:
        raise LetterRefused("It is under appeal; record how that ended first.")
    if account and account.balance_cents > 0:
        raise LetterRefused(
            f"{dollars(account.balance_cents)} is still owed under it: refund it, or wait until the payer takes it."
        )
    if account and account.balance_cents < 0:
        raise LetterRefused(f"The payer took {dollars(-account.balance_cents)} more than it demanded: ask for it back.")
    free = Recoupment.objects.filter(pk=row.pk, closed_at=None)
    return _change(row, free, closed_at=timezone.now(), closed_by=by, closed_because=because)


def _restore(row: Recoupment) -> None:
    """The demand is withdrawn: the answer counts again, and nothing is owed."""
    answer, today = row.answer, timezone.localdate()
    if answer is None:
        return
    with doing(CHANGED):
        note = f"Letter {row.reference} withdrawn"
        back = list(answer.postings.exclude(kind="reversal").order_by("posted_at", "id"))
        restated = [posting for posting in back if not hasattr(posting, "reversal")]
        # What was only posted anew behind an earlier payer's late answer is not what the letter took.
        taken = [posting for posting in back if hasattr(posting, "reversal")]
        first = [posting for posting in taken if posting.reversal.adjudication_id != answer.pk]
        if any(posting.reversal.adjudication_id for posting in first):
            raise LetterRefused(
                f"{row.payer} has answered the claim anew since the letter, and that answer stands: say how the appeal "
                "ended without putting the earlier answer back."
            )
        write([*mirrored(restated, note), *again(first, 0, f"withdrawn|{row.pk}", note)], today)
        if answer.claim_payer:
            ClaimPayer.objects.filter(pk=answer.claim_payer.pk).update(state=PayerState.ADJUDICATED)
        row.answer = None
        row.save(update_fields=["answer"])
        if row.account:
            book = Book(row.payer, row.claim.site, today)
            book.accounts[key_of(row.account)] = row.account
            book.add(row.account, Move.EXPLAINED, -row.amount_cents, f"withdrawn|{row.pk}", recoupment=row, note=note)
            book.flush()
        settle_balances([row.claim_id])


def _change(row: Recoupment, still: QuerySet[Recoupment], **values: object) -> Recoupment:
    """Compare and set, with one event; of two people at once one wins."""
    with transaction.atomic():
        found: Recoupment | None = still.select_for_update(of=("self",)).first()
        if found is None:
            row.refresh_from_db()
            who = row.closed_by or row.decided_by
            raise LetterRefused(f"{who or 'Somebody'} changed it a moment ago; look at it again.")
        for name, value in values.items():
            setattr(found, name, value)
        with doing(CHANGED):
            found.save(update_fields=list(values))
        return found


def under_appeal(claim_id: uuid.UUID) -> Recoupment | None:
    """The demand on a claim that is under appeal: until it is decided nothing of the claim is written off."""
    found: Recoupment | None = Recoupment.objects.filter(
        claim=claim_id, appealed_on__isnull=False, appeal_ended_on=None
    ).first()
    return found
