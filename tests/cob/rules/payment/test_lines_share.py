"""What a claim's terms say once its lines use up in turn: a limit, a copay, a deductible, each payer its own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cob.rules import expect
from cob.rules.payment.amounts import money
from tests.cob.rules.payment.lines import commercial, inputs_of


def line(paid="0.00", share="40.00", carc="2", kind="commercial", **later):
    """A service whose first payer left a share; `later` is what the payers after it say of this line alone."""
    cas = [{"group": "PR", "carc": carc, "amount": share}]
    billed = money(int(Decimal(paid) + Decimal(share)) * 100)
    first = {"payer_type": kind, "allowed": billed, "paid": paid, "in_network": True, "cas": cas}
    return {"billed": billed, "primary": first, **later}


def paid_by_line(claim, place="secondary"):
    return [one.payments[place] for one in expect(claim).lines]


MEDICAID = {"payer_type": "medicaid", "policy": "full", "copay": "4.00"}
NO_VISIT = {"payer_type": "medigap", "medigap_letter": "N", "visit_copay": "20.00"}
AT_ITS_PERCENTAGE = {"payer_type": "commercial", "method": "standard_pr", "plan_pct": "0.50", "in_network": True}
ALLOWED = {"payer_type": "commercial", "allowed": "40.00"}


@pytest.mark.parametrize(
    ("terms", "lines", "pays"),
    [
        # A gap policy fills a reason up to its limit, and what is left of the limit on the next line.
        ({"payer_type": "gap", "method": "wraparound", "covers": {"2": "50.00"}}, [line(), line(), line()],
         [4000, 1000, 0]),
        ({"payer_type": "gap", "method": "wraparound", "covers": {"1": "50.00", "2": "40.00"}},
         [line(), line(carc="1"), line()], [4000, 4000, 0]),
        # A state's copay is one for the claim, also where the first line is too small to bear it.
        (MEDICAID, [line(share="3.00"), line(), line()], [0, 3900, 4000]),
        # Letter N's copay falls where there is coinsurance to bear it.
        (NO_VISIT, [line(paid="10.00", share="0.00", kind="medicare_part_b"), line(kind="medicare_part_b"),
                    line(kind="medicare_part_b")], [0, 2000, 4000]),
        # A plan's copay comes off once: of the first line's benefit as far as it goes, of the next line's the rest.
        (AT_ITS_PERCENTAGE | {"deductible_remaining": "0.00", "copay": "25.00"},
         [line(secondary=ALLOWED), line(secondary=ALLOWED), line(secondary=ALLOWED)], [0, 1500, 2000]),
        # TRICARE's as well.
        ({"payer_type": "tricare", "patient_cost_share": "0.50", "deductible_remaining": "0.00", "copay": "25.00",
          "participating": True},
         [line(secondary={"payer_type": "tricare", "allowed": "40.00"})] * 3, [0, 1500, 2000]),
    ],
    ids=["a gap's limit", "a gap's limits", "a state's copay", "letter N", "a plan's copay", "TRICARE's copay"],
)  # fmt: skip
def test_what_is_said_of_the_claim_is_used_up_by_its_lines(terms, lines, pays):
    assert paid_by_line({"secondary": terms, "lines": lines}) == pays


def test_of_a_qmb_no_more_than_the_states_copay_is_asked_for_the_whole_claim():
    lines = [line(share="3.00", kind="medicare_part_b"), line(kind="medicare_part_b")]

    assert expect({"secondary": MEDICAID | {"qmb": True}, "lines": lines}).patient == 400


def test_each_of_two_later_payers_has_a_deductible_of_its_own():
    second = AT_ITS_PERCENTAGE | {"deductible_remaining": "60.00"}
    third = AT_ITS_PERCENTAGE | {"deductible_remaining": "10.00", "plan_pct": "1"}
    own = {"secondary": ALLOWED, "tertiary": ALLOWED}
    claim = {"secondary": second, "tertiary": third, "lines": [line(**own), line(**own), line(**own)]}

    assert paid_by_line(claim) == [0, 1000, 2000]
    assert paid_by_line(claim, "tertiary") == [3000, 3000, 2000]


def test_a_limit_said_of_a_line_is_that_lines_own():
    gap = {"payer_type": "gap", "method": "wraparound", "covers": {"2": "50.00"}}
    lines = [line(), line(secondary={"covers": {"2": "45.00"}}), line()]

    assert paid_by_line({"secondary": gap, "lines": lines}) == [4000, 4000, 1000]


@pytest.mark.parametrize(("its_fee", "medicare"), [("0.00", "20.00"), ("120.00", "0.00")])
def test_a_plan_between_that_does_not_cover_the_service_sets_medicare_no_price(its_fee, medicare):
    """B18 with a plan between: where it has a fee, its contract bounds what the provider takes."""
    claim = commercial(method="standard_pr", allowed=its_fee, plan_pct="0", deductible_remaining="0.00")
    claim["billed"] = "150.00"
    claim["primary"] = inputs_of("B18")["primary"] | {"allowed": "140.00", "paid": "120.00", "cas": [
        {"group": "CO", "carc": "45", "amount": "10.00"}, {"group": "PR", "carc": "2", "amount": "20.00"},
    ]}  # fmt: skip
    claim["tertiary"] = {
        "payer_type": "medicare_part_b", "allowed": "140.00", "patient_coinsurance": "0.20",
        "deductible_remaining": "0.00",
    }  # fmt: skip

    assert expect(claim).as_json()["tertiary_payment"] == medicare


HALF = AT_ITS_PERCENTAGE | {"deductible_remaining": "0.00"}


@pytest.mark.parametrize(
    ("terms", "forgotten", "low", "high"),
    [
        # A deductible of forty is met by the first line, whatever the plan's percentage is.
        (HALF | {"deductible_remaining": "40.00"}, "plan_pct", 0, 8000),
        # The lines together get thirty at most.
        (HALF | {"plan_pct": "1", "benefit_max_remaining": "30.00"}, "deductible_remaining", 0, 3000),
        # A copay is taken off where there is a benefit: of the first line at the one end, of none at the other.
        (HALF | {"copay": "25.00"}, "plan_pct", 0, 9500),
    ],
    ids=["a deductible", "a maximum", "a copay"],
)
def test_while_something_is_unknown_what_is_shared_is_still_used_up_once(terms, forgotten, low, high):
    own = {"secondary": ALLOWED}
    answer = expect({"secondary": {k: v for k, v in terms.items() if k != forgotten}, "lines": [line(**own)] * 3})

    assert answer.between["secondary_payment"] == (low, high)


def test_a_line_that_knows_all_lies_between_where_one_before_it_may_take_what_they_share():
    claim = {
        "secondary": HALF | {"plan_pct": "1", "benefit_max_remaining": "60.00"},
        "lines": [line(secondary=ALLOWED | {"plan_pct": None}), line(secondary=ALLOWED)],
    }
    answer = expect(claim)

    assert [one.between["secondary_payment"] for one in answer.lines] == [(0, 4000), (2000, 4000)]
    assert answer.lines[1].because == "Between 20.00 and 40.00, because secondary.plan_pct is not known."
    assert answer.unknown == ("lines.0.secondary.plan_pct",)
