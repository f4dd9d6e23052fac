"""What each formula must know, and the two ends to try of what may stay unknown."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cob.rules.payment.numbers import cents
from cob.rules.payment.standing import MEDICARE
from cob.rules.payment.terms import PLACES, Later, Method, Terms

_PLAN = ("allowed", "plan_pct", "deductible_remaining")
NEEDS: dict[Method, tuple[str, ...]] = {
    "unknown": ("method", *_PLAN),
    "standard": _PLAN,
    "standard_pr": _PLAN,
    "basic": _PLAN,
    "mob": _PLAN,
    "carve_out": _PLAN,
    "fehb": _PLAN,
    "wraparound": ("covers",),
    "flat": ("flat_payment",),
    "msp_part_b": ("allowed", "patient_coinsurance", "deductible_remaining"),
    "msp_part_a": ("gross_payable", "deductible_plus_coinsurance"),
    "medicaid": ("policy",),
    "tricare": ("allowed", "patient_cost_share", "deductible_remaining", "participating"),
    "champva": ("allowed", "deductible_remaining"),
    "medigap": (),
    "pays_remaining_pr": (),
    "none": (),
}
# Without these there is nothing to reckon with: between what and what they lie nobody can say.
REQUIRED = frozenset(
    {"allowed", "covers", "flat_payment", "gross_payable", "deductible_plus_coinsurance", "patient_coinsurance"}
)
# Terms from a file on our own desk may lack what a case must state; of these the ends are known all the same.
_NO_ENDS = REQUIRED - {"allowed", "patient_coinsurance"}
_ENDS: dict[str, tuple[Any, ...]] = {
    "method": ("carve_out", "standard"),
    "plan_pct": (Decimal(0), Decimal(1)),
    "patient_cost_share": (Decimal(0), Decimal(1)),
    "participating": (False, True),
    "policy": ("none", "lesser_of", "full"),
    "patient_coinsurance": (Decimal("0.20"), Decimal(0)),
    "medigap_letter": ("K", "N", "F"),
}


def unknown_facts(terms: Terms) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """Each fact that matters and is not known: payer, name, the ends to try."""
    for place, payer in zip(PLACES, terms.later, strict=False):
        for name in needed(payer, terms):
            if name == "method" or (getattr(payer, name) is None and name not in _NO_ENDS):
                yield place, name, _ends_of(name, payer, terms)


def needed(payer: Later, terms: Terms) -> tuple[str, ...]:
    """The facts its formula reads."""
    wants = NEEDS[payer.formula]
    if payer.formula == "fehb" and payer.fehb_waiver in ("coinsurance", "all") and _medicare_answered(terms):
        return ()
    if payer.formula == "medicaid" and payer.policy in ("lesser_of", None):
        return (*wants, "allowed")
    if payer.formula == "medigap" and payer.medigap_letter is None and payer.covers_part_b_coinsurance is None:
        return ("medigap_letter",)
    if payer.formula == "medigap" and payer.medigap_letter == "N" and payer.visit_copay is None:
        return ("visit_copay",)
    return wants


def _medicare_answered(terms: Terms) -> bool:
    """Whether Medicare comes first and covers the service: what it leaves is all a waiver asks about."""
    first = terms.primary
    return first.payer_type in MEDICARE and bool(first.allowed or first.paid)


def _ends_of(name: str, payer: Later, terms: Terms) -> tuple[Any, ...]:
    if name == "allowed":
        return (0, terms.billed)
    if name == "deductible_remaining":
        return (terms.billed if payer.allowed is None else min(payer.allowed, terms.billed), 0)
    if name == "visit_copay":
        return (cents("medigap.n.emergency.cents", terms.day), 0)
    return _ENDS[name]
