"""The codes of integrated behavioral care by month, their minutes, and what Medicare pays for them nationally.

Minutes follow the midpoint rule of CPT for 99492 to 99494, and the full time where a payer asks for it (strict); 99484
and G0323 have no midpoint. Fees are the national non-facility ones before coinsurance: an estimate, never an
expectation.
"""

from __future__ import annotations

from dataclasses import dataclass

MIDPOINT, STRICT = "midpoint", "strict"
FIRST, LATER, MORE, SHORT = "99492", "99493", "99494", "G2214"
GENERAL, BY_PSYCHOLOGIST = "99484", "G0323"
BUNDLE, CLINIC_GENERAL = "G0512", "G0511"
# Beside the base code of advanced primary care management (APCM), from 2026.
APCM_BASES = frozenset({"G0556", "G0557", "G0558"})
APCM_FIRST, APCM_LATER, APCM_GENERAL = "G0568", "G0569", "G0570"
CODES = frozenset(
    {FIRST, LATER, MORE, SHORT, GENERAL, BY_PSYCHOLOGIST, BUNDLE, CLINIC_GENERAL, APCM_FIRST, APCM_LATER, APCM_GENERAL}
)

GENERAL_MINUTES = 20
SHORT_MINUTES = {MIDPOINT: 16, STRICT: 30}
MOST_MORE = 2
_EACH_MORE = 30
# (year, month) from which, or before which, a rule holds.
SHORT_FROM, APCM_FROM = (2021, 1), (2026, 1)
BUNDLE_UNTIL, CLINIC_GENERAL_UNTIL, CLINIC_CHOICE_FROM = (2026, 1), (2025, 10), (2025, 1)


@dataclass(frozen=True, slots=True)
class Base:
    """99492 or 99493: its full minutes, and from how many it may be billed."""

    code: str
    full: int
    midpoint: int

    def from_minutes(self, time_rule: str) -> int:
        """The first minute that supports it."""
        return self.full if time_rule == STRICT else self.midpoint

    def more(self, minutes: int, time_rule: str) -> int:
        """How many add-ons (99494) stand beside it, not capped."""
        beyond = minutes - self.full + (0 if time_rule == STRICT else _EACH_MORE // 2 - 1)
        return max(0, beyond // _EACH_MORE)


BASE = {True: Base(FIRST, 70, 36), False: Base(LATER, 60, 31)}


@dataclass(frozen=True, slots=True)
class Fee:
    """Cents for a unit; `is_confirmed`: read in a published figure and its arithmetic checked."""

    cents: int
    is_confirmed: bool = True


FEES: dict[tuple[int, str], Fee] = {
    (2025, FIRST): Fee(145_24),
    (2025, LATER): Fee(133_59),
    (2025, MORE): Fee(55_96),
    (2025, GENERAL): Fee(53_05),
    (2025, CLINIC_GENERAL): Fee(54_67),
    (2025, BY_PSYCHOLOGIST): Fee(53_05, is_confirmed=False),
    (2026, GENERAL): Fee(57_00, is_confirmed=False),
    (2026, APCM_FIRST): Fee(149_30, is_confirmed=False),
}
