"""A verdict's codes: each payer's place and filing indicator, Medicare's reason, and what is raised besides."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse

from cob.coverage import actions
from cob.coverage.claim_codes import claim_codes
from tests.cob.coverage.conftest import DAY

pytestmark = pytest.mark.usefixtures("acted")


def test_medicare_second_says_why_and_what_goes_with_it(settled):
    filed = actions.determine(patient=settled, service_on=DAY, by=None)

    found = claim_codes(filed, {str(settled.job.pk): "Harbor", str(settled.card.pk): "Medicare"})

    assert [(row.payer, row.place, row.filing, row.second) for row in found.payers] == [
        ("Harbor", "P", "CI", ""), ("Medicare", "S", "MB", "12"),
    ]  # fmt: skip
    assert (found.second, found.letter) == ("12", "A")
    assert [one.code for one in found.raises] == ["OC 18", "OC 19"]


def test_medicare_first_because_of_a_small_employer_raises_its_condition(amara, acted):
    actions.tell_fact(patient=amara, path=amara.size, value="<20", told_by="employer", by=acted)
    filed = actions.determine(patient=amara, service_on=DAY, by=None)

    found = claim_codes(filed, {})

    assert [row.filing for row in found.payers] == ["MB", "CI"]
    assert (found.second, [one.code for one in found.raises]) == ("", ["CC 28"])


def test_a_payers_own_indicator_is_shown_as_its_own(settled):
    settled.job.payer.filing_indicator = "BL"
    settled.job.payer.save()
    filed = actions.determine(patient=settled, service_on=DAY, by=None)

    first = claim_codes(filed, {}).payers[0]

    assert (first.filing, first.is_own, first.is_unconfirmed) == ("BL", True, False)


def test_a_conditional_claim_has_the_letter_of_one(db):
    verdict = {
        "order": [], "positions": [], "pairs": [], "msp_type": "47", "conditional": True,
    }  # fmt: skip
    found = claim_codes(SimpleNamespace(verdict=verdict, case={"coverages": []}), {})

    assert (found.letter, found.second) == ("C", "47")
    assert "OC 24" in [one.code for one in found.raises]


def test_the_verdict_page_shows_them(sign_in, settled, sol):
    filed = actions.determine(patient=settled, service_on=DAY, by=None)

    shown = sign_in(sol).get(reverse("coverage:determination-page", args=[filed.pk])).content.decode()

    assert "Codes for the claim" in shown
    assert "Working aged, or spouse, with a group health plan" in shown
