"""What the front desk must see coming, when to verify again, and what is still missing, as a library: pure functions
over one patient's picture. No Django, no clock, no files.
"""

from __future__ import annotations

from cob.rules.frontdesk import (  # noqa: F401 - reading them is what fills the list of flags
    accidents,
    aging,
    families,
    jobs,
    kidney,
    medicare,
    mismatches,
    plan_changes,
    programs,
)
from cob.rules.frontdesk.cadence import CHECKED_ONCE, Due, form_due_on, good_from, msp_due_on, next_check_on
from cob.rules.frontdesk.checklist import Missing, missing_for
from cob.rules.frontdesk.flag import FLAGS, Flag, Place, Raised, flags_for
from cob.rules.frontdesk.picture import Asked, Card, Holder, Order, Picture

__all__ = [
    "CHECKED_ONCE",
    "FLAGS",
    "Asked",
    "Card",
    "Due",
    "Flag",
    "Holder",
    "Missing",
    "Order",
    "Picture",
    "Place",
    "Raised",
    "flags_for",
    "form_due_on",
    "good_from",
    "missing_for",
    "msp_due_on",
    "next_check_on",
]
