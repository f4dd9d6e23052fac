"""How terms are read, what is tried where they are silent, and how a part of an answer reads: small tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from cob.rules import BadCase, expect
from cob.rules.payment.amounts import Cents, Rate, SignedCents, money
from cob.rules.payment.federal import LETTERS
from cob.rules.payment.needs import unknown_facts
from cob.rules.payment.standing import Leg
from cob.rules.payment.terms import Terms
from tests.cob.rules.payment.lines import commercial, inputs_of


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0), ("0.00", 0), ("0.01", 1), ("0.1", 10), ("1.5", 150), ("1.05", 105), ("12.34", 1234), ("120", 12000),
        ("99999999.99", 9_999_999_999), (7, 7),
    ],
)  # fmt: skip
def test_dollars_become_cents(text, cents):
    assert TypeAdapter(Cents).validate_python(text) == cents


@pytest.mark.parametrize("text", ["100000000.00", "1.005", "-0.01", "1,000.00", ".5", "1.", "", None, 1.5, "１"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValidationError):
        TypeAdapter(Cents).validate_python(text)


@pytest.mark.parametrize(("text", "cents"), [("-0.01", -1), ("-12.30", -1230), ("12.3", 1230)])
def test_an_adjustment_may_be_below_zero(text, cents):
    assert TypeAdapter(SignedCents).validate_python(text) == cents


@pytest.mark.parametrize("text", ["0", "0.8", "1", "1.000000", Decimal("0.5")])
def test_a_rate_lies_between_nothing_and_all(text):
    assert TypeAdapter(Rate).validate_python(text) == Decimal(text)


@pytest.mark.parametrize("text", ["1.000001", "80", "-0.1", "0.1234567", 0.8, 1])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValidationError):
        TypeAdapter(Rate).validate_python(text)


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00"), (5, "0.05"), (100, "1.00"), (-5, "-0.05"), (-100, "-1.00"), (123_456, "1234.56")]
)
def test_cents_are_written_as_dollars(cents, text):
    assert money(cents) == text


# 42 USC 1395ss(p): the share of the coinsurance, the Part B deductible, the excess charge, of Part A's deductible.
@pytest.mark.parametrize(
    ("letter", "coinsurance", "deductible", "excess", "hospital"),
    [
        ("A", "1", False, False, "0"), ("B", "1", False, False, "1"), ("C", "1", True, False, "1"),
        ("D", "1", False, False, "1"), ("F", "1", True, True, "1"), ("G", "1", False, True, "1"),
        ("K", "0.50", False, False, "0.50"), ("L", "0.75", False, False, "0.75"), ("M", "1", False, False, "0.50"),
        ("N", "1", False, False, "1"),
    ],
)  # fmt: skip
def test_what_each_medigap_letter_covers(letter, coinsurance, deductible, excess, hospital):
    assert LETTERS[letter] == (Decimal(coinsurance), deductible, excess, Decimal(hospital))


@pytest.mark.parametrize(("letter", "pays"), [("A", "40.00"), ("G", "140.00"), ("K", "90.00"), ("L", "115.00")])
def test_behind_part_a_every_letter_pays_the_coinsurance_and_of_the_deductible_its_share(letter, pays):
    inputs = inputs_of("P05", secondary={"payer_type": "medigap", "medigap_letter": letter, "visit_copay": "20.00"})
    inputs["billed"] = "300.00"
    inputs["primary"] = {
        "payer_type": "medicare_part_a", "allowed": "300.00", "paid": "160.00", "in_network": True,
        "cas": [{"group": "PR", "carc": "1", "amount": "100.00"}, {"group": "PR", "carc": "2", "amount": "40.00"}],
    }  # fmt: skip
    answer = expect(inputs).as_json()

    assert answer["secondary_payment"] == pays
    assert answer["unconfirmed"]


@pytest.mark.parametrize(("coinsurance", "low", "high"), [("10.00", "0.00", "10.00"), ("200.00", "100.00", "200.00")])
def test_a_letter_nobody_knows_may_be_n_with_its_copay_of_an_emergency(coinsurance, low, high):
    inputs = inputs_of("P05", secondary={"payer_type": "medigap"})
    inputs["billed"] = inputs["primary"]["allowed"] = "500.00"
    inputs["primary"] |= {"cas": [{"group": "PR", "carc": "2", "amount": coinsurance}]}
    paid = Decimal("500.00") - Decimal(coinsurance)
    inputs["primary"]["paid"] = f"{paid}"
    unknown = Terms.model_validate(inputs)

    assert expect(unknown).as_json()["range"]["secondary_payment"] == [low, high]


@pytest.mark.parametrize(
    ("letter", "pays"),
    [("A", "10.00"), ("C", "110.00"), ("F", "110.00"), ("G", "10.00"), ("K", "5.00"), ("L", "7.50"), ("N", "10.00")],
)
def test_a_letter_pays_its_share_of_medicares_coinsurance_and_perhaps_the_deductible(letter, pays):
    """A hundred dollars of deductible and ten of coinsurance."""
    inputs = inputs_of("P05", secondary={"payer_type": "medigap", "medigap_letter": letter, "visit_copay": "0.00"})

    assert expect(inputs).as_json()["secondary_payment"] == pays


@pytest.mark.parametrize(("sent", "paid"), [(None, "200.00"), ("0.00", "200.00")])
def test_a_payer_that_paid_all_without_giving_reasons_is_taken_at_its_word(sent, paid):
    inputs = commercial()
    inputs["primary"] |= {"allowed": "200.00", "paid": paid, "cas": None, "paid_to_patient": sent}

    assert expect(inputs).as_json()["contractual_write_off"] == "0.00"


def test_a_payer_that_paid_and_sent_more_than_the_charge_is_refused():
    inputs = commercial()
    inputs["primary"] |= {"allowed": "200.00", "paid": "120.00", "cas": None, "paid_to_patient": "80.01"}

    with pytest.raises(BadCase, match=r"^primary\.paid: "):
        expect(inputs)


def terms(**secondary):
    inputs = commercial()
    inputs["secondary"] = {"payer_type": "commercial", **secondary}
    return Terms.model_validate(inputs)


@pytest.mark.parametrize(
    ("secondary", "tried"),
    [
        ({"method": "standard"},
         {"allowed": (0, 20_000), "plan_pct": (0, 1), "deductible_remaining": (20_000, 0)}),
        ({"method": "standard", "allowed": "100.00", "plan_pct": "0.80"}, {"deductible_remaining": (10_000, 0)}),
        ({"method": "standard", "allowed": "300.00", "plan_pct": "0.80"}, {"deductible_remaining": (20_000, 0)}),
        ({"method": "standard", "allowed": "100.00", "plan_pct": "0", "deductible_remaining": "0.00"}, {}),
        ({"method": "unknown", "allowed": "100.00", "plan_pct": "0.80", "deductible_remaining": "0.00"},
         {"method": ("carve_out", "standard")}),
        # Medicare Part B pays eighty percent of most services and all of some.
        ({"method": "msp_part_b", "allowed": "100.00", "deductible_remaining": "0.00"},
         {"patient_coinsurance": (Decimal("0.20"), 0)}),
        ({"method": "medicaid", "allowed": "100.00"}, {"policy": ("none", "lesser_of", "full")}),
        ({"method": "medicaid"}, {"policy": ("none", "lesser_of", "full"), "allowed": (0, 20_000)}),
        ({"method": "medicaid", "policy": "full"}, {}),
        ({"method": "tricare", "allowed": "100.00", "deductible_remaining": "0.00"},
         {"patient_cost_share": (0, 1), "participating": (False, True)}),
        ({"method": "champva", "allowed": "100.00"}, {"deductible_remaining": (10_000, 0)}),
        ({"method": "wraparound"}, {}),
        ({"method": "flat"}, {}),
        ({"method": "msp_part_a"}, {}),
        ({"method": "medigap"}, {"medigap_letter": ("K", "N", "F")}),
        ({"method": "medigap", "medigap_letter": "N"}, {"visit_copay": (5_000, 0)}),
        ({"method": "medigap", "medigap_letter": "N", "visit_copay": "20.00"}, {}),
        ({"method": "medigap", "medigap_letter": "G"}, {}),
        # Behind a plan there is no cost share of Medicare's to waive.
        ({"method": "fehb", "fehb_waiver": "all", "allowed": "100.00", "plan_pct": "1"},
         {"deductible_remaining": (10_000, 0)}),
        ({"method": "fehb", "allowed": "100.00", "plan_pct": "1"}, {"deductible_remaining": (10_000, 0)}),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_not_known_is_tried_at_its_ends(secondary, tried):
    found = list(unknown_facts(terms(**secondary)))

    assert {name: ends for _, name, ends in found} == tried
    assert {place for place, _, _ in found} <= {"secondary"}


@pytest.mark.parametrize("waiver", ["all", "coinsurance"])
def test_behind_medicare_a_waiver_asks_nothing_more_unless_medicare_does_not_cover(waiver):
    said = {"method": "fehb", "fehb_waiver": waiver, "allowed": "100.00", "plan_pct": "1"}
    covered = terms(**said)
    covered = covered.model_copy(
        update={"primary": covered.primary.model_copy(update={"payer_type": "medicare_part_b"})}
    )
    nothing = covered.primary.model_copy(update={"allowed": 0, "paid": 0})

    assert list(unknown_facts(covered)) == []
    assert [name for _, name, _ in unknown_facts(covered.model_copy(update={"primary": nothing}))] == [
        "deductible_remaining"
    ]


@pytest.mark.parametrize("method", ["mob", "standard", "basic", "carve_out", "standard_pr"])
def test_a_plan_of_no_percentage_pays_nothing(method):
    answer = expect(commercial(method=method, plan_pct="0")).as_json()

    assert answer["secondary_payment"] == "0.00"


def test_a_share_of_a_single_cent_is_filled_and_one_of_nothing_is_not_told():
    inputs = commercial(method="wraparound", covers={"1": "100.00", "2": "100.00", "3": "100.00"})
    inputs["primary"]["cas"] = [
        {"group": "CO", "carc": "45", "amount": "79.99"},
        {"group": "PR", "carc": "2", "amount": "0.01"},
        {"group": "PR", "carc": "3", "amount": "0.00"},
    ]
    answer = expect(inputs)

    assert answer.as_json()["secondary_payment"] == "0.01"
    assert [leg.name for leg in answer.legs if leg.formula == "wraparound"] == ["PR-2"]


@pytest.mark.parametrize(("waiver", "pays"), [("coinsurance", "30.00"), ("all", "30.00"), ("none", "0.00")])
def test_a_federal_plan_that_waives_coinsurance_pays_all_of_it_where_there_is_no_deductible(waiver, pays):
    inputs = commercial(method="fehb", fehb_waiver=waiver, allowed="120.00", plan_pct="1.00")
    inputs["primary"]["payer_type"] = "medicare_part_b"

    assert expect(inputs).as_json()["secondary_payment"] == pays


@pytest.mark.parametrize(("pays", "owes"), [("99.99", "0.01"), ("100.00", "0.00"), ("150.00", "0.00")])
def test_a_set_amount_beyond_the_patients_share_leaves_the_patient_nothing(pays, owes):
    inputs = commercial(method="flat", flat_payment=pays, allowed=None)
    inputs["primary"] |= {"allowed": "0.00", "paid": "0.00"}
    inputs["primary"]["cas"] = [{"group": group, "carc": "96", "amount": "100.00"} for group in ("PR", "CO")]
    answer = expect(inputs).as_json()

    assert (answer["secondary_payment"], answer["patient_responsibility"]) == (pays, owes)


def test_of_a_claim_whose_lines_say_what_is_allowed_the_rest_is_still_asked():
    line = {key: commercial()[key] for key in ("billed", "primary")} | {"secondary": {"allowed": "150.00"}}
    medicare = {"payer_type": "medicare_part_b", "method": "msp_part_b"}

    with pytest.raises(BadCase, match=r"^lines\.0\.secondary\.patient_coinsurance: "):
        expect({"secondary": medicare, "lines": [line, line]})
    medicare["patient_coinsurance"] = "0.20"
    with pytest.raises(BadCase, match=r"^lines\.1\.secondary\.allowed: "):
        expect({"secondary": medicare, "lines": [line, line | {"secondary": {}}]})


@pytest.mark.parametrize(
    ("payer", "said"),
    [
        ("secondary", "Normal benefit"),
        ("line 1 secondary", "Line 1: normal benefit"),
        ("line 12 tertiary", "Line 12: normal benefit"),
    ],
)
def test_a_part_is_told_with_its_line_where_there_are_several(payer, said):
    assert Leg(payer, "normal benefit", 100, "normal_benefit").said == said


def test_several_facts_that_are_not_known_are_named_together():
    one, two, three = (
        expect(commercial(**dict.fromkeys(left_out))).because
        for left_out in (["plan_pct"], ["plan_pct", "deductible_remaining"], [])
    )

    assert one == "Between 0.00 and 30.00, because secondary.plan_pct is not known."
    assert two.endswith("because secondary.plan_pct and secondary.deductible_remaining are not known.")
    assert "not known" not in three
