"""A payer refused, and nothing has ended it yet: each open denial is worked in one queue.

The codes name a queue. Where that queue works denials, it is the one; what it leaves over is coordination's (COB
denials) or not (other denials), so none is lost however a code is mapped. Two payers that each point at the other are
one problem of the claim, worked as a standoff.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models.claim import PayerState
from denials.actions import ACCEPTED, answered_anew, taken_back
from denials.models import COB, Denial, Status
from denials.queries import desk_code_book
from workqueues.asks.asking import Ask, Found, Scope

SUBJECT = "denials.denial"
SLUG, OTHER = "cob-denials", "other-denials"
# The queues besides these two that ask for the denials whose codes name them.
OWNERS = (
    "patient-outreach",
    "crossover-watch",
    "recoupment",
    "credit-balances",
    "coverage-change",
    "timely-filing",
    "rejected-claims",
    "accident-liability",
    "appeals",
    "awaiting-payer",
)
OURS = Q(family=COB) | Q(queue=SLUG)
# What a payer says that holds itself not to be the first: the order, or Medicare's record of who comes first.
NOT_FIRST = ("order_wrong", "msp_conflict")
# Where a payer stands that has not been sent the claim again since it refused.
NOT_BILLED_SINCE = (PayerState.DENIED, PayerState.EXPECTED)
# A rejection with such codes, or what else another queue works, is no word of a payer in a standoff.
POINTS_AWAY = Q(category__in=NOT_FIRST) & ~Q(queue__in=(*OWNERS, OTHER))


def rows(scope: Scope) -> QuerySet[Denial]:
    """The denials a scope is about, open or not."""
    found = Denial.objects.order_by()
    return scope.of(found)


def in_standoff() -> Q:
    """A refusal "we are not the first" of a claim that another payer refuses in the same way."""
    others = Denial.objects.filter(_stands(), claim=OuterRef("claim")).order_by()
    return _stands() & Q(Exists(others.exclude(payer=OuterRef("payer"))))


def _stands() -> Q:
    """Open; or put right in that another payer took the claim in, and still the payer's last word: when that one points
    back, the claim is where it was."""
    was_tried = Q(
        status=Status.RESOLVED, resolution=ACCEPTED, resolved_by=None, claim_payer__state__in=NOT_BILLED_SINCE
    )
    return POINTS_AWAY & (Q(status=Status.OPEN) | (was_tried & ~Q(answered_anew()) & ~Q(taken_back())))


def found(scope: Scope, _today: date) -> Iterator[Found]:
    unowned = rows(scope).exclude(queue__in=(*OWNERS, OTHER)).filter(OURS)
    yield from _found(scope, unowned.filter(~in_standoff()))


def found_other(scope: Scope, _today: date) -> Iterator[Found]:
    """What is not of coordination and of no queue of its own: look-alikes leave the COB line here."""
    yield from _found(scope, rows(scope).exclude(queue__in=OWNERS).filter(Q(queue=OTHER) | ~OURS))


def owned_by(slug: str, scope: Scope) -> Iterator[Found]:
    """The open denials that belong to another queue than that of coordination."""
    yield from _found(scope, rows(scope).filter(queue=slug))


def _found(scope: Scope, rows: QuerySet[Denial]) -> Iterator[Found]:
    if not scope.has_denials:
        return
    categories = desk_code_book().categories
    mine = rows.filter(status=Status.OPEN).select_related("payer", "claim").defer("claim__content")
    for denial in mine.iterator(chunk_size=2000):
        category = categories.get(denial.category)
        yield Found(
            subject_type=SUBJECT,
            subject_id=denial.pk,
            patient_id=denial.claim.patient_id,
            claim_id=denial.claim_id,
            payer_id=denial.payer_id,
            site_id=denial.site_id,
            reason=f"{denial.payer} refused: {category.label if category else denial.category}.",
            codes=tuple(denial.codes),
            amount_cents=denial.at_risk_cents,
            limit_on=denial.limit_on,
            since=denial.answered_on,
            attempt=denial.attempt,
        )


def gone(ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Denial.objects.filter(pk__in=ids).values_list("pk", "resolution")
    return {pk: resolution or "Another queue works it." for pk, resolution in rows}


def of(slug: str) -> Ask:
    """The question of a queue after the denials whose codes name it."""
    return Ask(found=lambda scope, _today: owned_by(slug, scope), gone=gone)


ASK = Ask(found=found, gone=gone)
ASK_OTHER = Ask(found=found_other, gone=gone)
