"""Credits on file: what `overpaid` finds becomes a row with its clock; what it no longer finds is settled.

Asked of the claims an event touched and of everything at night; asking again changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.models import Claim, Credit, ExpectedPayment, Refund
from claims.models.recoupment import RefundState
from claims.recoupment.clocks import MEDICARE, RefundClock, refund_clock
from claims.recoupment.overpaid import Overpaid, overpaid
from claims.recoupment.paid_twice import may_be_paid_twice
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.turns import Turn, wait_for

CHUNK = 2_000
FOUND, SETTLED, DECIDED = "credit found", "credit settled", "credit decided"
_Payment = tuple[UUID, str, UUID, date]
_FACTS = ("payer_id", "amount_cents", "most_cents", "because", "since", "due_on", "clock")


class CreditRefused(ValueError):
    """It cannot be done so; `str()` says why."""


def look(claims: Collection[UUID] | None = None, today: date | None = None) -> int:
    """Find and settle, of some claims or of all. Returns how many are open now among those asked about."""
    today = today or timezone.localdate()
    if claims is None:
        return _everything(today)
    ids = list(claims)
    return sum(_part(ids[start : start + CHUNK], today) for start in range(0, len(ids), CHUNK))


def _everything(today: date) -> int:
    """The claims that can have a credit: below zero, two answers that pay, more than expected, or a credit on file.
    Found by key, in parts."""
    stranger = Q(adjudications__claim_payer=None, adjudications__posted_at__isnull=False)
    behind = Q(adjudications__claim_payer__rank__gt=1) | stranger
    later = Claim.objects.filter(behind, adjudications__paid_cents__gt=0)
    has = Credit.objects.filter(claim=OuterRef("pk"), settled_on=None)
    above = ExpectedPayment.objects.filter(claim_payer__claim=OuterRef("pk"), difference_cents__gt=0)
    some = Claim.objects.filter(
        Q(insurer_open_cents__lt=0) | Q(pk__in=later.values("pk")) | may_be_paid_twice() | Exists(has) | Exists(above)
    ).order_by("pk")
    ids = list(some.values_list("pk", flat=True))
    return sum(_part(ids[start : start + CHUNK], today) for start in range(0, len(ids), CHUNK))


def _part(ids: list[UUID], today: date) -> int:
    found = {(one.claim, str(one.kind)): one for one in overpaid(Claim.objects.filter(pk__in=ids))}
    with transaction.atomic():
        there = {
            (row.claim_id, row.kind): row
            for row in Credit.objects.select_for_update(of=("self",)).filter(claim__in=ids, settled_on=None)
        }
        _settle([row for key, row in there.items() if key not in found], today)
        another = {key for key, row in there.items() if key in found and _is_another(row, found[key])}
        _outgrow([there.pop(key) for key in another], today)
        known = _found_before(ids)
        fresh = [_row(one, known, today) for key, one in found.items() if key not in there]
        kept = ((row, found[key]) for key, row in there.items() if key in found and not row.no_credit_because)
        changed = [row for row, one in kept if _take(row, one, today)]
        with doing(FOUND):
            if fresh:
                Credit.objects.bulk_create(fresh, ignore_conflicts=True)
            if changed:
                Credit.objects.bulk_update(changed, list(_FACTS))
    return len(found)


def _row(one: Overpaid, known: Mapping[_Payment, date], today: date) -> Credit:
    found_on = known.get((one.claim, str(one.kind), one.payer, one.since), today)
    row = Credit(claim_id=one.claim, kind=one.kind, found_on=found_on)
    _take(row, one, today)
    return row


def _found_before(claims: Collection[UUID]) -> dict[_Payment, date]:
    """When the same payment was first found to be too much: what seemed settled in between begins no new clock."""
    rows = Credit.objects.filter(claim__in=claims, settled_on__isnull=False, no_credit_because="").order_by("-found_on")
    return {(row.claim_id, row.kind, row.payer_id, row.since): row.found_on for row in rows}


def _is_another(row: Credit, one: Overpaid) -> bool:
    """A person said of what stands in the row that it is no credit. Of more, or of another payer's, nobody has."""
    return bool(row.no_credit_because) and (row.payer_id != one.payer or row.most_cents < one.most_cents)


