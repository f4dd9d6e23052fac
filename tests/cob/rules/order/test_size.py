"""On which side of a number a band of employees lies, and where it straddles it."""

from __future__ import annotations

import pytest

from cob.rules.order.size import reaches


@pytest.mark.parametrize(
    ("band", "number", "said"),
    [
        ("<20", 0, True), ("<20", 1, None), ("<20", 19, None), ("<20", 20, False), ("<20", 100, False),
        ("20-99", 19, True), ("20-99", 20, True), ("20-99", 21, None), ("20-99", 99, None), ("20-99", 100, False),
        ("100+", 99, True), ("100+", 100, True), ("100+", 101, None), ("100+", 1_000_000, None),
    ],
)  # fmt: skip
def test_a_band_lies_at_or_above_a_number_below_it_or_across_it(band, number, said):
    assert reaches(band, number) is said
