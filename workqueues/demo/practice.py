"""Fourteen months of an invented practice: visits, claims sent, answers received, as dated events."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from workqueues.demo import answers, seldom
from workqueues.demo.answers import Answer
from workqueues.demo.people import DemoCoverage, DemoPatient

# Procedure and its charge in cents.
OFFICE = (("99213", 15000), ("99214", 22000), ("99203", 21500), ("99204", 31000))
EXTRA = (
    ("90834", 16500),
    ("96127", 2500),
    ("36415", 1800),
    ("85025", 4200),
    ("80053", 5600),
    ("93000", 7500),
    ("90471", 4800),
)
MONTHS = 14


@dataclass(slots=True)
class Visit:
    """One encounter and the claim it became. `order` is how it was billed: indexes of the patient's coverages."""

    patient: DemoPatient
    control_number: str
    on: date
    lines: list[tuple[str, int]]
    order: list[int]

    @property
    def charges(self) -> list[int]:
        return [charge for _, charge in self.lines]

    def coverage(self, place: int) -> DemoCoverage:
        return self.patient.coverages[self.order[place]]


@dataclass(slots=True)
class Sent:
    """A claim sent to the payer at a place of the visit's order, with what earlier payers had answered."""

    on: date
    visit: Visit
    order: list[int]
    place: int
    earlier: list[tuple[int, Answer, date]]


@dataclass(slots=True)
class Answered:
    """A payer's answer; a reversal and its correction are two of these on one day."""

    on: date
    visit: Visit
    coverage: DemoCoverage
    place: int
    answer: Answer


@dataclass(slots=True)
class Happened:
    sent: list[Sent] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)


def fourteen_months(patients: list[DemoPatient], today: date, seed: int) -> Happened:
    """All that happened up to today; what would come later has not come yet, and is the desk's open work."""
    rng = random.Random(seed + 1)  # noqa: S311
    happened = Happened()
    number = 0
    start = today - timedelta(days=MONTHS * 30)
    for patient in patients:
        for _ in range(max(1, round(patient.visits_a_year * MONTHS / 12 * rng.uniform(0.6, 1.2)))):
            day = _weekday(start + timedelta(days=rng.randint(0, MONTHS * 30 - 2)))
            number += 1
            visit = Visit(patient, f"CD{100000 + number}", day, _lines(rng), list(range(len(patient.coverages))))
            _Course(rng, today, visit, happened).run()
    _seldom(patients, today, rng, number, happened)
    happened.sent.sort(key=lambda event: (event.on, event.visit.control_number, event.place))
    happened.answered.sort(key=lambda event: (event.on, event.visit.control_number, event.place))
    return happened


def _seldom(patients: list[DemoPatient], today: date, rng: random.Random, number: int, happened: Happened) -> None:
    """Last of all, so that the chances of all else stay as they are."""
    for patient, day, line in seldom.care_months(patients, today):
        number += 1
        visit = Visit(patient, f"CD{100000 + number}", day, [line], [0])
        _Course(rng, today, visit, happened).run()
    for patient, day in seldom.pointed_at(patients, today):
        number += 1
        visit = Visit(patient, f"CD{100000 + number}", day, [OFFICE[0]], [1, 0])
        _Course(rng, today, visit, happened).pointed_at()


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _lines(rng: random.Random) -> list[tuple[str, int]]:
    return [rng.choice(OFFICE), *rng.sample(EXTRA, rng.choices((0, 1, 2, 3), (45, 30, 15, 10))[0])]


