"""Coordination of benefits as a library: `determine` says who pays first, who next, and why; `expect` says how much the
later ones should pay. No Django, no clock, no files but its own.
"""

from __future__ import annotations

from typing import Any

from cob import compiled  # noqa: F401 - read first, it refuses machine code of other sources
from cob.rules.order.case import Case
from cob.rules.order.determination import determine as _determine
from cob.rules.order.intake import BadCase, read_case
from cob.rules.order.verdict import Verdict
from cob.rules.payment import Expected, Terms, expect
from cob.rules.reading import hearing

__all__ = ["BadCase", "Case", "Expected", "Terms", "Verdict", "determine", "expect", "read_case", "silent_rules"]


def determine(case: Case | dict[str, Any]) -> Verdict:
    """The verdict on a case. A case that cannot be read raises `BadCase`, whose message is one line."""
    return _determine(read_case(case))


def silent_rules(case: Case | dict[str, Any]) -> list[str]:
    """The ids of the rules that were asked on the way to the verdict and had nothing to say, in the order asked."""
    with hearing() as heard:
        verdict = _determine(read_case(case))
    said = {
        part.rule for parts in (verdict.positions, verdict.pairs, verdict.set_aside, verdict.notes) for part in parts
    }
    return [rule_id for rule_id in heard if rule_id not in said.union(*(branch.rules for branch in verdict.branches))]
