"""The life of a claim, from its charge to zero: what was sent to whom, heard, answered and paid, in the order of the
days, with what was open after each; and how far each payer is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.urls import reverse
from django.utils import timezone

from claims.models import Adjudication, Claim, ClaimPayer, Posting, Submission
from claims.models.acknowledgement import HeardOf
from claims.models.posting import PostingKind
from claims.patient_billing.models import Allocation
from claims.presenters import words
from claims.queries import Papers
from cob.cents import dollars

CHARGED, SENT, HEARD, ANSWERED, PATIENT = range(5)
_SENT_AS = {"1": "Claim sent", "7": "Replacement sent (7)", "8": "Void sent (8): the claim taken back"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; amounts are what it moved, `open_cents` what was left of the charge after it."""

    on: date
    order: int
    payer: str
    what: str
    tone: str = ""
    detail: str = ""
    url: str = ""
    paid_cents: int = 0
    written_off_cents: int = 0
    open_cents: int = 0
    is_proof: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One stage a payer has reached with the claim."""

    label: str
    on: date | None
    tone: str = ""
    detail: str = ""


def life_of(claim: Claim, papers: Papers, allocations: Sequence[Allocation]) -> list[Happening]:
    """Everything that happened to the claim, oldest first."""
    rows = [Happening(claim.service_from, CHARGED, "", "Charged", detail=f"${dollars(claim.charge_cents)}")]
    for sent in papers.submissions:
        rows += _sent(sent)
    rows += _answers(papers)
    rows += [
        Happening(a.payment.received_on, PATIENT, "The patient", _by_patient(a), paid_cents=a.amount_cents)
        for a in allocations
    ]
    return _running(claim.charge_cents, sorted(rows, key=lambda row: (row.on, row.order)))


def allocations_of(claim: Claim) -> list[Allocation]:
    """The patient's money put on the claim: one query."""
    return list(claim.patient_allocations.select_related("payment").order_by("payment__received_on", "pk"))


def _by_patient(row: Allocation) -> str:
    return "Paid" if row.amount_cents > 0 else "Paid, taken off again"


def _running(charge: int, rows: list[Happening]) -> list[Happening]:
    opens = accumulate((-row.paid_cents - row.written_off_cents for row in rows), initial=charge)
    next(opens)
    return [_with_open(row, left) for row, left in zip(rows, opens, strict=True)]


def _with_open(row: Happening, left: int) -> Happening:
    values: dict[str, Any] = {name: getattr(row, name) for name in Happening.__slots__}
    return Happening(**values | {"open_cents": left})


def _sent(sent: Submission) -> list[Happening]:
    payer = str(sent.claim_payer.payer)
    url = reverse("claims:submission-file", args=[sent.pk]) if sent.kept else ""
    by = f"by {sent.by}" if sent.by else "by the billing system" if sent.seen_in_id else "by a task"
    how = "on paper" if sent.on_paper else f"interchange {sent.interchange}" if sent.interchange else ""
    day = timezone.localtime(sent.sent_at).date()
    detail = ", ".join(filter(None, (by, how)))
    rows = [Happening(day, SENT, payer, _SENT_AS[sent.frequency], "info", detail, url, is_proof=True)]
    heard = list(sent.acknowledgements.all())
    told = [a for a in heard if a.said in (HeardOf.ACCEPTED, HeardOf.REJECTED, HeardOf.WITH_ERRORS)]
    for one in told:
        tone = "bad" if one.said == HeardOf.REJECTED else "good"
        is_proof = one.said != HeardOf.REJECTED and one.kind == "277CA"
        said = f"{one.get_said_display()} ({one.kind})"
        rows.append(Happening(one.on, HEARD, payer, said, tone, one.in_words, is_proof=is_proof))
    if sent.accepted_on and not told:
        rows.append(Happening(sent.accepted_on, HEARD, payer, "Accepted", "good", is_proof=True))
    if sent.rejected_on and not told:
        rows.append(Happening(sent.rejected_on, HEARD, payer, "Rejected", "bad", sent.rejection))
    return rows


