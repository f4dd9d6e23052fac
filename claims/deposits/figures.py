"""What was remitted, posted and left over, per remittance: remitted = posted + unmatched + not posted − provider.

In set-based sums: the same number of queries for one remittance as for a thousand. A letter changes none of them: what
it takes is owed in the provider's ledger, and a reversal beside it moves that instead of the claim.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from claims.models import Adjudication, Posting, ProviderAdjustment, ProviderEntry, Recoupment, Remittance
from claims.models.posting import PostingKind
from cob.x12.t835 import ESTIMATE


@dataclass(frozen=True, slots=True)
class Sums:
    """One remittance in cents. `rest_cents` is what none of it explains, and should be nothing; `letter_cents` is the
    part of the provider's that answers beside a letter moved, and no PLB."""

    remitted_cents: int = 0
    posted_cents: int = 0
    unmatched_cents: int = 0
    unmatched: int = 0
    waiting_cents: int = 0
    waiting: int = 0
    provider_cents: int = 0
    letter_cents: int = 0
    answers: int = 0
    odd: int = 0

    @property
    def rest_cents(self) -> int:
        explained = self.posted_cents + self.unmatched_cents + self.waiting_cents - self.provider_cents
        return self.remitted_cents - explained

    @property
    def is_done(self) -> bool:
        """All of it is in the ledger or explained by provider adjustments."""
        return not (self.unmatched or self.waiting or self.rest_cents)

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def sums_of(remittances: Iterable[Remittance]) -> dict[uuid.UUID, Sums]:
    """The sums of each remittance."""
    rows = list(remittances)
    ids = [row.pk for row in rows]
    # An estimate (CLP02 25) that brought no money is never posted, so nothing of it waits.
    waits = ~Q(status=ESTIMATE, paid_cents=0)
    unmatched, waiting = Q(claim=None) & waits, Q(claim__isnull=False, posted_at=None) & waits
    answers = {
        found["remittance"]: found
        for found in Adjudication.objects.filter(remittance__in=ids)
        .order_by()
        .values("remittance")
        .annotate(
            answers=Count("pk"),
            unmatched=Count("pk", filter=unmatched),
            unmatched_cents=Sum("paid_cents", filter=unmatched, default=0),
            waiting=Count("pk", filter=waiting),
            waiting_cents=Sum("paid_cents", filter=waiting, default=0),
            odd=Count("pk", filter=~Q(exceptions=[])),
        )
    }
    posted = _posted(ids)
    provider = dict(
        ProviderAdjustment.objects.filter(remittance__in=ids)
        .order_by()
        .values_list("remittance")
        .annotate(cents=Sum("amount_cents"))
    )
    letters = _beside_letters(ids)
    found_sums = {}
    for row in rows:
        said = answers.get(row.pk, {})
        found_sums[row.pk] = Sums(
            remitted_cents=row.paid_cents,
            posted_cents=posted.get(row.pk, 0),
            unmatched_cents=said.get("unmatched_cents", 0),
            unmatched=said.get("unmatched", 0),
            waiting_cents=said.get("waiting_cents", 0),
            waiting=said.get("waiting", 0),
            provider_cents=provider.get(row.pk, 0) + letters.get(row.pk, 0),
            letter_cents=letters.get(row.pk, 0),
            answers=said.get("answers", 0),
            odd=said.get("odd", 0),
        )
    return found_sums


def posted_sums(remittance: Remittance) -> Sums:
    """The sums of one."""
    return sums_of([remittance])[remittance.pk]


def _posted(ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Payments less what mirrors a payment or a refund of one, by the remittance whose answer wrote the entry."""
    money = PostingKind.PAYMENT, PostingKind.REFUND
    mirrors = Q(kind=PostingKind.REVERSAL, reverses__kind__in=money)
    entries = Posting.objects.filter(Q(kind=PostingKind.PAYMENT) | mirrors, adjudication__remittance__in=ids).order_by()
    found = dict(entries.values_list("adjudication__remittance").annotate(cents=Sum("amount_cents")))
    # A letter's own mirrors belong to no answer; with them and what it took, its answer comes to what it paid.
    by_letter = Posting.objects.filter(mirrors, adjudication=None, reverses__adjudication__remittance__in=ids)
    demanded = Recoupment.objects.filter(answer__remittance__in=ids)
    for of, rows in (("reverses__adjudication__remittance", by_letter), ("answer__remittance", demanded)):
        for pk, cents in rows.order_by().values_list(of).annotate(cents=Sum("amount_cents")):
            found[pk] = found.get(pk, 0) + cents
    return found


def _beside_letters(ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """What answers moved of letters' debts, signed as a PLB: positive lowered the payment."""
    entries = ProviderEntry.objects.filter(remittance__in=ids, adjudication__isnull=False).order_by()
    sums = entries.values_list("remittance").annotate(cents=Sum("amount_cents"))
    return {pk: -cents for pk, cents in sums}
