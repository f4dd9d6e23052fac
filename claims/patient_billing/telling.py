"""Keep what somebody told that a share rests on. Told again, never edited."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from claims.models import Claim
from claims.patient_billing.asking import asked, place_of
from claims.patient_billing.models import BillingFact
from claims.patient_billing.reading import QMB_PATH
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.coverage.facts import tell_fact
from cob.coverage.models import Contract, Payer, PlanTerms
from cob.coverage.payment_actions import BadTerms, set_contract, set_terms
from cob.coverage.payment_terms import PaymentOnFile

VERB = "billing fact told"


class NotTold(ValueError):
    """An answer that cannot be kept; says what is missing."""


def answer(*, claim: Claim, fact: str, value: Any, told_by: str, source: str = "", by: User) -> None:
    """Keep the answer to a question of a claim's share: with the patient, the payer or the claim it is about.

    Raises NotTold.
    """
    if not told_by.strip():
        raise NotTold("Say who told us, or where it was read.")
    words = asked(fact)
    if words.of == "patient":
        tell_fact(patient=claim.patient, path=QMB_PATH, value=value, told_by=told_by, told_how=source,
                  true_from=claim.service_from, by=by)  # fmt: skip
        return
    if words.of == "payer":
        _of_payer(claim, fact, value, f"{source.strip()} ({told_by.strip()})" if source.strip() else "", by)
        return
    with transaction.atomic(), doing("billing fact kept"):
        row = BillingFact.objects.create(
            name=fact,
            claim=claim,
            value=value,
            told_by=told_by.strip()[:80],
            source=source.strip()[:200],
            recorded_by=by,
        )
        record(VERB, row, patients=[claim.patient_id], site_id=claim.site_id)


def told_of(claim: Claim) -> list[BillingFact]:
    """What was told of the claim itself and not taken back: one row a fact, the last word of each."""
    last = {row.name: row for row in BillingFact.objects.filter(claim=claim).order_by("told_at")}
    return [row for row in last.values() if row.value is not None]


def take_back(*, told: BillingFact, because: str, by: User) -> None:
    """An answer of the claim turned out otherwise: it is asked anew. What it was stays on file. Raises NotTold."""
    if not because.strip():
        raise NotTold("Say what turned out otherwise.")
    with transaction.atomic(), doing("billing fact taken back", reason=because):
        claim = Claim.objects.select_for_update().get(pk=told.claim_id)
        if told not in told_of(claim):
            raise NotTold("This is not told any more. Somebody may have taken it back just now.")
        row = BillingFact.objects.create(
            name=told.name, claim=claim, told_by=str(by)[:80], source=because.strip()[:200], recorded_by=by
        )
        record(VERB, row, patients=[claim.patient_id], site_id=claim.site_id)


def _of_payer(claim: Claim, fact: str, value: Any, source: str, by: User) -> None:
    """A contract or the state's copay: kept with the payer, from the day of service on."""
    payer = _payer(claim, fact)
    if payer is None:
        raise NotTold("The payer this is about is not on the claim any more.")
    try:
        with transaction.atomic():
            if place_of(fact) is not None:
                row: Contract | PlanTerms = set_contract(
                    payer=payer, site=claim.site, is_in_network=bool(value), effective_on=claim.service_from,
                    source=source, by=by,
                )  # fmt: skip
            else:
                on_file = PaymentOnFile([payer.pk]).terms(payer.pk, "", claim.service_from)
                terms = on_file.terms.model_copy(update={"medicaid_copay_cents": value})
                row = set_terms(
                    payer=payer, plan_name="", terms=terms, effective_on=claim.service_from, source=source, by=by
                )
            record(VERB, row, patients=[claim.patient_id], site_id=claim.site_id)
    except BadTerms as bad:
        raise NotTold(str(bad)) from bad


def _payer(claim: Claim, fact: str) -> Payer | None:
    rank = place_of(fact)
    rows = claim.payers.select_related("payer", "coverage").order_by("rank")
    if rank is not None:
        found = rows.filter(rank=rank).first()
    else:
        found = next((row for row in rows if (row.coverage.kind or row.payer.kind) == "medicaid"), None)
    return found.payer if found else None