def _answers(papers: Papers) -> Iterable[Happening]:
    """Each answer with what it moved in the ledger; what a letter, refund or person moved by day, payer and kind."""
    given = {row.pk: row for row in papers.adjudications}
    kinds = {row.pk: row.kind for row in papers.postings}
    moved: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    first: dict[Any, Posting] = {}
    for row in papers.postings:
        what = kinds.get(row.reverses_id, row.kind) if row.reverses_id else row.kind
        answer = given.get(row.adjudication_id) if row.adjudication_id else None
        is_its_own = answer is not None and row.posted_on == answer.answered_on
        key = row.adjudication_id if is_its_own else (row.posted_on, row.payer_id, row.reverses_id is None)
        first.setdefault(key, row)
        if what in (PostingKind.PAYMENT, PostingKind.REFUND):
            moved[key][0] += row.amount_cents
        elif what == PostingKind.WRITE_OFF:
            moved[key][1] += row.amount_cents
    for pk, answer in given.items():
        paid, off = moved.pop(pk, [0, 0])
        yield _answered(answer, paid, off)
    for key, (paid, off) in moved.items():
        row = first[key]
        what = "Taken back" if row.reverses_id else words.KINDS[row.kind]
        yield Happening(row.posted_on, ANSWERED, row.payer.name, what, "warn", row.note, "", paid, off)


def _answered(row: Adjudication, paid: int, off: int) -> Happening:
    payer = str(row.remittance.payer)
    url = reverse("claims:remittance-page", args=[row.remittance_id])
    detail = f"{row.remittance.trace}" + (f"; forwarded to {row.forwarded_to}" if row.forwarded_to else "")
    if row.posted_at is None:
        return Happening(row.answered_on, ANSWERED, payer, "Answered, not posted", "warn", detail, url)
    what = f"Answered, {words.PROCESSED.get(row.status, row.status)}"
    if row.is_reversal:
        what = "Took its answer back"
    tone = "warn" if row.is_reversal else "bad" if row.status == "4" else "good"
    # An answer, also of the wrong payer, proves that the claim was filed by then.
    return Happening(row.answered_on, ANSWERED, payer, what, tone, detail, url, paid, off, is_proof=True)


def marks_of(row: ClaimPayer, papers: Papers, paid_cents: int) -> list[Mark]:
    """How far one payer is: sent, accepted, answered, paid, forwarded; the newest of each."""
    sent = [s for s in papers.submissions if s.claim_payer_id == row.pk]
    answers = [a for a in papers.adjudications if a.claim_payer_id == row.pk]
    marks = [_sent_mark(row, sent)]
    if sent and sent[0].rejected_on:
        marks.append(Mark("Rejected", sent[0].rejected_on, "bad", sent[0].rejection))
    else:
        accepted = next((s.accepted_on for s in sent if s.accepted_on), None)
        marks.append(Mark("Accepted", accepted or row.answered_on, "good" if accepted or row.answered_on else ""))
    marks.append(Mark("Answered", row.answered_on, "good" if row.answered_on else ""))
    if paid_cents:
        marks.append(Mark("Paid", row.answered_on, "good", f"${dollars(paid_cents)}"))
    forwarded = next((a for a in reversed(answers) if a.forwarded_to), None)
    if forwarded:
        marks.append(Mark("Forwarded", forwarded.answered_on, "info", f"to {forwarded.forwarded_to}"))
    return marks


def _sent_mark(row: ClaimPayer, sent: list[Submission]) -> Mark:
    newest = sent[0] if sent else None
    if newest is None:
        return Mark("Sent", row.submitted_on, "info" if row.submitted_on else "")
    day = timezone.localtime(newest.sent_at).date()
    return Mark("Sent", day, "info", "" if newest.frequency == "1" else newest.get_frequency_display().lower())


def proof_of(rows: Iterable[Happening]) -> list[Happening]:
    """What shows that the claim was filed in time, whoever was billed first."""
    return [row for row in rows if row.is_proof]
