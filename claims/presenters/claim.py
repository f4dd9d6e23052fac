"""The page of one claim: the balance in a sentence, its payers, lines with what was posted, answers, sendings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from claims import ledger
from claims.edits.facts import Place
from claims.exchange.posting import as_posted
from claims.filing import Clock
from claims.models import Adjudication, Claim, ClaimPayer, Line, Posting, Submission
from claims.models.claim import PayerState
from claims.next_step import Action, NextStep
from claims.presenters import words
from claims.queries import Papers, paid_by_rank
from claims.statement import Statement, statement_of
from claims.submissions.folder import Folder
from cob.cents import dollars

_KINDS = {
    "payment": "Payment",
    "write_off": "Write-off",
    "responsibility": "Patient or next payer",
    "reversal": "Reversal",
}
STEP_WORDS = {
    Action.SUBMIT: ("Send it", "warn"),
    Action.WAIT_CROSSOVER: ("Wait for the crossover", "info"),
    Action.HOLD: ("Hold", "info"),
    Action.NONE: ("Nothing to do", "good"),
}


@dataclass(frozen=True, slots=True)
class PayerCard:
    """One payer in the strip."""

    row: ClaimPayer
    place: int
    rank_word: str
    state: str
    tone: str
    paid_cents: int
    clock: Clock | None
    days_left: int | None
    send_url: str
    send_label: str
    is_next: bool


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One ledger entry as a line of a table."""

    kind: str
    payer: str
    rank: int
    code: str
    meaning: str
    remarks: str
    amount_cents: int
    trace: str
    remittance: UUID | None
    is_reversal: bool
    is_reversed: bool
    posted_on: date
    note: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One service with its balances and everything posted to it."""

    line: Line | None
    charge_cents: int
    balances: ledger.Balances
    postings: list[PostingRow]


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """What templates/claims/claim.html shows."""

    claim: Claim
    sentence: str
    step: NextStep
    step_label: str
    step_tone: str
    payers: list[PayerCard]
    aside: list[ClaimPayer]
    lines: list[LineRow]
    answers: list[tuple[Adjudication, str]]
    sendings: list[Submission]
    order_words: str
    order_tone: str
    determination_url: str
    statement: Statement


def claim_page(folder: Folder, papers: Papers, step: NextStep, today: date, *, may_send: bool) -> ClaimPage:
    """Everything on the page of an opened claim."""
    claim = folder.claim
    label, tone = STEP_WORDS[step.action]
    paid = paid_by_rank(papers.postings)
    kept = {row.pk for row in folder.rows}
    order_words, order_tone = _order(folder)
    found = folder.determination
    return ClaimPage(
        claim=claim,
        sentence=balance_sentence(claim, step),
        step=step,
        step_label=label,
        step_tone=tone,
        payers=[_card(folder, at, paid, step, today, may_send) for at in range(len(folder.rows))],
        aside=[row for row in claim.payers.all() if row.pk not in kept],
        lines=_lines(claim, papers.postings, folder),
        answers=[(row, words.PROCESSED.get(row.status, row.status)) for row in papers.adjudications],
        sendings=papers.submissions,
        order_words=order_words,
        order_tone=order_tone,
        determination_url=reverse("coverage:determination-page", args=[found.pk]) if found else "",
        statement=_statement(folder, papers),
    )


def balance_sentence(claim: Claim, step: NextStep | None = None) -> str:
    """Where every dollar of the charge is."""
    parts = [
        (claim.paid_cents, "is paid"),
        (claim.written_off_cents, "written off"),
        (claim.patient_cents, "the patient's"),
    ]
    said = [f"${dollars(cents)} {what}" for cents, what in parts if cents]
    payer = step.place.payer if step and step.place else "an insurer"
    if claim.insurer_open_cents > 0:
        said.append(f"${dollars(claim.insurer_open_cents)} open with {payer}")
    if claim.insurer_open_cents < 0:
        said.append(f"${dollars(-claim.insurer_open_cents)} paid too much")
    charge = f"Of ${dollars(claim.charge_cents)}"
    return f"{charge}, {_joined(said)}." if said else f"{charge}, nothing is open."


def _statement(folder: Folder, papers: Papers) -> Statement:
    claim = folder.claim
    return statement_of(
        [(row.rank, row.payer.name, row.state) for row in folder.rows],
        [as_posted(posting) for posting in papers.postings],
        insurer_open_cents=claim.insurer_open_cents,
        patient_cents=claim.patient_cents,
        has_unposted=any(row.posted_at is None and row.status != "25" for row in papers.adjudications),
        is_void=claim.is_void,
    )


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _card(folder: Folder, at: int, paid: dict[int, int], step: NextStep, today: date, may_send: bool) -> PayerCard:
    row, place = folder.rows[at], folder.places[at]
    clock = folder.clock(row.rank) if _is_open(place) else None
    answered = place.state in (PayerState.ADJUDICATED, PayerState.DENIED, PayerState.REVERSED)
    can_send = may_send and not folder.claim.is_void and place.state != PayerState.SUBMITTED
    return PayerCard(
        row=row,
        place=place.place,
        rank_word=words.rank(place.place),
        state=row.get_state_display(),
        tone=words.STATE_TONES[PayerState(row.state)],
        paid_cents=paid.get(row.rank, 0),
        clock=clock,
        days_left=clock.days_left(today) if clock else None,
        send_url=reverse("claims:claim-send", args=[folder.claim.pk, row.rank]) if can_send else "",
        send_label="Send a correction" if answered else "Send",
        is_next=step.place is not None and step.place.place == place.place,
    )


def _is_open(place: Place) -> bool:
    return place.state in (PayerState.EXPECTED, PayerState.REJECTED, PayerState.FORWARDED)


def _order(folder: Folder) -> tuple[str, str]:
    order = folder.order
    if order is None:
        alone = folder.coverages_in_force < 2 and len(folder.rows) < 2
        return ("One coverage, no order to determine", "") if alone else ("Order as billed, not determined", "warn")
    if not order.is_settled:
        return f"Order not settled: {order.status.replace('_', ' ')}", "warn"
    if order.is_stale:
        return f"Order out of date: {order.stale_because}", "warn"
    return ("Order decided by a person" if order.by_person else "Order determined"), "good"


def _lines(claim: Claim, postings: list[Posting], folder: Folder) -> list[LineRow]:
    rows = [as_posted(p) for p in postings]
    final = ledger.all_final([(r.rank, r.state) for r in folder.rows])
    lines = list(claim.lines.all())
    charges: dict[Any, int] = {line.pk: line.charge_cents for line in lines}
    found = ledger.line_balances(charges, rows, all_final=final)
    reversed_ids = {p.reverses_id for p in postings if p.reverses_id}
    shown: dict[Any, list[PostingRow]] = {}
    for posting in postings:
        shown.setdefault(posting.line_id, []).append(_posting(posting, reversed_ids))
    result = [LineRow(line, line.charge_cents, found[line.pk], shown.get(line.pk, [])) for line in lines]
    if None in shown:
        result.append(LineRow(None, 0, found.get(None, ledger.Balances()), shown[None]))
    return result


def _posting(row: Posting, reversed_ids: Iterable[UUID]) -> PostingRow:
    given = row.adjudication
    return PostingRow(
        kind=_KINDS[row.kind],
        payer=row.payer.name,
        rank=row.rank,
        code=f"{row.group}-{row.carc}" if row.carc else "",
        meaning=words.reason(row.carc),
        remarks=" ".join(row.rarc),
        amount_cents=row.amount_cents,
        trace=given.remittance.trace if given else "",
        remittance=given.remittance_id if given else None,
        is_reversal=row.kind == "reversal",
        is_reversed=row.pk in reversed_ids,
        posted_on=row.posted_on,
        note=row.note,
    )
