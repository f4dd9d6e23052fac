"""The bank's side of posting exceptions: a deposit that is no remittance, or not to the cent; a remittance whose money
never came. What is unmatched or unposted has its own item already.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from django.db.models import Exists, OuterRef, QuerySet

from claims.deposits.days import DepositRow, rows_of
from claims.models import DayClose, Deposit, Remittance
from cob.dates import add_business_days
from workqueues.asks.asking import Found, Scope

DEPOSIT, REMITTANCE = "claims.deposit", "claims.remittance"
# The file and the money rarely come on one day.
GRACE_BUSINESS_DAYS = 2
NOT_DEPOSITED_AFTER = timedelta(days=14)
CHUNK = 500


def deposits(scope: Scope) -> QuerySet[Deposit]:
    rows = Deposit.objects.counted().order_by()
    if scope.is_everything:
        return rows
    by_file = rows.filter(ties__remittance__file__in=scope.files or ())
    return rows.filter(pk__in=scope.deposits or ()) | by_file


def remittances(scope: Scope) -> QuerySet[Remittance]:
    rows = Remittance.objects.order_by()
    if scope.is_everything:
        return rows
    return rows.filter(file__in=scope.files or ()) | rows.filter(tie__deposit__in=scope.deposits or ())


def found(scope: Scope, today: date) -> Iterator[Found]:
    # Whoever closed the day explained what was on it then, not what came later.
    closed = DayClose.objects.filter(site=OuterRef("site"), day=OuterRef("deposited_on"), reopened_at=None)
    closed = closed.filter(at__gte=OuterRef("created_at"))
    open_ = deposits(scope).filter(~Exists(closed)).distinct().iterator(chunk_size=CHUNK)
    while part := list(islice(open_, CHUNK)):
        for row in rows_of(part):
            if row.bank_cents and add_business_days(row.deposit.deposited_on, GRACE_BUSINESS_DAYS) <= today:
                yield _off(row)
    yield from _not_deposited(scope)


def _off(row: DepositRow) -> Found:
    deposit = row.deposit
    payer = row.paid[0].tie.remittance.payer_id if row.paid else None
    return Found(
        subject_type=DEPOSIT,
        subject_id=deposit.pk,
        payer_id=payer,
        site_id=deposit.site_id,
        reason=f"Deposit {deposit.trace or 'without a trace'}: {row.because[0]}"[:300],
        codes=("deposit_differs" if row.paid else "deposit_alone",),
        amount_cents=abs(row.bank_cents),
        since=deposit.deposited_on,
    )


def _not_deposited(scope: Scope) -> Iterator[Found]:
    """Only where deposits are kept, and money of a later day is in already."""
    of_site = Deposit.objects.counted().filter(site=OuterRef("site"))
    before = of_site.filter(deposited_on__lte=OuterRef("paid_on"))
    rows = remittances(scope).filter(tie=None, withdrawn_at=None, paid_cents__gt=0, site__isnull=False)
    rows = rows.filter(Exists(before)).select_related("payer").distinct()
    newest: dict[uuid.UUID, date] = {}
    for site, day in Deposit.objects.counted().order_by("deposited_on").values_list("site", "deposited_on").distinct():
        newest[site] = day
    for row in rows.iterator(chunk_size=CHUNK):
        if row.site_id and newest[row.site_id] > row.paid_on + NOT_DEPOSITED_AFTER:
            yield Found(
                subject_type=REMITTANCE,
                subject_id=row.pk,
                payer_id=row.payer_id,
                site_id=row.site_id,
                reason=f"{row.payer} {row.trace} was remitted on {row.paid_on:%m/%d/%Y} and is in no deposit.",
                codes=("not_deposited",),
                amount_cents=row.paid_cents,
                since=row.paid_on,
            )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    in_bank = Deposit.objects.filter(pk__in=ids).values_list("pk", flat=True)
    remitted = Remittance.objects.filter(pk__in=ids).values_list("pk", flat=True)
    settled = "It agrees with its remittance, was withdrawn, or its day was closed with the difference explained."
    return dict.fromkeys(in_bank, settled) | dict.fromkeys(remitted, "It was found in a deposit.")
