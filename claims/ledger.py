"""A payer's answer made into ledger entries, entries into balances, balances held against what must always be true.

Everything is per service line and in cents: charge = paid + written off + open with insurers + patient. Claim-level
amounts are shared out to the lines first. `None` as a line stands for what could be tied to none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from claims.reasons import COPAY, PAID_TO_PATIENT, QMB_REMARKS, Effect, effect_of
from cob.cents import dollars
from cob.reasons import COST_SHARE, POINTS_ELSEWHERE
from cob.x12.parts import Adjustment

PAYMENT, WRITE_OFF, RESPONSIBILITY, REVERSAL = "payment", "write_off", "responsibility", "reversal"
REFUND = "refund"  # below zero: money a payer got back
LineKey = UUID | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one payer said of one line: SVC03 less its share of claim-level adjustments, and every adjustment."""

    paid_cents: int
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def something_allowed(self) -> bool:
        """It paid, or it left an ordinary cost share."""
        share = sum(a.amount_cents for a in self.adjustments if a.group == "PR" and a.reason in COST_SHARE)
        return self.paid_cents > 0 or share > 0


@dataclass(frozen=True, slots=True)
class Account:
    """A line before the answer: what earlier answers (of whichever payer) did to it."""

    charge_cents: int
    paid_cents: int = 0
    written_off_cents: int = 0
    sent_to_patient_cents: int = 0
    # Left to the patient or the next payer; and whether an answer stands at all, one that refused the line included.
    share_cents: int = 0
    is_answered: bool = False
    # A qualified beneficiary's share (OA-209), which posts nothing: the next payer may owe it, the patient never.
    moved_on_cents: int = 0

    @property
    def is_touched(self) -> bool:
        """Some answer decided on it already, be it that all of it is somebody else's: what comes now comes later."""
        return bool(self.settled_cents or self.share_cents or self.moved_on_cents)

    @property
    def settled_cents(self) -> int:
        """What earlier answers account for."""
        return self.paid_cents + self.written_off_cents + self.sent_to_patient_cents


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to post."""

    kind: str
    amount_cents: int
    group: str = ""
    carc: str = ""
    rarc: tuple[str, ...] = ()
    quantity: Decimal | None = None
    note: str = ""


@dataclass(slots=True)
class Entries:
    """What to post for a line, what was refused and so stays open, and what a person should look at.

    `increment_cents` is what a later answer leaves to be written off; below zero, so much of an earlier write-off is
    too much. None for a first answer.
    """

    rows: list[Entry] = field(default_factory=list)
    refused_cents: int = 0
    increment_cents: int | None = None
    exceptions: list[str] = field(default_factory=list)


def entries_of(answer: Answer, account: Account) -> Entries:
    """The entries one answer makes on one line. The first answer is posted as reported; a later one repeats what is
    posted already, so of its reductions only the increment is written off."""
    found = Entries()
    by_effect: dict[Effect, list[Adjustment]] = defaultdict(list)
    something_allowed = answer.something_allowed
    for adjustment in answer.adjustments:
        by_effect[effect_of(adjustment, something_allowed=something_allowed)].append(adjustment)
    found.refused_cents = _sum(by_effect[Effect.REFUSED])
    found.rows.append(Entry(PAYMENT, answer.paid_cents, rarc=answer.remarks, note=_echo(by_effect, account)))
    for adjustment in (*by_effect[Effect.RESPONSIBILITY], *by_effect[Effect.SENT_TO_PATIENT]):
        note = "the payer paid the patient" if adjustment.reason == PAID_TO_PATIENT else ""
        _add(found, RESPONSIBILITY, adjustment, answer.remarks, note)
    if account.is_touched:
        _write_off_increment(found, answer, account, by_effect)
    else:
        for adjustment in by_effect[Effect.WRITE_OFF]:
            _add(found, WRITE_OFF, adjustment, answer.remarks)
        if echo := _sum(by_effect[Effect.EARLIER_PAYER]):
            but = (
                "the earlier answer posted here refused it; find out what was paid before."
                if account.is_answered
                else "no earlier answer is posted; find that payer's remittance."
            )
            found.exceptions.append(f"OA-23 says an earlier payer took {dollars(echo)}, but {but}")
    return found


TAKE_BACK = "take back that much of an earlier write-off, or refund it if this payer paid as if it came first."


def _write_off_increment(
    found: Entries, answer: Answer, account: Account, by_effect: Mapping[Effect, list[Adjustment]]
) -> None:
    """RFI 2143: every 835 accounts for the whole charge. What no answer explains yet is the increment."""
    responsibility = _sum(by_effect[Effect.RESPONSIBILITY]) + _sum(by_effect[Effect.SENT_TO_PATIENT])
    increment = account.charge_cents - account.settled_cents - answer.paid_cents - responsibility
    found.increment_cents = increment
    if increment < 0:
        found.exceptions.append(
            f"Together the payers account for {dollars(-increment)} more than the charge: {TAKE_BACK}"
        )
        return
    refused = max(0, found.refused_cents)
    if 0 < increment < refused and answer.something_allowed:
        found.exceptions.append(
            f"The payer allowed something and refuses {dollars(refused)} where {dollars(increment)} is left: it may "
            f"repeat an earlier payer under another reason. {dollars(increment)} stays open; find out whether it is "
            "refused."
        )
    left = increment - refused - _sum(by_effect[Effect.MOVES_ON])
    for adjustment in by_effect[Effect.WRITE_OFF]:
        part = min(adjustment.amount_cents, max(0, left))
        if part > 0:
            left -= part
            _add(found, WRITE_OFF, _with(adjustment, part), answer.remarks)
    echoes = by_effect[Effect.EARLIER_PAYER]
    if left > 0 and echoes:
        _add(found, WRITE_OFF, _with(echoes[0], left), answer.remarks, "left over after every payer")


def _echo(by_effect: Mapping[Effect, list[Adjustment]], account: Account) -> str:
    """OA-23 should equal what is posted of earlier payers. Many payers get it wrong, so it is noted, never enforced."""
    said, posted = _sum(by_effect[Effect.EARLIER_PAYER]), account.settled_cents
    return f"OA-23 says {dollars(said)}, earlier answers posted {dollars(posted)}" if said and said != posted else ""


def _add(found: Entries, kind: str, adjustment: Adjustment, remarks: tuple[str, ...], note: str = "") -> None:
    if adjustment.amount_cents:
        cents, quantity = adjustment.amount_cents, adjustment.quantity
        found.rows.append(Entry(kind, cents, adjustment.group, adjustment.reason, remarks, quantity, note))


def _with(adjustment: Adjustment, cents: int) -> Adjustment:
    return Adjustment(adjustment.group, adjustment.reason, cents, adjustment.quantity)


def _sum(adjustments: Iterable[Adjustment]) -> int:
    return sum(a.amount_cents for a in adjustments)


# --- balances -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Posted:
    """One ledger row as read back. `answer` is the adjudication it came from; rows are in the order of posting."""

    id: UUID
    kind: str
    amount_cents: int
    rank: int
    line: LineKey = None
    group: str = ""
    carc: str = ""
    rarc: tuple[str, ...] = ()
    answer: UUID | None = None
    reverses: UUID | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Balances:
    """Of a line or of a claim; together they are the charge. A credit shows as `insurer_open_cents` below zero."""

    paid_cents: int = 0
    written_off_cents: int = 0
    insurer_open_cents: int = 0
    patient_cents: int = 0

    @property
    def each(self) -> tuple[int, int, int, int]:
        return self.paid_cents, self.written_off_cents, self.insurer_open_cents, self.patient_cents

    def __add__(self, other: Balances) -> Balances:
        return Balances(*(one + more for one, more in zip(self.each, other.each, strict=True)))


def standing(rows: Sequence[Posted]) -> list[Posted]:
    """The rows no reversal took back; a reversal and its original add up to nothing and are both left out."""
    taken_back = {row.reverses for row in rows if row.kind == REVERSAL}
    return [r for r in rows if r.kind != REVERSAL and r.id not in taken_back] if taken_back else list(rows)


def account(charge_cents: int, rows: Iterable[Posted]) -> Account:
    """A line's account from its standing rows."""
    paid = written_off = sent = share = 0
    is_answered = False
    for row in rows:
        is_answered = True
        if row.kind in (PAYMENT, REFUND):
            paid += row.amount_cents
        elif row.kind == WRITE_OFF:
            written_off += row.amount_cents
        elif row.carc == PAID_TO_PATIENT:
            sent += row.amount_cents
        elif row.carc not in POINTS_ELSEWHERE:
            share += row.amount_cents
    return Account(charge_cents, paid, written_off, sent, share, is_answered)


