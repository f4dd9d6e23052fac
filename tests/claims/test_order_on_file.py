"""An order holds for a claim until what it rests on has changed: facts, coverages, or what somebody chose."""

from __future__ import annotations

from datetime import timedelta

import pytest

from claims.submissions.order_on_file import order_for
from cob.coverage.models import Coverage
from cob.coverage.option_actions import set_option
from tests.claims import stories

TERM = "term_date_is_last_day"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


@pytest.fixture
def claim(main):
    """Lakeside ends on the day of service."""
    patient = stories.nora(main)
    first = stories.coverage(
        patient, stories.LAKESIDE, "LH5550101", ended_on=stories.DAY, open_ended=False, effective_on=None
    )
    claim = stories.claim_of(patient, [first])
    stories.determined(claim, [first])
    return claim


def choose(on, value=False):
    set_option(name=TERM, scope="practice", value=value, effective_on=on, source="manual", by=None)


def test_with_nothing_changed_it_holds(claim):
    assert not order_for(claim)[1].is_stale


@pytest.mark.parametrize(("days", "is_stale"), [(0, True), (1, False)], ids=["from that day on", "from the day after"])
def test_a_choice_that_reaches_the_day_of_service_makes_it_stale(claim, days, is_stale):
    choose(stories.DAY + timedelta(days=days))

    order = order_for(claim)[1]

    assert order.is_stale is is_stale
    assert order.stale_because == ("a choice of the practice, a payer or a state has changed" if is_stale else "")


def test_a_choice_that_concerns_no_coverage_of_the_patient_leaves_it(claim):
    Coverage.objects.update(ended_on=None, open_ended=True)
    stories.determined(claim, list(Coverage.objects.all()))
    choose(stories.DAY)

    assert not order_for(claim)[1].is_stale
