"""Where each claim should have ended, worked out from the clearinghouse's books alone, and where it did end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from claims.models import Claim, ClaimPayer, Submission
from simulator.book import Book, Decided
from simulator.practice import Visit


@dataclass(frozen=True, slots=True)
class End:
    """A claim with each payer's state in order and what was paid, in cents. `patient_cents` is None while a payer still
    owes an answer or has refused: whose the rest is, is not decided then."""

    states: tuple[str, ...]
    paid_cents: int
    patient_cents: int | None

    @property
    def is_done(self) -> bool:
        return self.patient_cents is not None


def expected(book: Book, visits: Iterable[Visit]) -> dict[str, End]:
    """By claim number, out of what the payers received and decided."""
    decided: dict[tuple[str, str], Decided] = {(one.claim, one.payer): one for one in book.decided}
    stopped = {(one.claim, one.payer): "rejected" for one in book.received if not one.status.startswith("A2")}
    received = {one.claim for one in book.received}
    return {visit.number: _end(visit, decided, stopped) for visit in visits if visit.number in received}


def found(visits: Iterable[Visit]) -> dict[str, End]:
    """By claim number, out of the desk's rows."""
    numbers = [visit.number for visit in visits]
    claims = Claim.objects.filter(control_number__in=numbers)
    states: dict[str, list[str]] = {}
    rows = ClaimPayer.objects.filter(claim__control_number__in=numbers).order_by("rank")
    for number, state in rows.values_list("claim__control_number", "state"):
        states.setdefault(number, []).append(state)
    return {claim.control_number: _as_it_is(claim, tuple(states[claim.control_number])) for claim in claims}


def _as_it_is(claim: Claim, states: tuple[str, ...]) -> End:
    is_done = claim.insurer_open_cents == 0 and not {"rejected", "denied", "submitted", "forwarded"} & set(states)
    return End(states, claim.paid_cents, claim.patient_cents if is_done else None)


def sent_twice() -> list[str]:
    """Claims the desk itself sent to one payer as originals more than once."""
    rows = Submission.objects.filter(frequency="1", seen_in=None).values_list("claim__control_number", "claim_payer")
    return sorted({number for (number, _payer), count in Counter(rows).items() if count > 1})


def _end(visit: Visit, decided: dict[tuple[str, str], Decided], waits: dict[tuple[str, str], str]) -> End:
    """The first payer that is not done stops the claim: whoever comes after was never asked."""
    states: list[str] = []
    left: int | None = None
    is_stopped = False
    for plan in visit.plans:
        key = (visit.number, plan.payer_id)
        answer = decided.get(key)
        if answer is None:
            states.append("expected" if is_stopped else waits.get(key, "expected"))
            # A payer that was not asked although money was left means that something before it stopped the claim.
            is_stopped = is_stopped or key in waits or bool(left) or left is None
            continue
        is_refusal = answer.status == "4"
        states.append("denied" if is_refusal else "adjudicated")
        is_stopped = is_stopped or is_refusal
        left = answer.left_cents
    paid = sum(one.paid_cents for one in decided.values() if one.claim == visit.number)
    return End(tuple(states), paid, None if is_stopped else left)
