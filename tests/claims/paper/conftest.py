"""Pat, who posts payments, and a claim whose answers come on paper."""

from __future__ import annotations

import pytest

from claims.models import Claim
from tests.claims.edi_samples import also, claim, file_837p, service


@pytest.fixture
def pat(cast):
    return cast["pat"]


@pytest.fixture
def on_file(bring, pat):
    """PCN1 with two lines, Acme first and Beta behind it."""
    bring(file_837p(claim("PCN1", service(1), service(2, "36415", 30_00), other_coverages=(also(),))))
    return Claim.objects.get()
