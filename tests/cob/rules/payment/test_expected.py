"""Expected payment: every checked case, what one change makes of it, what is not known, and what is refused by name."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cob.env import ROOT
from cob.rules import BadCase, expect
from cob.rules.payment.formulas import formulas
from cob.rules.payment.intake import read_terms
from cob.rules.payment.numbers import cents, numbers, percent
from cob.rules.payment.page import page
from tests.cob.rules.payment.lines import CASES, commercial, inputs_of


def said(inputs):
    answer = expect(inputs).as_json()
    return answer["secondary_payment"], answer["contractual_write_off"], answer["patient_responsibility"]


@pytest.mark.parametrize("name", CASES)
def test_every_checked_case_comes_out_to_the_cent(name):
    row = CASES[name]
    answer = expect(row["inputs"]).as_json()

    assert {key: answer.get(key) for key in row["expect"]} == row["expect"]
    assert answer["legs"]
    assert answer["because"].endswith(".")
    assert "not_read" not in answer


@pytest.mark.parametrize(
    ("method", "pays"),
    [("standard", "30.00"), ("traditional", "30.00"), ("basic", "30.00"), ("standard_pr", "30.00"), ("mob", "24.00"),
     ("carve_out", "0.00"), ("non_dup", "0.00"), ("fehb", "30.00"), ("none", "0.00")],
)  # fmt: skip
def test_one_line_under_each_method(method, pays):
    assert expect(commercial(method=method)).as_json()["secondary_payment"] == pays


@pytest.mark.parametrize(
    ("name", "changes", "answer"),
    [
        # Medicare second
        ("B10", {"secondary__sequestration": "0.02"}, ("43.12", "80.88", "0.00")),
        ("B10", {"service_on": "2026-03-10"}, ("43.12", "80.88", "0.00")),
        ("B10", {"service_on": "2021-03-10"}, ("44.00", "80.00", "0.00")),
        ("B10", {"service_date": "2021-03-10"}, ("44.00", "80.00", "0.00")),
        ("B10", {"service_on": "2022-05-10"}, ("43.56", "80.44", "0.00")),
        ("B08", {"obligations__otaf_when_zero_paid": False}, ("80.00", "150.00", "20.00")),
        ("B08", {"secondary__assigned": False}, ("80.00", "135.00", "35.00")),
        ("B08", {"secondary__assigned": False, "secondary__limiting_charge": "110.00"}, ("80.00", "140.00", "30.00")),
        ("B13", {"obligations__otaf": "100.00"}, ("16.00", "50.00", "74.00")),
        ("B08", {"secondary__allowed": "0.00"}, ("0.00", "100.00", "150.00")),
        # Medigap by its letter
        ("P05", {"secondary": {"payer_type": "medigap", "medigap_letter": "C"}}, ("110.00", "30.80", "0.00")),
        # Medicaid
        ("M02", {"secondary__policy": "full"}, ("20.00", "50.00", "0.00")),
        ("M02", {"secondary__enrolled": False}, ("0.00", "70.00", "0.00")),
        ("M02", {"secondary__enrolled": False, "secondary__qmb": False}, ("0.00", "50.00", "20.00")),
        ("M02", {"secondary__allowed": "80.00"}, ("0.00", "70.00", "0.00")),
        ("M02", {"secondary__allowed": "80.01"}, ("0.01", "69.99", "0.00")),
        # a plan that is refused nothing but has reached its maximum, or has a reserve to draw on
        ("K15", {"secondary__benefit_max_remaining": "29.99"}, ("29.99", "50.00", "0.01")),
        ("K16", {"secondary__reserve_balance": "14000.00"}, ("30.00", "50.00", "0.00")),
        ("K15", {"obligations__patient_cap_rule": "zero", "secondary__allowed": "100.00"}, ("30.00", "50.00", "0.00")),
        # rules the provider did not keep bind the next payer too; what one plan does not cover the next may
        ("K29", {"secondary__method": "standard", "secondary__plan_pct": "1.00"}, ("0.00", "200.00", "0.00")),
        ("K28", {"obligations": {}}, ("112.00", "60.00", "28.00")),
        ("N03", {"primary__cas": [{"group": "PR", "carc": "50", "amount": "200.00"}]}, ("0.00", "0.00", "200.00")),
    ],
)  # fmt: skip
def test_a_case_with_one_thing_changed(name, changes, answer):
    assert said(inputs_of(name, **changes)) == answer


def test_medicaid_pays_what_an_earlier_plan_does_not_cover():
    inputs = inputs_of("K28", secondary={"payer_type": "medicaid", "policy": "lesser_of", "allowed": "90.00"})

    assert said(inputs) == ("90.00", "110.00", "0.00")


def test_a_deductible_is_credited_even_where_nothing_is_paid():
    answer = expect(commercial(method="carve_out", deductible_remaining="100.00")).as_json()

    assert (answer["secondary_payment"], answer["deductible_credit"]) == ("0.00", "100.00")


def test_a_reserve_is_drawn_where_a_later_claim_is_short():
    inputs = inputs_of("K13", secondary__reserve_balance="14000.00", secondary__plan_pct="0.50")
    inputs |= {"billed": "1000.00"}
    inputs["primary"] |= {
        "allowed": "1000.00",
        "paid": "0.00",
        "cas": [{"group": "PR", "carc": "1", "amount": "1000.00"}],
    }
    answer = expect(inputs).as_json()

    assert (answer["secondary_payment"], answer["reserve_balance_after"]) == ("1000.00", "13500.00")


def test_medicare_third_then_medicaid_or_a_supplement_takes_what_is_left():
    """Group plan, Medicare, then each of three payers after it: the share is the one Medicare left."""
    left = {"medicaid": "64.00", "medigap": "4.00", "tfl": "94.00"}
    for kind, pays in left.items():
        inputs = inputs_of("B13")
        inputs["tertiary"] = {"payer_type": kind, "policy": "lesser_of", "allowed": "90.00", "medigap_letter": "G"}
        answer = expect(inputs).as_json()
        assert (answer["secondary_payment"], answer["tertiary_payment"]) == ("16.00", pays)
        assert answer["patient_responsibility"] == {"medicaid": "0.00", "medigap": "90.00", "tfl": "0.00"}[kind]


@pytest.mark.parametrize(("letter", "pays", "left"), [("F", "35.00", "0.00"), ("A", "20.00", "15.00")])
def test_of_the_charge_above_medicares_fee_a_third_payer_finds_what_the_supplement_left(letter, pays, left):
    cas = [{"group": "PR", "carc": "2", "amount": "20.00"}, {"group": "PR", "carc": "45", "amount": "15.00"}]
    inputs = {
        "billed": "115.00",
        "primary": {
            "payer_type": "medicare_part_b",
            "allowed": "100.00",
            "paid": "80.00",
            "in_network": False,
            "cas": cas,
        },
        "secondary": {"payer_type": "medigap", "medigap_letter": letter},
        "tertiary": {"payer_type": "tfl"},
    }
    answer = expect(inputs).as_json()

    assert (answer["secondary_payment"], answer["patient_responsibility"]) == (pays, left)
    assert ("patient: above Medicare's fee" in [leg["name"] for leg in answer["legs"]]) is (left != "0.00")


@pytest.mark.parametrize(
    ("allowed", "off", "owes"),
    [("119.99", "54.00", "0.00"), ("121.50", "52.50", "1.50"), ("124.00", "50.00", "4.00"), (None, "50.00", "4.00")],
)
def test_behind_a_plan_that_paid_a_states_copay_is_asked_as_far_as_any_of_medicaids_amount_is_left(allowed, off, owes):
    inputs = commercial()
    inputs["secondary"] = {"payer_type": "medicaid", "policy": "full", "copay": "4.00"}
    inputs["secondary"] |= {} if allowed is None else {"allowed": allowed}

    assert said(inputs) == ("26.00", off, owes)


def test_lines_are_reckoned_one_by_one_and_a_claims_deductible_is_used_up_in_their_order():
    line = {key: commercial()[key] for key in ("billed", "primary")} | {"secondary": {"allowed": "150.00"}}
    claim = commercial(method="carve_out", plan_pct="1.00", deductible_remaining="20.00", allowed=None)
    del claim["secondary"]["allowed"], claim["billed"], claim["primary"]
    answer = expect(claim | {"lines": [line, line]}).as_json()

    assert [one["secondary_payment"] for one in answer["lines"]] == ["10.00", "30.00"]
    assert answer["secondary_payment"] == "40.00"
    assert answer["contractual_write_off"] == "100.00"


def test_what_one_line_lacks_another_does_not_give():
    """Line by line 10 is paid; the same figures as one claim pay nothing."""
    by_line = inputs_of("M14", secondary__level="line")

    assert said(by_line) == ("10.00", "100.00", "0.00")


@pytest.mark.parametrize(
    ("unknown", "low", "high"),
    [({"method": "unknown"}, "0.00", "30.00"), ({"method": None}, "0.00", "30.00"),
     ({"deductible_remaining": None}, "0.00", "30.00"), ({"plan_pct": None}, "0.00", "30.00")],
)  # fmt: skip
def test_what_is_not_known_is_shown_as_a_range_and_never_as_one_number(unknown, low, high):
    inputs = commercial()
    for name, value in unknown.items():
        inputs["secondary"].pop(name)
        inputs["secondary"] |= {} if value is None else {name: value}
    answer = expect(inputs).as_json()

    assert answer["secondary_payment"] is answer["patient_responsibility"] is answer["contractual_write_off"] is None
    assert answer["range"]["secondary_payment"] == [low, high]
    assert answer["unknown"] == [f"secondary.{next(iter(unknown))}"]
    assert f"secondary.{next(iter(unknown))} is not known" in answer["because"]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"method": "unknown"}, None),  # nothing was paid before: every method comes to the same
        ({"deductible_remaining": None}, "secondary.deductible_remaining"),
        ({"deductible_remaining": None, "plan_pct": "0"}, None),
    ],
)
def test_what_changes_no_amount_is_not_asked(changes, asked):
    inputs = inputs_of("K28", **{f"secondary__{name}": value for name, value in changes.items()})
    answer = expect(inputs)

    assert answer.unknown == (() if asked is None else (asked,))
    assert (answer.patient is None) == bool(answer.between) == bool(asked)
    assert ("whatever secondary." in answer.because) == (asked is None)


@pytest.mark.parametrize(("code", "unknown"), [("CO-29", ()), ("PR-197", ()), ("PR-96", ("secondary.allowed",))])
def test_what_is_not_handed_on_asks_for_no_fee(code, unknown):
    group, carc = code.split("-")
    inputs = inputs_of("K28", obligations={})
    inputs["primary"]["cas"] = [{"group": group, "carc": carc, "amount": "200.00"}]
    terms = read_terms(inputs)
    no_fee = terms.model_copy(update={"secondary": terms.secondary.model_copy(update={"allowed": None})})

    assert expect(no_fee).unknown == unknown


def test_an_allowed_amount_nobody_knows_stays_open_even_where_both_ends_agree():
    """A coinsurance of all: at nothing and at the charge the patient owes the charge, at half of it half."""
    inputs = inputs_of("K28", obligations={})
    inputs["secondary"] = {"payer_type": "medicare_part_b", "allowed": "100.00", "patient_coinsurance": "1",
                           "deductible_remaining": "0.00"}  # fmt: skip
    terms = read_terms(inputs)
    unknown = terms.model_copy(update={"secondary": terms.secondary.model_copy(update={"allowed": None})})

    assert expect(terms).patient == 100_00
    assert expect(unknown).between["patient_responsibility"] == (200_00, 200_00)
    assert expect(unknown).patient is None


def test_where_two_contracts_differ_and_nobody_said_which_counts_both_readings_are_shown():
    answer = expect(commercial(method="carve_out", allowed="180.00", plan_pct="0.50")).as_json()

    assert (answer["patient_responsibility"], answer["unconfirmed"]) == ("30.00", True)
    assert ["patient: by the other contract", "60.00"] in [[leg["name"], leg["amount"]] for leg in answer["legs"]]


def test_what_a_later_payer_pays_above_the_first_fee_is_taken_back_from_its_write_off():
    legs = {leg["name"]: leg["amount"] for leg in expect(CASES["K07"]["inputs"]).as_json()["legs"]}

    assert legs["earlier write-off to take back"] == "25.00"


def test_keys_that_play_no_part_are_named():
    assert expect(commercial(deductable_remaining="1.00")).not_read == ("secondary.deductable_remaining",)


BAD = {
    "a charge below zero": ("billed", {"billed": "-1.00"}),
    "three decimals": ("primary.paid", {"primary__paid": "120.001"}),
    "a number": ("primary.paid", {"primary__paid": 120}),
    "a float": ("secondary.plan_pct", {"secondary__plan_pct": 0.8}),
    "a trillion": ("billed", {"billed": "1000000000000"}),
    "not a number": ("billed", {"billed": "NaN"}),
    "thousands": ("billed", {"billed": "1,000.00"}),
    "percent for rate": ("secondary.plan_pct", {"secondary__plan_pct": "80"}),
    "a method nobody knows": ("secondary.method", {"secondary__method": "bogus"}),
    "a group nobody knows": ("primary.cas.0.group", {"primary__cas": [{"group": "XX", "carc": "1", "amount": "1"}]}),
    "paid above the charge": ("primary.paid", {"primary__paid": "220.00"}),
    "paid above the charge without a word": ("primary.paid", {"primary__paid": "220.00", "primary__cas": None}),
    "does not add up": ("primary.cas", {"primary__paid": "119.00"}),
    "two amounts sent to the patient": (
        "primary.paid_to_patient",
        {"primary__paid_to_patient": "5.00", "primary__cas": [{"group": "PR", "carc": "100", "amount": "80.00"}]},
    ),
    "no allowed amount": ("secondary.allowed", {"secondary__allowed": None}),
    "no first payer": ("primary", {"primary": None}),
    "medigap before Medicare": ("secondary.method", {"secondary": {"payer_type": "medigap", "medigap_letter": "G"}}),
    "otaf above the charge": ("obligations.otaf", {"obligations": {"otaf": "200.01"}}),
    "no such day": ("service_on", {"service_on": "2026-02-30"}),
    "lines that are no list": ("lines", {"lines": {}}),
    "a line without charge": ("lines.0.billed", {"lines": [{}]}),
    "no lines": ("lines", {"lines": []}),
    "lines of another sum": ("billed", {"lines": [commercial(), commercial()]}),
    "text for a payer": ("secondary", {"secondary": "medicare"}),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_with_the_fields_name_in_one_line(what):
    field, changes = BAD[what]
    inputs = commercial()
    for path, value in changes.items():
        *parts, last = path.split("__")
        at = inputs if not parts else inputs[parts[0]]
        if value is None:
            del at[last]
        else:
            at[last] = value

    with pytest.raises(BadCase) as refused:
        expect(inputs)
    assert str(refused.value).startswith(f"{field}: ")
    assert "\n" not in str(refused.value)


def test_a_payment_above_the_charge_with_its_reason_is_taken():
    inputs = commercial()
    inputs["primary"] |= {
        "paid": "220.00",
        "allowed": "220.00",
        "cas": [{"group": "OA", "carc": "94", "amount": "-20.00"}],
    }

    assert said(inputs) == ("0.00", "-20.00", "0.00")


def test_the_page_of_formulas_is_the_one_that_is_printed_and_every_formula_has_a_source():
    assert (ROOT / "docs" / "expected-payment.md").read_text(encoding="utf-8") == page()
    assert all(one.cite and one.says for one in formulas().values())


@pytest.mark.parametrize(
    ("day", "rate"),
    [((2013, 3, 31), 0), ((2013, 4, 1), 2), ((2020, 4, 30), 2), ((2020, 5, 1), 0), ((2022, 3, 31), 0),
     ((2022, 4, 1), 1), ((2022, 6, 30), 1), ((2022, 7, 1), 2)],
)  # fmt: skip
def test_sequestration_of_the_day(day, rate):
    assert percent("medicare.sequestration.percent", date(*day)) * 100 == rate


def test_the_part_b_deductible_of_the_year():
    years = {2024: 24000, 2025: 25700, 2026: 28300}

    assert {year: cents("medicare.part_b_deductible.cents", date(year, 6, 1)) for year in years} == years
    assert all(list(one.values) == sorted(one.values) for one in numbers().values())


def test_an_answer_is_json_and_carries_the_cases_id():
    answer = expect({"id": "x", "inputs": commercial()}).as_json()

    assert json.loads(json.dumps(answer)) == answer
    assert answer["id"] == "x"
