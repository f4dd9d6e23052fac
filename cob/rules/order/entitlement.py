"""Medicare of one case: which parts, on what bases, and where the kidney clock stands: part of its partition.

Age and disability leave a yes or no each. The kidney clock leaves its phase, and what was so in the month before it
started; where one of its dates is unknown every date stays, for what is tried depends on the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeGuard

from cob.dates import parse_month

if TYPE_CHECKING:
    from cob.rules.order.partition import Day

Raw = dict[Any, Any]
Part = Any
NOTHING: Final[Raw] = {}
KIDNEY_DATES: Final = (
    "first_dialysis", "self_training_start", "transplant", "preop_admission", "dialysis_end", "new_period_from",
)  # fmt: skip


class Clock(NamedTuple):
    """The kidney clock: `none`, `first`, `after` or `ended`, the month it starts, and whether it ended while first."""

    phase: str
    start: int
    was_first: bool = False


class Entitlement(NamedTuple):
    """The part of the key, and what the facts about a job are then read for."""

    key: Part
    aged: bool | None
    disabled: bool
    by_disability: bool
    clock: Clock | None  # None: kidney failure is possible, and something about it unknown
    other_basis_first: bool | None = False


def entitlement(case: Raw, medicare: Raw, on: Day) -> Entitlement:
    """Medicare as the law reads it on the day of service."""
    born = case["people"][case["patient"]].get("birth_date")
    turned = None if born is None else _aged_month(born, on)
    basis, award = medicare.get("basis") or NOTHING, medicare.get("retro_award_date")
    since = basis.get("disability")
    disabled = "disability" in basis and (since is None or parse_month(since) <= on.month)
    aged = _is_aged(turned, basis, on.month)
    clock = _clock(medicare.get("esrd") or NOTHING, basis, on) if _kidney_possible(medicare) else Clock("none", 0)
    kidney: Part = None
    first: bool | None = False
    if clock is None:
        kidney = _as_it_is(medicare, None if turned is None else turned - on.month, on)
    elif clock.phase == "first":
        first = _other_basis_first(basis, clock.start)
        kidney = first, _is_aged(turned, basis, clock.start - 1)
    key = (
        case["claim"].get("service") or "professional",
        _part(medicare, "part_a", on.text),
        _part(medicare, "part_b", on.text),
        medicare.get("premium_free_part_a"),
        award if award is None or award == "never" else on.text < award,
        (aged, disabled, "disability" in basis),
        None if clock is None else (clock.phase, clock.was_first),
        kidney,
    )
    return Entitlement(key, aged, disabled, "disability" in basis, clock, first)


def _aged_month(born: str, on: Day) -> int:
    """The month that contains the day before the birthday from which age counts."""
    years = on.numbers["msp.aged.years"]
    return (int(born[:4]) + years) * 12 + int(born[5:7]) - 1 - (born[8:] == "01")


def _is_aged(turned: int | None, basis: Raw, month: int) -> bool | None:
    """Aged in a month or not; without a date of birth the month on file for age stands in, or nothing is known."""
    if turned is not None:
        return turned <= month
    began = basis.get("age")
    return True if began is not None and parse_month(began) <= month else None


def _part(medicare: Raw, name: str, day: str) -> Part:
    """In force, not in force, or what of that is unknown."""
    if name not in medicare:
        return None
    part = medicare[name]
    if part is None:
        return False
    began, ends = part.get("from"), part.get("to")
    if (ends is not None and ends < day) or (began is not None and began > day):
        return False
    return began is not None or ends == day, ends is not None or "to" in part or began == day


def _kidney_possible(medicare: Raw) -> bool:
    """Whether kidney failure may be in the picture: held as a basis, dated, or not excluded."""
    basis, kidney = medicare.get("basis"), medicare.get("esrd")
    if not basis or "esrd" in basis:
        return True
    return kidney is not None and any(value is not None and value != "never" for value in kidney.values())


def _other_basis_first(basis: Raw, start: int) -> bool | None:
    """Whether age or disability came before the kidney clock started; None where the month is unknown."""
    began = [basis[name] for name in basis if name != "esrd"]
    if any(month is not None and parse_month(month) < start for month in began):
        return True
    return None if None in began else False


def _clock(kidney: Raw, basis: Raw, on: Day) -> Clock | None:
    """The clock where every date that would be asked for is known, else None."""
    again, transplant = kidney.get("new_period_from"), kidney.get("transplant")
    if not basis:
        return None
    if _happened(again) and parse_month(again) <= on.month:
        start: int | None = parse_month(again)
        grafted = transplant if _happened(transplant) and parse_month(transplant) >= parse_month(again) else None
        if transplant is None or (grafted is not None and kidney.get("first_dialysis") is None):
            return None
        dialysed = grafted is None or kidney.get("first_dialysis") != "never"
    else:
        start, grafted = _start(kidney, basis, on), transplant
        dialysed = kidney.get("first_dialysis") != "never" or transplant == "never"
    if start is None or on.month < start:
        return None if start is None else Clock("none", start)
    ends = [parse_month(grafted) + on.numbers["msp.kidney.after_transplant"]] if _happened(grafted) else []
    if dialysed:
        stopped = kidney.get("dialysis_end")
        if stopped is None:
            return None
        if stopped == "never" or parse_month(stopped) < start - on.numbers["msp.kidney.waiting"]:
            ends = []
        else:
            ends.append(parse_month(stopped) + on.numbers["msp.kidney.after_dialysis"])
    first = on.month < start + on.numbers["msp.kidney.months"]
    if ends and on.month > max(ends):
        return Clock("ended", start, first)
    return Clock("first" if first else "after", start)


def _happened(value: str | None) -> TypeGuard[str]:
    return value is not None and value != "never"


def _start(kidney: Raw, basis: Raw, on: Day) -> int | None:
    """The month the clock starts by dialysis and transplant, by the basis where there was neither; None if unknown."""
    dialysis, transplant = kidney.get("first_dialysis"), kidney.get("transplant")
    if dialysis is None or transplant is None:
        return None
    starts = []
    if dialysis != "never":
        training, month = kidney.get("self_training_start"), parse_month(dialysis)
        if training is None:
            return None
        waited = month + on.numbers["msp.kidney.waiting"]
        starts.append(month if training != "never" and parse_month(training) < waited else waited)
    if transplant != "never":
        admitted = kidney.get("preop_admission")
        if admitted is None:
            return None
        starts.append(_transplant_start(transplant, admitted, on.numbers["msp.kidney.admission"]))
    held = basis.get("esrd")
    return min(starts) if starts else on.month if held is None else parse_month(held)


def _transplant_start(transplant: str, admitted: str, gap: int) -> int:
    month = parse_month(transplant)
    if admitted == "never" or admitted > transplant:
        return month
    return parse_month(admitted) if month <= parse_month(admitted) + gap else month - gap


def _as_it_is(medicare: Raw, aged: int | None, on: Day) -> Part:
    """Bases and dates whole, with the month of service where there is any date to set against it."""
    basis, kidney = medicare.get("basis") or NOTHING, medicare.get("esrd") or NOTHING
    held = [(name, None if basis[name] is None else parse_month(basis[name]) - on.month) for name in sorted(basis)]
    dates = [kidney.get(name) for name in KIDNEY_DATES]
    return aged, *held, *dates, on.text[:7] if any(map(_happened, dates)) else None
