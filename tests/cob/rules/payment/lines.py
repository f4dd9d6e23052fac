"""A line with the terms of its payers: a checked case to change, or two commercial plans."""

from __future__ import annotations

import copy

from cob.rules.payment.checked import checked_cases

CASES = {row["id"]: row for row in checked_cases()}


def inputs_of(name, **changes):
    """A copy of a checked case's inputs; `secondary__copay="4.00"` changes a part of it, None takes it out."""
    inputs = copy.deepcopy(CASES[name]["inputs"])
    for path, value in changes.items():
        *parts, last = path.split("__")
        at = inputs
        for part in parts:
            at = at[part]
        if value is None:
            del at[last]
        else:
            at[last] = value
    return inputs


def commercial(billed="200.00", **secondary):
    return {
        "billed": billed,
        "primary": {
            "payer_type": "commercial", "allowed": "150.00", "paid": "120.00", "in_network": True,
            "cas": [{"group": "CO", "carc": "45", "amount": "50.00"}, {"group": "PR", "carc": "2", "amount": "30.00"}],
        },
        "secondary": {
            "payer_type": "commercial", "method": "standard", "allowed": "150.00", "plan_pct": "0.80",
            "deductible_remaining": "0.00", "in_network": True, **secondary,
        },
    }  # fmt: skip
