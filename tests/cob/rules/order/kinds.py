"""Small cases to build on, and the letters of their kinds (`test_kinds.py`)."""

from __future__ import annotations

import copy

from cob.rules.bulk import by_law
from cob.rules.order.partition import partition

GONE = "left out"  # the key is left out
NEVER = {"first_dialysis": "never", "self_training_start": "never", "transplant": "never", "preop_admission": "never",
         "dialysis_end": "never"}  # fmt: skip
PARENTS = {"mother": {"relation": "mother", "birth_month_day": "05-05"},
           "father": {"relation": "father", "birth_month_day": "08-08"}}  # fmt: skip
ONE_BIRTHDAY = {"mother": {"relation": "mother", "birth_month_day": "05-05"},
                "father": {"relation": "father", "birth_month_day": "05-05"}}  # fmt: skip


def job(name="own", subscriber="P", **facts):
    return {
        "id": name, "kind": "employer", "subscriber": subscriber, "effective": "2018-01-01", "last_covered_day": None,
        "work_status": "active", "continuation": "none", "employment": {"status": "working"},
        "employer": {"size": "20-99"}, "patient_covered_since": "2018-01-01",
        "subscriber_covered_since": "2015-01-01", **facts,
    }  # fmt: skip


def aged(*cards, **facts):
    """Somebody of 67 with Medicare and job plans."""
    case = {
        "id": "k", "claim": {"dos": "2026-03-10", "related_to": ["none"]}, "patient": "P",
        "people": {"P": {"birth_date": "1958-05-20"}},
        "medicare": {
            "part_a": {"from": "2023-05-01", "to": None}, "part_b": {"from": "2023-05-01", "to": None},
            "premium_free_part_a": True, "basis": {"age": "2023-05"},
        },
        "coverages": [*(cards or (job(),)), {"id": "M", "kind": "medicare", "subscriber": "P"}],
    }  # fmt: skip
    return case | facts


def disabled(*cards, **facts):
    case = aged(*(cards or (job(employer={"size": "100+"}),)), **facts)
    case["people"]["P"]["birth_date"] = "1975-11-11"
    case["medicare"]["basis"] = {"disability": "2023-05"}
    return case


def kidney(card=None, disability=None, **dates):
    """Somebody under 65 with a tiny employer's plan, on dialysis since January 2024."""
    case = disabled(card or job(employer={"size": "<20"}))
    basis = {"esrd": "2024-04"} | ({"disability": disability} if disability else {})
    case["medicare"] |= {"basis": basis, "esrd": NEVER | {"first_dialysis": "2024-01-15"} | dates}
    return case


def child(*cards, **facts):
    """A child of ten whose parents live together, with a plan of each."""
    return {
        "id": "k", "claim": {"dos": "2026-03-10", "related_to": ["none"]}, "patient": "P",
        "people": {"P": {"birth_date": "2016-03-10"}} | PARENTS,
        "child": {"parents_living_together": True, "custodial_parent": "mother", "disabled_dependent": False,
                  "decree": {"terms": "none", "responsible_parent": None}},
        "coverages": list(cards) or [job("m", "mother"), job("f", "father")],
    } | facts  # fmt: skip


def apart(*cards, **decree):
    """The same child, whose parents live apart; the mother has married again."""
    case = child(*cards)
    case["child"] |= {
        "parents_living_together": False,
        "decree": {"terms": "none", "responsible_parent": None} | decree,
    }
    case["people"]["step"] = {"relation": "stepparent", "spouse": "mother", "birth_month_day": "01-01"}
    return case


def plain(kind):
    return {"id": "X", "kind": kind, "subscriber": "P", "effective": "2020-01-01", "last_covered_day": None}


def two(**facts):
    """Two own job plans, the first with other facts."""
    return adult(job("a", **facts), job("b"))


def adult(*cards, **facts):
    """Somebody of 40 with an own job plan and the spouse's."""
    return {
        "id": "k", "claim": {"dos": "2026-03-10", "related_to": ["none"]}, "patient": "P",
        "people": {"P": {"birth_date": "1985-06-01"}, "S": {"relation": "spouse"}},
        "coverages": list(cards) or [job(), job("s", "S")],
    } | facts  # fmt: skip


def hurt(kind="no_fault", state="OH", **accident):
    """Somebody hurt on the road or at work."""
    causes = {"workers_comp": "work", "no_fault": "auto", "medpay": "auto", "liability": "liability"}
    case = aged(job(), {"id": "X", "kind": kind, "subscriber": "P", "effective": "2020-01-01",
                        "last_covered_day": None})  # fmt: skip
    case["claim"]["related_to"] = [causes[kind]]
    case["accident"] = {
        "date": "2026-02-01", "state": state, "workers_comp": {"status": "accepted", "provider_authorised": True},
        "no_fault": {"election": "no_fault_first", "paid_to_date_cents": 0, "exhausted_on": "never"},
        "liability": {"status": "open", "claim_filed_on": "2026-03-01"},
    }  # fmt: skip
    for name, facts in accident.items():
        case["accident"][name] |= facts
    return case


def letters(case, path, values):
    """A letter for each value's kind, A for the first; what is of one kind must be decided alike the long way."""
    kinds = {}
    found = ""
    for one in (set_to(case, path, value) for value in values):
        letter, first = kinds.setdefault(partition(one), (chr(ord("A") + len(kinds)), one))
        assert first is one or by_law(first) == by_law(one), one
        found += letter
    return found


def set_to(case, path, value):
    case = copy.deepcopy(case)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    holder = case
    for step in steps:
        holder = holder[step]
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return case
