"""What the first payer refused, or left under a word of its own, and what the next one then owes: at the provider's
cost nobody owes it, uncovered the next one answers as if first, and OA-209 is the next payer's and never the patient's.
"""

from __future__ import annotations

import pytest

from cob.rules import expect

BILLED = "200.00"
COMMERCIAL = {"payer_type": "commercial", "method": "standard", "allowed": "150.00", "plan_pct": "0.80",
              "deductible_remaining": "0.00", "in_network": True}  # fmt: skip
MEDICARE_SECOND = {"payer_type": "medicare_part_b", "allowed": "125.00", "deductible_remaining": "0.00",
                   "patient_coinsurance": "0.20"}  # fmt: skip
MEDICAID = {"payer_type": "medicaid", "policy": "lesser_of", "allowed": "90.00"}
TRICARE = {"payer_type": "tricare", "allowed": "130.00", "patient_cost_share": "0.20", "deductible_remaining": "0.00",
           "participating": True}  # fmt: skip
NOBODY = {"payer_type": "commercial", "method": "none"}
PLAN, MEDICARE = "commercial", "medicare_part_b"
SURE, DOUBTED = False, True


def asked(first, cas, secondary, *, allowed="0.00", paid="0.00", in_network=True, **more):
    reported = [dict(zip(("group", "carc"), code.split("-"), strict=True), amount=amount) for code, amount in cas]
    primary = {"payer_type": first, "allowed": allowed, "paid": paid, "in_network": in_network, "cas": reported}
    return {"billed": BILLED, "primary": primary, "secondary": secondary, **more}


def said(inputs):
    answer = expect(inputs).as_json()
    return answer["secondary_payment"], answer["contractual_write_off"], answer["patient_responsibility"]


@pytest.mark.parametrize(
    ("first", "code", "secondary", "answer", "doubted"),
    [
        # Not covered, and the patient's: the next payer answers as if it came first.
        (PLAN, "PR-96", COMMERCIAL, ("120.00", "50.00", "30.00"), SURE),
        (MEDICARE, "PR-50", COMMERCIAL, ("120.00", "50.00", "30.00"), SURE),
        (PLAN, "PR-204", MEDICAID, ("90.00", "110.00", "0.00"), SURE),
        (PLAN, "OA-204", COMMERCIAL, ("120.00", "50.00", "30.00"), SURE),
        # The same under CO or PI: the provider may not charge it, so nothing is left for a plan to count.
        (PLAN, "CO-96", COMMERCIAL, ("0.00", "200.00", "0.00"), DOUBTED),
        (PLAN, "PI-204", COMMERCIAL, ("0.00", "200.00", "0.00"), DOUBTED),
        (PLAN, "CO-96", MEDICARE_SECOND, ("0.00", "200.00", "0.00"), DOUBTED),
        (PLAN, "CO-96", TRICARE, ("0.00", "200.00", "0.00"), DOUBTED),
        (PLAN, "CO-96", MEDICAID, ("90.00", "110.00", "0.00"), SURE),
        # Not shown to be necessary and no notice given, or rules not kept: the provider's loss.
        (MEDICARE, "CO-50", COMMERCIAL, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "CO-50", MEDICARE_SECOND, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "CO-50", MEDICAID, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "CO-29", COMMERCIAL, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "CO-197", MEDICAID, ("0.00", "200.00", "0.00"), SURE),
        # Put right and sent again, or lost: no plan counts what the provider got wrong.
        (PLAN, "CO-97", COMMERCIAL, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "CO-16", MEDICARE_SECOND, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "PI-18", MEDICAID, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "OA-18", COMMERCIAL, ("0.00", "200.00", "0.00"), SURE),
        # Not its member on that day, or another payer's: whoever is next answers as if first.
        (PLAN, "PR-27", COMMERCIAL, ("120.00", "50.00", "30.00"), SURE),
        (PLAN, "CO-27", COMMERCIAL, ("120.00", "50.00", "30.00"), SURE),
        (PLAN, "CO-22", MEDICARE_SECOND, ("100.00", "75.00", "25.00"), SURE),
        (PLAN, "PR-109", MEDICAID, ("90.00", "110.00", "0.00"), SURE),
        # Whatever else is left to the patient of a line nothing was allowed of: not covered.
        (PLAN, "PR-242", COMMERCIAL, ("120.00", "50.00", "30.00"), SURE),
        (PLAN, "PR-272", NOBODY, ("0.00", "0.00", "200.00"), SURE),
        # The patient did not keep the plan's rules: no expense of another plan's, and the patient's.
        (PLAN, "PR-197", COMMERCIAL, ("0.00", "0.00", "200.00"), DOUBTED),
        (PLAN, "PR-197", MEDICARE_SECOND, ("100.00", "75.00", "25.00"), SURE),
        # A price of nothing refuses nothing.
        (PLAN, "CO-45", COMMERCIAL, ("120.00", "80.00", "0.00"), DOUBTED),
        # TRICARE denies what the plan denied for its rules, whoever is to bear it, and limits what is collected.
        (PLAN, "PR-197", TRICARE, ("0.00", "70.00", "130.00"), SURE),
        (PLAN, "CO-197", TRICARE, ("0.00", "200.00", "0.00"), SURE),
        (PLAN, "PR-96", TRICARE, ("104.00", "70.00", "26.00"), SURE),
    ],
)
def test_what_was_refused_is_owed_by(first, code, secondary, answer, doubted):
    inputs = asked(first, [(code, BILLED)], secondary)

    assert said(inputs) == answer
    assert expect(inputs).unconfirmed is doubted


