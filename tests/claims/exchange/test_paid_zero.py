"""An answer that pays nothing: the payer decided the claim at zero, or it refused it."""

from __future__ import annotations

import pytest

from claims import actions
from claims.ledger_check import check_all
from claims.models import Adjudication, Claim, ClaimPayer
from claims.models.undo import UndoKind
from claims.recoupment.reopening import keep_answer
from cob.audit.acting import acting
from tests.claims.edi_samples import (
    BETA,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    service,
    svc,
    taken_back,
    transaction,
)

pytestmark = pytest.mark.django_db
FIRST = (("CO-45", 70_00),)
NOTHING_LEFT, DUPLICATE = (("OA-23", 150_00),), (("OA-18", 150_00),)


def balances():
    found = Claim.objects.get(control_number="PCN1")
    return found.paid_cents, found.written_off_cents, found.insurer_open_cents, found.patient_cents


def states():
    return [row.state for row in ClaimPayer.objects.filter(claim__control_number="PCN1").order_by("rank")]


def second_says(*reductions, status="2", trace="EFT2"):
    said = answer("PCN1", svc(*reductions), status=status, number=trace)
    return file_835(transaction(said, payer=BETA, trace=trace), number=int(trace[-1]))


@pytest.fixture
def billed(bring):
    """PCN1 for 150.00, to Acme first and Beta second."""
    bring(file_837p(claim("PCN1", service(), other_coverages=(also(),))))


@pytest.fixture
def first_paid(billed, bring):
    """Acme paid 80.00 and wrote 70.00 off: nothing is left."""
    bring(file_835(answer("PCN1", svc(*FIRST))))


@pytest.mark.parametrize(
    ("status", "reductions", "state"),
    [
        pytest.param("2", NOTHING_LEFT, "adjudicated", id="nothing was left"),
        pytest.param("2", (("OA-23", 80_00), ("CO-45", 70_00)), "adjudicated", id="the contract's part said again"),
        pytest.param("2", (("OA-23", 190_00), ("OA-94", -40_00)), "adjudicated", id="RFI 2804: OA-94 below zero"),
        pytest.param("4", NOTHING_LEFT, "denied", id="CLP02 4 denies"),
        pytest.param("23", NOTHING_LEFT, "denied", id="CLP02 23: not its claim, passed on"),
        pytest.param("2", (("OA-23", 80_00), ("CO-50", 70_00)), "denied", id="a denial beside it"),
        pytest.param("2", (("OA-23", 80_00), ("PR-22", 70_00)), "denied", id="it names another payer"),
        pytest.param("2", DUPLICATE, "denied", id="a duplicate"),
    ],
)
@pytest.mark.usefixtures("first_paid")
def test_a_later_payer_that_pays_zero_has_decided_unless_it_refuses(bring, status, reductions, state):
    bring(second_says(*reductions, status=status))

    assert states() == ["adjudicated", state]
    assert balances() == (80_00, 70_00, 0, 0)


@pytest.mark.usefixtures("billed")
def test_zero_before_the_first_payers_remittance_is_the_same_decision_after_it(bring):
    result = bring(second_says(*NOTHING_LEFT))
    bring(file_835(answer("PCN1", svc(*FIRST))))

    assert (states(), balances()) == (["adjudicated", "adjudicated"], (80_00, 70_00, 0, 0))
    assert any("no earlier answer is posted" in one["why"] for one in result["transactions"][0]["exceptions"])


def test_a_qualified_beneficiarys_share_alone_is_no_refusal(bring):
    """The deductible takes all that is allowed, and OA-209 says that the next payer is asked, never the patient."""
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(("OA-209", 150_00), remarks=("N782",)))))

    assert (states(), balances()) == (["adjudicated"], (0, 0, 150_00, 0))


