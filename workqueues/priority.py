"""What comes first: money, time, age and harm, added up so that each part can be shown and argued.

The weights are this product's defaults; no outside standard sets them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from cob.cents import dollars

MONEY_MAX, TIME_MAX, AGE_MAX, HARM_MAX = 40, 40, 15, 5
FULL_MONEY = 2001  # dollars at which money counts in full
HORIZON_DAYS = 60
NO_LIMIT = 999
TIER_0_DAYS, TIER_1_DAYS = 5, 14
TIER_1_SCORE, TIER_2_SCORE = 75, 50


@dataclass(frozen=True, slots=True)
class Case:
    """What the score rests on."""

    amount_cents: int  # expected from the payers it blocks
    limit_days: int | None  # calendar days to the nearest hard limit, below zero when past; None: no limit
    open_days: int  # business days since it came in
    sla_days: int  # business days promised
    is_harmful: bool = False
    has_legal_clock: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One summand: its points, what it could be at most, and the reason in words."""

    name: str
    points: float
    of: int
    because: str


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, the tier (0 first), and the parts."""

    total: float
    tier: int
    parts: tuple[Part, ...]
    override: str = ""

    @property
    def rank(self) -> int:
        """1 first: the tier, then the highest score, in one ascending number."""
        return self.tier * 1001 + 1001 - round(self.total * 10)

    def as_json(self) -> dict[str, object]:
        parts = [{"name": p.name, "points": p.points, "of": p.of, "because": p.because} for p in self.parts]
        return {"total": self.total, "tier": self.tier, "parts": parts, "override": self.override}


def score(case: Case) -> Score:
    """The score with its parts; the tier follows the limit before it follows the score."""
    exact = (_money(case), _time(case), _age(case), float(HARM_MAX * case.is_harmful))
    total = round(sum(exact), 1)
    tier, override = _tier(case, sum(exact))
    return Score(total=total, tier=tier, parts=_parts(case, exact), override=override)


def _money(case: Case) -> float:
    at_risk = max(case.amount_cents, 0) / 100
    return MONEY_MAX * min(1.0, math.log(1 + at_risk) / math.log(FULL_MONEY))


def _time(case: Case) -> float:
    days = NO_LIMIT if case.limit_days is None else case.limit_days
    return TIME_MAX * min(1.0, max(0.0, (HORIZON_DAYS - days) / HORIZON_DAYS))


def _age(case: Case) -> float:
    return AGE_MAX * min(1.0, case.open_days / (2 * max(case.sla_days, 1)))


def _tier(case: Case, total: float) -> tuple[int, str]:
    if case.has_legal_clock:
        return 0, "A legal clock runs."
    if case.limit_days is not None and case.limit_days <= TIER_0_DAYS:
        return 0, "A limit has passed." if case.limit_days < 0 else "A limit is at most 5 days away."
    if case.limit_days is not None and case.limit_days <= TIER_1_DAYS:
        return 1, "A limit is at most 14 days away."
    return (1 if total >= TIER_1_SCORE else 2 if total >= TIER_2_SCORE else 3), ""


def _parts(case: Case, exact: tuple[float, float, float, float]) -> tuple[Part, ...]:
    harmed = "A patient is being harmed now." if case.is_harmful else "No patient is being harmed."
    reasons = (
        f"${dollars(case.amount_cents)} at risk; ${FULL_MONEY - 1:,} or more counts in full.",
        _limit_words(case.limit_days),
        f"Open {_business_days(case.open_days)}; {_business_days(case.sla_days)} promised.",
        harmed,
    )
    named = zip(("money", "time", "age", "harm"), exact, (MONEY_MAX, TIME_MAX, AGE_MAX, HARM_MAX), reasons, strict=True)
    return tuple(Part(name, round(points, 1), most, because) for name, points, most, because in named)


def _limit_words(days: int | None) -> str:
    if days is None:
        return "No limit set by a payer is known."
    if days < 0:
        return f"The limit passed {_days(-days)} ago."
    return f"The limit is {_days(days)} away; from {HORIZON_DAYS} days on it counts." if days else "The limit is today."


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _business_days(count: int) -> str:
    return "1 business day" if count == 1 else f"{count} business days"
