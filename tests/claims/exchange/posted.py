"""What became of an answer, in short, for tests to compare."""

from __future__ import annotations

from claims.models import Claim, ClaimPayer, Posting


def balances(control="PCN1"):
    found = Claim.objects.get(control_number=control)
    return found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents


def postings(control="PCN1"):
    rows = Posting.objects.filter(claim__control_number=control).order_by("posted_at")
    return [(r.rank, r.kind, f"{r.group}-{r.carc}".strip("-"), r.amount_cents) for r in rows]


def state(rank=1, control="PCN1"):
    return ClaimPayer.objects.get(claim__control_number=control, rank=rank).state


def only(result):
    (transaction_result,) = result["transactions"]
    return transaction_result


def why(result):
    return [e["why"] for e in only(result)["exceptions"]]