def settled_by_line(rows: Iterable[Posted]) -> dict[LineKey, int]:
    """What standing rows account for on each line."""
    found: dict[LineKey, list[Posted]] = defaultdict(list)
    for row in rows:
        found[row.line].append(row)
    return {key: account(0, mine).settled_cents for key, mine in found.items()}


def beyond(charge_cents: int, alive: Sequence[Posted], protecting: frozenset[UUID] = frozenset()) -> int:
    """So much more than a charge is paid, written off and left to the patient; below zero, so much is unexplained."""
    so_far = account(charge_cents, alive)
    return so_far.paid_cents + so_far.written_off_cents + responsibility_of(alive, protecting) - charge_cents


def last_word(alive: Iterable[Posted]) -> Posted | None:
    """A row of the answer that counts last: the last payer's last."""
    told = [row for row in alive if row.answer]
    top = max((row.rank for row in told), default=0)
    return next((row for row in reversed(told) if row.rank == top), None)


def line_balances(
    charges: Mapping[LineKey, int], rows: Sequence[Posted], *, all_final: bool, decided: Collection[int] = ()
) -> dict[LineKey, Balances]:
    """Each line's balances. The patient owes nothing while any payer of the claim may still answer, and nothing of a
    line that the last of those who have `decided` (their ranks) left out: what is left of it is not final."""
    alive: dict[LineKey, list[Posted]] = {key: [] for key in charges}
    every = without_who_was_set_aside(standing(rows), decided)
    for row in every:
        alive.setdefault(row.line, []).append(row)
    protecting, answered = of_a_qmb(every), answered_by_rank(every)
    last = max((rank for rank in decided if rank in answered and None not in answered[rank]), default=0)
    heard = {key for rank, lines in answered.items() if rank >= last for key in lines}
    return {
        key: _balance(charges.get(key, 0), found, all_final and (key in heard or not last), protecting)
        for key, found in alive.items()
    }


