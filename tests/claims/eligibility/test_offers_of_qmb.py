"""A patient who was a Qualified Medicare Beneficiary for a time is one for that time, and billed after it."""

from __future__ import annotations

from datetime import date

import pytest

from cob.audit.acting import acting
from cob.coverage.actions import tell_fact
from cob.coverage.eligibility import replies, wording
from cob.coverage.eligibility.reading import offers_to
from cob.x12.hints271 import Hint
from tests.claims.eligibility.asked import answers, asked, offer

pytestmark = pytest.mark.django_db
PAST, NOW = "EB*R***QM~DTP*290*RD8*20250101-20251231", "EB*R***QM~DTP*290*D8*20260101"


def is_qmb(patient, *days):
    facts = [patient.facts.as_of(day).get("medicare.qmb") for day in days]
    return [fact.value if fact else None for fact in facts]


def put(patient, by, *spans):
    found = [one for one in offers_to(patient) if one.said.hint is Hint.QMB]
    for one in sorted(found, key=lambda one: spans.index(one.said.starts_on)):
        with acting(by):
            replies.put_on_file(offer=one, by=by)


DAYS = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 2))


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        (PAST, [None, True, True, False, False]),
        (NOW, [None, None, None, True, True]),
        (NOW.replace("D8*20260101", "RD8*20260101-20261231"), [None, None, None, True, True]),
        (f"{PAST}~{NOW}", [None, True, True, True, True]),
    ],
)
@pytest.mark.parametrize("spans", [(date(2025, 1, 1), date(2026, 1, 1)), (date(2026, 1, 1), date(2025, 1, 1))])
def test_it_holds_for_the_days_told_in_whichever_order_they_are_put_on_file(jane, ana, bring, said, holds, spans):
    asked(jane, ana)
    answers(bring, said, trace="COB9000000010001")

    put(jane, ana, *spans)

    assert is_qmb(jane, *DAYS) == holds


def test_a_span_that_is_over_is_told_as_over(jane, ana, bring):
    asked(jane, ana)
    answers(bring, f"{PAST}~{NOW}", trace="COB9000000010001")
    told = [wording.title(one) for one in offers_to(jane) if one.said.hint is Hint.QMB]

    assert [one.partition("patient ")[2] for one in told] == [
        "was a Qualified Medicare Beneficiary from 01/01/2025 until 12/31/2025: no cost share of those days is billed.",
        "is a Qualified Medicare Beneficiary since 01/01/2026: no cost share is billed.",
    ]


def test_the_end_of_what_is_on_file_without_one_is_offered(jane, ana, bring):
    with acting(ana):
        tell_fact(patient=jane, path="medicare.qmb", value=True, true_from=date(2025, 1, 1), told_by="Jane", by=ana)
    asked(jane, ana)
    answers(bring, PAST, trace="COB9000000010001")
    assert not offer(jane, Hint.QMB).is_settled

    put(jane, ana, date(2025, 1, 1))

    assert is_qmb(jane, *DAYS) == [None, True, True, False, False]
    assert offer(jane, Hint.QMB).is_settled
