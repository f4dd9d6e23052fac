"""Keys that are written by the thousand stand in the order they were given."""

from __future__ import annotations

from itertools import islice

import time_machine

from cob.uuids import in_order, texts_in_order


def test_each_key_is_of_version_7_and_after_the_one_before():
    keys = list(islice(in_order(), 10_000))

    assert keys == sorted(keys)
    assert len(set(keys)) == 10_000
    assert {key.version for key in keys} == {7}


def test_who_begins_later_gets_later_keys_though_the_clock_stands_still_or_is_set_back():
    with time_machine.travel("2026-04-15T15:00:00+00:00", tick=False):
        first, second = (next(in_order()) for _ in range(2))
    with time_machine.travel("2026-04-14T15:00:00+00:00", tick=False):
        third = next(in_order())

    assert first < second < third


def test_as_text_they_are_the_same_digits():
    assert len(next(texts_in_order())) == 32
    assert next(texts_in_order()) < next(in_order()).hex
