"""One patient's month of integrated behavioral care: the codes it supports, what of them was not billed, and what
stands in the way. A finding for a person to look at, never a claim made by itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from claims.bhi import codes
from claims.bhi.codes import BASE, CODES, FEES, GENERAL, GENERAL_MINUTES, MORE, MOST_MORE, SHORT, SHORT_MINUTES

COCM, BHI = "cocm", "bhi"
MEDICARE = "medicare"
_NEAR_MINUTES = 10
_NEW_EPISODE_AFTER_MONTHS = 6
# Practices led by these bill G0323.
_PSYCHOLOGY = frozenset({"psychologist", "clinical_social_worker"})


@dataclass(frozen=True, slots=True)
class CareMonth:
    """What is known of the month; None where nobody has said. `minutes` are those that count, already summed."""

    year: int
    month: int
    program: str
    minutes: int
    is_first: bool = False
    setting: str = "non_facility"
    payer: str = MEDICARE
    time_rule: str = codes.MIDPOINT
    practitioner: str = "physician"
    billed: tuple[str, ...] = ()
    consent: bool | None = None
    initiating_visit: bool | None = None
    registry: bool | None = None
    consultant_review: bool | None = None
    scale: bool | None = None
    plan: bool | None = None
    takes_g2214: bool | None = None
    apcm: str = ""
    apcm_same_practitioner: bool | None = None
    months_since_last: int | None = None

    @property
    def day(self) -> tuple[int, int]:
        return self.year, self.month

    @property
    def opens_episode(self) -> bool:
        """The first month, or one after half a year without the service."""
        return self.is_first or (self.months_since_last or 0) >= _NEW_EPISODE_AFTER_MONTHS

    @property
    def has_apcm(self) -> bool:
        """Advanced primary care management is billed for it, and has add-ons for this care by then."""
        return bool(self.apcm) and self.day >= codes.APCM_FROM

    @property
    def is_clinic(self) -> bool:
        """A rural health clinic or a federally qualified health center."""
        return self.setting in {"rhc", "fqhc"}


@dataclass(slots=True)
class Found:
    """What the month comes to. `unpriced` have no fee on file; `unconfirmed` rests on no source read whole."""

    codes: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    overbilled: Counter[str] = field(default_factory=Counter)
    amount_cents: int = 0
    because: str = ""
    blocked_by: list[str] = field(default_factory=list)
    unpriced: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)


def look_at(month: CareMonth) -> Found:
    """Gates first, then minutes; what is missed is priced as the difference to what was billed."""
    found = Found(blocked_by=_gates(month))
    if found.blocked_by:
        found.because = f"Nothing is supported: {_listed(found.blocked_by)}."
    else:
        _supported(month, found)
    if found.codes and month.is_clinic and month.payer != MEDICARE:
        found.unconfirmed.append(f"that {month.payer} follows Medicare's codes for clinics")
    if month.months_since_last == _NEW_EPISODE_AFTER_MONTHS and not month.is_first and month.program == COCM:
        found.unconfirmed.append("a new episode where the last service was six months ago")
    billed = Counter(code for code in month.billed if code in CODES)
    found.missed, found.overbilled = found.codes - billed, billed - found.codes
    _price(month, found)
    if found.overbilled:
        said = ", ".join(sorted(found.overbilled))
        found.because += f" Billed without support: {said}; a question for compliance, not for revenue."
    return found


def _gates(month: CareMonth) -> list[str]:
    gates = [] if month.consent else ["consent"]
    if month.initiating_visit is False:
        gates.append("initiating_visit")
    if month.has_apcm and month.apcm_same_practitioner is False:
        gates.append("apcm_of_another_practitioner")
    return gates


def _supported(month: CareMonth, found: Found) -> None:
    """The family that the month belongs to, and its codes."""
    if month.program != COCM:
        _general(month, found)
    elif missing := [name for name in ("registry", "consultant_review") if getattr(month, name) is False]:
        found.blocked_by = missing
        _general(month, found)
        found.because = f"No {_listed(missing, ' and no ')} is recorded for collaborative care. {found.because}"
    elif month.practitioner in _PSYCHOLOGY:
        _general(month, found)
        found.because = f"A {_listed([month.practitioner])} bills no collaborative care. {found.because}"
    elif month.has_apcm:
        _beside_apcm(month, found, codes.APCM_FIRST if month.opens_episode else codes.APCM_LATER)
    elif month.is_clinic and month.day < codes.BUNDLE_UNTIL:
        _bundle(month, found)
    else:
        _collaborative(month, found)


def _listed(names: list[str], between: str = ", ") -> str:
    return between.join(names).replace("_", " ")


def _beside_apcm(month: CareMonth, found: Found, code: str) -> None:
    found.codes[code] = 1
    found.because = f"{month.apcm} is billed for the month, and {code} stands beside it without a count of minutes."
    found.unconfirmed.append(f"{code} asks for no minutes")
    if month.apcm_same_practitioner is None:
        found.unconfirmed.append(f"that whoever bills {month.apcm} bills {code}")


def _bundle(month: CareMonth, found: Found) -> None:
    _from(found, codes.BUNDLE, month.minutes, BASE[month.opens_episode].full)


def _general(month: CareMonth, found: Found) -> None:
    missing = [name for name in ("scale", "plan") if getattr(month, name) is False]
    if missing:
        found.blocked_by += missing
        found.because = f"General care needs what is not recorded: {_listed(missing)}."
    elif month.has_apcm and month.practitioner not in _PSYCHOLOGY:
        _beside_apcm(month, found, codes.APCM_GENERAL)
    else:
        _from(found, _general_code(month, found), month.minutes, GENERAL_MINUTES)


def _general_code(month: CareMonth, found: Found) -> str:
    own = codes.BY_PSYCHOLOGIST if month.practitioner in _PSYCHOLOGY and month.payer == MEDICARE else GENERAL
    if not month.is_clinic or month.day >= codes.CLINIC_GENERAL_UNTIL:
        return own
    if month.day < codes.CLINIC_CHOICE_FROM:
        return codes.CLINIC_GENERAL
    found.unconfirmed.append(f"G0511 or {own}, as the clinic chose, until September 2025")
    return own if own in month.billed else codes.CLINIC_GENERAL


def _collaborative(month: CareMonth, found: Found) -> None:
    base = BASE[month.opens_episode]
    needs = base.from_minutes(month.time_rule)
    if month.minutes < needs:
        _short(month, found, base.code, needs)
        return
    _from(found, base.code, month.minutes, needs)
    more = base.more(month.minutes, month.time_rule)
    if more:
        found.codes[MORE] = min(more, MOST_MORE)
    if more > MOST_MORE:
        found.because += f" More than {MOST_MORE} units of {MORE} would fit: have the minutes reviewed."
        found.unconfirmed.append(f"at most {MOST_MORE} units of {MORE}")


def _short(month: CareMonth, found: Found, base: str, needs: int) -> None:
    """Half an hour short of the base code, where the payer takes the code for that."""
    takes = month.takes_g2214 if month.takes_g2214 is not None else month.payer == MEDICARE
    if takes and month.day >= codes.SHORT_FROM and month.minutes >= SHORT_MINUTES[month.time_rule]:
        _from(found, SHORT, month.minutes, SHORT_MINUTES[month.time_rule])
        found.because += f" {base} needs {needs}."
    else:
        _from(found, base, month.minutes, needs)


def _from(found: Found, code: str, minutes: int, needs: int) -> None:
    """The code where the minutes reach it; else how many are missing, which is said and never made up for."""
    if minutes >= needs:
        found.codes[code] = 1
        found.because = (
            f"{minutes} minutes support {code}, which needs {needs}; a person reviews it before it is billed."
        )
    else:
        is_near = needs - minutes <= _NEAR_MINUTES
        by = f", {needs - minutes} short" if is_near else ""
        found.because = f"{minutes} minutes support nothing: {code} needs {needs}{by}."


def _price(month: CareMonth, found: Found) -> None:
    for sign, some in ((1, found.missed), (-1, found.overbilled)):
        for code, units in sorted(some.items()):
            fee = FEES.get((month.year, code))
            if fee is None:
                found.unpriced.append(code)
                continue
            found.amount_cents += sign * units * fee.cents
            if not fee.is_confirmed or month.is_clinic:
                found.unconfirmed.append(f"the fee of {code}")
