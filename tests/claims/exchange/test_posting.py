"""What a payer's answer does to the ledger, from file to balance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims.exchange.posting import PAID_AS_ESTIMATE
from claims.ledger_check import check_all
from claims.models import Adjudication, Claim, ClaimPayer, CrossoverWatch, Posting
from cob.x12.parts import Party
from tests.claims.edi_samples import (
    BETA,
    MEDICARE,
    also,
    answer,
    claim,
    file_835,
    file_837p,
    insured,
    service,
    svc,
    to,
    transaction,
    whole,
)
from tests.claims.exchange.posted import balances, only, postings, state, why

pytestmark = pytest.mark.django_db


PAID = (("CO-45", 50_00), ("PR-2", 20_00))
ANSWERED_ON = date(2026, 3, 20)


def test_a_paid_line_is_a_payment_a_write_off_and_what_the_patient_owes(bring):
    bring(file_837p(claim()))
    result = bring(file_835(answer("PCN1", svc(*PAID))))

    assert result["outcome"] == "posted"
    assert postings() == [
        (1, "payment", "", 80_00),
        (1, "responsibility", "PR-2", 20_00),
        (1, "write_off", "CO-45", 50_00),
    ]
    assert balances() == (80_00, 50_00, 0, 20_00)
    assert state() == "adjudicated"
    assert (only(result)["posted"], only(result)["unmatched"], why(result)) == (1, 0, [])


def test_the_patient_owes_nothing_while_a_second_payer_has_not_answered(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(*PAID))))

    assert balances() == (80_00, 50_00, 20_00, 0)
    assert (state(1), state(2)) == ("adjudicated", "expected")


def test_the_last_payers_share_replaces_the_first_ones(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(*PAID))))
    second = answer("PCN1", svc(("OA-23", 130_00), ("PR-2", 5_00)), status="2")
    bring(file_835(transaction(second, payer=BETA, trace="EFT2")))

    assert balances() == (95_00, 50_00, 0, 5_00)


@pytest.mark.parametrize(
    ("second", "written_off", "leftover"),
    [
        pytest.param((("OA-23", 425_00), ("CO-45", 10_00)), 135_00, 0, id="good file: OA-23 holds what came before"),
        pytest.param((("CO-45", 435_00),), 135_00, 0, id="bad file: CO-45 repeats what came before (RFI 1696)"),
        pytest.param((("OA-23", 435_00),), 135_00, 0, id="OA-23 for all the rest"),
    ],
)
def test_of_a_later_payers_reductions_only_the_increment_is_written_off(bring, second, written_off, leftover):
    line = service(cents=500_00)
    bring(file_837p(claim("PCN1", line, other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(("CO-45", 125_00), ("PR-2", 75_00), charge=500_00))))
    later = answer("PCN1", svc(*second, charge=500_00), status="2")
    result = bring(file_835(transaction(later, payer=BETA, trace="EFT2")))

    assert balances() == (365_00, written_off, leftover, 0)
    assert why(result) == []


def test_a_later_payer_that_repeats_the_write_off_adds_nothing(bring):
    bring(file_837p(claim("PCN1", service(cents=300_00), other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(("CO-45", 200_00), ("PR-2", 20_00), charge=300_00))))
    later = answer("PCN1", svc(("CO-45", 200_00), ("OA-23", 80_00), charge=300_00), status="2")
    bring(file_835(transaction(later, payer=BETA, trace="EFT2")))

    assert balances() == (100_00, 200_00, 0, 0)


def test_a_later_payer_that_pays_as_if_first_leaves_a_credit_and_says_so(bring):
    bring(file_837p(claim("PCN1", service(), other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(*PAID))))
    later = answer("PCN1", svc(("CO-45", 50_00), ("PR-2", 20_00)), status="2")
    result = bring(file_835(transaction(later, payer=BETA, trace="EFT2")))

    assert balances() == (160_00, 50_00, -60_00, 0)
    assert "80.00 more than the charge" in why(result)[0]


@pytest.mark.parametrize(
    ("reductions", "paid", "open_with_insurer"),
    [
        pytest.param((("CO-16", 150_00),), 0, 150_00, id="missing information"),
        pytest.param((("CO-22", 150_00),), 0, 150_00, id="another payer first"),
        pytest.param((("PI-50", 150_00),), 0, 150_00, id="payer's own opinion"),
        pytest.param((("OA-18", 150_00),), 0, 150_00, id="duplicate"),
        pytest.param((("PR-22", 150_00),), 0, 150_00, id="another payer first, said as PR"),
        pytest.param((("CO-29", 100_00), ("CO-45", 50_00)), 0, 100_00, id="contract part apart from the refusal"),
    ],
)
def test_a_refused_line_is_not_written_off(bring, reductions, paid, open_with_insurer):
    bring(file_837p(claim()))
    result = bring(file_835(answer("PCN1", svc(*reductions))))

    assert balances() == (paid, 150_00 - open_with_insurer - paid, open_with_insurer, 0)
    assert only(result)["denials"] == 1
    assert all(kind != "write_off" or code == "CO-45" for _, kind, code, _ in postings())


def test_a_fully_refused_claim_is_denied_and_a_later_duplicate_does_not_undo_a_payment(bring):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(("CO-16", 150_00)), status="4")))
    assert state() == "denied"

    bring(file_835(transaction(answer("PCN1", svc(*PAID), number="ICN2"), trace="EFT2")))
    assert (state(), balances()) == ("adjudicated", (80_00, 50_00, 0, 20_00))

    bring(file_835(transaction(answer("PCN1", svc(("OA-18", 150_00)), number="ICN3"), trace="DUP")))
    assert (state(), balances()) == ("adjudicated", (80_00, 50_00, 0, 20_00))


def test_sequestration_is_the_payers_write_off_never_the_patients(bring):
    made = claim(subscriber=insured(member="1EG4TE5MK73", filing="MB"), payer=to(MEDICARE))
    bring(file_837p(made))
    paid = svc(("CO-45", 50_00), ("CO-253", 1_60), ("PR-2", 20_00))
    bring(file_835(transaction(answer("PCN1", paid), payer=MEDICARE)))

    assert balances() == (78_40, 51_60, 0, 20_00)


def test_money_the_payer_sent_to_the_patient_is_the_patients_debt_and_counts_as_paid_before(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(("PR-100", 80_00), ("CO-45", 50_00), ("PR-2", 20_00)))))
    later = answer("PCN1", svc(("OA-23", 130_00)), status="2")
    bring(file_835(transaction(later, payer=BETA, trace="EFT2")))

    assert balances() == (20_00, 50_00, 0, 80_00)


@pytest.mark.parametrize("remark", ["N781", "N782", "N783"])
def test_cost_share_of_a_qmb_is_never_the_patients(bring, remark):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID, remarks=(remark,)))))

    assert balances() == (80_00, 50_00, 20_00, 0)


@pytest.mark.parametrize(("remark", "owed"), [("N782", 0), ("N130", 20_00)])
def test_a_remark_on_one_line_that_the_patient_is_a_qmb_speaks_for_the_other(bring, remark, owed):
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 77_00))))
    beside = svc(("CO-45", 47_00), code="85025", charge=77_00, number=2, remarks=(remark,))
    bring(file_835(answer("PCN1", svc(*PAID), beside)))

    assert balances() == (110_00, 97_00, 20_00 - owed, owed)


@pytest.mark.parametrize(("reason", "owed"), [("PR-2", 0), ("PR-3", 4_00)])
def test_of_a_qmb_a_later_payer_leaves_the_states_copay_and_nothing_else(bring, reason, owed):
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(*PAID, remarks=("N782",)))))
    later = answer("PCN1", svc(("OA-23", 130_00), (reason, 4_00)), status="2")
    bring(file_835(transaction(later, payer=BETA, trace="EFT2")))

    assert balances() == (96_00, 50_00, 4_00 - owed, owed)
    assert check_all().broken == {}


def test_behind_a_payer_that_left_all_of_it_to_the_patient_the_increment_is_written_off(bring):
    # Whatever a later payer calls it (X12 RFI 1696, 2143): the first paid and cut nothing, so nothing else is left.
    bring(file_837p(claim(other_coverages=(also(),))))
    bring(file_835(answer("PCN1", svc(("PR-1", 150_00)))))
    later = answer("PCN1", svc(("OA-23", 60_00), ("PR-2", 20_00)), status="2")
    result = bring(file_835(transaction(later, payer=BETA, trace="EFT2")))

    assert balances() == (70_00, 60_00, 0, 20_00)
    assert why(result) == []


def test_what_is_odd_on_a_line_names_the_line(bring):
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 77_00), other_coverages=(also(),))))
    each = (svc(("OA-23", 100_00)), svc(("OA-23", 40_00), code="85025", charge=77_00, number=2))
    result = bring(file_835(transaction(answer("PCN1", *each, status="2"), payer=BETA)))

    said = [one[:48] for one in why(result) if one.startswith("Line")]
    assert said == [
        "Line 1: OA-23 says an earlier payer took 100.00,",
        "Line 2: OA-23 says an earlier payer took 40.00, ",
    ]


def test_claim_level_adjustments_are_shared_out_to_the_cent(bring):
    # X12 RFI 2570: lines pay 494.60, the claim takes 395.68 of it back and pays 98.92.
    lines = (service(1, "99213", 1800_00), service(2, "85025", 63_00))
    bring(file_837p(claim("PCN1", *lines)))
    paid = (
        svc(("OA-23", 1339_08), charge=1800_00),
        svc(("OA-23", 29_32), code="85025", charge=63_00, number=2),
    )
    bring(file_835(answer("PCN1", *paid, on_claim=(("OA-23", 395_68),), status="2")))

    assert balances()[0] == 98_92
    assert sum(cents for _, kind, _, cents in postings() if kind == "payment") == 98_92
    assert all(cents >= 0 for _, kind, _, cents in postings() if kind == "payment")


def test_an_answer_for_the_claim_as_a_whole_is_laid_on_its_lines_by_charge(bring):
    bring(file_837p(claim("PCN1", service(1, cents=100_00), service(2, "85025", 50_00))))
    bring(file_835(whole("PCN1", 150_00, ("CO-45", 30_01), ("PR-1", 20_00))))

    by_line = list(Posting.objects.filter(kind="write_off").order_by("line__number").values_list("amount_cents"))
    assert by_line == [(20_01,), (10_00,)]
    assert balances() == (99_99, 30_01, 0, 20_00)


def test_an_estimate_never_posts(bring):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID), status="25")))

    assert (postings(), state()) == ([], "submitted")


@pytest.mark.parametrize(
    ("services", "says"),
    [
        pytest.param(svc(*PAID), [PAID_AS_ESTIMATE], id="paid"),
        pytest.param(svc(("OA-101", 150_00)), [], id="priced"),
    ],
)
def test_money_under_an_estimate_is_said_and_a_mere_price_is_not(bring, services, says):
    bring(file_837p(claim()))

    assert why(bring(file_835(answer("PCN1", services, status="25")))) == says


@pytest.mark.parametrize(
    ("changes", "signal"),
    [
        pytest.param({"status": "19"}, "CLP02 19", id="status"),
        pytest.param({"crossover_carrier": Party("TT", "BETA LIFE", id_qualifier="PI", id="66666")}, "NM1*TT", id="TT"),
        pytest.param({"outpatient_remarks": ("MA18",)}, "MA18", id="remark"),
    ],
)
def test_any_sign_of_a_crossover_makes_the_next_payer_wait_and_says_when_to_ask_it(bring, changes, signal):
    bring(file_837p(claim(other_coverages=(also(),))))
    result = bring(file_835(replace(answer("PCN1", svc(*PAID)), **changes)))

    following = ClaimPayer.objects.get(rank=2)
    assert (following.state, following.crossover_until) == ("forwarded", date(2026, 4, 19))
    assert CrossoverWatch.objects.get().check_on == date(2026, 4, 10)
    assert signal in Adjudication.objects.get().forwarded_by
    assert only(result)["crossovers"] == 1


def test_a_crossover_to_a_payer_nobody_knew_of_is_listed(bring):
    bring(file_837p(claim()))
    result = bring(file_835(replace(answer("PCN1", svc(*PAID)), status="19")))

    assert "no later payer is on the claim" in why(result)[0]


def test_a_payer_that_answers_in_another_place_than_billed_is_listed_and_posted(bring):
    bring(file_837p(claim(other_coverages=(also(),))))
    result = bring(file_835(answer("PCN1", svc(*PAID), status="2")))

    assert "processed the claim as secondary; on the claim it is payer 1" in why(result)[0]
    assert balances()[0] == 80_00


def test_a_payer_not_on_the_claim_is_posted_and_listed(bring):
    bring(file_837p(claim()))
    result = bring(file_835(transaction(answer("PCN1", svc(*PAID), status="2"), payer=BETA, trace="EFT2")))

    assert "not one of the payers" in why(result)[0]
    assert balances() == (80_00, 50_00, 20_00, 0)


def test_two_payments_of_one_payer_without_a_reversal_leave_a_credit(bring):
    bring(file_837p(claim()))
    bring(file_835(answer("PCN1", svc(*PAID))))
    result = bring(file_835(transaction(answer("PCN1", svc(*PAID), number="ICN2"), trace="EFT2")))

    assert balances() == (160_00, 50_00, -60_00, 0)
    assert "more than the charge" in why(result)[0]


@pytest.mark.parametrize("day", [ANSWERED_ON, ANSWERED_ON + timedelta(days=1)], ids=["the same day", "another day"])
def test_one_payment_told_twice_with_other_totals_is_held_the_second_time(bring, day):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    first = answer("PCN1", svc(("CO-45", 50_00)))
    bring(file_835(transaction(first, trace="EFT1")))
    again = transaction(first, answer("PCN2", svc(("CO-45", 60_00)), number="ICN2"), trace="EFT1", paid=day)
    result = bring(file_835(again, number=2))

    assert result["outcome"] == "quarantined"
    assert "Segment 3 (ST), element TRN02: payment EFT1 of ACME HEALTH was posted before as 100.00" in result["reason"]
    assert list(Claim.objects.order_by("pk").values_list("paid_cents", flat=True)).count(0) == 1


def test_a_check_number_used_again_for_other_claims_on_another_day_is_another_payment(bring):
    bring(file_837p(claim("PCN1"), claim("PCN2")))
    bring(file_835(transaction(answer("PCN1", svc(("CO-45", 50_00))), trace="1001")))
    other = transaction(answer("PCN2", svc(("CO-45", 60_00)), number="ICN2"), trace="1001", paid=date(2027, 3, 20))

    assert bring(file_835(other, number=2))["outcome"] == "posted"


def test_a_claim_the_payer_split_adds_up(bring):
    bring(file_837p(claim("PCN1", service(1), service(2, "85025", 50_00))))
    bring(
        file_835(
            answer("PCN1", svc(*PAID)),
            answer("PCN1", svc(("CO-45", 10_00), code="85025", charge=50_00, number=2), number="ICN2"),
        )
    )

    assert balances() == (120_00, 60_00, 0, 20_00)


@pytest.mark.parametrize("cents", [1, 2, 3, 33_33, 99_99])
def test_odd_cents_shared_over_three_lines_are_neither_lost_nor_made(bring, cents):
    lines = tuple(service(n, f"9921{n}", 33_33 + n) for n in (1, 2, 3))
    bring(file_837p(claim("PCN1", *lines)))
    total = sum(line.charge_cents for line in lines)
    bring(file_835(whole("PCN1", total, ("CO-45", cents))))

    assert balances() == (total - cents, cents, 0, 0)
