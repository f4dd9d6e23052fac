"""A case's text is read in one go where that makes no difference, and value by value where it might."""

from __future__ import annotations

import codecs
import json
from copy import deepcopy
from random import Random

import pytest
from pydantic import BaseModel

from bench.determine.population import cases
from cob.rules import BadCase, read_case
from cob.rules.checked import checked_cases
from cob.rules.door import case_of_text, read_json
from cob.rules.order.case import Case, Shape
from cob.rules.order.intake import read_at_once

CHECKED = [row["case"] for row in checked_cases()]
ALIKE = [json.dumps(case).encode() for case in (*CHECKED, *cases(150))]

# Every key a case can have, so that one nobody counts is noticed.
FULL = {
    "id": "f",
    "claim": {
        "dos": "2026-03-10", "service": "professional", "category": "none", "related_to": ["work"],
        "as_of": "2026-03-11", "plans_disagree_since": "never", "in_panel": True, "emergency": False,
    },
    "patient": "P",
    "people": {
        "P": {"birth_date": "1950-01-01", "birth_month_day": "01-01", "relation": "other", "spouse": "S"},
        "S": {},
    },
    "coverages": [
        {
            "id": "a", "kind": "employer", "payer": "Aetna", "subscriber": "P", "relationship": "self",
            "enrolled": True, "effective": "2020-01-01", "last_covered_day": None, "work_status": "active",
            "continuation": "cobra", "continuation_was": "employee",
            "employment": {
                "status": "working", "last_day": "never", "disability_pay_start": "2020-02-02", "on_ssdi": False,
                "prior_year_net_cents": -5, "rehired_qualifies": True,
            },
            "employer": {
                "size": "<20", "meets_20_this_year": True, "meets_20_last_year": True, "twentieth_week_ends": "never",
                "meets_100_last_year": False, "largest_member": "100+", "small_employer_exception": False,
            },
            "patient_covered_since": "2020-01-01", "subscriber_covered_since": "2020-01-01",
            "group_join_date": "2020-01-01",
            "predecessor": {"covered_since": "2019-01-01", "ended_on": "2019-12-31"},
            "carrier_changed_only": False, "coordination": "standard", "has_active_retired_rule": True,
            "has_continuation_rule": True, "funding": "insured", "state": "NY", "closed_panel": False,
            "carve_out_of": "m", "supplements": "m", "tribal": {"last_resort": False, "ihs_may_bill": True},
            "plan_year_start": "01-01", "decree_notified_on": "never", "paid_before_notice": False,
            "paid_after_medicare_before_esrd": True, "denial": "other",
        },
        {"id": "m", "kind": "medicare"},
    ],
    "child": {
        "parents_living_together": False, "custodial_parent": "S", "disabled_dependent": False,
        "decree": {"terms": "one_parent", "responsible_parent": "S"},
    },
    "medicare": {
        "part_a": {"from": "2015-01-01", "to": None}, "part_b": {"from": "2015-01-01", "to": "9999-12-31"},
        "premium_free_part_a": True, "basis": {"age": "2015-01", "disability": None, "esrd": "9999-12"},
        "esrd": {
            "first_dialysis": "2024-01-01", "self_training_start": "never", "transplant": "never",
            "preop_admission": "never", "dialysis_end": "never", "new_period_from": "never",
        },
        "retro_award_date": "never", "qmb": False,
    },
    "accident": {
        "date": "2026-03-01", "state": "NY",
        "workers_comp": {"status": "pending", "provider_authorised": True, "claim_filed_on": "2026-03-02"},
        "no_fault": {
            "election": "no_fault_first", "paid_to_date_cents": 500, "exhausted_on": "never", "claim_filed_on": "never",
        },
        "liability": {"status": "open", "claim_filed_on": "never"},
    },
    "military": {"beneficiary": "tfl"},
    "va": {"authorised": False},
    "medicaid": {"child_support_case": True, "other_payer_billed_on": "never", "unverified_other_cover": False},
    "options": {
        "child_noncustodial_spouse": "THREE_TIER", "decree_rest": "ASK", "decree_financial_only_counts": "YES",
        "gender_rule_fallback": "OFF", "individual_policies_coordinate": "NO", "adult_child_spouse_rule": "PRE2013",
        "auto_medical_is_plan": "BY_STATE", "nf_order": "NF_FIRST", "no_fault_states": ["NY", "NJ"],
        "wc_nf_liab_order": "WC_NF_LIAB", "term_date_is_last_day": False, "dependent_age_end": "STATE_AGE(30)",
        "newborn_auto_days": 60, "medicaid_peds_mode": "COST_AVOID_90", "medicaid_cse_days": 30,
        "medigap_vs_retiree": "EITHER", "selffunded_own_rules": "PLAN_TEXT", "liability_nonmedicare": "RANK_FIRST",
        "adsm_with_medicare": "MEDICARE_FIRST", "secondary_method": "CARVE_OUT",
    },
}  # fmt: skip
TEXT = json.dumps(FULL).encode()


