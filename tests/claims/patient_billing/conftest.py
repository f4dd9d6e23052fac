"""The day stands still and Ben acts, for tests that ask for it; Pat posts."""

from __future__ import annotations

import pytest
import time_machine

from cob.audit.acting import acting
from tests.claims.patient_billing.flow import TODAY


@pytest.fixture
def today():
    with time_machine.travel(f"{TODAY}T15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def by_ben(ben):
    with acting(ben):
        yield


@pytest.fixture
def pat(cast):
    return cast["pat"]