@pytest.mark.parametrize("code", ["CO-22", "CO-27", "OA-204", "PR-96"])
@pytest.mark.parametrize(
    ("deductible", "answer"),
    [
        ("0.00", ("120.00", "50.00", "30.00")), ("100.00", ("40.00", "50.00", "110.00")),
        ("149.00", ("0.80", "50.00", "149.20")), ("150.00", ("0.00", "50.00", "150.00")),
        ("500.00", ("0.00", "50.00", "150.00")),
    ],
)  # fmt: skip
def test_who_answers_as_if_first_leaves_its_deductible_to_the_patient(code, deductible, answer):
    assert said(asked(PLAN, [(code, BILLED)], COMMERCIAL | {"deductible_remaining": deductible})) == answer


def test_that_tricare_denies_it_too_is_what_decides():
    legs = expect(asked(PLAN, [("PR-197", BILLED)], TRICARE)).as_json()["legs"]

    assert [leg["decides"] for leg in legs if leg["name"] == "denied as the earlier payer denied"] == [True]


@pytest.mark.parametrize("code", ["CO-29", "CO-50", "CO-96"])
def test_nor_is_it_owed_by_the_third(code):
    answer = expect(asked(PLAN, [(code, BILLED)], COMMERCIAL, tertiary=COMMERCIAL)).as_json()

    assert (answer["secondary_payment"], answer["tertiary_payment"]) == ("0.00", "0.00")
    assert answer["patient_responsibility"] == "0.00"


@pytest.mark.parametrize(
    ("secondary", "answer"),
    [
        (MEDICAID, ("10.00", "110.00", "0.00")),
        (MEDICAID | {"policy": "full"}, ("20.00", "100.00", "0.00")),
        (MEDICAID | {"policy": "none"}, ("0.00", "120.00", "0.00")),
        ({"payer_type": "medigap", "medigap_letter": "G"}, ("20.00", "100.00", "0.00")),
        (COMMERCIAL | {"allowed": "100.00"}, ("20.00", "100.00", "0.00")),
        (COMMERCIAL | {"allowed": "100.00", "plan_pct": "0.10"}, ("10.00", "110.00", "0.00")),
        ({"payer_type": "none", "method": "none"}, ("0.00", "120.00", "0.00")),
    ],
)
def test_medicares_share_of_a_qualified_beneficiary_is_the_next_payers_and_never_the_patients(secondary, answer):
    cas = [("CO-45", "100.00"), ("OA-209", "20.00")]

    assert said(asked(MEDICARE, cas, secondary, allowed="100.00", paid="80.00")) == answer


@pytest.mark.parametrize("field", ["primary", "secondary", "obligations"])
def test_a_qualified_beneficiary_may_be_named_anywhere(field):
    inputs = asked(
        MEDICARE, [("CO-45", "100.00"), ("PR-2", "20.00")], {"payer_type": "none", "method": "none"},
        allowed="100.00", paid="80.00", obligations={},
    )  # fmt: skip
    assert said(inputs)[2] == "20.00"
    inputs[field]["qmb"] = True
    assert said(inputs)[2] == "0.00"


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        # All that the plan left to the patient is the share, what it says is above its fee too.
        ({}, ("30.00", "110.00", "0.00")),
        ({"allowed": "200.00"}, ("140.00", "0.00", "0.00")),
        ({"policy": "full"}, ("140.00", "0.00", "0.00")),
        # A plan's share of a Medicaid patient is collected by nobody, whether the provider takes Medicaid or not.
        ({"enrolled": False}, ("0.00", "140.00", "0.00")),
        ({"enrolled": False, "full_medicaid": False}, ("0.00", "0.00", "140.00")),
    ],
)
def test_after_a_plan_medicaid_counts_all_of_the_patients_share(changes, answer):
    cas = [("PR-2", "20.00"), ("PR-45", "120.00")]
    inputs = asked(PLAN, cas, MEDICAID | changes, allowed="80.00", paid="60.00", in_network=False)

    assert said(inputs) == answer


