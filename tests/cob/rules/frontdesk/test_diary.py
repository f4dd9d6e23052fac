"""The desk sees of each patient what it saw when the diary was last read, on the same days (`diary.txt`)."""

from __future__ import annotations

import pytest

from tests.cob.rules.frontdesk.diary import PATIENTS, blocks, diary

WRITTEN = blocks()


def test_every_patient_has_a_diary():
    assert list(WRITTEN) == list(PATIENTS)


@pytest.mark.parametrize("name", PATIENTS)
def test_the_desk_sees_what_it_saw_on_the_same_days(name):
    assert diary(PATIENTS[name]) == WRITTEN[name], "read what changed, then: python -m tests.cob.rules.frontdesk.diary"
