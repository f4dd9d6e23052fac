"""The catalogue of what can be set: its words, whose it is, what a value may be, and what is built in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Literal

from cob.accounts.roles import ROLES, Permission, Role
from cob.cents import dollars
from workqueues.aging import BUSINESS, CALENDAR
from workqueues.escalation import LADDER, Rung, says
from workqueues.queues import Queue

Of = Literal["queue", "practice", "site"]
Kind = Literal["count", "cents", "role", "way", "person", "people", "weekdays", "dates", "starts", "yes_no"]
WORKERS = tuple(role for role, card in ROLES.items() if Permission.WORK_ITEMS in card.permissions)
WAYS = {
    "pull": "Whoever is free takes the next one",
    "round_robin": "In turn, whose last one is longest ago",
    "least_loaded": "To whoever has the fewest in hand",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Spec:
    """One thing that can be set. `site` settings hold for the practice where no site is named."""

    name: str
    label: str
    group: str
    of: Of
    kind: Kind
    hint: str
    low: int = 0
    high: int = 365
    unit: str = ""
    built_in: Any = None  # of a queue's settings the queue itself says it

    def default(self, queue: Queue | None = None) -> Any:
        return OF_QUEUE[self.name](queue) if queue and self.name in OF_QUEUE else self.built_in


OF_QUEUE: dict[str, Callable[[Queue], Any]] = {
    "first_touch": lambda queue: queue.sla.first_touch,
    "close": lambda queue: queue.sla.close,
    "owner": lambda queue: queue.owner.value,
    "waiting_days": lambda queue: queue.waiting_days_max,
}
PROMISES, PEOPLE, LEVELS, DAYS, MONEY = "Promises", "Who works it", "Ladder", "Days and ages", "Write-offs"


def rung_name(rung: Rung) -> str:
    return f"level_{rung.level}_{rung.test}"


def _rung_spec(rung: Rung) -> Spec:
    is_money = rung.test == "money"
    return Spec(
        name=rung_name(rung),
        label=f"Level {rung.level}: {UNITS[rung.test][0]}",
        group=LEVELS,
        of="practice",
        kind="cents" if is_money else "count",
        hint=f"Built in: {rung.says}",
        low=1,
        high=MOST_CENTS if is_money else 365,
        unit=UNITS[rung.test][1],
        built_in=rung.at,
    )


MOST_CENTS = 100_000_000
UNITS = {
    "overdue": ("times our promise", "times"),
    "untouched": ("days without a touch", "business days"),
    "limit": ("days left to a limit", "days"),
    "attempt": ("tries", "tries"),
    "money": ("money at risk", ""),
}
RUNGS = {rung_name(rung): rung for rung in LADDER if rung.test in UNITS}
ALL = (
    Spec("first_touch", "First touch within", PROMISES, "queue", "count", "0: the same day.", 0, 60, "business days"),
    Spec("close", "Done within", PROMISES, "queue", "count", "Items that are open keep their day.", 0, 120,
         "business days"),
    Spec("waiting_days", "Set aside at most", PROMISES, "queue", "count", "Nothing waits longer unseen.", 1, 30,
         "days"),
    Spec("owner", "Worked by", PEOPLE, "queue", "role", "The role whose work it is."),
    Spec("team", "Team", PEOPLE, "queue", "people", "Nobody ticked: everybody of the role.", built_in=[]),
    Spec("hand_out", "Given out", PEOPLE, "queue", "way", "Who is absent is passed over.", built_in="pull"),
    Spec("lead", "First to hear", PEOPLE, "queue", "person", "Told at level 1; approves as a lead."),
    Spec("level_2_person", "Billing manager", PEOPLE, "practice", "person", "Told at level 2."),
    Spec("level_3_person", "Practice administrator", PEOPLE, "practice", "person",
         "Told at level 3; approves any sum."),
    Spec("level_4_person", "Compliance officer", PEOPLE, "practice", "person", "Told at level 4."),
    Spec("idle_minutes", "Released after", PEOPLE, "practice", "count",
         "Taken and not worked on: it goes back to all.", 5, 480, "minutes", built_in=45),
    *(_rung_spec(rung) for rung in RUNGS.values()),
    Spec("weekdays", "Working weekdays", DAYS, "site", "weekdays", "At least one.", built_in=[0, 1, 2, 3, 4]),
    Spec("federal", "Federal holidays are kept", DAYS, "site", "yes_no", "5 USC 6103.", built_in=True),
    Spec("closed", "Closed besides", DAYS, "site", "dates", "Days as mm/dd/yyyy, one a line.", built_in=[]),
    Spec("opened", "Open all the same", DAYS, "site", "dates", "Days as mm/dd/yyyy, one a line.", built_in=[]),
    Spec("buckets", "Ages in business days from", DAYS, "practice", "starts", "First day of each: 0 3 6 11 21 31.",
         built_in=list(BUSINESS)),
    Spec("long_buckets", "Ages of waiting queues from", DAYS, "practice", "starts", "In calendar days: 0 16 31 46 61.",
         built_in=list(CALENDAR)),
    Spec("write_off_worker", "A colleague approves up to", MONEY, "practice", "cents", "Never who asked for it.",
         0, MOST_CENTS, built_in=25_00),
    Spec("write_off_lead", "The queue’s lead approves up to", MONEY, "practice", "cents", "Named with the queue.",
         0, MOST_CENTS, built_in=100_00),
    Spec("write_off_manager", "A supervisor approves up to", MONEY, "practice", "cents",
         "Above: the practice administrator; while nobody is named, any supervisor.", 0, MOST_CENTS,
         built_in=500_00),
)  # fmt: skip
SPECS: dict[str, Spec] = {spec.name: spec for spec in ALL}


def problem_with(spec: Spec, value: Any) -> str:
    """Why a value cannot be kept, in words with what to do; empty when it can."""
    checks: dict[str, Callable[[Spec, Any], str]] = {
        "count": _count, "cents": _count, "role": _role, "way": _way, "weekdays": _weekdays, "dates": _dates,
        "starts": _starts, "yes_no": lambda _spec, told: "" if isinstance(told, bool) else "Say yes or no.",
        "person": lambda _spec, told: "" if isinstance(told, str) and told else "Choose a person.",
        "people": lambda _spec, told: "" if isinstance(told, list) else "Choose people, or none for the whole role.",
    }  # fmt: skip
    return checks[spec.kind](spec, value)


def _count(spec: Spec, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and spec.low <= value <= spec.high:
        return ""
    if spec.kind == "cents":
        return f"Give an amount from {dollars(spec.low)} to {dollars(spec.high)}."
    return f"Give a whole number from {spec.low} to {spec.high}."


def _role(_spec: Spec, value: Any) -> str:
    return "" if value in WORKERS else "Choose a role that works items."


def _way(_spec: Spec, value: Any) -> str:
    return "" if value in WAYS else "Choose how items are given out."


def _weekdays(_spec: Spec, value: Any) -> str:
    if not isinstance(value, list) or not value:
        return "Choose at least one weekday: by a calendar without business days no promise could ever be kept."
    return "" if set(value) <= set(range(7)) else "Choose days of the week."


def _dates(_spec: Spec, value: Any) -> str:
    for text in value if isinstance(value, list) else [value]:
        try:
            date.fromisoformat(text)
        except (TypeError, ValueError):
            return f"“{text}” is no day. Write each as mm/dd/yyyy."
    return ""


def _starts(_spec: Spec, value: Any) -> str:
    numbers = value if isinstance(value, list) else []
    if not 2 <= len(numbers) <= 8 or numbers[0] != 0 or any(a >= b for a, b in pairwise(numbers)):
        return "Give two to eight first days, beginning with 0 and rising, such as 0 3 6 11."
    return ""


def in_words(spec: Spec, value: Any, names: dict[str, str]) -> str:
    """A value as people read it; `names` of people by id."""
    if value is None:
        return "nobody named" if spec.kind == "person" else "—"
    told: dict[str, Callable[[Any], str]] = {
        "cents": lambda cents: f"${dollars(cents)}",
        "role": lambda role: ROLES[Role(role)].label,
        "way": lambda way: WAYS[way],
        "person": lambda pk: names.get(pk, "somebody who has left"),
        "people": lambda pks: ", ".join(names.get(pk, "somebody who has left") for pk in pks) or "the whole role",
        "weekdays": lambda days: ", ".join(WEEKDAYS[day] for day in sorted(days)),
        "dates": lambda days: ", ".join(f"{date.fromisoformat(day):%m/%d/%Y}" for day in sorted(days)) or "none",
        "starts": lambda starts: ", ".join(str(start) for start in starts),
        "yes_no": lambda yes: "yes" if yes else "no",
    }
    if spec.kind in told:
        return told[spec.kind](value)
    return "1 " + spec.unit.removesuffix("s") if value == 1 and spec.unit else f"{value} {spec.unit}".strip()


def rung_at(rung: Rung, at: int) -> Rung:
    """The same rung with another bound, and words that say so."""
    return rung if at == rung.at else replace(rung, at=at, says=says(rung, at))
