"""Amounts, quantities and dates: what real files write, and what is refused with its element's name."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.x12 import fields
from cob.x12.errors import X12Error
from cob.x12.segments import Segment, Separators


def segment(text):
    return Segment(7, text, text.split("*"), Separators())


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("75.33", 7533),
        (".5", 50),
        ("-0", 0),
        ("00012.00", 1200),
        ("-9", -900),
        ("0", 0),
        ("7.", 700),
        ("+3.1", 310),
        ("-.01", -1),
    ],
)
def test_amounts_are_read_as_cents(text, cents):
    assert fields.cents_of(text) == cents


@pytest.mark.parametrize(
    "text", ["", ".", "-", "6O", "1.234", "1.000", "1,000", "1e2", "$5", "--1", "NaN", "٣", "1" * 16]
)
def test_what_is_no_amount_is_refused_with_its_element(text):
    assert fields.cents_of(text) is None
    with pytest.raises(X12Error, match="element CLP03"):
        fields.required_amount(segment(f"CLP*1*1*{text}"), 3, "the charge")


@given(st.integers(-(10**14), 10**14))
def test_written_amounts_read_back_and_are_short(cents):
    text = fields.amount_text(cents)

    assert fields.cents_of(text) == cents
    assert "." not in text or text[-1] != "0"


@pytest.mark.parametrize(
    ("value", "text"), [("1.00", "1"), ("0.50", "0.5"), ("100", "100"), ("1E+3", "1000"), ("-0", "0")]
)
def test_quantities_are_written_short_and_plain(value, text):
    assert fields.quantity_text(Decimal(value)) == text


@pytest.mark.parametrize("text", ["1e3", "x", "1,5", "Infinity", "."])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(X12Error, match="SVC05"):
        fields.quantity(segment(f"SVC*****{text}"), 5)


@pytest.mark.parametrize("text", ["20260230", "20261301", "260101", "2026010", "00000101", "2026-1-1", "٢٠٢٦٠١٠١"])
def test_a_date_that_does_not_exist_is_refused(text):
    with pytest.raises(X12Error, match="a date that exists"):
        fields.required_day(segment(f"DTM*472*{text}"), 2, "a date")


def test_a_span_has_two_ends():
    named = fields.dtp(segment("DTP*472*RD8*20260101-20260103"))

    assert (named.on.day, named.until.day) == (1, 3)


@pytest.mark.parametrize("text", ["20260103-20260101", "20260101", "20260101-", "-20260101"])
def test_a_span_that_runs_backwards_or_nowhere_is_refused(text):
    with pytest.raises(X12Error, match="DTP03"):
        fields.dtp(segment(f"DTP*472*RD8*{text}"))


def test_six_adjustments_fit_into_a_cas():
    text = "CAS*CO" + "".join(f"*{n}*1*" for n in range(1, 7))

    assert [a.reason for a in fields.adjustments(segment(text))] == list("123456")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("CAS*CO*45", "CAS03", id="reason without amount"),
        pytest.param("CAS*CO**5", "CAS02", id="amount without reason"),
        pytest.param("CAS*CO*45*5**97", "CAS06", id="second reason without amount"),
        pytest.param("CAS*CO", "CAS02", id="no adjustment at all"),
        pytest.param("CAS**45*5", "CAS01", id="no group"),
        pytest.param("CAS*CO*45*5*x", "CAS04", id="quantity that is none"),
        pytest.param("CAS*CO" + "*1*1*" * 7, "at most six", id="a seventh"),
    ],
)
def test_half_an_adjustment_is_refused(text, says):
    with pytest.raises(X12Error, match=says):
        fields.adjustments(segment(text))
