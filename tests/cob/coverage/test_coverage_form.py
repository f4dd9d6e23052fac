"""What is typed into the form of a card beside another choice is refused, not lost without a word."""

from __future__ import annotations

import pytest

from cob.coverage.forms import CoverageForm
from cob.coverage.questionnaires import Offered
from tests.factories.coverage import PayerFactory

NEW, TWICE = "Choose “Somebody not listed yet” for the new person below, or clear it.", "not both."


@pytest.fixture
def given(acted):
    return {"payer": str(PayerFactory().pk), "told_by": "Patient", "told_how": "in person"}


def errors(given):
    form = CoverageForm(given, kind="employer", held={}, offered=Offered())
    return {name: " ".join(said) for name, said in form.errors.items()}


@pytest.mark.parametrize(
    ("written", "field", "said"),
    [
        ({"person_last": "Boateng"}, "subscriber", NEW),
        ({"person_birth_on": "01/02/1960", "subscriber": "P"}, "subscriber", NEW),
        ({"payer_name": "Another", "payer_id": "9"}, "payer", TWICE),
        ({"payer_name": "Another"}, "payer", TWICE),
        ({"payer_id": "9"}, "payer", TWICE),
    ],
)
def test_what_would_be_passed_over_is_refused_by_name(given, written, field, said):
    found = errors(given | written)

    assert [*found] == [field]
    assert said in found[field]


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"subscriber": "P"},
        {"subscriber": "new", "person_last": "Boateng"},
        {"payer": "", "payer_name": "Another", "payer_id": "9"},
    ],
    ids=str,
)
def test_what_counts_is_taken(given, written):
    assert errors(given | written) == {}