class _Course:
    """How one visit went on: each step either schedules the next or leaves it for somebody to do."""

    def __init__(self, rng: random.Random, today: date, visit: Visit, happened: Happened) -> None:
        self.rng, self.today, self.visit, self.happened = rng, today, visit, happened
        self.earlier: list[tuple[int, Answer, date]] = []

    def run(self) -> None:
        sent_on = _weekday(self.visit.on + timedelta(days=self.rng.randint(1, 4)))
        if len(self.visit.order) > 1 and self.rng.random() < 0.035:
            self._billed_backwards(sent_on)
        else:
            self._first(sent_on)

    def pointed_at(self) -> None:
        """One payer is billed and then the other, and each says that the other comes first."""
        on = self.visit.on + timedelta(days=2)
        for order in (self.visit.order, self.visit.order[::-1]):
            self.visit.order, self.earlier = order, []
            refusal = answers.ANOTHER_FIRST.of(self.visit.charges, self._number())
            if not self._send(on, 0) or not self._answer(on + self._wait(0), 0, refusal):
                return
            on = self.earlier[-1][2] + timedelta(days=4)

    def _send(self, on: date, place: int) -> bool:
        """The practice sends its claims on Tuesdays and Fridays."""
        on += timedelta(days=min((1 - on.weekday()) % 7, (4 - on.weekday()) % 7))
        if on > self.today:
            return False
        self.happened.sent.append(Sent(on, self.visit, list(self.visit.order), place, list(self.earlier)))
        return True

    def _answer(self, on: date, place: int, answer: Answer) -> bool:
        """Payers pay on Thursdays, the small ones once in four weeks; what would arrive after today has not arrived."""
        payer = self.visit.coverage(place).payer
        on += timedelta(days=(4 + 7 * (len(payer.key) % 2) - on.toordinal()) % (14 if payer.is_large else 28))
        if on > self.today:
            return False
        self.happened.answered.append(Answered(on, self.visit, self.visit.coverage(place), place, answer))
        self.earlier.append((self.visit.order[place], answer, on))
        return True

    def _number(self) -> str:
        return f"{self.rng.randint(10**11, 10**12 - 1)}"

    def _wait(self, place: int) -> timedelta:
        return timedelta(days=self.rng.randint(*self.visit.coverage(place).payer.days_to_answer))

    def _billed_backwards(self, sent_on: date) -> None:
        """The practice billed the second payer first, who refuses it; most are put right, some wait for us."""
        right = list(self.visit.order)
        self.visit.order = [right[1], right[0], *right[2:]]
        if not self._send(sent_on, 0):
            return
        medicare = self.visit.coverage(0).payer.kind == "medicare"
        refusal = answers.MEDICARE_SAYS_SECOND if medicare else answers.ANOTHER_FIRST
        if not self._answer(sent_on + self._wait(0), 0, refusal.of(self.visit.charges, self._number())):
            return
        refused_on = self.earlier[-1][2]
        if self.rng.random() < (0.97 if refused_on < self.today - timedelta(days=75) else 0.45):
            self.visit.order, self.earlier = right, []
            self._first(refused_on + timedelta(days=self._pace(refused_on, (3, 5, 8, 12, 21, 40))))

    def _pace(self, on: date, choices: tuple[int, ...]) -> int:
        """The practice has got faster over the year, which the measures should show."""
        days = self.rng.choice(choices)
        return max(1, round(days * (1.3 if on < self.today - timedelta(days=200) else 0.8)))

    def _first(self, sent_on: date) -> None:
        if not self._send(sent_on, 0):
            return
        payer, chance = self.visit.coverage(0).payer, self.rng.random()
        answered = sent_on + self._wait(0)
        if chance < (0.045 if len(self.visit.order) == 1 else 0.006):
            self._answer(answered, 0, self.rng.choice(answers.OTHER_REFUSALS).of(self.visit.charges, self._number()))
        elif chance < 0.06 and len(self.visit.order) > 1 and payer.kind == "employer":
            self._asked_the_member(answered)
        elif (
            chance < 0.07
            and payer.kind == "medicare"
            and self.visit.coverage(0).size == ""
            and len(self.visit.order) == 1
        ):
            self._answer(answered, 0, answers.ADVANTAGE_PLAN.of(self.visit.charges, self._number()))
        else:
            self._paid_first(answered)

    def _asked_the_member(self, on: date) -> None:
        """The payer wants an answer from the patient first; once it has it, it pays."""
        if not self._answer(on, 0, answers.ASK_THE_MEMBER.of(self.visit.charges, self._number())):
            return
        asked_on = self.earlier.pop()[2]
        if self.rng.random() < (0.95 if asked_on < self.today - timedelta(days=90) else 0.4):
            self._paid_first(asked_on + timedelta(days=self.rng.randint(14, 45)))

    def _paid_first(self, on: date) -> None:
        payer = self.visit.coverage(0).payer
        deductible = self.rng.choice((0, 0, 0, 0, 5000, 12000)) if payer.coinsurance else 0
        lines = tuple(answers.as_first(payer, self.visit.charges, deductible_cents=deductible))
        later = self.visit.coverage(1).payer if len(self.visit.order) > 1 else None
        crosses = payer.kind == "medicare" and later is not None and later.crosses_over
        answer = Answer(
            "19" if crosses else "1", lines, ("MA18",) if crosses else (), later if crosses else None, self._number()
        )
        if not self._answer(on, 0, answer):
            return
        if self.rng.random() < 0.015:
            self._taken_back(answer)
        elif crosses:
            self._crossed_over()
        elif later is not None and (answer.responsibility_cents or later.kind in ("medicaid", "medicare")):
            self._next(1)

    def _taken_back(self, answer: Answer) -> None:
        """Weeks later the payer reverses and pays again, a fifth less; both stand in one remittance."""
        on = self.earlier[-1][2] + timedelta(days=self.rng.randint(28, 60))
        if not self._answer(on, 0, answer.reversed):
            return
        self.earlier = []
        payer = self.visit.coverage(0).payer
        self._answer(
            on,
            0,
            Answer(
                "1",
                tuple(answers.as_first(payer, self.visit.charges, deductible_cents=2000)),
                payer_number=self._number(),
            ),
        )

    def _crossed_over(self) -> None:
        """Medicare passed it on: most supplements answer by themselves, a few copies get lost."""
        answered_on = self.earlier[-1][2]
        if self.rng.random() < 0.96:
            self._paid_later(answered_on + self._wait(1), 1, forwarded=True)
        elif answered_on < self.today - timedelta(days=90):
            late = answered_on + timedelta(days=40)
            if self._send(late, 1):
                self._paid_later(late + self._wait(1), 1)

    def _next(self, place: int) -> None:
        """The next payer is billed after a while; some are forgotten, which is what the queue is for."""
        answered_on = self.earlier[-1][2]
        forgotten = 0.25 if answered_on > self.today - timedelta(days=45) else 0.004
        if self.rng.random() < forgotten:
            return
        sent_on = _weekday(
            answered_on + timedelta(days=self._pace(answered_on, (1, 1, 2, 2, 3, 3, 4, 5, 7, 9, 14, 21)))
        )
        if not self._send(max(sent_on, answered_on), place):
            return
        answer_on, chance = sent_on + self._wait(place), self.rng.random()
        if chance < 0.04:
            self._refused_later(answer_on, place, answers.NO_PRIMARY_EOB)
        elif chance < 0.055:
            self._refused_later(answer_on, place, answers.ANOTHER_FIRST)
        else:
            self._paid_later(answer_on, place)

    def _refused_later(self, on: date, place: int, refusal: answers.Refusal) -> None:
        """The second payer wants the first one's answer; most are sent again with it and paid."""
        if not self._answer(on, place, refusal.of(self.visit.charges, self._number())):
            return
        refused_on = self.earlier.pop()[2]
        if self.rng.random() < (0.95 if refused_on < self.today - timedelta(days=60) else 0.3):
            again = refused_on + timedelta(days=self._pace(refused_on, (2, 4, 6, 9, 15)))
            if self._send(again, place):
                self._paid_later(again + self._wait(place), place)

    def _paid_later(self, on: date, place: int, *, forwarded: bool = False) -> None:
        payer = self.visit.coverage(place).payer
        last = self.earlier[-1][1]
        before = [
            sum(answer.lines[i].paid_cents for _, answer, _ in self.earlier) for i in range(len(self.visit.lines))
        ]
        if not forwarded and self.rng.random() < 0.04:
            lines = answers.nothing_left(last)
        else:
            lines = answers.as_later(payer, last, before)
        answer = Answer("2" if place == 1 else "3", tuple(lines), payer_number=self._number())
        if self._answer(on, place, answer) and place + 1 < len(self.visit.order):
            self._next(place + 1)
