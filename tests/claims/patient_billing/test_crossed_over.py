"""A payer that says it passed the claim on to one nobody has on file: no statement before that is looked into."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.models import ClaimPayer
from claims.patient_billing import holding
from claims.patient_billing.models import Ground, StatementHold
from cob.coverage.facts import tell_fact
from cob.coverage.models import Coverage
from cob.x12.parts import Party
from tests.claims.edi_samples import MEDICARE, also, answer, claim, file_835, file_837p, insured, svc, taken_back, to
from tests.claims.edi_samples import transaction as remit
from tests.claims.patient_billing.flow import PAID, grounds, only, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "by_ben")]

GAMMA = Party("TT", "GAMMA SUPP", id_qualifier="PI", id="88888")
BY_NAME = "MEDICARE PART B says that it passed the claim on to GAMMA SUPP, and no later payer is on the claim."


@pytest.fixture
def passed_on(bring, ben):
    """Medicare alone on the claim pays 80 of 150 and leaves 20 to a patient who is no QMB."""

    def _passed_on(*, behind=(), **said):
        medicare = claim(subscriber=insured(filing="MB"), payer=to(MEDICARE), other_coverages=behind)
        bring(file_837p(medicare))
        tell_fact(patient=only().patient, path="medicare.qmb", value=False, told_by="271", by=ben)
        made = replace(answer("PCN1", svc(*PAID), number="M1"), **said)
        bring(file_835(remit(made, payer=MEDICARE)))
        return made

    return _passed_on


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ({}, ""),
        ({"outpatient_remarks": ("MA08",)}, ""),
        ({"crossover_carrier": GAMMA}, BY_NAME),
        ({"crossover_carrier": GAMMA, "status": "19", "outpatient_remarks": ("MA18",)}, BY_NAME),
        ({"outpatient_remarks": ("MA07",)}, BY_NAME.replace("GAMMA SUPP", "another payer")),
    ],
)
def test_any_sign_of_it_holds_where_no_payer_stands_behind(passed_on, said, held):
    passed_on(**said)

    assert grounds() == ([Ground.COVERAGE_NOT_BILLED] if held else [])
    assert (standing().held, standing().due_cents) == (held, 0 if held else 20_00)


def test_with_a_payer_behind_it_that_one_is_waited_for(passed_on):
    passed_on(behind=(also(),), crossover_carrier=GAMMA)

    assert grounds() == [Ground.CROSSOVER_PENDING]


def test_it_goes_when_the_coverage_is_put_on_the_claim(passed_on):
    passed_on(crossover_carrier=GAMMA)
    grounds()
    row = only()
    first = row.payers.get()
    other = Coverage.objects.create(
        patient=row.patient, payer=first.payer, kind="medigap", relationship="self", member_id="G1"
    )
    assert standing().held == f"MEDICARE PART B was in force on that day and is not on the claim. {BY_NAME}"
    ClaimPayer.objects.create(claim=row, coverage=other, payer=first.payer, rank=2)

    assert grounds() == [Ground.PAYER_OUTSTANDING]


def test_it_goes_with_the_answer_that_said_it(passed_on, bring):
    said = passed_on(crossover_carrier=GAMMA)
    corrected = answer("PCN1", svc(*PAID), number="M2")
    bring(file_835(remit(taken_back(said), corrected, trace="EFT2", payer=MEDICARE), number=2))

    assert grounds() == []
    assert standing().due_cents == 20_00


def test_a_person_lets_it_out_with_a_reason(passed_on, ben):
    passed_on(crossover_carrier=GAMMA)
    grounds()
    holding.lift(hold=StatementHold.objects.open().get(), because="Gamma ended in 2025; it refused by phone.", by=ben)

    assert grounds() == []
    assert standing().due_cents == 20_00