def told(value):
    """A case down to its values and their types, with what was told of it and what merely left out."""
    if isinstance(value, BaseModel):
        return type(value), value.model_fields_set, {name: told(inner) for name, inner in vars(value).items()}
    if isinstance(value, dict):
        return {key: told(inner) for key, inner in value.items()}, list(value)
    return [told(inner) for inner in value] if isinstance(value, list) else (type(value), value)


def came_of(reading, text):
    """The case, or the words in which it is refused."""
    try:
        return told(reading(text))
    except BadCase as refused:
        return str(refused)


def by_value(text):
    return read_case(read_json(text))


def told_of(shape):
    """The shapes a shape holds, and itself."""
    yield shape
    for inner in vars(shape).values():
        many = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else [inner]
        for one in many:
            if isinstance(one, BaseModel):
                yield from told_of(one)


@pytest.mark.parametrize("text", [TEXT, *ALIKE])
def test_a_usual_case_is_read_at_once_and_is_the_one_read_by_value(text):
    case = read_at_once(text)

    assert case == by_value(text)
    assert told(case) == told(by_value(text))
    assert read_case(case) is case


def test_the_full_case_has_every_key_there_is():
    seen = {}
    for shape in told_of(read_at_once(TEXT)):
        seen[type(shape)] = seen.get(type(shape), set()) | shape.model_fields_set

    assert set(Shape.__subclasses__()) - {Case} <= set(seen)
    assert {shape: set(shape.model_fields) - keys for shape, keys in seen.items()} == {shape: set() for shape in seen}


def changed(old, new, count=1):
    """The full case's text with a piece of it written otherwise."""
    assert old in TEXT
    return TEXT.replace(old, new, count)


STILL_AT_ONCE = {
    "on many lines": json.dumps(FULL, indent=2).encode(),
    "without a blank": json.dumps(FULL, separators=(",", ":")).encode(),
    "with blanks before the colons": json.dumps(FULL, separators=(" ,\t", "\n : ")).encode(),
    "colons in names": changed(b'"Aetna"', b'"https://aetna: PPO"'),
    "a letter beyond ASCII": changed(b"Aetna", "Aétna 世界".encode()),
    "such a letter escaped": changed(b"Aetna", rb"A\u00e9tna \ud83d\ude00 \/"),
    "a line's end after it": TEXT + b"\r\n",
}
BY_VALUE = {
    "a colon in a name after a blank": changed(b"Aetna", b"Aetna : PPO"),
    "a colon that begins a name": changed(b"Aetna", b":Aetna"),
    "a colon in a name and a blank before another": changed(b'"Aetna"', b'"Aetna: PPO"').replace(b'":', b'" :', 1),
    "a mark of the order of bytes": codecs.BOM_UTF8 + TEXT,
    "whole cents as a fraction": changed(b": 500,", b": 500.0,"),
    "whole cents as a power": changed(b": 500,", b": 5e2,"),
    "a number of sixteen digits": changed(b": 500,", b": 1000000000000000,"),
    "a number of eighteen digits": changed(b": 500,", b": 999999999999999999,"),
    "a large power": changed(b": 500,", b": 1e300,"),
    "days as a fraction": changed(b'cse_days": 30', b'cse_days": 3e1'),
}
REFUSED = {
    "a key twice": changed(b'{"id"', b'{"id": "f", "id"'),
    "a key twice, once escaped": changed(b'{"id"', rb'{"\u0069d": "f", "id"'),
    "a person twice": changed(b'"S": {}', b'"S": {}, "S": {}'),
    "a key twice and a colon in a name": changed(b'"Aetna"', b'":", "payer": ":"'),
    **{
        f"a key twice, once before {blank!r}": changed(b'"payer":', b'"payer"' + blank + b': null, "payer":')
        for blank in (b" ", b"\t", b"\n", b"\r")
    },
    "a key twice in the claim": changed(b'"dos"', b'"dos": "2026-03-10", "dos"'),
    "a key twice in a person": changed(b'"spouse"', b'"spouse": null, "spouse"'),
    "a key twice in a card": changed(b'"payer"', b'"payer": null, "payer"'),
    "a key twice in a job": changed(b'"on_ssdi"', b'"on_ssdi": null, "on_ssdi"'),
    "a key twice in a part": changed(b'"from"', b'"from": null, "from"'),
    "an object twice": changed(b'"tribal"', b'"tribal": {}, "tribal"'),
    "options twice, the last empty": TEXT[:-1] + b', "options": {}}',
    "a key twice, and a name of nobody": changed(b'"patient": "P"', b'"patient": "X", "patient": "X"'),
    "a name of nobody": changed(b'"patient": "P"', b'"patient": "X"'),
    "a part that ends before it begins": changed(b"9999-12-31", b"2014-12-31"),
    "an unknown key": changed(b'"payer"', b'"payers"'),
    "the key as Python spells it": changed(b'"from"', b'"from_"'),
    "null where it is no answer": changed(b'"NF_FIRST"', b"null"),
    "no Medicare": changed(b'"medicare": {', b'"medicare": null, "x": {'),
    "a day that is none": changed(b"2026-03-10", b"2026-02-30"),
    "a day with its time": changed(b"2026-03-10", b"2026-03-10T00:00:00"),
    "a day as a number": changed(b'"2026-03-10"', b"1773100800"),
    "a list for a day": changed(b'"2026-03-10"', b"[]"),
    "a number for true": changed(b'"in_panel": true', b'"in_panel": 1'),
    "a word for true": changed(b'"in_panel": true', b'"in_panel": "true"'),
    "a number as text": changed(b": 500,", b': "500",'),
    "true for a number": changed(b": 500,", b": true,"),
    "half a cent": changed(b": 500,", b": 500.5,"),
    "money below nothing": changed(b": 500,", b": -1,"),
    "a number of nineteen digits": changed(b": 500,", b": 1000000000000000000,"),
    "eighteen digits and a sign": changed(b": -5,", b": -100000000000000000,"),
    "a number out of reach": changed(b": 500,", b": 1E400,"),
    "no number": changed(b": 500,", b": NaN,"),
    "an endless number": changed(b": 500,", b": -Infinity,"),
    "a number led by noughts": changed(b": 500,", b": 00500,"),
    "half of a letter": changed(b"Aetna", rb"\ud800"),
    "the other half": changed(b"Aetna", rb"\udc00"),
    "a tab in a name": changed(b"Aetna", b"Ae\ttna"),
    "an escape that is none": changed(b"Aetna", rb"Ae\xtna"),
    "not UTF-8": changed(b"Aetna", b"A\xe9tna"),
    "half of a letter in bytes": changed(b"Aetna", b"\xed\xa0\x80"),
    "text after it": TEXT + b"x",
    "another case after it": TEXT + TEXT,
    "a comma too many": TEXT[:-1] + b",}",
    "cut short": TEXT[:-1],
    "nothing": b"",
    "a blank": b" ",
    "null": b"null",
    "a list": b"[" + TEXT + b"]",
    "nested deeply": b"[" * 100_000,
    "UTF-16": TEXT.decode().encode("utf-16"),
}