def answered_by_rank(alive: Iterable[Posted]) -> dict[int, set[LineKey]]:
    """The lines that each payer has answered: an answer posts its payment on every one of them, be it zero."""
    found: dict[int, set[LineKey]] = defaultdict(set)
    for row in alive:
        if row.kind == PAYMENT:
            found[row.rank].add(row.line)
    return dict(found)


def balances(
    charges: Mapping[LineKey, int], rows: Sequence[Posted], *, all_final: bool, decided: Collection[int] = ()
) -> Balances:
    """The claim's balances: the sum of its lines, or of the whole where some entry belongs to no line."""
    alive = without_who_was_set_aside(standing(rows), decided)
    if any(row.line not in charges for row in alive):
        return _balance(sum(charges.values()), alive, all_final, of_a_qmb(alive))
    return sum(line_balances(charges, rows, all_final=all_final, decided=decided).values(), Balances())


def of_a_qmb(alive: Iterable[Posted]) -> frozenset[UUID]:
    """The answers that forbid billing the patient. The remark says what the patient is, so one line that carries it
    speaks for every line of its answer."""
    return frozenset(row.answer for row in alive if row.answer and QMB_REMARKS.intersection(row.rarc))


def without_who_was_set_aside(alive: Sequence[Posted], decided: Collection[int]) -> list[Posted]:
    """Without refusals behind the last who `decided` (ranks): where every payer is done, whoever refused there is not
    billed any more, and what moved no money is not the last word on what the patient owes."""
    last = max(decided, default=0)
    moved = {row.rank for row in alive if row.amount_cents}
    return [row for row in alive if not last or row.rank <= last or row.rank in moved]


def _balance(charge_cents: int, alive: Sequence[Posted], all_final: bool, protecting: frozenset[UUID]) -> Balances:
    so_far = account(charge_cents, alive)
    left = charge_cents - so_far.paid_cents - so_far.written_off_cents
    patient = max(0, min(left, responsibility_of(alive, protecting))) if all_final else 0
    return Balances(so_far.paid_cents, so_far.written_off_cents, left - patient, patient)


def responsibility_of(alive: Sequence[Posted], protecting: frozenset[UUID] = frozenset()) -> int:
    """What the last payer left to the patient: its PR replaces every earlier payer's, it is never added to it.

    Money any payer sent to the patient (PR-100) is added; what points to another payer is not the patient's. Of a QMB
    (`protecting` are the answers that say so) it is at most the copay of a state whose Medicaid answers besides.
    """
    said = [row for row in alive if row.kind != REFUND]
    last_rank = max((row.rank for row in said), default=0)
    of_last = [row for row in said if row.rank == last_rank]
    # What moved no money (a refused duplicate, say) does not replace the answer that did.
    last = ([row.answer for row in of_last if row.amount_cents] or [row.answer for row in of_last] or [None])[-1]
    share = sent = 0
    for row in alive:
        if row.kind != RESPONSIBILITY or row.answer in protecting or QMB_REMARKS.intersection(row.rarc):
            continue
        if row.carc == PAID_TO_PATIENT:
            sent += row.amount_cents
        elif protecting and row.carc != COPAY:
            continue
        elif row.rank == last_rank and row.answer == last and row.carc not in POINTS_ELSEWHERE:
            share += row.amount_cents
    return share + sent


# A payer in one of these states will not answer any more, unless it takes back what it said.
ANSWERED, NOT_BILLABLE, DENIED = "adjudicated", "not_billable", "denied"


def decided(payers: Iterable[tuple[int, str]]) -> frozenset[int]:
    """The ranks of the payers (rank, state) that have decided."""
    return frozenset(rank for rank, state in payers if state == ANSWERED)


def all_final(payers: Sequence[tuple[int, str]]) -> bool:
    """Whether every payer (rank, state) is done. A refusal is final only once a later payer has decided after it."""
    answered = decided(payers)
    last = max(answered, default=0)
    return bool(answered) and all(
        state in {ANSWERED, NOT_BILLABLE} or (state == DENIED and rank < last) for rank, state in payers
    )
