"""The page of one claim: the balance in a sentence, its payers, lines with what was posted, answers, sendings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from claims import ledger
from claims.editing.waiving import ShownWaiver, waivers_of
from claims.edits.facts import Place
from claims.exchange.posted import as_posted
from claims.filing import Clock
from claims.models import Attachment, Claim, ClaimPayer, Credit, Line, Posting, ProofPacket, Submission
from claims.models import ClaimPage as ClaimPageRow
from claims.models.claim import PayerState
from claims.next_step import Action, NextStep
from claims.packets.evidence import PARTS
from claims.patient_billing.standing import standings
from claims.presenters import words
from claims.presenters.crossover import CopyRow, copy_shown
from claims.presenters.life import Happening, Mark, allocations_of, life_of, marks_of, proof_of
from claims.presenters.repair import Repair, repair_of
from claims.presenters.share import SharePart, share_part
from claims.presenters.step import StepShown, step_shown
from claims.presenters.told import AnswerRow, answer_row
from claims.queries import Papers, paid_by_rank
from claims.siblings import Sibling, siblings_of
from claims.submissions.folder import ANSWERED, Folder


@dataclass(frozen=True, slots=True)
class PayerCard:
    """One payer in the strip."""

    row: ClaimPayer
    place: int
    rank_word: str
    state: str
    tone: str
    paid_cents: int
    marks: list[Mark]
    clock: Clock | None
    days_left: int | None
    send_url: str
    send_label: str
    is_next: bool
    copies: tuple[CopyRow, ...] = ()


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
    step: StepShown
    may_send: bool
    payers: list[PayerCard]
    aside: list[ClaimPayer]
    lines: list[LineRow]
    answers: list[AnswerRow]
    sendings: list[Submission]
    pages: list[ClaimPageRow]
    order_words: str
    order_tone: str
    determination_url: str
    share: SharePart
    documents: list[Attachment]
    packets: list[ProofPacket]
    packet_parts: list[tuple[str, str]]
    life: list[Happening]
    proof: list[Happening]
    repair: Repair | None
    siblings: list[Sibling]
    waivers: list[ShownWaiver]


def claim_page(
    folder: Folder, papers: Papers, step: NextStep, today: date, *, may_send: bool, credits: Sequence[Credit] = ()
) -> ClaimPage:
    """Everything on the page of an opened claim; `credits` are its overpayments."""
    claim = folder.claim
    (standing,) = standings([claim], open_with=step.place.payer if step.place else "")
    paid = paid_by_rank(papers.postings)
    kept = {row.pk for row in folder.rows}
    order_words, order_tone = _order(folder)
    found = folder.determination
    life = life_of(claim, papers, allocations_of(claim))
    repair = repair_of(folder, paid)
    cards = [
        replace(_card(folder, at, papers, paid, step, today, may_send), copies=_copies(papers, row))
        for at, row in enumerate(folder.rows)
    ]
    return ClaimPage(
        claim=claim,
        sentence=standing.for_staff,
        step=step_shown(
            step,
            credits,
            next((card.clock.on for card in cards if card.is_next and card.clock), None),
            today,
            open_cents=claim.insurer_open_cents,
        ),
        may_send=step.action is Action.SUBMIT,
        payers=cards,
        aside=[row for row in claim.payers.all() if row.pk not in kept],
        lines=_lines(claim, papers.postings, folder),
        answers=[answer_row(row) for row in papers.adjudications],
        sendings=papers.submissions,
        pages=papers.pages,
        order_words=order_words,
        order_tone=order_tone,
        determination_url=reverse("coverage:determination-page", args=[found.pk]) if found else "",
        share=share_part(standing, papers.postings),
        documents=papers.documents,
        packets=papers.packets,
        packet_parts=[(name, title) for name, (title, _) in PARTS.items()],
        life=life,
        proof=proof_of(life) if repair else [],
        repair=repair,
        siblings=siblings_of(claim),
        waivers=waivers_of(folder, today),
    )


def _card(
    folder: Folder, at: int, papers: Papers, paid: dict[int, int], step: NextStep, today: date, may_send: bool
) -> PayerCard:
    row, place = folder.rows[at], folder.places[at]
    clock = _clock(folder, place, row, papers, today)
    answered = place.state in ANSWERED
    can_send = may_send and not folder.claim.is_void and place.state != PayerState.SUBMITTED
    return PayerCard(
        row=row,
        place=place.place,
        rank_word=words.rank(place.place),
        state=row.get_state_display(),
        tone=words.STATE_TONES[PayerState(row.state)],
        paid_cents=paid.get(row.rank, 0),
        marks=marks_of(row, papers, paid.get(row.rank, 0)),
        clock=clock,
        days_left=clock.days_left(today) if clock else None,
        send_url=reverse("claims:claim-send", args=[folder.claim.pk, row.rank]) if can_send else "",
        send_label="Send a correction" if answered or place.is_correction_rejected else "Send",
        is_next=step.place is not None and step.place.place == place.place,
    )


def _copies(papers: Papers, row: ClaimPayer) -> tuple[CopyRow, ...]:
    return tuple(copy_shown(copy) for copy in papers.copies if copy.claim_payer_id == row.pk)


def _is_open(place: Place) -> bool:
    return place.state in (PayerState.EXPECTED, PayerState.REJECTED, PayerState.FORWARDED)


def _clock(folder: Folder, place: Place, row: ClaimPayer, papers: Papers, today: date) -> Clock | None:
    """The limit that runs: until the payer is known to have the claim; once it has answered, until none can correct."""
    if place.state == PayerState.NOT_BILLABLE:
        return None
    if place.state == PayerState.SUBMITTED and any(
        sent.accepted_on for sent in papers.submissions if sent.claim_payer_id == row.pk
    ):
        return None
    clock = folder.clock(row.rank)
    return None if clock and place.state in ANSWERED and clock.days_left(today) < 0 else clock


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
    states = [(r.rank, r.state) for r in folder.rows]
    final, decided = ledger.all_final(states), ledger.decided(states)
    lines = list(claim.lines.all())
    charges: dict[Any, int] = {line.pk: line.charge_cents for line in lines}
    found = ledger.line_balances(charges, rows, all_final=final, decided=decided)
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
        kind=words.KINDS[row.kind],
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
