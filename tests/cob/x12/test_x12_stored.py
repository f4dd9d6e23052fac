"""A claim kept as JSON comes back as it was read, amounts, dates and quantities included."""

from __future__ import annotations

import json

import pytest

from cob.x12.read835 import parse_835
from cob.x12.read837p import parse_837p
from cob.x12.stored import dump, dump_835, load, load_835, text_835
from tests.x12.claims import EVERY_KIND, REMITTANCE, SECONDARY


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_an_837p_claim_survives_being_kept(kind):
    claim = EVERY_KIND[kind]()

    assert load(json.loads(json.dumps(dump(claim)))) == claim


def test_an_837p_claim_out_of_a_file_survives_being_kept():
    [claim] = parse_837p(SECONDARY)[0].claims

    assert load(json.loads(json.dumps(dump(claim)))) == claim


@pytest.mark.parametrize("place", range(4))
def test_an_835_claim_survives_being_kept(place):
    claim = parse_835(REMITTANCE)[0].claims[place]

    assert load_835(json.loads(json.dumps(dump_835(claim)))) == claim
    assert json.loads(text_835(claim)) == dump_835(claim)
