"""The clearinghouse: once a day it takes what lies in the outbox, lets the payers work, and answers into the inbox.

The day is the caller's, never the machine's: a quarter passes in minutes, and the same seed gives the same files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

from cob.x12.balance837p import balance_837p
from cob.x12.errors import Severity, X12Error
from cob.x12.parts import Envelope
from cob.x12.read837p import parse_837p
from cob.x12.sniff import sniff
from cob.x12.t837p import RANKS, Batch837P, Claim837P, OtherCoverage
from simulator import acks, eligibility
from simulator.book import Book, Decided, Pending, Received, Waiting
from simulator.faults import Faults, draw
from simulator.payers import Answer, decide, duplicate, forwarded, is_medicare, passed_on
from simulator.remits import remittance

_MONTH = timedelta(days=30)
_PASSING = (".part", ".tmp")


@dataclass(slots=True)
class Clearinghouse:
    """`outbox` is where the practice puts files, `inbox` where it finds answers. `crosses_to` are the payers with an
    agreement with Medicare: claims go on to them by themselves. `state` keeps the books."""

    outbox: Path
    inbox: Path
    state: Path
    seed: int = 1
    faults: Faults = field(default_factory=Faults)
    crosses_to: frozenset[str] = frozenset()
    book: Book = field(init=False)
    today: date = field(init=False, default=date.min)

    def __post_init__(self) -> None:
        for folder in (self.outbox, self.inbox, self.state):
            folder.mkdir(parents=True, exist_ok=True)
        self.book = Book.load(self.state / "book.json")

    def step(self, today: date) -> None:
        """One day: take, work, answer. Doing a day again answers nothing twice."""
        self.today = today
        for path in sorted(self.outbox.iterdir()):
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(_PASSING):
                self._take(path)
        self._payers_work()
        due = [one for one in self.book.waiting if one.due <= today.isoformat()]
        for waiting in due:
            self._lay_down(waiting)
        self.book.waiting = [one for one in self.book.waiting if one.due > today.isoformat()]
        self.book.save(self.state / "book.json")

    # --- what comes in --------------------------------------------------------------------------------------------

    def _take(self, path: Path) -> None:
        data = path.read_bytes()
        try:
            kind = sniff(data).kind
            if kind == "837P":
                self._take_claims(parse_837p(data))
            elif kind == "270":
                self._take_questions(data)
        except X12Error:
            # A real front end answers what it cannot read by telephone.
            self.book.note("unreadable")
        taken = self.outbox / "taken"
        taken.mkdir(exist_ok=True)
        path.replace(taken / path.name)

    def _take_claims(self, batches: list[Batch837P]) -> None:
        envelope = batches[0].envelope
        if envelope is None:
            return
        key = f"{envelope.sender_id}/{envelope.interchange_control}"
        if key in self.book.interchanges:
            self.book.note("interchange_received_twice")
            self._answer("ta1", acks.ta1(self._reply(envelope), envelope, note=acks.DUPLICATE), 0)
            return
        self.book.interchanges[key] = self.today.isoformat()
        if self._happens("rejected_interchanges", key):
            self._answer("ta1", acks.ta1(self._reply(envelope), envelope, note=acks.NOT_VALID), 0)
            self._note_received(((claim, "TA1 R") for batch in batches for claim in batch.claims), envelope)
            return
        self._answer("ta1", acks.ta1(self._reply(envelope), envelope), 0)
        is_accepted = not self._happens("rejected_files", key)
        self._answer("999", acks.ack_999(self._reply(envelope), batches, accepted=is_accepted), 0)
        if is_accepted:
            for batch in batches:
                self._take_batch(batch, envelope)
        else:
            self._note_received(((claim, "999 R") for batch in batches for claim in batch.claims), envelope)

    def _take_batch(self, batch: Batch837P, envelope: Envelope) -> None:
        verdicts = [self._verdict(claim) for claim in batch.claims]
        self._note_received(((one.claim, one.status) for one in verdicts), envelope)
        by_payer = sorted(verdicts, key=lambda one: one.claim.payer.party.id)
        for payer, group in groupby(by_payer, key=lambda one: one.claim.payer.party.id):
            own = list(group)
            is_late = self._happens("out_of_order", envelope.interchange_control, payer)
            data = acks.ack_277ca(self._reply(envelope), batch, own, self.today)
            self._answer("277ca", data, 45 if is_late else 1)
        for one in verdicts:
            if one.is_accepted:
                self._onto_the_desk(one.claim, envelope)

    def _verdict(self, claim: Claim837P) -> acks.Verdict:
        """Unbalanced coordination is turned away (672); by fault a member nobody knows (A7:164:IL), the first time."""
        payer = claim.payer.party.id
        before = sum(1 for one in self.book.received if (one.claim, one.payer) == (claim.control_number, payer))
        if any(finding.severity is Severity.STOP for finding in balance_837p(claim, self.today)):
            self.book.note("unbalanced")
            return acks.Verdict(claim, "A7:672")
        if not before and self._happens("rejected_claims", claim.control_number, payer):
            return acks.Verdict(claim, "A7:164:IL")
        number = f"FE{draw(self.seed, 'front end', claim.control_number, payer, before).randrange(10**9):09d}"
        return acks.Verdict(claim, "A2:20", number)

    def _note_received(self, claims: Iterable[tuple[Claim837P, str]], envelope: Envelope) -> None:
        for claim, status in claims:
            self.book.received.append(
                Received(
                    claim.control_number,
                    claim.payer.party.id,
                    claim.subscriber.rank_code,
                    claim.frequency,
                    envelope.interchange_control,
                    self.today.isoformat(),
                    status,
                )
            )

    def _take_questions(self, data: bytes) -> None:
        asked = list(eligibility.questions(data))
        first = sniff(data)
        envelope = Envelope("PRACTICE", "CLEARHOUSE", first.interchange_control, "1", self.today)
        self._answer("271", eligibility.answered(self._reply(envelope), asked, self.today, self.seed), 0)

    # --- the payers -----------------------------------------------------------------------------------------------

    def _onto_the_desk(
        self, claim: Claim837P, envelope: Envelope, *, by_crossover: bool = False, days: int = 0
    ) -> None:
        payer = claim.payer.party.id
        takes = days or draw(self.seed, "takes", claim.control_number, payer).randint(10, 18)
        if self._happens("late", claim.control_number, payer):
            takes += _MONTH.days
        due = self.today + timedelta(days=takes)
        self.book.pending.append(Pending(due.isoformat(), claim, envelope, by_crossover))

    def _payers_work(self) -> None:
        """Everything due, one check for each payer, payee and practice."""
        due = [one for one in self.book.pending if one.due <= self.today.isoformat()]
        self.book.pending = [one for one in self.book.pending if one.due > self.today.isoformat()]
        keyed = sorted(due, key=_check_of)
        for count, (_, group) in enumerate(groupby(keyed, key=_check_of), start=1):
            self._pay(list(group), count)

    def _pay(self, pending: Sequence[Pending], count: int) -> None:
        answers = [self._decide(one) for one in pending]
        payer = answers[0].claim.payer.party.id
        trace = f"{payer}{self.today:%y%m%d}{count:03d}"
        envelope = self._reply(pending[0].reply_to)
        data = remittance(envelope, answers, self.today, trace)
        self._answer("835", data, 0)
        if self._happens("reissued", trace):
            again = self._reply(pending[0].reply_to)
            self._wait("835", remittance(again, answers, self.today, trace), 3)

    def _decide(self, pending: Pending) -> Answer:
        claim = pending.claim
        if self._is_decided(claim):
            # The copy that crossed over and the claim sent after waiting for it: the second to come is a duplicate.
            self.book.note("duplicate_claims")
            return duplicate(claim, self.seed)
        is_first = claim.subscriber.rank_code == "P"
        answer = decide(claim, self.seed, denies=is_first and self._happens("denied", claim.control_number))
        later = [other for other in _later(claim) if other.payer_id in self.crosses_to]
        if is_medicare(claim) and later and answer.status in ("1", "2", "3"):
            answer = forwarded(answer, later)
            self._cross_over(answer, later, pending.reply_to)
        self.book.decided.append(
            Decided(
                claim.control_number,
                claim.payer.party.id,
                answer.status,
                answer.paid_cents,
                answer.left_cents,
                answer.written_off_cents,
                self.today.isoformat(),
                pending.by_crossover,
            )
        )
        return answer

    def _is_decided(self, claim: Claim837P) -> bool:
        key = (claim.control_number, claim.payer.party.id)
        return claim.frequency == "1" and any((one.claim, one.payer) == key for one in self.book.decided)

    def _cross_over(self, answer: Answer, later: Sequence[OtherCoverage], envelope: Envelope) -> None:
        """The next payers get the claim by themselves, one after the other, and answer by themselves."""
        before = answer
        for place, other in enumerate(later, start=1):
            claim = passed_on(before, other, self.today)
            if self._happens("lost_crossover", claim.control_number, other.payer_id):
                self.book.lost += [(claim.control_number, one.payer_id) for one in later[place - 1 :]]
                return
            self._onto_the_desk(claim, envelope, by_crossover=True, days=4 + 5 * place)
            before = decide(claim, self.seed)

    # --- what goes out --------------------------------------------------------------------------------------------

    def _reply(self, asked: Envelope) -> Envelope:
        """Back to whoever sent it, under a number of our own."""
        number = self.book.next_number()
        return replace(
            asked,
            sender_id=asked.receiver_id,
            sender_qualifier=asked.receiver_qualifier,
            receiver_id=asked.sender_id,
            receiver_qualifier=asked.sender_qualifier,
            group_sender=asked.group_receiver,
            group_receiver=asked.group_sender,
            interchange_control=number,
            group_control=str(int(number)),
            made_on=self.today,
            made_time="1200",
        )

    def _answer(self, kind: str, data: bytes, days: int) -> None:
        """On its day, unless a fault has it cut short first; by fault once more two days later."""
        name = self._wait(kind, data, days)
        if self._happens("truncated", name):
            self.book.waiting[-1].data = data[: len(data) * 6 // 10]
            self._wait(kind, data, days + 1)
        if self._happens("duplicate", name):
            self._wait(kind, data, days + 2)

    def _wait(self, kind: str, data: bytes, days: int) -> str:
        due = (self.today + timedelta(days=days)).isoformat()
        name = f"{due.replace('-', '')}-{len(self.book.waiting):04d}-{self.book.number:06d}.{kind}"
        self.book.waiting.append(Waiting(due, name, data))
        return name

    def _lay_down(self, waiting: Waiting) -> None:
        """Whole or not at all, with the day of the simulated clock on it."""
        passing = self.inbox / f".{waiting.name}.part"
        passing.write_bytes(waiting.data)
        at = datetime.combine(self.today, time(6), UTC).timestamp()
        os.utime(passing, (at, at))
        passing.replace(self.inbox / waiting.name)

    def _happens(self, fault: str, *what: object) -> bool:
        happens = self.faults.happens(fault, self.seed, *what)
        if happens:
            self.book.note(fault)
        return happens


def _later(claim: Claim837P) -> list[OtherCoverage]:
    """The payers after the destination, in order."""
    own = RANKS.index(claim.subscriber.rank_code)
    found = [other for other in claim.other_coverages if RANKS.index(other.subscriber.rank_code) > own]
    return sorted(found, key=lambda other: RANKS.index(other.subscriber.rank_code))


def _check_of(pending: Pending) -> tuple[str, str, str]:
    claim = pending.claim
    return pending.reply_to.sender_id, claim.payer.party.id, claim.billing.npi