@pytest.mark.parametrize("how", STILL_AT_ONCE)
def test_spelling_alone_costs_no_time(how):
    text = STILL_AT_ONCE[how]

    assert told(read_at_once(text)) == came_of(by_value, text)


@pytest.mark.parametrize("how", BY_VALUE)
def test_what_might_make_a_difference_is_taken_value_by_value(how):
    text = BY_VALUE[how]

    assert read_at_once(text) is None
    assert came_of(case_of_text, text) == told(by_value(text))


@pytest.mark.parametrize("how", REFUSED)
def test_what_is_refused_is_refused_in_the_words_it_always_was(how):
    said = came_of(by_value, REFUSED[how])

    assert isinstance(said, str)
    assert came_of(case_of_text, REFUSED[how]) == said


def spoilt(random, text):
    """The text with a few bytes taken out, put in or written twice."""
    for _ in range(random.randint(1, 3)):
        at, far = random.randrange(len(text)), random.randint(0, 30)
        put = random.choice([text[at : at + far], random.choice(PIECES), bytes([random.randrange(256)]), b""])
        text = text[:at] + put + text[at + random.choice([0, 0, 1, far]) :]
    return text


def rewritten(random, case):
    """The case with another value somewhere, or somewhere a key it may not know."""
    at = case = deepcopy(case)
    while True:
        places = list(at) if isinstance(at, dict) else range(len(at))
        if not places:
            return case
        place = random.choice(list(places))
        if not isinstance(at[place], dict | list) or random.random() < 0.2:
            break
        at = at[place]
    if isinstance(at, dict) and random.random() < 0.3:
        place = random.choice(["from", "from_", "to", "payer", "esrd", "id"])
    at[place] = random.choice(VALUES)
    return case


PIECES = [b'"', b"\\", b":", b",", b"0", b"e9", b" :", b"\t:", b"{}", b"null", b"\\u0069", b"\xc3\xa9", b"NaN"]
VALUES = [None, True, 0, 30, 30.0, 10**15, 10**18, 1e300, "", "never", "2020-01-01", "0001-01-01", "2020-02-30",
          "2020-01", "0001-01", ":", "a: b", "é", "P", "NY", [], {}, ["work", "work"], {"to": None}]  # fmt: skip


def test_however_a_text_is_spoilt_both_ways_make_the_same_of_it():
    random, taken = Random(7), 0
    given = [FULL, *CHECKED]
    for _ in range(3_000):
        case = random.choice(given)
        if random.random() < 0.7:
            case = rewritten(random, case)
        text = json.dumps(case, ensure_ascii=random.random() < 0.5).encode()
        if random.random() < 0.5:
            text = spoilt(random, text)
        said = came_of(by_value, text)
        assert came_of(case_of_text, text) == said, text
        taken += not isinstance(said, str)

    assert taken > 300
