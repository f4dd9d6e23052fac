"""Whole cents: one rounding, shares that add up, dollars only at the edge."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.cents import NotDollars, allocate, dollars, parse_dollars, pct

CENTS = st.integers(min_value=-(10**12), max_value=10**12)


@pytest.mark.parametrize(
    ("cents", "rate", "expected"),
    [
        pytest.param(374_77, "0.80", 299_82, id="the published example: 80 % of 374.77"),
        pytest.param(1, "0.50", 1, id="half a cent goes up"),
        pytest.param(1, "0.49", 0, id="less than half a cent goes down"),
        pytest.param(-1, "0.50", -1, id="a reversal mirrors its original"),
        pytest.param(100_00, "0", 0, id="nothing of something"),
        pytest.param(100_00, "1", 100_00, id="all of it"),
        pytest.param(96_00, "0.02", 1_92, id="sequestration"),
        pytest.param(33_33, "1.15", 38_33, id="the limiting charge"),
    ],
)
def test_a_percentage_is_rounded_once_half_up(cents, rate, expected):
    assert pct(cents, Decimal(rate)) == expected
    assert pct(cents, rate) == expected


def test_a_float_rate_is_refused():
    with pytest.raises(TypeError, match="never a float"):
        pct(100, 0.8)


@given(CENTS, st.decimals(min_value=0, max_value=2, places=4))
def test_a_percentage_equals_decimal_arithmetic(cents, rate):
    exact = (Decimal(cents) * rate).quantize(Decimal(1), rounding=ROUND_HALF_UP)

    assert pct(cents, rate) == int(exact)


@pytest.mark.parametrize(
    ("cents", "weights", "shares"),
    [
        pytest.param(100, [1, 1, 1], [34, 33, 33], id="the odd cent goes to the first of equals"),
        pytest.param(100, [1, 2], [33, 67], id="to the largest remainder"),
        pytest.param(-100, [1, 1, 1], [-34, -33, -33], id="a reversal mirrors its original"),
        pytest.param(5, [0, 1], [0, 5], id="no weight, no share"),
        pytest.param(0, [3, 4], [0, 0], id="nothing to share"),
    ],
)
def test_an_amount_is_shared_to_the_cent(cents, weights, shares):
    assert allocate(cents, weights) == shares


@given(CENTS, st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any))
def test_shares_add_up_and_none_is_a_cent_off_its_due(cents, weights):
    shares = allocate(cents, weights)

    assert sum(shares) == cents
    assert all(
        abs(share * sum(weights) - cents * weight) < sum(weights) for share, weight in zip(shares, weights, strict=True)
    )


@pytest.mark.parametrize("weights", [[], [0, 0], [-1, 2]], ids=["none", "all zero", "one negative"])
def test_sharing_among_nobody_is_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(100, weights)


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0.00"), (5, "0.05"), (123450, "1,234.50"), (-123450, "-1,234.50"), (100000000, "1,000,000.00")],
)
def test_dollars_are_printed_with_commas_and_two_decimals(cents, text):
    assert dollars(cents) == text


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1,234.50", 123450),
        ("$1234.5", 123450),
        (" 12 ", 1200),
        (".5", 50),
        ("-12.00", -1200),
        ("-$3", -300),
        ("$-3", -300),
        ("7.", 700),
    ],
)
def test_dollars_are_read_as_people_write_them(text, cents):
    assert parse_dollars(text) == cents


@pytest.mark.parametrize(
    "text", ["", ".", "$", "1.234", "12,34", "1,2345", "1e3", "--5", "-$-5", "twelve", "٣.00", "NaN"]
)
def test_what_is_no_amount_is_refused_by_name(text):
    with pytest.raises(NotDollars, match=r"such as 1,234\.50"):
        parse_dollars(text)


@given(CENTS)
def test_printed_dollars_read_back_to_the_cent(cents):
    assert parse_dollars(dollars(cents)) == cents
