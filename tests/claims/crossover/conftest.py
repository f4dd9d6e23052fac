"""The day of the answer, and a claim that is handed on."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine

from claims.models import CrossoverWatch
from tests.claims.crossover.copies import PAID
from tests.claims.edi_samples import (
    also,
    answer,
    claim,
    file_835,
    file_837p,
    svc,
)


@pytest.fixture(autouse=True)
def _day_of_the_answer():
    with time_machine.travel("2026-03-23T15:00:00+00:00", tick=False):
        yield


@pytest.fixture
def bring_forwarded(bring):
    """A claim of two payers whose first handed it on; gives the watch."""

    def _bring(**changes):
        bring(file_837p(claim(other_coverages=(also(),))))
        bring(file_835(replace(answer("PCN1", svc(*PAID)), **({"status": "19"} | changes))))
        return CrossoverWatch.objects.select_related("claim", "claim_payer__payer", "sender").first()

    return _bring