@pytest.mark.parametrize("kind", ["workers_comp", "workers_compensation", "wc"])
def test_an_accepted_injury_leaves_the_patient_nothing(kind):
    cas = [("CO-45", "50.00"), ("PR-2", "30.00")]
    inputs = asked(kind, cas, {"payer_type": "none", "method": "none"}, allowed="150.00", paid="120.00")

    assert said(inputs) == ("0.00", "80.00", "0.00")
    assert expect(inputs).unconfirmed


def test_a_number_in_a_key_that_is_not_read_refuses_nothing_and_the_key_is_named():
    inputs = asked(PLAN, [("CO-45", "80.00")], COMMERCIAL, allowed="120.00", paid="120.00", units=1)
    inputs["primary"]["days"] = 30

    assert expect(inputs).not_read == ("units", "primary.days")


# A payer in the middle that has no part in the service, or answers by a price of its own.
PART_A = {"payer_type": "medicare_part_a", "method": "msp_part_a", "gross_payable": "160.00",
          "deductible_plus_coinsurance": "40.00"}  # fmt: skip
NOT_BY_MEDICARE = MEDICARE_SECOND | {"allowed": "0.00"}
NOT_BY_PART_A = PART_A | {"gross_payable": "0.00"}
FLAT = {"payer_type": "commercial", "method": "flat", "flat_payment": "10.00"}
WHOLE_SHARE = {"payer_type": "medicaid", "policy": "full"}
REFUSED = {"cas": [("PR-96", BILLED)]}
OUT_OF_NETWORK = {
    "cas": [("PR-2", "30.00"), ("PR-45", "50.00")], "paid": "120.00", "allowed": "150.00", "in_network": False,
}  # fmt: skip
IN_NETWORK = {"cas": [("PR-2", "30.00"), ("CO-45", "50.00")], "paid": "120.00", "allowed": "150.00"}


@pytest.mark.parametrize(
    ("first", "second", "third", "answer"),
    [
        # Part A covers what the plan refused: what it leaves is its own deductible and coinsurance.
        (REFUSED, PART_A, WHOLE_SHARE, ("120.00", "40.00", "40.00", "0.00")),
        (REFUSED, PART_A, COMMERCIAL | {"allowed": "180.00"}, ("120.00", "40.00", "40.00", "0.00")),
        # Whoever has no part in it leaves the plan's share as it was, above the fee too.
        (OUT_OF_NETWORK, NOT_BY_MEDICARE, WHOLE_SHARE, ("0.00", "80.00", "0.00", "0.00")),
        (OUT_OF_NETWORK, NOT_BY_PART_A, WHOLE_SHARE, ("0.00", "80.00", "0.00", "0.00")),
        (OUT_OF_NETWORK, NOBODY, WHOLE_SHARE, ("0.00", "80.00", "0.00", "0.00")),
        # Nor does it set a limit: by the contracts the lower fee counts, not the first payer's alone.
        (
            IN_NETWORK,
            NOT_BY_MEDICARE,
            COMMERCIAL | {"allowed": "140.00", "plan_pct": "0.10"},
            ("0.00", "14.00", "60.00", "6.00"),
        ),
        (REFUSED, NOT_BY_MEDICARE, COMMERCIAL, ("0.00", "120.00", "50.00", "30.00")),
        # A set amount is no price: the plan behind it counts its own.
        (REFUSED, FLAT, COMMERCIAL, ("10.00", "120.00", "50.00", "20.00")),
        (REFUSED, FLAT, WHOLE_SHARE, ("10.00", "190.00", "0.00", "0.00")),
    ],
)
def test_the_third_payer_reckons_with_what_the_second_left(first, second, third, answer):
    found = expect(asked(PLAN, secondary=second, tertiary=third, **first)).as_json()

    names = ("secondary_payment", "tertiary_payment", "contractual_write_off", "patient_responsibility")
    assert tuple(found[name] for name in names) == answer


@pytest.mark.parametrize(
    "first", [REFUSED, IN_NETWORK | {"cas": [("PR-1", "150.00"), ("CO-45", "50.00")], "paid": "0.00"}]
)
def test_a_qualified_beneficiary_owes_nothing_of_part_a(first):
    inputs = asked(PLAN, secondary=PART_A, **first)

    assert said(inputs)[2] != "0.00"
    assert said(inputs | {"obligations": {"qmb": True}})[2] == "0.00"


