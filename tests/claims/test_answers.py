"""Stored answers read for many claims at once."""

from __future__ import annotations

import pytest

from claims.models import AdjudicatedLine, Line
from claims.submissions.answers import answers_to
from tests.factories.claims import AdjudicationFactory, ClaimFactory, ClaimPayerFactory

pytestmark = pytest.mark.django_db
MORE_THAN_A_CONDITION_MAY_BE_DEEP = 1_001


@pytest.mark.usefixtures("as_task")
def test_the_answers_to_five_hundred_claims_may_have_more_lines_than_a_condition_may_be_deep():
    claim = ClaimFactory()
    payer = ClaimPayerFactory(claim=claim)
    answer = AdjudicationFactory(claim=claim, claim_payer=payer)
    numbers = range(1, 1 + MORE_THAN_A_CONDITION_MAY_BE_DEEP)
    lines = Line.objects.bulk_create(
        Line(claim=claim, number=n, procedure="99213", charge_cents=1, service_on=claim.service_from) for n in numbers
    )
    AdjudicatedLine.objects.bulk_create(
        AdjudicatedLine(
            adjudication=answer, position=line.number, line=line, procedure="99213", charge_cents=1, paid_cents=1
        )
        for line in lines
    )

    (answered,) = answers_to(claim)[payer.pk]

    assert [line.line for line in answered.lines] == list(numbers)
