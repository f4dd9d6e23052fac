"""A claim's balances worked out directly: plain sums over the answers that stand.

Answers count in paying order, whatever order they came in. The rule for a later payer (X12 RFI 2143, 2535, 1696):
every 835 accounts for the whole charge, so a later one repeats what is posted already. Whatever it says of earlier
payers, what is new is

    increment = charge - paid - left to the patient - paid before - written off before

and of that, what is not refused is written off; when it is not above zero, nothing is. The first answer is taken as it
is reported; one that only refuses is none to come behind, one that leaves all of it to the patient is. What the patient
owes of a line is said by the last payer alone, once every payer has decided; what the last of them left out is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """What a payer says of one line, in cents; the payment is what is left of the charge."""

    charge: int
    contract: int = 0
    share: int = 0
    refused: int = 0
    earlier: int = 0

    @property
    def paid(self):
        return self.charge - self.contract - self.share - self.refused - self.earlier


@dataclass
class Stands:
    """One answer that was not taken back: by name and rank, what it said of each line (None: nothing), and in sums."""

    name: object
    rank: int
    each: tuple[Said | None, ...]
    decides: bool = False

    @property
    def said(self):
        return whole(self.each)


def whole(said):
    """An answer in sums, by which it is known again when it is said anew."""
    return tuple(
        sum(getattr(one, part) for one in said if one) for part in ("paid", "contract", "share", "refused", "earlier")
    )


@dataclass
class Account:
    """One claim: its lines' charges, the payers' states, what stands, and what is taken back before it came."""

    charges: list[int]
    states: dict[int, str]
    stands: list[Stands] = field(default_factory=list)
    taken_back_early: set[object] = field(default_factory=set)
    gone: list[Stands] = field(default_factory=list)
    gone_now: list[Stands] = field(default_factory=list)

    def answered(self, name, rank, said):
        """A payer's answer arrives: one `Said` a line that it does not leave out."""
        new = Stands(name, rank, tuple(said))
        self.stands.append(new)
        # Behind those that stood before it when it came: money moved, or nothing was refused. Behind payers that left
        # nothing, zero is a decision.
        up_to_it = [stands for stands in self._in_turn() if stands.rank <= rank]
        moved = any(any(self._behind(n, up_to_it)[-1]) for n, one in enumerate(new.each) if one)
        new.decides = moved or not new.said[3]
        if new.decides:
            self.states[rank] = "adjudicated"
        elif self.states[rank] != "adjudicated":
            self.states[rank] = "denied"
        if name in self.taken_back_early:
            self.taken_back_early.remove(name)
            self.taken_back(name)

    def _behind(self, n, answers):
        """What each answer to a line got, wrote off and left to the patient of it, each behind those before it."""
        made = []
        for said in (stands.each[n] for stands in answers if stands.each[n]):
            settled = sum(paid + written_off for paid, written_off, _ in made)
            written_off = said.contract
            if settled or any(left for _, _, left in made):
                increment = self.charges[n] - said.paid - said.share - settled
                written_off = max(0, increment - said.refused)
            made.append((said.paid, written_off, said.share))
        return made

    def _in_turn(self):
        """In paying order, whatever order they came in."""
        return sorted(self.stands, key=lambda stands: stands.rank)

    def taken_back(self, name):
        """A reversal arrives; before the answer itself, it waits for it."""
        gone = next((stands for stands in self.stands if stands.name == name), None)
        if gone is None:
            self.taken_back_early.add(name)
            return
        self.stands.remove(gone)
        self.gone_now.append(gone)
        if all(stands.rank != gone.rank for stands in self.stands):
            self.states[gone.rank] = "reversed"

    def file_ends(self):
        """What later payers paid has lost its ground where an earlier answer was taken back and not said again; where
        all of them are said again, it stands as before."""
        self.gone += self.gone_now
        for gone in self.gone_now:
            if not self._said_again(gone):
                for rank, state in self.states.items():
                    if rank > gone.rank and state in {"adjudicated", "denied"}:
                        self.states[rank] = "reopened"
        self.gone_now = []
        for rank, state in self.states.items():
            before = [gone for gone in self.gone if gone.rank < rank]
            if state == "reopened" and all(map(self._said_again, before)):
                own = any(stands.decides for stands in self.stands if stands.rank == rank)
                self.states[rank] = "adjudicated" if own else "denied"

    def _said_again(self, gone):
        return any(stands.rank == gone.rank and stands.said == gone.said for stands in self.stands)

    def balances(self):
        """Paid, written off, open with insurers, the patient's."""
        sums = [self._balance(n, charge) for n, charge in enumerate(self.charges)]
        return tuple(map(sum, zip(*sums, strict=True)))

    def _balance(self, n, charge):
        rows = self._behind(n, self._in_turn())
        paid, written_off = sum(row[0] for row in rows), sum(row[1] for row in rows)
        left = charge - paid - written_off
        patient = max(0, min(left, self._share(n))) if self._all_decided() and not self._is_left_out(n) else 0
        return paid, written_off, left - patient, patient

    def _is_left_out(self, n):
        decided = [stands.rank for stands in self.stands if self.states[stands.rank] == "adjudicated"]
        return max(decided) > max((stands.rank for stands in self.stands if stands.each[n]), default=0)

    def _share(self, n):
        turn = [stands for stands in self._in_turn() if stands.each[n]]
        last_rank = turn[-1].rank if turn else 0
        of_last = [line for stands, line in zip(turn, self._behind(n, turn), strict=True) if stands.rank == last_rank]
        # A refusal says nothing of money, and does not replace the answer that did.
        with_money = [line for line in of_last if any(line)] or of_last
        return with_money[-1][2] if with_money else 0

    def _all_decided(self):
        decided = [rank for rank, state in self.states.items() if state == "adjudicated"]
        return bool(decided) and all(
            state == "adjudicated" or (state == "denied" and rank < max(decided)) for rank, state in self.states.items()
        )
