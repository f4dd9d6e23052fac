"""On which claims too much was paid: five questions, each asked of a set of claims at once, the surest first.

A claim whose demand is on file already is left to that demand. Nothing here decides; a person opens the refund. What
a patient paid too much is `claims.patient_billing.refunding`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Sum

from claims.credits import too_much
from claims.models import Adjudication, Claim, ClaimPayer, Posting, Recoupment
from claims.models.posting import PostingKind
from claims.models.recoupment import CreditKind
from claims.recoupment.above_expected import Above, above_expected
from claims.recoupment.owed import Place, owed_on
from claims.recoupment.paid_twice import paid_twice
from cob.cents import dollars

AS_FIRST = ("1", "19")
# A rank on the claim, if it has one, and the payer.
_Place = tuple[int | None, UUID]


@dataclass(frozen=True, slots=True)
class Overpaid:
    """One claim: what showed it, whose the money is, how much for sure and at most."""

    claim: UUID
    kind: CreditKind
    payer: UUID
    payer_kind: str
    amount_cents: int
    most_cents: int
    since: date
    because: str


@dataclass(frozen=True, slots=True)
class _Paid:
    """What one payer has paid on a claim, net, and when last. `is_stranger`: it has no place on the claim."""

    rank: int
    payer: UUID
    name: str
    kind: str
    cents: int
    last_on: date
    is_stranger: bool

    @property
    def place(self) -> _Place:
        return (None if self.is_stranger else self.rank), self.payer


def overpaid(claims: QuerySet[Claim]) -> list[Overpaid]:
    """At most one of these a claim."""
    open_demand = Recoupment.objects.filter(claim=OuterRef("pk"), closed_at=None)
    asked = claims.filter(~Exists(open_demand), is_void=False).order_by()
    over = dict(asked.filter(insurer_open_cents__lt=0).values_list("pk", "insurer_open_cents"))
    both = _paid_as_first(asked)
    twice, owed = paid_twice(asked), owed_on(both)
    paid, found = _paid_on({*over, *both, *twice}), []
    for claim in sorted({*over, *both, *twice}):
        as_first = [one for one in paid[claim] if one.place in both.get(claim, ())]
        one = _of_claim(claim, paid[claim], -over.get(claim, 0), as_first, twice.get(claim, {}), owed)
        if one:
            found.append(one)
    settled = {one.claim for one in found}
    return [*found, *(_above(claim, it) for claim, it in above_expected(asked).items() if claim not in settled)]


def _paid_as_first(claims: QuerySet[Claim]) -> dict[UUID, set[_Place]]:
    """Claims with standing answers of two payers that both say they came first and both paid one line: their places.
    An answer without lines may be of each. Two queries, of which most claims need one."""
    standing = Adjudication.objects.filter(
        status__in=AS_FIRST, paid_cents__gt=0, posted_at__isnull=False, reversed_by=None, recoupment=None
    )
    others = standing.filter(claim=OuterRef("claim")).exclude(
        claim_payer=OuterRef("claim_payer"), remittance__payer=OuterRef("remittance__payer")
    )
    rows = standing.filter(Exists(others), claim__in=claims.values("pk")).order_by()
    answers = {
        pk: (claim, (rank, payer))
        for pk, claim, rank, payer in rows.values_list("pk", "claim", "claim_payer__rank", "remittance__payer")
    }
    return _on_one_line(answers) if answers else {}


def _on_one_line(answers: Mapping[UUID, tuple[UUID, _Place]]) -> dict[UUID, set[_Place]]:
    payments = Posting.objects.filter(
        adjudication__in=answers, kind=PostingKind.PAYMENT, amount_cents__gt=0, reversal=None
    )
    by_line: dict[UUID, dict[UUID | None, set[_Place]]] = defaultdict(lambda: defaultdict(set))
    for answer, line in payments.order_by().values_list("adjudication", "line").distinct():
        claim, place = answers[answer]
        by_line[claim][line].add(place)
    places: dict[UUID, set[_Place]] = {}
    for claim, lines in by_line.items():
        whole = lines.get(None, set())
        several = [on_line | whole for on_line in lines.values() if len(on_line | whole) > 1]
        if several:
            places[claim] = set().union(*several)
    return places


def _paid_on(claims: Collection[UUID]) -> dict[UUID, list[_Paid]]:
    """By claim, each payer with what it has paid and not got back, in its place."""
    money = PostingKind.PAYMENT, PostingKind.REFUND
    counts = Q(kind__in=money) | Q(reverses__kind__in=money)
    rows = (
        Posting.objects.filter(counts, claim__in=claims)
        .order_by()
        .values("claim", "rank", "payer", "payer__name", "payer__kind")
        .annotate(
            cents=Sum("amount_cents"), last=Max("posted_on", filter=Q(kind=PostingKind.PAYMENT, amount_cents__gt=0))
        )
    )
    kinds = {
        (claim, payer): kind
        for claim, payer, kind in ClaimPayer.objects.filter(claim__in=claims)
        .order_by()
        .values_list("claim", "payer", "coverage__kind")
    }
    found: dict[UUID, list[_Paid]] = defaultdict(list)
    for row in rows:
        if row["cents"] > 0 and row["last"]:
            kind = kinds.get((row["claim"], row["payer"])) or row["payer__kind"]
            is_stranger = (row["claim"], row["payer"]) not in kinds
            one = _Paid(row["rank"], row["payer"], row["payer__name"], kind, row["cents"], row["last"], is_stranger)
            found[row["claim"]].append(one)
    for several in found.values():
        several.sort(key=lambda one: (one.rank, one.is_stranger))
    return found


def _of_claim(
    claim: UUID,
    paid: list[_Paid],
    over: int,
    as_first: list[_Paid],
    twice: Mapping[tuple[int, UUID], int],
    owed: dict[Place, int],
) -> Overpaid | None:
    if not paid:
        return None
    if len(as_first) > 1 and (both := _both_first(claim, as_first, over, owed)):
        return both
    again = next((one for one in paid if (one.rank, one.payer) in twice), None)
    if again:
        cents = max(twice[again.rank, again.payer], min(over, again.cents))
        because = f"{again.name} paid the same service twice, {dollars(cents)} too much in all."
        return _one(claim, CreditKind.PAID_TWICE, again, cents, because)
    if over <= 0:
        return None
    last = paid[-1]
    if len(paid) > 1:
        because = f"{last.name} paid {dollars(over)} more than the payers before left."
        return _one(claim, CreditKind.ABOVE_SHARE, last, min(over, last.cents), because)
    because = f"Payments and write-offs come to {dollars(over)} more than the charge."
    return _one(claim, CreditKind.CREDIT_BALANCE, last, min(over, last.cents), because)


def _both_first(claim: UUID, as_first: list[_Paid], over: int, owed: dict[Place, int]) -> Overpaid | None:
    """The one of them that comes later in the order gets its excess back, and nobody knows it before what it owed.
    None once it has it, or where it paid no more than it owed."""
    first, *_, second = as_first
    due = None if second.is_stranger else owed.get((claim, second.rank))
    least, most = min(over, second.cents), second.cents
    if due is not None:
        least = most = too_much(second.cents, due)
    if most <= 0:
        return None
    place = "has no place on the claim" if second.is_stranger else "comes after"
    because = f"{first.name} and {second.name} both paid as if they came first; {second.name} {place}."
    since = max(first.last_on, second.last_on)
    return Overpaid(claim, CreditKind.BOTH_PRIMARY, second.payer, second.kind, least, most, since, because)


def _one(claim: UUID, kind: CreditKind, whose: _Paid, cents: int, because: str) -> Overpaid:
    return Overpaid(claim, kind, whose.payer, whose.kind, cents, cents, whose.last_on, because)


def _above(claim: UUID, it: Above) -> Overpaid:
    because = f"{it.name} paid {dollars(it.paid_cents)} and owes at most {dollars(it.expected_cents)} by its terms."
    kind = CreditKind.ABOVE_EXPECTED
    return Overpaid(claim, kind, it.payer, it.kind, it.least_cents, it.most_cents, it.answered_on, because)
