"""Rules asked of answers and payments as stored, a whole table a query: they held at the door and hold still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from claims.invariants import Broken, in_words
from claims.ledger import PAYMENT
from claims.ledger_rules import finds
from claims.models import AdjudicatedLine, Adjudication, Posting, ProviderAdjustment, Remittance, ReportedAdjustment
from cob.coverage.models.kind import Kind
from cob.x12.t835 import ESTIMATE

REVERSAL = "22"


def _sum(rows: QuerySet[Any], of: str, what: str) -> Coalesce:
    """Of the rows that belong to the outer one, nothing where there are none."""
    found = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(sum=Sum(what)).values("sum")
    return Coalesce(Subquery(found), 0)


@finds(1)
def lines_add_up() -> Iterator[Broken]:
    """Charge less adjustments is the payment."""
    rows = AdjudicatedLine.objects.annotate(off=_sum(ReportedAdjustment.objects.all(), "line", "amount_cents"))
    wrong = rows.exclude(charge_cents=F("paid_cents") + F("off"))
    for row in wrong.values("charge_cents", "paid_cents", "off", "adjudication__claim", "adjudication__remittance"):
        due = row["charge_cents"] - row["off"]
        why = f"A service adjusted to {in_words(due)} is kept as paid {in_words(row['paid_cents'])}."
        yield Broken("1", why, row["adjudication__claim"], row["adjudication__remittance"])


@finds(2)
def claims_add_up() -> Iterator[Broken]:
    """The same of the claim, with the adjustments of both levels."""
    rows = Adjudication.objects.annotate(off=_sum(ReportedAdjustment.objects.all(), "adjudication", "amount_cents"))
    for row in rows.exclude(charge_cents=F("paid_cents") + F("off")):
        due = row.charge_cents - row.off
        why = f"An answer adjusted to {in_words(due)} is kept as paid {in_words(row.paid_cents)}."
        yield Broken("2", why, row.claim_id, row.remittance_id)


@finds(3)
def payments_add_up() -> Iterator[Broken]:
    """The check or transfer is its claims less its provider adjustments."""
    rows = Remittance.objects.annotate(
        answered=_sum(Adjudication.objects.all(), "remittance", "paid_cents"),
        plb=_sum(ProviderAdjustment.objects.all(), "remittance", "amount_cents"),
    )
    for row in rows.exclude(paid_cents=F("answered") - F("plb")):
        due = row.answered - row.plb
        why = f"Claims less provider adjustments come to {in_words(due)}, the payment is {in_words(row.paid_cents)}."
        yield Broken("3", why, remittance=row.pk)


@finds(5)
def lines_make_the_claim() -> Iterator[Broken]:
    """The services' charges and payments, less claim-level adjustments, are the claim's; where there are services."""
    on_claim = ReportedAdjustment.objects.filter(line=None)
    lines = AdjudicatedLine.objects.all()
    rows = Adjudication.objects.filter(lines__position=1).annotate(
        charged=_sum(lines, "adjudication", "charge_cents"),
        lines_paid=_sum(lines, "adjudication", "paid_cents"),
        off=_sum(on_claim, "adjudication", "amount_cents"),
    )
    for row in rows.exclude(charge_cents=F("charged"), paid_cents=F("lines_paid") - F("off")):
        charged, paid = row.charged, row.lines_paid - row.off
        why = (
            f"Its services come to {in_words(charged)} charged and {in_words(paid)} paid, the claim is kept as "
            f"{in_words(row.charge_cents)} and {in_words(row.paid_cents)}."
        )
        yield Broken("5", why, row.claim_id, row.remittance_id)


@finds(12)
def medicare_second_pays_within_its_allowance() -> Iterator[Broken]:
    """42 CFR 411.33: at most what it would pay alone, which is at most what it allows (AMT*B6, where it is said)."""
    answered = Q(adjudication__claim_payer__rank__gt=1, adjudication__remittance__payer__kind=Kind.MEDICARE)
    rows = AdjudicatedLine.objects.filter(answered, allowed_cents__isnull=False, adjudication__posted_at__isnull=False)
    over = rows.exclude(adjudication__status=REVERSAL).filter(
        Q(paid_cents__lt=0) | Q(paid_cents__gt=F("allowed_cents"))
    )
    for row in over.values("paid_cents", "allowed_cents", "adjudication__claim", "adjudication__remittance"):
        why = (
            f"Medicare as a later payer paid {in_words(row['paid_cents'])} and allows {in_words(row['allowed_cents'])}."
        )
        yield Broken("12", why, row["adjudication__claim"], row["adjudication__remittance"])


@finds(16)
def what_is_posted_is_what_was_paid() -> Iterator[Broken]:
    """Interest (PLB L6, AMT*I) is income of the practice: the payments posted from an answer are its CLP04; once some
    were taken back, at most that."""
    payments = Posting.objects.filter(kind=PAYMENT)
    back = Exists(payments.filter(adjudication=OuterRef("pk"), reversal__isnull=False))
    rows = Adjudication.objects.filter(posted_at__isnull=False).exclude(status__in=(REVERSAL, ESTIMATE))
    rows = rows.annotate(posted=_sum(payments.filter(reversal=None), "adjudication", "amount_cents"), back=back)
    for row in rows.filter(Q(posted__gt=F("paid_cents")) | Q(back=False, posted__lt=F("paid_cents"))):
        why = f"{in_words(row.posted)} is posted from an answer that paid {in_words(row.paid_cents)}."
        yield Broken("16", why, row.claim_id, row.remittance_id)


@finds(18)
def an_answer_is_on_file_once() -> Iterator[Broken]:
    """Payer, trace, our number, theirs and the sign name one answer. A payment of nothing has a trace of nothing."""
    rows = Adjudication.objects.filter(posted_at__isnull=False, remittance__withdrawn_at=None)
    names = ("remittance__payer", "remittance__trace", "control_number", "payer_control_number", "claim", "gives_back")
    named = rows.exclude(remittance__paid_cents=0).annotate(gives_back=Case(When(status=REVERSAL, then=1), default=0))
    several = named.order_by().values(*names).annotate(n=Count("remittance", distinct=True))
    for row in several.filter(n__gt=1):
        what = "taken back" if row["gives_back"] else "answered"
        why = f"{row['control_number']} is {what} by payment {row['remittance__trace']} in {row['n']} remittances."
        yield Broken("18", why, row["claim"])
