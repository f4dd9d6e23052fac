"""Reads for the deposit pages; each costs the same for one row as for fifty."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from claims.deposits.tying import Money, score, signs
from claims.models import Deposit, Remittance
from cob.accounts.models import Site, User

MOST_MISSING, MOST_CANDIDATES, WINDOW_DAYS = 50, 15, 45


def day_keys(user: User) -> QuerySet[Deposit, tuple[uuid.UUID, date]]:
    """The (site, day) pairs with deposits the user may see, newest first."""
    rows: QuerySet[Deposit] = Deposit.objects.counted().visible_to(user).order_by("-deposited_on", "site")
    return rows.values_list("site", "deposited_on").distinct()


def withdrawn_on(site: Site, day: date) -> QuerySet[Deposit]:
    """What was typed wrongly for a bank day and counts nowhere."""
    rows = Deposit.objects.filter(site=site, deposited_on=day, withdrawn_at__isnull=False)
    found: QuerySet[Deposit] = rows.select_related("withdrawn_by").order_by("withdrawn_at")
    return found


def not_deposited(user: User) -> list[Remittance]:
    """Remittances of sites that keep deposits whose money is in none, the oldest first: of the days since the site's
    first deposit."""
    kept = Deposit.objects.counted().filter(site=OuterRef("site"), deposited_on__lte=OuterRef("paid_on"))
    rows = Remittance.objects.counted().filter(site__in=user.site_ids(), tie=None, paid_cents__gt=0)
    return list(rows.filter(Exists(kept)).select_related("payer", "site").order_by("paid_on")[:MOST_MISSING])


@dataclass(frozen=True, slots=True)
class TieCandidate:
    """A remittance the deposit may pay."""

    remittance: Remittance
    score: int
    signs: str
    closes: bool


def tie_candidates(deposit: Deposit, left_cents: int) -> list[TieCandidate]:
    """Untied remittances near the day or of the same trace, the best first; `closes`: it brings the deposit to zero."""
    near = (deposit.deposited_on - timedelta(days=WINDOW_DAYS), deposit.deposited_on + timedelta(days=WINDOW_DAYS))
    rows = Remittance.objects.counted().filter(site=deposit.site_id, tie=None, paid_cents__gt=0, paid_on__range=near)
    mine = Money(deposit.pk, deposit.trace, deposit.amount_cents, deposit.deposited_on)
    made = []
    for row in rows.select_related("payer").order_by("-paid_on")[:500]:
        theirs = Money(row.pk, row.trace, row.paid_cents, row.paid_on)
        made.append(TieCandidate(row, score(mine, theirs), signs(mine, theirs), row.paid_cents == left_cents))
    made.sort(key=lambda c: (not c.closes, -c.score))
    return made[:MOST_CANDIDATES]