def _outgrow(rows: list[Credit], today: date) -> None:
    if not rows:
        return
    for row in rows:
        row.settled_on = today
        row.settled_because = f"It is another sum now; of this one: {row.no_credit_because}"[:300]
    with doing(SETTLED):
        Credit.objects.bulk_update(rows, ["settled_on", "settled_because"])


def _take(row: Credit, one: Overpaid, today: date) -> bool:
    """The facts as they are now; True when anything differs."""
    clock = clock_of(one.payer_kind, row.kind, one.since, row, today)
    now = (one.payer, one.amount_cents, one.most_cents, one.because[:300], one.since, clock.due_on, clock.rule[:160])
    was = tuple(getattr(row, name) for name in _FACTS)
    for name, value in zip(_FACTS, now, strict=True):
        setattr(row, name, value)
    return was != now


def clock_of(payer_kind: str, kind: str, since: date, row: Credit, today: date) -> RefundClock:
    """The clock of a credit: from the second payment where Medicare paid beside another, else from finding it."""
    both = kind == "both_primary" and payer_kind == MEDICARE
    return refund_clock(
        payer_kind=payer_kind,
        identified_on=row.found_on,
        second_paid_on=since if both else None,
        inquiry_from=row.inquiry_from,
        inquiry_until=row.inquiry_until,
        today=today,
    )


def _settle(rows: list[Credit], today: date) -> None:
    if not rows:
        return
    sent = Refund.objects.filter(
        claim__in=[row.claim_id for row in rows], state__in=(RefundState.SENT, RefundState.CLOSED)
    )
    done = dict(sent.values_list("claim", "check_number"))
    for row in rows:
        check = done.get(row.claim_id)
        row.settled_on = today
        row.settled_because = f"Refunded by check {check}." if check else "The ledger shows no credit any more."
    with doing(SETTLED):
        Credit.objects.bulk_update(rows, ["settled_on", "settled_because"])


# --- what people decide -----------------------------------------------------------------------------------------------


def say_no_credit(*, credit: Credit, because: str, by: User) -> Credit:
    """A person says why it is no credit. It stays on file with the reason. Raises CreditRefused."""
    with transaction.atomic(), doing(DECIDED):
        row = _open(credit)
        if row.refunds.filter(state__in=(RefundState.OPENED, RefundState.APPROVED)).exists():
            raise CreditRefused("A refund was opened for it; withdraw that first.")
        row.no_credit_because, row.settled_by = because[:300], by
        row.save(update_fields=["no_credit_because", "settled_by"])
        return row


def inquire(*, credit: Credit, since: date, until: date | None, kind: str, today: date | None = None) -> Credit:
    """Related overpayments are looked for in good faith: Medicare's clock stands still meanwhile (42 CFR 401.305)."""
    with transaction.atomic(), doing(DECIDED):
        wait_for(Turn.POSTINGS)
        row = _open(credit)
        if until and until < since:
            raise CreditRefused("The inquiry cannot end before it began.")
        row.inquiry_from, row.inquiry_until = since, until
        clock = clock_of(kind, row.kind, row.since, row, today or timezone.localdate())
        row.due_on, row.clock = clock.due_on, clock.rule[:160]
        row.save(update_fields=["inquiry_from", "inquiry_until", "due_on", "clock"])
        return row


def _open(credit: Credit) -> Credit:
    row: Credit | None = Credit.objects.select_for_update(of=("self",)).filter(pk=credit.pk, settled_on=None).first()
    if row is None:
        raise CreditRefused("It is settled already.")
    return row
