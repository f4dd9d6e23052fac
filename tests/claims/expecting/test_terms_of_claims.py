"""Terms that speak of a claim, as they are kept under Settings: sets, fills and maxima, used up line by line."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from claims.expecting.shown import compared_of
from claims.models import ReportedAdjustment
from cob.audit.acting import acting
from cob.coverage.payment_actions import FeeLine, set_fees, set_terms
from cob.coverage.payment_forms import TermsForm
from cob.coverage.payment_terms import OnFile
from tests.factories.claims import (
    AdjudicatedLineFactory,
    AdjudicationFactory,
    ClaimFactory,
    ClaimPayerFactory,
    LineFactory,
    RemittanceFactory,
)
from tests.factories.coverage import PayerFactory

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)
# Of each line, 100.00 billed: the first plan allows 80.00, pays 50.00, leaves 30.00.
FIRST = (50_00, [("CO", "45", 20_00), ("PR", "1", 10_00), ("PR", "2", 20_00)])


@pytest.fixture(autouse=True)
def somebody():
    with acting("a test"):
        yield


def expected_of(kind="employer", lines=2, first=FIRST, first_kind="employer", **terms):
    """What the second payer of a claim should pay by these terms, in cents: (low, high)."""
    claim = ClaimFactory(charge_cents=lines * 100_00)
    services = [LineFactory(claim=claim, number=n + 1, charge_cents=100_00) for n in range(lines)]
    paid = ((1, first_kind, *first), (2, kind, 0, [("OA", "23", 100_00)]))
    for rank, of_kind, cents, adjustments in paid:
        payer = PayerFactory(name=f"Plan {rank}", edi_id=f"PLAN{rank}", kind=of_kind)
        row = ClaimPayerFactory(claim=claim, rank=rank, payer=payer)
        answer = AdjudicationFactory(
            remittance=RemittanceFactory(payer=payer), claim=claim, claim_payer=row, charge_cents=claim.charge_cents,
            paid_cents=lines * cents, posted_at=timezone.now(),
        )  # fmt: skip
        for place, service in enumerate(services, 1):
            svc = AdjudicatedLineFactory(
                adjudication=answer, position=place, line=service, charge_cents=100_00, paid_cents=cents,
                procedure=service.procedure,
            )  # fmt: skip
            for group, reason, amount in adjustments:
                ReportedAdjustment.objects.create(
                    adjudication=answer, line=svc, group=group, reason=reason, amount_cents=amount
                )
        row.state, row.answered_on = "adjudicated", SINCE
        row.save()
    given = {"payer": payer, "effective_on": SINCE, "source": "page 4", "by": None}
    set_terms(plan_name="", terms=OnFile(**terms), **given)
    set_fees(site=None, fees=[FeeLine("99213", "", 80_00, None)], **given)
    found = compared_of(claim)[1]
    return found.low_cents, found.high_cents


GAP = {"method": "wraparound"}
ALONE = {"method": "standard", "plan_percent": 100, "deductible_is_met": True}


@pytest.mark.parametrize(
    ("terms", "lines", "pays"),
    [
        pytest.param(GAP | {"covers_coinsurance_cents": 50_00}, 1, 20_00, id="coinsurance only, of one line"),
        pytest.param(GAP | {"covers_coinsurance_cents": 19_99}, 1, 19_99, id="up to its limit"),
        pytest.param(GAP | {"covers_coinsurance_cents": 30_00}, 2, 30_00, id="the limit is the claim's"),
        pytest.param(GAP | {"covers_deductible_cents": 15_00, "covers_copay_cents": 9_00}, 2, 15_00, id="deductible"),
        pytest.param({"method": "flat", "flat_payment_cents": 25_00}, 1, 25_00, id="a set amount"),
        pytest.param({"method": "flat", "flat_payment_cents": 25_00}, 2, 25_00, id="a set amount once a claim"),
        pytest.param({"method": "flat", "flat_payment_cents": 75_00}, 2, 75_00, id="more than one line has left"),
        pytest.param(ALONE, 2, 60_00, id="standard, all that is left"),
        pytest.param(ALONE | {"most_cents": 45_00}, 2, 45_00, id="at most so much a claim"),
        pytest.param(ALONE | {"most_cents": 60_00}, 2, 60_00, id="a maximum that is not reached"),
        pytest.param(ALONE | {"copay_cents": 60_00}, 2, 50_00, id="its copay is taken once a claim"),
    ],
)
def test_what_terms_say_of_a_claim_is_used_up_line_by_line(terms, lines, pays):
    assert expected_of(lines=lines, **terms) == (pays, pays)


@pytest.mark.parametrize(("enrolled", "pays"), [(True, 30_00), (False, 0)])
def test_a_medicaid_we_are_not_enrolled_with_pays_nothing(enrolled, pays):
    terms = {"medicaid_policy": "full", "medicaid_enrolled": enrolled}

    assert expected_of("medicaid", lines=1, **terms) == (pays, pays)


@pytest.mark.parametrize(("copay", "ends"), [(None, (0, 20_00)), (15_00, (5_00, 5_00))])
def test_letter_n_is_a_range_until_its_copay_is_told(copay, ends):
    medicare = (78_40, [("CO", "253", 1_60), ("PR", "2", 20_00)])
    terms = {"medigap_letter": "N", "visit_copay_cents": copay}

    assert expected_of("medigap", lines=1, first=medicare, first_kind="medicare", **terms) == ends


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"method": "flat"}, "flat_payment_cents"),
        ({"method": "flat", "flat_payment_cents": "0.00"}, None),
        ({"method": "wraparound"}, "covers_deductible_cents"),
        ({"method": "wraparound", "covers_copay_cents": "25"}, None),
    ],
)
def test_a_method_is_kept_only_with_the_figures_it_reckons_with(said, field):
    form = TermsForm({"effective_on": "01/01/2026", "source": "Booklet p. 12"} | said)

    assert list(form.errors) == ([field] if field else [])
