"""What a remittance would do, found out by doing it: the very import, inside a transaction that is taken back.

Nothing of it stays: no row, no event, nobody is told. What is shown is therefore what posting would give at this
moment, to the cent.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import transaction
from django.db.models import Sum

from claims.exchange import remits_in
from claims.exchange.outcomes import Quarantined
from claims.models import Adjudication, Claim, EdiFile, Posting, Remittance
from cob.turns import Turn, wait_for
from cob.x12.balance835 import Checked835, check_835
from cob.x12.errors import X12Error

# Posting waits meanwhile, so a larger file is shown by payment, as it adds up, without trying its claims.
MOST_CLAIMS = 2_000


@dataclass(frozen=True, slots=True)
class ClaimPreview:
    """One answer as it would stand: what would be posted, the claim's balances then, and what is odd."""

    control_number: str
    status: str
    claim: Claim | None
    how: str
    score: int | None
    is_posted: bool
    charge_cents: int
    paid_cents: int
    posted_cents: int
    written_off_cents: int
    responsibility_cents: int
    insurer_open_cents: int
    patient_cents: int
    exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaymentPreview:
    """One transaction: one check or transfer. `is_before`: it was posted already and would not be again; `untried`: so
    many claims of a file too large to try."""

    trace: str
    payer: str
    paid_cents: int
    plb_cents: int
    is_before: bool
    claims: tuple[ClaimPreview, ...] = ()
    untried: int = 0

    @property
    def unmatched_cents(self) -> int:
        return sum(c.paid_cents for c in self.claims if c.claim is None)

    @property
    def posted_cents(self) -> int:
        return sum(c.posted_cents for c in self.claims)

    @property
    def odd(self) -> int:
        return sum(1 for c in self.claims if c.exceptions or not c.is_posted)


@dataclass(frozen=True, slots=True)
class Preview:
    """All transactions, or why nothing would be posted (`held`)."""

    payments: tuple[PaymentPreview, ...] = ()
    held: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def patients(self) -> list[uuid.UUID]:
        return [c.claim.patient_id for p in self.payments for c in p.claims if c.claim]


class _TakenBack(Exception):
    """Ends the transaction without anything having happened."""


def preview_835(edi_file: EdiFile, source: IO[bytes]) -> Preview:
    """What importing this 835 would do now. `edi_file` may be unsaved. Never raises for what the file holds."""
    try:
        checked = list(check_835(source))
        source.seek(0)
        remits_in.check(source)
    except (Quarantined, X12Error) as error:
        return Preview(held=str(error))
    claims = sum(found.claims for found in checked)
    if claims > MOST_CLAIMS:
        return _by_payment(checked, claims)
    source.seek(0)
    shown = Preview()
    try:
        with transaction.atomic():
            wait_for(Turn.POSTINGS)
            if edi_file._state.adding:
                edi_file.save()
            said = remits_in.store(edi_file, source)
            shown = Preview(tuple(_payments(edi_file, said["transactions"])), notes=tuple(said["notes"]))
            raise _TakenBack
    except _TakenBack:
        return shown
    except Quarantined as error:
        return Preview(held=str(error))


def _by_payment(checked: Iterable[Checked835], claims: int) -> Preview:
    """What its checks come to. That every claim adds up was found out; which of ours they are was not."""
    note = (
        f"It holds {claims:,} claims, so it is shown by payment: up to {MOST_CLAIMS:,} claims are tried one by one, "
        "because nobody can post meanwhile. Everything in it adds up. Its import matches and posts every claim, or "
        "holds the file whole, and lists what to look at."
    )
    payments = [
        PaymentPreview(head.trace, head.payer.name, head.paid_cents, found.plb_cents, False, untried=found.claims)
        for found in checked
        if (head := found.header)
    ]
    return Preview(tuple(payments), notes=(note,))


def _payments(edi_file: EdiFile, results: list[dict[str, Any]]) -> Iterable[PaymentPreview]:
    stored = list(Remittance.objects.filter(file=edi_file).select_related("payer").order_by("created_at"))
    answers = Adjudication.objects.filter(remittance__in=stored).select_related("claim__patient")
    by_remittance: dict[uuid.UUID, list[Adjudication]] = {}
    for answer in answers.order_by("position"):
        by_remittance.setdefault(answer.remittance_id, []).append(answer)
    sums = _sums([answer.pk for found in by_remittance.values() for answer in found])
    rows = iter(stored)  # in the order of the file, without those that were posted before
    for result in results:
        row = None if result.get("already_posted") else next(rows, None)
        if row is None:
            yield PaymentPreview(result["trace"], "", result["paid_cents"], result["plb_cents"], True)
            continue
        found = by_remittance.get(row.pk, [])
        claims = tuple(_claim(answer, sums.get(answer.pk, {})) for answer in found)
        yield PaymentPreview(row.trace, str(row.payer), row.paid_cents, row.plb_cents, False, claims)


def _sums(ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    grouped = Posting.objects.filter(adjudication__in=ids, reversal=None).order_by().values_list("adjudication", "kind")
    found: dict[uuid.UUID, dict[str, int]] = {}
    for answer, kind, cents in grouped.annotate(cents=Sum("amount_cents")):
        found.setdefault(answer, {})[kind] = cents
    return found


def _claim(answer: Adjudication, sums: dict[str, int]) -> ClaimPreview:
    claim = answer.claim
    return ClaimPreview(
        control_number=answer.control_number,
        status=answer.status,
        claim=claim,
        how=answer.matched_how,
        score=answer.match_score,
        is_posted=answer.posted_at is not None,
        charge_cents=answer.charge_cents,
        paid_cents=answer.paid_cents,
        posted_cents=sums.get("payment", 0) + (sums.get("reversal", 0) if answer.is_reversal else 0),
        written_off_cents=sums.get("write_off", 0),
        responsibility_cents=sums.get("responsibility", 0),
        insurer_open_cents=claim.insurer_open_cents if claim else 0,
        patient_cents=claim.patient_cents if claim else 0,
        exceptions=tuple(answer.exceptions),
    )
