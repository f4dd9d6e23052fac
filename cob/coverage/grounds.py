"""Which facts each family of rules rests on, so that a reason can name its own and not everything that was read.

A key stands for itself and all below it. The longest family that a rule's id begins with counts.
"""

from __future__ import annotations

from typing import Final

_JOB: Final = ("employment", "work_status")
_SIZE: Final = ("employer", "employment", "medicare.basis", "relationship")
_CHILD: Final = ("child", "people.birth_date", "people.birth_month_day", "people.relation", "people.spouse")
_KIDNEY: Final = ("medicare.esrd", "medicare.basis", "paid_after_medicare_before_esrd")
_SINCE: Final = ("patient_covered_since", "predecessor", "carrier_changed_only", "group_join_date")
_ACCIDENT: Final = ("claim.related_to", "accident", "kind")

FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "ACC": _ACCIDENT,
    "CHIP": ("kind",),
    "COM": (*_JOB, "medicare.basis", "kind"),
    "COM-DECREE": (*_CHILD, "options.decree_rest"),
    "CRIME": ("kind", "claim.related_to"),
    "CVA": ("kind",),
    "EXC": ("kind",),
    "EXC-ADSM": ("military",),
    "EXC-VA": ("va",),
    "FEHB": (*_JOB, "kind"),
    "FEHB-TCC": ("continuation", "kind"),
    "GEN": ("kind",),
    "GEN-DOS": ("effective", "last_covered_day", "enrolled"),
    "GEN-ERISA": ("funding",),
    "GEN-NOTPLAN": ("kind",),
    "GEN-PART": ("medicare.part_a", "medicare.part_b", "claim.service"),
    "IHS": ("kind", "tribal"),
    "MCD": ("kind",),
    "MCD-CSE": ("medicaid", "kind"),
    "MCD-PEDS": ("claim.category", "kind"),
    "MCD-PRENATAL": ("claim.category", "kind"),
    "MSP": ("kind", "medicare.basis"),
    "MSP-CES": _JOB,
    "MSP-COBRA": ("continuation", "employment"),
    "MSP-CONDITIONAL": ("denial",),
    "MSP-DECLINED": ("enrolled",),
    "MSP-DIS": _SIZE,
    "MSP-DUAL": _KIDNEY,
    "MSP-ESRD": _KIDNEY,
    "MSP-NOTCOVERED": ("denial",),
    "MSP-RETIREE": _JOB,
    "MSP-SIZE": _SIZE,
    "MSP-SURVIVOR": _JOB,
    "MSP-TRIBAL": ("tribal",),
    "MSP-WA": (*_SIZE, "medicare.premium_free_part_a"),
    "NAIC": ("coordination",),
    "NAIC-6A2": ("closed_panel", "claim.in_panel", "claim.emergency"),
    "NAIC-6B2": ("supplements",),
    "NAIC-6D1": ("subscriber", "relationship", *_JOB),
    "NAIC-6D2": (*_CHILD, "subscriber_covered_since"),
    "NAIC-6D2b-i": (*_CHILD, "decree_notified_on", "paid_before_notice", "plan_year_start"),
    "NAIC-6D2d": (*_SINCE, *_CHILD),
    "NAIC-6D3": ("work_status", "has_active_retired_rule"),
    "NAIC-6D4": ("continuation", "continuation_was", "has_continuation_rule"),
    "NAIC-6D5": _SINCE,
    "NAIC-6D6": (*_SINCE, "work_status", "continuation"),
    "NAIC-9D": ("claim.plans_disagree_since",),
    "NAIC-ADOPT": _CHILD,
    "RW": ("kind",),
    "TRI": ("military", "medicare.basis", "kind"),
    "TRI-RETRO": ("medicare.retro_award_date",),
    "TRI-STEP": ("subscriber", "people.relation"),
}


def keys_of(rule_id: str) -> tuple[str, ...]:
    """The catalogue keys a rule rests on; none for a rule of no known family."""
    families = [family for family in FAMILIES if rule_id == family or rule_id.startswith(family)]
    return FAMILIES[max(families, key=len)] if families else ()


def rests_on(rule_id: str, key: str) -> bool:
    """Whether a fact of this key is one the rule rests on."""
    return any(key == one or key.startswith(f"{one}.") for one in keys_of(rule_id))
