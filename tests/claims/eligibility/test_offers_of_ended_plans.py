"""A payer names a plan in force on the day: one on file that was over by then is not that plan."""

from __future__ import annotations

from datetime import date

import pytest

from cob.audit.acting import acting
from cob.coverage.eligibility.page import eligibility
from cob.coverage.eligibility.reading import offers_to
from cob.x12.hints271 import Hint
from tests.claims.eligibility.asked import BETA, MONDAY, answers, asked, offer
from tests.factories.coverage import CoverageFactory, PayerFactory

pytestmark = pytest.mark.django_db
LAST_YEAR = {"effective_on": date(2025, 1, 1), "ended_on": date(2025, 12, 31), "open_ended": False}
THIS_YEAR = {"effective_on": date(2026, 1, 1)}
HN = "EB*R**30*HN~REF*18*H1234~DTP*290*D8*20260101~LS*2120~NM1*PRP*2*NEW ADVANTAGE*****PI*H1234~LE*2120"


def held(patient, by, name, edi_id="", *, kind="employer", **span):
    with acting(by):
        payer = PayerFactory(name=name, edi_id=edi_id, kind=kind)
        return CoverageFactory(patient=patient, payer=payer, kind=kind, member_id="B1", **span)


def told(patient, by, bring, said):
    asked(patient, by)
    answers(bring, said, trace="COB9000000010001")


@pytest.mark.parametrize(
    ("spans", "is_settled"),
    [
        pytest.param([LAST_YEAR], False, id="over before the day"),
        pytest.param([LAST_YEAR | {"ended_on": MONDAY}], True, id="its last day"),
        pytest.param([LAST_YEAR, THIS_YEAR], True, id="taken up again"),
        pytest.param([THIS_YEAR | {"enrolled": False}], False, id="never taken up"),
    ],
)
def test_another_payer_is_on_file_where_it_covers_the_day(jane, ana, bring, spans, is_settled):
    for span in spans:
        held(jane, ana, "Beta Mutual", f"BETA{len(jane.coverages.all())}", **span)

    told(jane, ana, bring, BETA)

    assert offer(jane).is_settled is is_settled


@pytest.mark.parametrize(("span", "is_settled"), [(LAST_YEAR, False), (THIS_YEAR, True)])
def test_an_advantage_plan_of_last_year_is_not_the_one_medicare_names(jane, ana, bring, span, is_settled):
    held(jane, ana, "Old Advantage", "OLD1", kind="medicare_advantage", **span)

    told(jane, ana, bring, HN)

    assert offer(jane, Hint.MANAGED_CARE).is_settled is is_settled


def test_a_plan_told_without_days_that_include_the_visit_is_the_one_on_file(jane, ana, bring):
    held(jane, ana, "Beta Mutual", "BETA1", **LAST_YEAR)

    told(jane, ana, bring, BETA.replace("20260101-20261231", "20250101-20251231"))

    assert offer(jane).is_settled


def test_the_button_names_the_day_that_goes_on_file(jane, ana, bring):
    asked(jane, ana, on=date(2026, 1, 15))
    answers(bring, "EB*1**30", trace="COB9000000010001")

    assert [row.button for row in eligibility(jane).offers] == ["Verified as of 01/15/2026"]
    assert len(offers_to(jane)) == 1
