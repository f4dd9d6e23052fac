"""A claim that was sent, and a rejection that answers nothing on file."""

from __future__ import annotations

import pytest

from claims.models import Submission
from tests.claims.edi_samples import claim, file_837p
from tests.claims.exchange.rejections import answer_to, unplaced
from tests.x12.acks import file_277ca


@pytest.fixture
def sent(bring):
    """PCN1 as the practice's own system sent it to Acme, interchange 1."""
    bring(file_837p(claim("PCN1")), name="own.837")
    return Submission.objects.get()


@pytest.fixture
def lost(sent, bring):
    """A rejection of that claim under a number nobody has."""
    bring(file_277ca(answer_to("OLD1")), name="a.277")
    return unplaced()
