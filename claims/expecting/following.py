"""Expected payments follow what they rest on: each posting, each change of terms, contract or fee."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from claims.expecting.storing import claims_to_ask, refresh
from claims.models import Adjudication
from cob.audit.models import Event
from cob.audit.subscribers import subscribe
from cob.coverage.models import Contract, Fee, PlanTerms

_DATED = {"coverage.planterms": PlanTerms, "coverage.contract": Contract, "coverage.fee": Fee}


@subscribe("remittance posted")
def after_posting(events: list[Event]) -> None:
    """The claims a remittance answered."""
    refresh(pk for event in events for pk in _ids((event.after or {}).get("claims")))


@subscribe("matched answer", "adjudication matched")
def after_matching(events: list[Event]) -> None:
    """The claim an answer was matched to."""
    answers = [event.subject_id for event in events]
    refresh(Adjudication.objects.filter(pk__in=answers, claim__isnull=False).values_list("claim", flat=True))


@subscribe("payment terms set", "contract set", "fees set")
def after_terms(events: list[Event]) -> None:
    """Every claim of the payers whose terms are other ones now."""
    payers = {payer for event in events for payer in _payers(event)}
    refresh(claims_to_ask(payers__payer__in=payers).values_list("pk", flat=True))


def _payers(event: Event) -> Iterable[uuid.UUID]:
    model = _DATED.get(event.subject_type)
    rows = (event.after or {}).get("rows") or ([event.subject_id] if event.subject_id else [])
    return model.objects.filter(pk__in=rows).values_list("payer", flat=True).distinct() if model else ()


def _ids(values: object) -> list[uuid.UUID]:
    return [uuid.UUID(str(one)) for one in values] if isinstance(values, list) else []
