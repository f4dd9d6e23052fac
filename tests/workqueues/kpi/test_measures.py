"""Each measure against rows counted by hand; slices add back to the whole; every figure opens to its rows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, ClaimPayer, Submission
from cob.audit.acting import acting
from cob.audit.models import Event
from denials import actions as denial_actions
from denials.models import Denial
from tests.factories.denials import ClaimFactory, answer_of, payer_of, remittance_of
from tests.factories.patients import PatientFactory
from tests.factories.workqueues import refused
from workqueues.kpi import presenters, queries
from workqueues.kpi.measures import BY_SLUG, MEASURES, Slice
from workqueues.kpi.periods import Week

pytestmark = pytest.mark.django_db
WEEK = Week.parse("2026-W46")
MONDAY, SUNDAY = WEEK.first, WEEK.last


def paid(site, on, payer="Acme Health"):
    """A claim whose first answer came that day and paid."""
    row = payer_of(ClaimFactory(patient=PatientFactory(site=site)), 1, payer, state="adjudicated", answered_on=on)
    told = remittance_of(row.payer, site=site, on=on)
    return answer_of(row, ("CO", "45", 2000), status="1", paid=8000, remittance=told)


def sent_on(site, answered, submitted):
    """A claim whose first payer answered on one day and that went to the second on another."""
    claim = ClaimFactory(patient=PatientFactory(site=site))
    payer_of(claim, 1, "Acme Health", state="adjudicated", answered_on=answered)
    return payer_of(claim, 2, "Beacon Mutual", state="submitted", submitted_on=submitted)


def figure(slug, user, **part):
    return queries.figures(BY_SLUG[slug], Slice(user, **part), WEEK, 1)[0]


@pytest.mark.parametrize(
    ("on", "counted"),
    [
        pytest.param(MONDAY, 1, id="Monday"),
        pytest.param(SUNDAY, 1, id="Sunday"),
        pytest.param(MONDAY - timedelta(days=1), 0, id="the Sunday before"),
        pytest.param(SUNDAY + timedelta(days=1), 0, id="the Monday after"),
    ],
)
def test_a_claim_counts_in_the_week_of_its_first_answer(main, sol, as_task, on, counted):
    refused(main, on=on)

    found = figure("cob-denial-rate", sol)
    assert (found.numerator, found.denominator) == (counted, counted)


def test_only_the_first_answer_and_only_the_order_of_payers_make_a_cob_denial(main, sol, as_task):
    refused(main, on=MONDAY)
    paid(main, MONDAY)
    refused(main, reason="50", on=MONDAY)
    late = paid(main, MONDAY - timedelta(days=14))
    again = answer_of(
        late.claim_payer, ("CO", "22", 10000), remittance=remittance_of(late.claim_payer.payer, on=MONDAY)
    )
    denial_actions.record_denials(again.remittance)

    found = figure("cob-denial-rate", sol)
    assert (found.numerator, found.denominator) == (1, 3)


@pytest.mark.parametrize(
    ("reason", "remarks", "counted"),
    [
        pytest.param("22", ["N179"], 1, id="refused until the patient has answered"),
        pytest.param("227", [], 1, id="the patient did not answer"),
        pytest.param("22", ["MA130"], 0, id="rejected"),
    ],
)
def test_an_open_questionnaire_counts_and_a_rejection_does_not(main, sol, as_task, reason, remarks, counted):
    denial = refused(main, reason=reason, remarks=remarks, on=MONDAY)
    assert queries.open_age(Slice(sol), MONDAY) == (counted, 0)
    denial_actions.resolve(denial=denial, resolution="The patient answered.", on=MONDAY)

    assert figure("cob-denial-rate", sol).numerator == counted
    assert figure("days-to-resolution", sol).denominator == counted


def test_lag_is_the_days_from_the_answer_before_to_our_claim(main, sol, as_task):
    for days in (1, 2, 2, 3, 4, 7, 16):
        sent_on(main, MONDAY - timedelta(days=days), MONDAY)
    sent_on(main, MONDAY + timedelta(days=3), MONDAY)  # its first payer took the answer back and gave it anew

    found = figure("secondary-lag", sol)
    assert (found.numerator, found.denominator, found.value) == (35, 7, 5.0)


@pytest.mark.parametrize(
    ("sent", "lag"),
    [
        pytest.param([MONDAY], 2, id="sent once"),
        pytest.param([MONDAY, MONDAY + timedelta(days=70)], 2, id="corrected ten weeks later"),
        pytest.param([MONDAY - timedelta(days=40), MONDAY], 2, id="billed as the first payer before the order changed"),
        pytest.param([MONDAY - timedelta(days=40)], None, id="sent before the answer alone"),
    ],
)
def test_the_first_claim_after_the_answer_is_the_one_whose_lag_counts(main, sol, as_task, sent, lag):
    row = sent_on(main, MONDAY - timedelta(days=2), sent[-1])
    for day in sent:
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        Submission.objects.create(claim=row.claim, claim_payer=row, sent_at=noon)

    found = figure("secondary-lag", sol)
    assert (found.numerator, found.denominator) == ((lag, 1) if lag else (0, 0))


def test_the_lag_of_a_third_payer_runs_from_the_last_one_that_answered(main, sol, as_task):
    second = sent_on(main, MONDAY - timedelta(days=5), None)
    ClaimPayer.objects.filter(pk=second.pk).update(state="not_billable")
    payer_of(second.claim, 3, "Cedar Plan", state="submitted", submitted_on=MONDAY)

    found = figure("secondary-lag", sol)
    assert (found.numerator, found.denominator) == (5, 1)


def test_days_to_resolution_run_from_the_answer_to_what_ended_it_and_leave_open_ones_out(main, sol, as_task):
    for days in (3, 5, 8, 12, 21, 40):
        denial = refused(main, on=MONDAY - timedelta(days=days))
        denial_actions.resolve(denial=denial, resolution="Sent again.", on=MONDAY)
    refused(main, on=MONDAY - timedelta(days=10))
    voided = refused(main, on=MONDAY - timedelta(days=100))
    denial_actions.resolve(denial=voided, resolution="The claim was voided.", on=MONDAY)
    Claim.objects.filter(pk=voided.claim_id).update(is_void=True)

    found = figure("days-to-resolution", sol)
    assert (found.numerator, found.denominator) == (89, 6)
    assert round(found.value, 2) == 14.83
    assert queries.open_age(Slice(sol), MONDAY) == (1, 10)


def test_slices_by_payer_add_back_to_the_whole_and_other_sites_are_not_there(main, north, sol, kit, as_task):
    paid(main, MONDAY)
    paid(main, MONDAY, payer="Beacon Mutual")
    refused(main, on=MONDAY)
    paid(north, MONDAY)

    payers = {
        row.payer for row in queries.behind(BY_SLUG["cob-denial-rate"], Slice(sol), WEEK) for row in [row.remittance]
    }
    by_payer = [figure("cob-denial-rate", sol, payer=payer) for payer in payers]
    whole = figure("cob-denial-rate", sol)
    assert sum(each.denominator for each in by_payer) == whole.denominator == 3
    assert sum(each.numerator for each in by_payer) == whole.numerator == 1
    assert figure("cob-denial-rate", kit).denominator == 1


@pytest.mark.parametrize(("cases", "shown"), [(19, "1 of 19"), (20, "5.00 %")])
def test_a_rate_of_fewer_than_twenty_cases_is_shown_as_counts(main, sol, as_task, cases, shown):
    refused(main, on=MONDAY)
    for _ in range(cases - 1):
        paid(main, MONDAY)

    assert presenters.written(figure("cob-denial-rate", sol)) == shown


def test_every_measure_says_what_it_counts_of_what_by_which_day_and_against_what():
    for measure in MEASURES:
        assert all((measure.sentence, measure.numerator, measure.denominator, measure.day_word, measure.source))
        assert measure.reference


def test_a_figure_opens_to_its_rows_and_opening_them_is_on_the_trail(main, sol, as_task, sign_in):
    denial = refused(main, on=MONDAY)
    page = sign_in(sol).get(reverse("kpi:measure-rows", args=["cob-denial-rate", str(WEEK)]))

    assert denial.claim.control_number in page.content.decode()
    assert reverse("claims:claim-page", args=[denial.claim.pk]) in page.content.decode()
    seen = Event.objects.filter(verb="saw").latest("pk")
    assert list(seen.patients.values_list("patient_id", flat=True)) == [denial.claim.patient_id]


@pytest.mark.parametrize("bad", ["2026-W60", "nonsense", "2026-46"])
def test_a_week_that_does_not_exist_is_not_found(sol, sign_in, bad):
    assert sign_in(sol).get(f"/kpi/cob-denial-rate/{bad}/").status_code == 404


def test_the_rows_page_costs_the_same_for_one_and_for_fifty(main, sol, sign_in, queries_of):
    address = reverse("kpi:measure-rows", args=["cob-denial-rate", str(WEEK)])
    client = sign_in(sol)
    with acting("test task"):
        paid(main, MONDAY)
    client.get(address)
    one = queries_of(lambda: client.get(address))
    with acting("test task"):
        for _ in range(49):
            paid(main, MONDAY)
    fifty = queries_of(lambda: client.get(address))

    assert one == fifty


def test_moments_of_the_practice_not_of_the_database_decide_the_week(main, sol, as_task):
    """Dates are stored as the practice's own days, so no time zone moves a Sunday into the next week."""
    denial = refused(main, on=SUNDAY)
    Denial.objects.filter(pk=denial.pk).update(
        recorded_at=timezone.make_aware(datetime.combine(SUNDAY + timedelta(days=1), datetime.min.time()))
    )

    assert figure("cob-denial-rate", sol).numerator == 1
    assert date(2026, 11, 15) == SUNDAY
