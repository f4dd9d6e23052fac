"""Services one payer has paid by two answers that both stand, and how much of it the charge leaves no room for.

A payer may pay the rest of a service later. What it pays again is told by the line: paid, written off and left to the
patient come to more than the charge, be it that the payments alone do not.
"""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from claims import ledger
from claims.exchange.posted import posted_on
from claims.ledger import Posted
from claims.models import Adjudication, Claim, Line, Posting
from claims.models.posting import PostingKind

# A payer's place on a claim; a stranger may have answered in a place that is another's.
Place = tuple[int, UUID]


def may_be_paid_twice() -> Q:
    """Claims that two standing answers of one payer pay."""
    paid = Adjudication.objects.filter(paid_cents__gt=0, posted_at__isnull=False, reversed_by=None, recoupment=None)
    other = paid.filter(claim=OuterRef("claim"), remittance__payer=OuterRef("remittance__payer"))
    return Q(Exists(paid.filter(Exists(other.exclude(pk=OuterRef("pk"))), claim=OuterRef("pk"))))


def paid_twice(claims: QuerySet[Claim]) -> dict[UUID, dict[Place, int]]:
    """By claim and place, what was paid again, in cents. Four queries, of which most claims need one."""
    rows = Posting.objects.filter(claim__in=claims.values("pk"), line__isnull=False, reversal=None)
    paid = rows.filter(kind=PostingKind.PAYMENT, amount_cents__gt=0).order_by()
    places = paid.values("claim", "line", "rank", "payer").annotate(answers=Count("adjudication", distinct=True))
    found = list(places.filter(answers__gt=1))
    if not found:
        return {}
    payments: dict[tuple[UUID, Place], list[int]] = defaultdict(list)
    of_lines = paid.filter(line__in={row["line"] for row in found})
    for line, rank, payer, cents in of_lines.values_list("line", "rank", "payer", "amount_cents"):
        payments[line, (rank, payer)].append(cents)
    over = _over({row["claim"] for row in found}, {row["line"] for row in found})
    twice: dict[UUID, dict[Place, int]] = defaultdict(lambda: defaultdict(int))
    for row in found:
        place = row["rank"], row["payer"]
        several = payments[row["line"], place]
        # One of them stands in any case.
        cents = min(over[row["line"]], sum(several) - min(several))
        if cents > 0:
            twice[row["claim"]][place] += cents
    return twice


def _over(claims: set[UUID], lines: set[UUID]) -> dict[UUID, int]:
    """By line, how much more than its charge is paid, written off and left to the patient."""
    of_claim: dict[UUID, list[Posted]] = defaultdict(list)
    for claim, posted in posted_on(claims):
        of_claim[claim].append(posted)
    alive: dict[UUID, list[Posted]] = defaultdict(list)
    for rows in of_claim.values():
        for row in ledger.standing(rows):
            if row.line in lines:
                alive[row.line].append(row)
    charges = Line.objects.filter(pk__in=lines).values_list("pk", "charge_cents")
    return {line: ledger.beyond(charge, alive[line]) for line, charge in charges}