QMB_SHARE, MEDICAID = svc(("OA-209", 150_00), remarks=("N782",)), (("OA-23", 150_00),)


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize(
    ("primary", "second", "ends", "is_odd"),
    [
        pytest.param((QMB_SHARE, ()), MEDICAID, (0, 150_00, 0, 0), False, id="Medicaid pays zero"),
        pytest.param((QMB_SHARE, ()), (("OA-23", 130_00),), (20_00, 130_00, 0, 0), False, id="Medicaid pays some"),
        pytest.param((svc(), (("OA-209", 150_00),)), MEDICAID, (0, 150_00, 0, 0), False, id="said of the claim"),
        pytest.param((svc(("CO-50", 150_00), remarks=("N782",)), ()), MEDICAID, (0, 0, 150_00, 0), True, id="refused"),
    ],
)
@pytest.mark.usefixtures("billed")
def test_behind_a_qualified_beneficiarys_share_the_next_payers_rest_is_written_off(
    bring, primary, second, ends, is_odd, first
):
    line, on_claim = primary
    files = [file_835(answer("PCN1", line, on_claim=on_claim)), second_says(*second)]
    bring(files.pop(first))
    bring(*files)

    assert balances() == ends
    odd = [row.exceptions for row in Adjudication.objects.filter(status="2")]
    assert odd == ([["OA-23 says an earlier payer took 150.00, but the earlier answer posted here refused it; "
                     "find out what was paid before."]] if is_odd else [[]])  # fmt: skip
    assert check_all().broken == {}


@pytest.mark.usefixtures("first_paid")
def test_a_duplicate_refused_later_does_not_undo_it_and_neither_does_taking_that_off(bring, cast):
    bring(second_says(*NOTHING_LEFT))
    bring(second_says(*DUPLICATE, trace="EFT3"))
    assert states() == ["adjudicated", "adjudicated"]

    refused = Adjudication.objects.get(remittance__trace="EFT3")
    with acting(cast["pat"]):
        actions.undo_answer(adjudication=refused, kind=UndoKind.UNMATCHED, reason="Not ours", by=cast["pat"])

    assert states() == ["adjudicated", "adjudicated"]


@pytest.mark.usefixtures("first_paid")
def test_it_stands_as_decided_when_a_person_keeps_it_after_the_first_payer_took_back(bring, cast):
    bring(second_says(*NOTHING_LEFT))
    bring(file_835(transaction(taken_back(answer("PCN1", svc(*FIRST))), trace="EFT4"), number=4))
    assert states() == ["reversed", "reopened"]

    with acting(cast["ben"]):
        kept = ClaimPayer.objects.get(claim__control_number="PCN1", rank=2)
        keep_answer(payer=kept, because="It owes nothing in any case.", by=cast["ben"])

    assert states() == ["reversed", "adjudicated"]


@pytest.mark.parametrize(
    ("reductions", "is_odd"),
    [
        pytest.param((("CO-45", 150_00),), True, id="all of it is no fee schedule's"),
        pytest.param((("CO-45", 149_99), ("PR-3", 1)), False, id="part of it is"),
        pytest.param((("CO-50", 150_00),), False, id="a refusal has its own work"),
    ],
)
@pytest.mark.usefixtures("billed")
def test_a_first_payer_that_writes_the_whole_charge_off_is_looked_at(bring, reductions, is_odd):
    bring(file_835(answer("PCN1", svc(*reductions))))
    bring(second_says(*NOTHING_LEFT))

    said = Adjudication.objects.get(claim_payer__rank=1).exceptions
    assert [why.partition(",")[0] for why in said] == (
        ["Service 99213: CO-45 takes the whole charge of 150.00"] if is_odd else []
    )
    assert not any("whole charge" in why for why in Adjudication.objects.get(claim_payer__rank=2).exceptions)


def test_neither_a_service_of_a_cent_nor_what_a_later_payer_takes_is_looked_at(bring):
    counted = service(2, "3074F", cents=1)
    bring(file_837p(claim("PCN1", service(), counted, other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(*FIRST), svc(("CO-45", 1), code="3074F", charge=1, number=2))))
    bring(second_says(("CO-45", 150_00)))

    assert not any("whole charge" in why for said in Adjudication.objects.all() for why in said.exceptions)
