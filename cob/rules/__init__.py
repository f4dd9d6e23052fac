"""The payer-order law as a library: `determine` says who pays first, who next, and why. No Django, no clock, no files
but its own.
"""

from __future__ import annotations

from typing import Any

from cob.rules.order.case import Case
from cob.rules.order.determination import determine as _determine
from cob.rules.order.intake import BadCase, read_case
from cob.rules.order.verdict import Verdict

__all__ = ["BadCase", "Case", "Verdict", "determine", "read_case"]


def determine(case: Case | dict[str, Any]) -> Verdict:
    """The verdict on a case. A case that cannot be read raises `BadCase`, whose message is one line."""
    return _determine(read_case(case))
