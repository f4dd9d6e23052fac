"""Everything on file held against the eighteen rules: claims a set at a time, answers and payments a table at a time;
what is broken is kept with the day since when."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from claims import answer_checks  # noqa: F401  importing is registering
from claims.exchange.outcomes import Nobody, Tells
from claims.exchange.posted import as_posted
from claims.invariants import CREDITS, Broken, Ledger, check
from claims.ledger import Balances, LineKey, Posted
from claims.ledger_rules import finders
from claims.models import Claim, ClaimPayer, LedgerBreach, Line, Posting, Remittance
from claims.recoupment import ledger_rules as provider_rules  # noqa: F401  the same
from cob.accounts.models import User
from cob.coverage.models.kind import Kind
from cob.jobs.actions import open_job
from cob.jobs.models import Job, State
from cob.turns import Turn, wait_for

LEDGER_LOOK = "claims.check_ledger"
CHUNK = 1_000
_LONGEST_WHY = 400


@dataclass(slots=True)
class Checked:
    """How many claims were looked at, and what is broken, credits among it: they are money to return, not faults."""

    claims: int = 0
    found: list[Broken] = field(default_factory=list)

    @property
    def broken(self) -> dict[uuid.UUID | None, list[Broken]]:
        """Faults by claim; under None those that are of no claim on file."""
        by_claim: dict[uuid.UUID | None, list[Broken]] = defaultdict(list)
        for one in self.found:
            if one.rule not in CREDITS:
                by_claim[one.claim].append(one)
        return dict(by_claim)

    @property
    def credits(self) -> int:
        """Claims on which money is to be given back."""
        return len({one.claim for one in self.found if one.rule in CREDITS})

    @property
    def by_rule(self) -> dict[str, int]:
        """How many claims or payments break each rule."""
        return dict(Counter(rule for rule, _, _ in {(one.rule, one.claim, one.remittance) for one in self.found}))


def start_look(*, by: User) -> Job | None:
    """Open a look as a job. Of two people who ask at once one opens it; None where one waits or runs already."""
    with transaction.atomic():
        wait_for(Turn.LEDGER_LOOKS)
        if Job.objects.filter(kind=LEDGER_LOOK, state__in=(State.QUEUED, State.RUNNING)).exists():
            return None
        return open_job(LEDGER_LOOK, by=by)


def check_all(tells: Tells | None = None) -> Checked:
    """Nothing is stored. Five queries for a thousand claims, and one for each rule about answers and payments."""
    tells, found = tells or Nobody(), Checked()
    registered = finders()
    total = Claim.objects.count()
    tells.of(total + len(registered), "claims")
    for claims in _chunks():
        for claim, ledger in zip(claims, ledgers_of(claims), strict=True):
            found.found.extend(replace(one, claim=claim.pk) for one in check(ledger))
        found.claims += len(claims)
        tells.at(found.claims, "claims")
    for n, finder in enumerate(registered, 1):
        found.found.extend(finder())
        tells.at(total + n, "answers and payments")
    return found


def keep(found: Checked) -> list[LedgerBreach]:
    """Put what is broken on file: new ones from now on, known ones still, and what is not found any more is gone.

    Returns the new ones. Of two looks at once the later waits for the earlier.
    """
    now = timezone.now()
    whys: dict[tuple[int, str], list[Broken]] = defaultdict(list)
    for one in found.found:
        whys[int(one.rule), str(one.claim or one.remittance or "")].append(one)
    with transaction.atomic():
        wait_for(Turn.LEDGER_LOOKS)
        standing = {(row.rule, row.about): row for row in LedgerBreach.objects.standing()}
        fresh = [key for key in whys if key not in standing]
        sites = _sites(
            {one.claim for key in fresh for one in whys[key]}, {one.remittance for k in fresh for one in whys[k]}
        )
        made = [_row(key, whys[key], sites) for key in fresh]
        still = [row for key, row in standing.items() if key in whys]
        for row in still:
            row.why, row.seen_at = _why(whys[row.rule, row.about]), now
        gone = [row.pk for key, row in standing.items() if key not in whys]
        LedgerBreach.objects.bulk_update(still, ["why", "seen_at"], batch_size=CHUNK)
        LedgerBreach.objects.filter(pk__in=gone).update(gone_at=now)
        return LedgerBreach.objects.bulk_create(made, batch_size=CHUNK)


def _row(key: tuple[int, str], broken: list[Broken], sites: dict[uuid.UUID | None, uuid.UUID | None]) -> LedgerBreach:
    first = broken[0]
    site = sites.get(first.claim) or sites.get(first.remittance)
    rule, about = key
    return LedgerBreach(
        rule=rule, about=about, claim_id=first.claim, remittance_id=first.remittance, site_id=site, why=_why(broken)
    )


def _why(broken: list[Broken]) -> str:
    """The first in full; how many more there are."""
    more = f" And {len(broken) - 1} more of this kind." if len(broken) > 1 else ""
    return broken[0].why[: _LONGEST_WHY - len(more)] + more


def _sites(
    claims: set[uuid.UUID | None], remittances: set[uuid.UUID | None]
) -> dict[uuid.UUID | None, uuid.UUID | None]:
    found: dict[uuid.UUID | None, uuid.UUID | None] = {}
    for rows, wanted in ((Remittance.objects, remittances), (Claim.objects, claims)):
        ids = sorted(wanted - {None}, key=str)
        for start in range(0, len(ids), CHUNK):
            found |= dict(rows.filter(pk__in=ids[start : start + CHUNK]).values_list("pk", "site_id"))
    return found


def ledgers_of(claims: list[Claim]) -> Iterator[Ledger]:
    """The ledger of each claim as it is stored, in the order given."""
    ids = [claim.pk for claim in claims]
    charges: dict[uuid.UUID, dict[LineKey, int]] = defaultdict(dict)
    for claim_id, pk, cents in Line.objects.filter(claim__in=ids).values_list("claim_id", "pk", "charge_cents"):
        charges[claim_id][pk] = cents
    rows: dict[uuid.UUID, list[Posted]] = defaultdict(list)
    for posting in Posting.objects.filter(claim__in=ids).order_by("posted_at", "id"):
        rows[posting.claim_id].append(as_posted(posting))
    payers: dict[uuid.UUID, list[tuple[int, str]]] = defaultdict(list)
    medicaid: dict[uuid.UUID, set[int]] = defaultdict(set)
    places = ClaimPayer.objects.filter(claim__in=ids)
    for claim_id, rank, state, kind in places.values_list("claim_id", "rank", "state", "payer__kind"):
        payers[claim_id].append((rank, state))
        if kind == Kind.MEDICAID:
            medicaid[claim_id].add(rank)
    for claim in claims:
        stored = (claim.paid_cents, claim.written_off_cents, claim.insurer_open_cents, claim.patient_cents)
        pk = claim.pk
        yield Ledger(charges[pk], rows[pk], payers[pk], Balances(*stored), frozenset(medicaid[pk]))


def _chunks() -> Iterator[list[Claim]]:
    """By key, so that the memory is that of one chunk and nothing is missed when claims are added meanwhile."""
    after = Q()
    columns = ("pk", "paid_cents", "written_off_cents", "insurer_open_cents", "patient_cents")
    while claims := list(Claim.objects.filter(after).order_by("pk").only(*columns)[:CHUNK]):
        yield claims
        after = Q(pk__gt=claims[-1].pk)
