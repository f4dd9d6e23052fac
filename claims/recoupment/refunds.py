"""A refund's life: opened by one person, approved by another, sent by check, acknowledged, closed.

Sending posts it: on the claim what the payer has paid falls, and on the provider's ledger what is owed. It is for one
claim and one payer; it never pays anything of another. Patients' refunds are `claims.patient_billing.refunding`'s.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from claims.models import Claim, Credit, Recoupment, Refund
from claims.models.recoupment import RefundState
from claims.recoupment import credits
from claims.recoupment.before_sending import against, left_of, taken_besides
from claims.recoupment.claim_rows import refunded, settle_balances
from claims.recoupment.plb import Move
from claims.recoupment.provider_ledger import Book, key_of, refund_key
from claims.recoupment.roll import Key
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.cents import dollars
from cob.turns import Turn, wait_for

AGAIN = "refund goes out again"
VERBS = (
    "refund opened",
    "refund approved",
    "refund sent",
    "refund acknowledged",
    "refund withdrawn",
    "refund came back",
    AGAIN,
)
S = RefundState


class RefundRefused(ValueError):
    """It cannot be done so; `str()` says why, and who was quicker."""


def open_for_credit(*, credit: Credit, amount_cents: int, because: str, by: User) -> Refund:
    """A refund of a credit the desk found. Raises RefundRefused above what can be too much, or beside another one."""
    with transaction.atomic(), doing("refund opened"):
        row = Credit.objects.select_for_update(of=("self",)).select_related("claim", "payer").get(pk=credit.pk)
        if row.settled_on:
            raise RefundRefused("The credit is settled already.")
        # What was sent is in the claim's payments already, and so in what can still be too much.
        taken, words = taken_besides(row.claim_id, row.payer)
        _enough(amount_cents, row.most_cents - _under_way(row.refunds.all()) - taken, words)
        made: Refund = Refund.objects.create(
            claim=row.claim, payer=row.payer, credit=row, amount_cents=amount_cents, because=because, opened_by=by
        )
        return made


def open_for_demand(*, recoupment: Recoupment, amount_cents: int, because: str, by: User) -> Refund:
    """A refund a payer demanded. Raises RefundRefused above what is still owed under the demand."""
    with transaction.atomic(), doing("refund opened"):
        row = Recoupment.objects.select_for_update(of=("self",)).get(pk=recoupment.pk)
        if row.closed_at or row.is_under_appeal:
            raise RefundRefused("The demand is closed." if row.closed_at else "The demand is under appeal.")
        owed = row.account.balance_cents if row.account else row.amount_cents
        _enough(amount_cents, owed - _under_way(row.refunds.all()))
        made: Refund = Refund.objects.create(
            claim=row.claim,
            payer=row.payer,
            recoupment=row,
            account=row.account,
            amount_cents=amount_cents,
            because=because,
            opened_by=by,
        )
        return made


def _under_way(refunds: QuerySet[Refund]) -> int:
    rows = refunds.filter(state__in=(S.OPENED, S.APPROVED))
    return int(rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0)


def _enough(wanted: int, left: int, why: str = "") -> None:
    if wanted <= 0:
        raise RefundRefused("Give an amount above nothing.")
    if wanted > left:
        raise RefundRefused(f"At most {dollars(max(0, left))} can be refunded here.{why and f' {why}.'}")


def approve(*, refund: Refund, by: User) -> Refund:
    """The second person agrees. Raises RefundRefused for whoever opened it, and when nothing is owed any more."""
    if by.pk == refund.opened_by_id:
        raise RefundRefused("Somebody else must approve a refund you opened.")
    with transaction.atomic():
        row = _move(refund, S.OPENED, S.APPROVED, "refund approved", approved_by=by, approved_at=timezone.now())
        _still_owed(row)
        return row


def _still_owed(row: Refund) -> None:
    why = against(row)
    if why:
        raise RefundRefused(why)


def send(*, refund: Refund, check_number: str, on: date, by: User) -> Refund:
    """The check went out: posted on the claim and the provider's ledger, in one transaction. Raises RefundRefused."""
    with transaction.atomic():
        wait_for(Turn.POSTINGS)
        # A remittance may have come that nobody has looked at for its credits yet.
        credits.look([refund.claim_id])
        said: dict[str, object] = {"check_number": check_number.strip(), "sent_on": on, "sent_by": by}
        anew: dict[str, object] = {"acknowledged_on": None, "acknowledged_in": None, "ended_because": ""}
        row = _move(refund, S.APPROVED, S.SENT, "refund sent", **said, **anew)
        _not_before(row, on)
        _still_owed(row)
        with doing("refund sent"):
            # A demand's letter took it off the claim, and so did the first sending of a check that came back.
            if row.account:
                _pay(row, key_of(row.account), on, is_demanded=True)
            else:
                _lower(row, on)
        credits.look([row.claim_id])
        row.refresh_from_db()
        return row


