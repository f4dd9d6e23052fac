"""Kept beside the claims, so that queues and measures can ask: worked out after each posting and change of terms."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from claims.expecting.compare import Compared, compared
from claims.expecting.sheets import open_sheets
from claims.models import Claim, ClaimPayer, ExpectedPayment
from cob.audit.acting import acting, doing
from cob.coverage.models import Fee, Option, PlanTerms

AUTHOR = "expected payments"
VERB = "expected payment reckoned"
CHUNK = 500
KEPT = (
    "low_cents", "high_cents", "paid_cents", "difference_cents", "tolerance_cents", "unconfirmed", "because",
    "answered_on", "computed_at",
)  # fmt: skip


def with_terms() -> Q:
    """Claim payers about whose payer anything was entered: of the others nothing can be expected."""
    return (
        Q(payer__in=PlanTerms.objects.values("payer"))
        | Q(payer__in=Fee.objects.values("payer"))
        | Q(payer__in=Option.objects.filter(name="secondary_method").exclude(payer=None).values("payer"))
    )


def claims_to_ask(**wanted: Any) -> Any:
    """Claims with an answered payer whose terms are on file, as `open_sheets` wants them."""
    asked = ClaimPayer.objects.filter(with_terms(), answered_on__isnull=False)
    payers = ClaimPayer.objects.select_related("payer", "coverage").order_by("rank")
    return (
        Claim.objects.filter(pk__in=asked.values("claim"), is_void=False)
        .filter(**wanted)
        .select_related("site")
        .prefetch_related("lines", Prefetch("payers", queryset=payers))
    )


def refresh(claims: Iterable[uuid.UUID]) -> int:
    """Work the expected payments of these claims out anew; how many are kept. Doing it again changes nothing."""
    ids, kept = list(dict.fromkeys(claims)), 0
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        rows = []
        for sheet in open_sheets(list(claims_to_ask(pk__in=part))):
            rows += [_row(found, sheet.decided[found.place - 1]) for found in compared(sheet) if _counts(found)]
        kept += _write(part, rows)
    return kept


def refresh_all() -> int:
    """All of them, for what a missed event left out; how many are kept."""
    return refresh(list(claims_to_ask().order_by().values_list("pk", flat=True)))


def _counts(found: Compared) -> bool:
    return found.low_cents is not None


def _row(found: Compared, decided: Any) -> ExpectedPayment:
    return ExpectedPayment(
        claim_payer=found.row,
        low_cents=found.low_cents or 0,
        high_cents=found.high_cents or 0,
        paid_cents=found.paid_cents,
        difference_cents=found.difference_cents,
        tolerance_cents=found.tolerance_cents,
        unconfirmed=bool(found.expected and found.expected.unconfirmed),
        because=found.because[:300],
        answered_on=decided.answered_on,
        computed_at=timezone.now(),
    )


def _write(claims: list[uuid.UUID], rows: list[ExpectedPayment]) -> int:
    """New rows and changed ones; those nothing is expected of any more go."""
    there = {row.claim_payer_id: row for row in ExpectedPayment.objects.filter(claim_payer__claim__in=claims)}
    new, changed = [], []
    for row in rows:
        before = there.pop(row.claim_payer_id, None)
        if before is None:
            new.append(row)
        elif any(getattr(before, name) != getattr(row, name) for name in KEPT if name != "computed_at"):
            for name in KEPT:
                setattr(before, name, getattr(row, name))
            changed.append(before)
    with acting(AUTHOR), doing(VERB):
        if there:
            ExpectedPayment.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
        if new:
            ExpectedPayment.objects.bulk_create(new)
        if changed:
            ExpectedPayment.objects.bulk_update(changed, KEPT)
    return len(rows)
