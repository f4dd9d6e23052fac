"""What an order on file still leaves to do: payers that show another one, and claims that went out in another one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from claims.models import Claim
from claims.reordering import out_of_order
from cob.coverage.disputes import asked_about
from cob.coverage.models import Determination, Verification
from workqueues.asks.asking import in_words

CHUNK = 500
REASONS = {
    "payer_disagrees": "a payer shows another order than ours",
    "payer_unaware": "a payer knows of no other plan",
    "payer_not_asked": "not every plan in the dispute was asked",
    "equal_shares": "the plans have disagreed for more than 30 days: ask for equal shares (MDL-120 §9.D, unconfirmed)",
    "order_changed": "claims went out in another order than the one due now",
}
COLUMNS = ("was_asked", "n_changed", "changed_cents")


@dataclass(frozen=True, slots=True)
class Work:
    """What one patient's orders leave to do. `attempt` 2: the plans had their time to agree and did not."""

    codes: tuple[str, ...] = ()
    amount_cents: int = 0
    attempt: int = 1


def any_no_coverage() -> Exists:
    """The outer patient has an order on file by which no coverage pays: claims of that day may have been paid."""
    rows = Determination.objects.current().filter(patient=OuterRef("pk"), status="no_coverage")
    return Exists(rows.order_by())


def has_changed_claims() -> Exists:
    """The outer patient has claims that went out in another order."""
    return Exists(_changed())


def facts() -> dict[str, Combinable]:
    """Annotations of patients that `with_work` reads."""
    changed = _changed().values("patient")
    counted, paid = changed.annotate(n=Count("pk")).values("n"), changed.annotate(c=Sum("paid_cents")).values("c")
    return {
        "was_asked": Exists(Verification.objects.filter(patient=OuterRef("pk")).order_by()),
        "n_changed": Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        "changed_cents": Coalesce(Subquery(paid), 0),
    }


def with_work(rows: Iterable[dict[str, Any]], today: date) -> Iterator[tuple[dict[str, Any], Work]]:
    """Rows of patients, each with what its orders leave to do; payers' words are read for many at once."""
    every = iter(rows)
    while part := list(islice(every, CHUNK)):
        disputes = _disputes([row["pk"] for row in part if row["was_asked"]], today)
        for row in part:
            yield row, _work(row, disputes.get(row["pk"], {}))


def alone(codes: Iterable[str]) -> str:
    """The reasons as a sentence, where nothing but an order on file is at stake."""
    said = in_words([REASONS[code] for code in codes])
    return f"{said[0].upper()}{said[1:]}."


def _changed() -> QuerySet[Claim]:
    return out_of_order(Claim.objects.filter(patient=OuterRef("pk"))).order_by()


def _disputes(patients: list[uuid.UUID], today: date) -> dict[uuid.UUID, dict[str, None]]:
    """The reasons payers give, by patient."""
    if not patients:
        return {}
    is_open = Claim.objects.filter(
        patient=OuterRef("patient"), service_from=OuterRef("service_on"), insurer_open_cents__gt=0, is_void=False
    )
    found: dict[uuid.UUID, dict[str, None]] = {}
    for asked in asked_about(patients, Q(Exists(is_open.order_by())) | Q(service_on__gte=today)):
        codes = found.setdefault(asked.patient, {})
        codes |= dict.fromkeys(asked.codes)
        if asked.shares_from is not None and asked.shares_from <= today:
            codes["equal_shares"] = None
    return found


def _work(row: dict[str, Any], disputes: dict[str, None]) -> Work:
    codes = [code for code in REASONS if code in disputes or (code == "order_changed" and row["n_changed"])]
    return Work(tuple(codes), row["changed_cents"], attempt=2 if "equal_shares" in disputes else 1)
