"""The shape of numbers: nobody is looked up, and a wrong digit is caught."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.ids import clean_mbi, is_mbi, is_member_id, is_npi


@pytest.mark.parametrize("npi", ["1234567893", "1679576722", "1245319599", "2000000002"])
def test_a_right_npi_is_taken(npi):
    assert is_npi(npi)


@pytest.mark.parametrize(
    "npi",
    [
        pytest.param("1234567894", id="wrong check digit"),
        pytest.param("123456789", id="nine digits"),
        pytest.param("12345678933", id="eleven digits"),
        pytest.param("3234567893", id="starts with 3"),
        pytest.param("123456789A", id="a letter"),
        pytest.param("", id="empty"),
        pytest.param("１２３４５６７８９３", id="digits of another script"),
    ],
)
def test_a_wrong_npi_is_not_taken(npi):
    assert not is_npi(npi)


@given(st.integers(0, 9), st.integers(1, 9))
def test_one_changed_digit_is_always_caught(place, shift):
    npi = "1234567893"
    changed = npi[:place] + str((int(npi[place]) + shift) % 10) + npi[place + 1 :]

    assert not is_npi(changed)


@pytest.mark.parametrize("mbi", ["1EG4TE5MK73", "1EG4-TE5-MK73", "1eg4te5mk73"])
def test_a_medicare_number_is_taken_with_and_without_dashes(mbi):
    assert is_mbi(mbi)
    assert clean_mbi(mbi) == "1EG4TE5MK73"


@pytest.mark.parametrize(
    "mbi",
    [
        pytest.param("0EG4TE5MK73", id="starts with 0"),
        pytest.param("1SG4TE5MK73", id="S looks like 5 and is not used"),
        pytest.param("1EG4TE5MK7", id="ten places"),
        pytest.param("123456789A", id="the number Medicare used before"),
        pytest.param("", id="empty"),
    ],
)
def test_a_wrong_medicare_number_is_not_taken(mbi):
    assert not is_mbi(mbi)


@pytest.mark.parametrize("member", ["W123456789", "abc-123", "12 34", "7", "A" * 80])
def test_a_member_id_is_what_a_card_can_carry(member):
    assert is_member_id(member)


@pytest.mark.parametrize("member", ["", "  ", "-12", "A*B", "A~", "A" * 81, "Ü12"])
def test_a_member_id_carries_no_separators(member):
    assert not is_member_id(member)
