"""A line worked out for every answer an unknown fact could have: one amount, or the question and both outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.patient_billing.share.facts import Line, PayerFacts, Reason, Said, Situation, Told, Unknown
from claims.patient_billing.share.rows import ROWS

Assumed = tuple[tuple[str, Any], ...]
SENT = Reason("A payer sent its payment to the patient; that money is owed besides.", "X12 RFI 1860; CARC 100")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is owed under `given`, the facts assumed to come to it (none when nothing had to be assumed)."""

    owes_cents: int
    row: str
    because: tuple[Reason, ...]
    given: Assumed = ()


@dataclass(frozen=True, slots=True)
class Question:
    """The first fact that makes a difference, and the answers it may have."""

    fact: str
    choices: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Of one line. With a `question` nothing is known yet, and `outcomes` are what the answers would give."""

    left_cents: int
    outcomes: tuple[Outcome, ...]
    question: Question | None = None

    @property
    def owes_cents(self) -> int | None:
        return None if self.question else self.outcomes[0].owes_cents

    @property
    def not_billable_cents(self) -> int:
        """What is left of the charge and may not be asked of the patient; nothing as long as there is a question."""
        return 0 if self.owes_cents is None else max(0, self.left_cents - self.owes_cents)

    @property
    def because(self) -> tuple[Reason, ...]:
        return self.outcomes[0].because

    @property
    def row(self) -> str:
        return self.outcomes[0].row


def share_of(line: Line, payers: Sequence[PayerFacts], facts: Mapping[str, Any] | None = None) -> Share:
    """What the patient may owe on the line. `facts` by name; what is missing or None is unknown.

    Raises ValueError for a line no payer has answered: there is nothing yet that could be owed.
    """
    by_rank = {p.rank: p for p in payers}
    answered = tuple((by_rank[s.rank], s) for s in sorted(line.answers, key=lambda s: s.rank) if s.rank in by_rank)
    if not answered:
        raise ValueError("no payer has answered this line")
    known = {name: value for name, value in (facts or {}).items() if value is not None}
    found = list(_branches(line, answered, known, ()))
    if len({outcome.owes_cents for outcome in found}) == 1:
        return Share(line.left_cents, (found[0],))
    question = _first_that_matters(found)
    return Share(line.left_cents, tuple(_by_answer(found, question)), question)


def _branches(
    line: Line, answered: tuple[tuple[PayerFacts, Said], ...], facts: Mapping[str, Any], given: Assumed
) -> Iterator[Outcome]:
    try:
        yield _outcome(Situation(line, answered, Told(facts)), given)
    except Unknown as unknown:
        for choice in unknown.choices:
            yield from _branches(line, answered, {**facts, unknown.fact: choice}, (*given, (unknown.fact, choice)))


def _outcome(at: Situation, given: Assumed) -> Outcome:
    found = next(found for row in ROWS if (found := row(at)) is not None)
    cents, because = found.cents, found.because
    if found.adds_sent and at.line.sent_to_patient_cents:
        cents, because = cents + at.line.sent_to_patient_cents, (*because, SENT)
    # What is written off or paid stays so: the patient never owes more than what is left of the charge.
    return Outcome(max(0, min(cents, at.line.left_cents)), found.row, because, given)


def _first_that_matters(found: Sequence[Outcome]) -> Question:
    """The first fact, in the order of asking, whose answers lead to different amounts."""
    for fact in dict.fromkeys(name for outcome in found for name, _ in outcome.given):
        amounts: dict[Any, set[int]] = {}
        for outcome in found:
            amounts.setdefault(dict(outcome.given).get(fact), set()).add(outcome.owes_cents)
        if any(one != other for one in amounts.values() for other in amounts.values()):
            return Question(fact, tuple(value for value in amounts if value is not None))
    raise AssertionError("outcomes differ without a fact that tells them apart")


def _by_answer(found: Sequence[Outcome], question: Question) -> Iterator[Outcome]:
    """Each different outcome once for each answer of the question."""
    seen = set()
    for outcome in found:
        key = dict(outcome.given).get(question.fact), outcome.owes_cents
        if key not in seen:
            seen.add(key)
            yield outcome
