"""One claim of two payers whose first hands it on, and what is asked of its copy."""

from __future__ import annotations

from datetime import date

from claims.crossover import actions, queries
from claims.models import ClaimPayer, Heard
from cob.audit.acting import acting
from cob.coverage.crossover.actions import Said, set_crossover
from cob.coverage.models import Payer
from tests.claims.edi_samples import (
    BETA,
    answer,
    svc,
    transaction,
)

PAID = (("CO-45", 50_00), ("PR-2", 20_00))

ON = date(2026, 3, 20)

CHECK, UNTIL = date(2026, 4, 10), date(2026, 4, 19)

SINCE = date(2026, 1, 1)


def beta(paid=date(2026, 4, 2)):
    """The second payer answers what was left."""
    said = answer("PCN1", svc(("CO-45", 50_00), ("OA-23", 80_00)), status="2")
    return transaction(said, payer=BETA, trace="EFT2", paid=paid)


def stands(on):
    return queries.watches(on).get().stands


def place():
    return ClaimPayer.objects.get(rank=2)


def heard(watch, what=Heard.LETTER, *, by, on=ON, **more):
    return actions.hear(watch=watch, heard=what, told_on=on, by=by, reference="LTR 7", **more)


def setting(name, by, said=None, *, sender=None, on=SINCE, source="Bulletin 4"):
    payer = Payer.objects.get(name=name)
    said = said or Said(True, "automatic", wait_days=45, refuses_early=True)
    with acting(by):
        return set_crossover(payer=payer, sender=sender, said=said, effective_on=on, source=source, by=by)
