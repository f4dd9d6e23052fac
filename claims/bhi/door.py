"""A month as JSON in, what it comes to as JSON out; what cannot be read is refused by the name of its field."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from claims.bhi.codes import APCM_BASES, MIDPOINT, STRICT
from claims.bhi.months import BHI, COCM, MEDICARE, CareMonth, look_at
from cob.rules import BadCase

_MOST_MINUTES = 31 * 24 * 60
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_WORDS: Final = {
    "program": (COCM, BHI),
    "setting": ("non_facility", "rhc", "fqhc"),
    "payer": (MEDICARE, "medicaid", "commercial"),
    "time_rule": (MIDPOINT, STRICT),
    "practitioner": ("physician", "psychologist", "clinical_social_worker"),
    "apcm": ("", *sorted(APCM_BASES)),
}
_FLAGS: Final = (
    *("consent", "initiating_visit", "registry", "consultant_review", "scale", "plan"),
    *("takes_g2214", "apcm_same_practitioner"),
)


def answer(case: Any) -> dict[str, Any]:
    """The contract's answer. Raises BadCase."""
    if not isinstance(case, dict):
        raise BadCase("the case: expected an object in braces")
    found = look_at(_read(case))
    own = {"id": case["id"]} if "id" in case else {}
    return own | {
        "codes": _units(found.codes),
        "missed": _units(found.missed),
        "overbilled": _units(found.overbilled),
        "amount_cents": found.amount_cents,
        "because": found.because,
        "blocked_by": found.blocked_by,
        "unpriced": found.unpriced,
        "unconfirmed": found.unconfirmed,
    }


def _units(some: Counter[str]) -> list[dict[str, Any]]:
    return [{"code": code, "units": units} for code, units in sorted(some.items())]


def _read(case: dict[str, Any]) -> CareMonth:
    when = _MONTH.fullmatch(case["month"]) if isinstance(case.get("month"), str) else None
    if when is None:
        raise BadCase("month: expected a month such as 2025-04")
    said: dict[str, Any] = {
        name: _word(case, name) for name in _WORDS if name == "program" or case.get(name) is not None
    }
    said |= {name: _flag(case, name) for name in _FLAGS}
    first = _flag(case, "first_month")
    if first is None and said["program"] == COCM:
        raise BadCase("first_month: expected true or false; collaborative care counts its first month otherwise")
    return CareMonth(
        year=int(when[1]),
        month=int(when[2]),
        minutes=_count(case, "minutes", _MOST_MINUTES),
        is_first=bool(first),
        billed=_codes(case.get("billed")),
        months_since_last=_count(case, "months_since_last", 1_200)
        if case.get("months_since_last") is not None
        else None,
        **said,
    )


def _word(case: dict[str, Any], name: str) -> str:
    if case.get(name) not in _WORDS[name]:
        raise BadCase(f"{name}: expected one of {', '.join(word for word in _WORDS[name] if word)}")
    return str(case[name])


def _flag(case: dict[str, Any], name: str) -> bool | None:
    said = case.get(name)
    if said is not None and not isinstance(said, bool):
        raise BadCase(f"{name}: expected true or false")
    return said


def _count(case: dict[str, Any], name: str, most: int) -> int:
    said = case.get(name)
    if type(said) is not int or not 0 <= said <= most:
        raise BadCase(f"{name}: expected a whole number from 0 to {most}")
    return said


def _codes(said: Any) -> tuple[str, ...]:
    if said is None:
        return ()
    if not isinstance(said, list) or not all(isinstance(code, str) for code in said):
        raise BadCase('billed: expected a list of codes such as ["99493", "99494"], one for each unit')
    return tuple(code.strip().upper() for code in said)