def _not_before(row: Refund, on: date) -> None:
    """The day of sending is what proves that a credit's clock was kept."""
    since = row.credit.since if row.credit else row.recoupment.letter_on if row.recoupment else on
    if on < since:
        what = "payment that was too much" if row.credit else "letter"
        raise RefundRefused(f"The {what} is of {since:%m/%d/%Y}; nothing of it can have gone back before.")


def _lower(row: Refund, on: date) -> None:
    """A refund nobody demanded: the claim's payments fall, and the ledger shows it opened and paid."""
    claim = Claim.objects.get(pk=row.claim_id)
    try:
        refunded(claim, row.payer, row.amount_cents, on, f"refund|{row.pk}", f"Refund by check {row.check_number}")
    except ValueError as error:
        raise RefundRefused(str(error)) from error
    settle_balances([row.claim_id])
    _pay(row, refund_key(row.claim), on, is_demanded=False)


def _pay(row: Refund, key: Key, on: date, *, is_demanded: bool) -> None:
    book = Book(row.payer, row.claim.site, on)
    if row.account:
        book.accounts[key_of(row.account)] = row.account
    account = book.account(key, claim_id=row.claim_id)
    paper = {"refund": row, "claim_id": row.claim_id, "recoupment_id": row.recoupment_id}
    before = row.entries.filter(move=Move.REFUND).count()
    stamp = f"refund|{row.pk}|paid" + (f"|{before}" if before else "")
    if not is_demanded:
        book.add(account, Move.NEW, row.amount_cents, f"refund|{row.pk}|due", **paper)
    book.add(account, Move.REFUND, -row.amount_cents, stamp, note=f"Check {row.check_number}", **paper)
    book.flush()
    if row.account_id != account.pk:
        row.account = account
        row.save(update_fields=["account"])


def acknowledge(*, refund: Refund, letter: str, on: date) -> Refund:
    """The payer confirmed it by letter. Raises RefundRefused."""
    if refund.sent_on and on < refund.sent_on:
        raise RefundRefused(f"It was sent on {refund.sent_on:%m/%d/%Y}, and cannot have been acknowledged before.")
    return _move(
        refund,
        S.SENT,
        S.CLOSED,
        "refund acknowledged",
        acknowledged_on=on,
        acknowledged_by_letter=letter,
        ended_because=f"Acknowledged by letter {letter}"[:300],
    )


def send_again(*, refund: Refund, because: str) -> Refund:
    """A check that came back goes out again, with no more than is owed by now. Raises RefundRefused."""
    with transaction.atomic(), doing(AGAIN, reason=because):
        wait_for(Turn.POSTINGS)
        row = _move(refund, S.RETURNED, S.APPROVED, AGAIN, ended_because=f"Sent again: {because}"[:300])
        if 0 < left_of(row) < row.amount_cents:
            row.amount_cents = left_of(row)
            row.save(update_fields=["amount_cents"])
        _still_owed(row)
        return row


def withdraw(*, refund: Refund, because: str) -> Refund:
    """Not sent after all. What was sent is never withdrawn, and what came back stays to be given back. Raises
    RefundRefused."""
    if refund.state not in (S.OPENED, S.APPROVED):
        raise RefundRefused("It was sent already, or is over.")
    to = S.RETURNED if refund.sent_on else S.WITHDRAWN
    return _move(refund, S(refund.state), to, "refund withdrawn", ended_because=because[:300])


def _move(refund: Refund, was: RefundState, to: RefundState, verb: str, **values: object) -> Refund:
    """Compare and set: of two who press at once one wins, and the other is told how it stands."""
    with transaction.atomic(), doing(verb):
        rows = Refund.objects.select_for_update(of=("self",))
        rows = rows.select_related("claim__site", "payer", "account", "credit", "recoupment")
        row: Refund = rows.get(pk=refund.pk)
        if row.state != was:
            who = row.sent_by or row.approved_by or row.opened_by
            raise RefundRefused(f"It is {row.get_state_display().lower()} by now ({who}).")
        for name, value in {"state": to, **values}.items():
            setattr(row, name, value)
        row.save(update_fields=["state", *values])
        return row