def test_a_plan_none_counts_as_no_payer_before_medicare():
    answer = expect(asked(PLAN, secondary=NOBODY, tertiary=MEDICARE_SECOND, **OUT_OF_NETWORK))

    assert "earlier payments of two payers" not in {leg.name for leg in answer.legs}


NOTHING_MORE = FLAT | {"flat_payment": "0.00"}


@pytest.mark.parametrize(
    ("first", "withheld", "answer"),
    [
        # Whether or not somebody knows of a contract, what was withheld under CO or PI is not the patient's.
        (PLAN, "CO-131", ("0.00", "50.00", "30.00")),
        (PLAN, "CO-45", ("0.00", "50.00", "30.00")),
        (PLAN, "PI-45", ("0.00", "50.00", "30.00")),
        (PLAN, "PR-45", ("0.00", "0.00", "80.00")),
        (MEDICARE, "CO-253", ("0.00", "50.00", "30.00")),
    ],
)
@pytest.mark.parametrize("contract", [None, False])
def test_without_a_known_contract_only_what_the_payer_left_is_the_patients(first, withheld, answer, contract):
    allowed = "200.00" if withheld == "CO-253" else "150.00"
    cas = [(withheld, "50.00"), ("PR-2", "30.00")]
    inputs = asked(first, cas, NOTHING_MORE, allowed=allowed, paid="120.00", in_network=contract)

    assert said(inputs) == answer


@pytest.mark.parametrize(
    ("third", "pays", "owes"),
    [(NOTHING_MORE, "0.00", "25.00"), (COMMERCIAL | {"method": "basic"}, "50.00", "0.00"), (FLAT, "10.00", "15.00")],
)
def test_behind_medicare_a_third_plan_does_not_bring_back_what_the_first_left(third, pays, owes):
    """The plan left its whole fee to the deductible; Medicare leaves 25 of its own."""
    all_deductible = {"cas": [("PR-1", "150.00"), ("CO-45", "50.00")], "allowed": "150.00"}
    answer = expect(asked(PLAN, secondary=MEDICARE_SECOND, tertiary=third, **all_deductible)).as_json()

    assert (answer["tertiary_payment"], answer["patient_responsibility"]) == (pays, owes)


@pytest.mark.parametrize("second", [{"payer_type": "medigap", "medigap_letter": "A"}, {"payer_type": "tfl"}])
def test_what_is_above_medicares_fee_stays_apart_for_the_third(second):
    """Not assigned: 10 of coinsurance, and 15 above the fee that no policy of letter A and no TRICARE covers."""
    first = {"cas": [("PR-2", "20.00"), ("PR-45", "15.00"), ("CO-45", "85.00")], "paid": "80.00", "allowed": "100.00",
             "in_network": False}  # fmt: skip
    answer = expect(asked(MEDICARE, secondary=second, tertiary=WHOLE_SHARE, **first)).as_json()

    assert (answer["secondary_payment"], answer["tertiary_payment"]) == ("20.00", "0.00")


def test_of_a_share_that_is_the_next_payers_alone_medicaid_gets_what_a_letter_leaves():
    """OA-209: letter K pays half of the 20, the other half is Medicaid's."""
    first = {"cas": [("OA-209", "20.00"), ("CO-45", "100.00")], "paid": "80.00", "allowed": "100.00"}
    half = {"payer_type": "medigap", "medigap_letter": "K"}
    answer = expect(asked(MEDICARE, secondary=half, tertiary=WHOLE_SHARE, **first)).as_json()

    assert (answer["secondary_payment"], answer["tertiary_payment"]) == ("10.00", "10.00")
    assert answer["patient_responsibility"] == "0.00"


@pytest.mark.parametrize(("waiver", "pays"), [("none", "119.00"), ("all", "119.00"), ("coinsurance", "119.00")])
def test_a_waiver_has_nothing_to_say_of_what_medicare_does_not_cover(waiver, pays):
    fehb = {"payer_type": "fehb", "method": "fehb", "allowed": "140.00", "plan_pct": "0.85", "fehb_waiver": waiver,
            "deductible_remaining": "0.00"}  # fmt: skip

    assert said(asked(MEDICARE, secondary=fehb, **REFUSED))[0] == pays


def test_whether_tricare_covers_what_medicare_does_not_is_marked_as_open():
    answer = expect(asked(MEDICARE, secondary={"payer_type": "tfl"}, **REFUSED))

    assert answer.unconfirmed
    assert answer.patient == 200_00
