"""The front desk's list of the next visits, and what a patient's page says is coming: from rows to words and links."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.ahead import ahead, checks
from cob.coverage.deciding import Evidence
from cob.coverage.models import Coverage, Determination
from cob.coverage.pictures import picture_of, pictures_of
from cob.patients.models import Patient
from cob.rules.frontdesk import flags_for, missing_for
from tests.factories.coverage import CoverageFactory, EmployerFactory, FactFactory, PayerFactory
from tests.factories.patients import PatientFactory, PersonFactory, SiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("acted")]
FRIDAY = date(2026, 10, 16)
SATURDAY, MONDAY, TUESDAY = date(2026, 10, 17), date(2026, 10, 19), date(2026, 10, 20)
CHART = {"address": "1 Main St", "city": "Springfield", "state": "IL", "zip_code": "62701", "marital_status": "single",
         "employment_status": "working"}  # fmt: skip
LIST = "coverage:visit-list"


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel("2026-10-16T16:00:00Z", tick=False):
        yield


@pytest.fixture
def desk(sign_in, ana):
    return sign_in(ana)


def visit(site, on=MONDAY, *, last="Rivera", **columns):
    return PatientFactory(site=site, next_visit_on=on, last_name=last, **CHART, **columns)


def plan(patient, payer="Acme Health", **columns):
    """A complete coverage, verified today by the payer's own answer."""
    given = {"group_number": "G1", "employer": EmployerFactory(), "verified_on": FRIDAY, "verified_how": "271 trace 9"}
    row = CoverageFactory(
        patient=patient, payer=PayerFactory(name=payer, edi_id=payer[:9].upper()), **{**given, **columns}
    )
    FactFactory(patient=patient, path=f"coverages.{row.pk}.continuation", value="none")
    return row


def spouses_plan(patient, **columns):
    spouse = PersonFactory(patient=patient, relation="spouse", birth_on=date(1980, 1, 1), sex="M")
    return plan(patient, "Beacon Mutual", relationship="spouse", subscriber=spouse, **columns)


def listed(client, **query):
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    return [row.patient.last_name for row in page.context["page"]]


# --- which visits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "names"),
    [
        pytest.param("next", ["Monday", "Saturday"], id="the next business day and the days off before it"),
        pytest.param("today", ["Friday"], id="today"),
        pytest.param("after", ["Tuesday"], id="the business day after"),
        pytest.param("nonsense", ["Monday", "Saturday"], id="anything else is the next business day"),
    ],
)
def test_the_days_that_are_shown(desk, main, when, names):
    for name, day in (("Friday", FRIDAY), ("Saturday", SATURDAY), ("Monday", MONDAY), ("Tuesday", TUESDAY)):
        plan(visit(main, day, last=name))

    assert sorted(listed(desk, when=when)) == names


def test_another_sites_visits_and_those_of_the_dead_are_not_listed(desk, main, north):
    visit(north, last="Elsewhere")
    visit(main, last="Gone", died_on=FRIDAY)
    visit(main, last="Here")

    assert listed(desk) == ["Here"]


def test_without_visits_the_page_says_so(desk):
    assert "No visit is on file for that day" in desk.get(reverse(LIST)).content.decode()


def test_who_is_listed_is_on_the_trail(desk, main):
    patient = visit(main)
    desk.get(reverse(LIST))

    event = Event.objects.filter(verb="saw", subject_type="visit list").latest("id")
    assert [row.patient_id for row in event.patients.all()] == [patient.pk]


# --- what a row says ---------------------------------------------------------------------------------------------


def _row(desk, patient):
    return next(row for row in desk.get(reverse(LIST)).context["page"] if row.patient == patient)


def test_one_complete_plan_lacks_nothing(desk, main):
    patient = visit(main)
    plan(patient)

    row = _row(desk, patient)
    assert (row.order, row.verified, row.flags, row.ahead.count) == (("One plan", ""), ("Today", "good"), [], 0)


def test_an_order_is_asked_for_settled_and_settled_again(desk, main, ana):
    patient = visit(main)
    own = plan(patient)
    spouses_plan(patient)
    assert _row(desk, patient).order == ("Not determined", "bad")

    actions.determine(patient=patient, service_on=MONDAY, by=ana)
    assert _row(desk, patient).order == ("Settled", "good")
    assert _row(desk, patient).ahead.count == 0

    actions.tell_fact(
        patient=patient, path=f"coverages.{own.pk}.work_status", value="retired", told_by="patient", by=ana
    )
    assert _row(desk, patient).order == ("Settle again", "warn")
    assert [row.labels for row in _row(desk, patient).ahead.missing] == [
        ("order of payers: not settled, or facts changed since",)
    ]


def test_an_order_of_today_holds_for_the_visit_and_one_that_ends_before_it_does_not(desk, main, ana):
    patient = visit(main)
    plan(patient)
    row = spouses_plan(patient)
    actions.determine(patient=patient, service_on=FRIDAY, by=ana)
    assert _row(desk, patient).order == ("Settled", "good")

    actions.end_coverage(coverage=row, last_day=MONDAY, by=ana, told_by="plan")
    stored = actions.determine(patient=patient, service_on=FRIDAY, by=ana)
    assert stored.expires_on == TUESDAY
    assert _row(desk, patient).order == ("Settled", "good")

    Patient.objects.filter(pk=patient.pk).update(next_visit_on=TUESDAY)
    page = desk.get(reverse(LIST), {"when": "after"})
    assert [each.order for each in page.context["page"]] == [("One plan", "")]


@pytest.mark.parametrize(
    ("verified_on", "said"),
    [
        (MONDAY - timedelta(days=3), ("Today", "good")),
        (MONDAY - timedelta(days=4), ("Again; 1 day ago", "warn")),
        (None, ("Never", "bad")),
    ],
)
def test_the_age_of_the_oldest_verification_is_said(desk, main, verified_on, said):
    patient = visit(main)
    plan(patient, verified_on=verified_on, verified_how="271" if verified_on else "")

    assert _row(desk, patient).verified == said


def test_a_visit_without_coverage_is_the_neediest(desk, main):
    plan(visit(main, last="Complete"))
    visit(main, last="Bare")

    assert listed(desk) == ["Bare", "Complete"]


@pytest.mark.parametrize("column", ["patient", "on", "order", "verified", "flags", "missing"])
def test_every_column_sorts_both_ways(desk, main, column):
    plan(visit(main, SATURDAY, last="Abbott"))
    plan(visit(main, last="Zamora", birth_on=date(1961, 12, 9)), member_id="", verified_on=date(2026, 9, 1))
    visit(main, last="Moss")

    up, down = listed(desk, sort=column), listed(desk, sort=f"-{column}")
    assert sorted(up) == ["Abbott", "Moss", "Zamora"]
    assert up[0] == down[-1]
    assert up != down


def test_the_list_costs_the_same_for_one_and_for_fifty(desk, main, queries_of):
    def page():
        return desk.get(reverse(LIST))

    plan(visit(main))
    one = queries_of(page)
    for _ in range(50):
        patient = visit(main)
        plan(patient)
        plan(patient, "Beacon Mutual", relationship="spouse", subscriber=PersonFactory(patient=patient))
    assert queries_of(page) == one


# --- the patient's page ------------------------------------------------------------------------------------------


def _page(client, patient):
    return client.get(reverse("patients:patient-page", args=[patient.pk])).content.decode()


def test_the_page_of_a_patient_says_what_is_coming_with_its_link(desk, main):
    patient = visit(main, birth_on=date(1961, 12, 9))
    plan(patient, member_id="")

    page = _page(desk, patient)
    assert "65 counts from 12/01/2026, and no Medicare is on file." in page
    assert "Missing before a claim may go out as verified" in page
    assert reverse("coverage:coverage-new", args=[patient.pk]) in page


def test_a_complete_patient_gets_one_quiet_line(desk, main, ana):
    patient = visit(main)
    plan(patient)
    actions.determine(patient=patient, service_on=MONDAY, by=ana)

    assert "Nothing is flagged, due or missing for the visit on 10/19/2026." in _page(desk, patient)


def test_who_may_change_nothing_sees_the_flags_without_links(sign_in, ira, main):
    patient = visit(main, birth_on=date(1961, 12, 9))
    plan(patient)

    page = _page(sign_in(ira), patient)
    assert "65 counts from 12/01/2026" in page
    assert reverse("coverage:coverage-new", args=[patient.pk]) not in page


@pytest.mark.parametrize("place", ["ahead", "visits"])
def test_a_wicked_name_is_text(desk, main, place):
    patient = visit(main, birth_on=date(1961, 12, 9), last="<b>Bold</b>")
    plan(patient, "<i>Acme</i>", ended_on=MONDAY, open_ended=False)

    page = _page(desk, patient) if place == "ahead" else desk.get(reverse(LIST)).content.decode()
    assert "<b>Bold" not in page
    assert "<i>Acme" not in page


# --- from rows to a picture --------------------------------------------------------------------------------------


def test_a_picture_holds_what_rows_and_facts_say(main):
    patient = visit(main, comes_weekly=True)
    row = plan(patient)
    FactFactory(patient=patient, path=f"coverages.{row.pk}.continuation", value="cobra", true_from=date(2026, 2, 1))
    FactFactory(patient=patient, path="medicare.part_a", value="never")
    FactFactory(patient=patient, path="claim.related_to", value=["work"], true_from=MONDAY)

    seen = picture_of(patient)
    (card,) = seen.cards
    assert (seen.day, seen.comes_weekly, card.is_continuation) == (MONDAY, True, True)
    assert card.continuation_told_from == date(2026, 2, 1)
    assert seen.fact("medicare") == {"part_a": None}
    assert seen.fact("claim.related_to") == ["work"]


def test_a_fact_true_after_the_visit_is_not_yet_in_the_picture(main):
    patient = visit(main)
    row = plan(patient)
    FactFactory(patient=patient, path=f"coverages.{row.pk}.work_status", value="retired", true_from=TUESDAY)

    assert picture_of(patient).cards[0].fact("work_status") is None


def test_a_coverage_nobody_said_the_kind_of_is_in_the_picture(main):
    patient = visit(main)
    plan(patient, kind="")

    assert [one.field for one in missing_for(picture_of(patient))] == ["kind"]


def test_many_pictures_are_what_each_alone_is(main):
    patients = [visit(main, birth_on=date(1961, 12, 9)), visit(main, None), visit(main, TUESDAY)]
    for patient in patients:
        row = plan(patient)
        FactFactory(patient=patient, path=f"coverages.{row.pk}.work_status", value="active")

    together = pictures_of(patients)
    assert together == {patient.pk: picture_of(patient) for patient in patients}


@pytest.mark.parametrize(
    ("born", "site", "relationship", "is_alike"),
    [
        pytest.param(date(1980, 4, 2), "main", "self", True, id="same number and birth date"),
        pytest.param(date(1980, 4, 3), "main", "self", False, id="another birth date"),
        pytest.param(date(1980, 4, 2), "north", "self", False, id="at another site"),
        pytest.param(date(1980, 4, 2), "main", "child", False, id="twins on a parent's plan"),
    ],
)
def test_two_charts_of_one_person_are_told(main, north, born, site, relationship, is_alike):
    patient = visit(main)
    plan(patient, member_id="ABC-12345")
    other = PatientFactory(site=SiteFactory(code=site), birth_on=born)
    plan(other, member_id="abc 12345", relationship=relationship)

    assert ("SAME-PERSON" in {one.id for one in flags_for(picture_of(patient))}) is is_alike


@pytest.mark.parametrize(
    ("days_ago", "is_due"), [(None, True), (365, True), (364, False)], ids=["never", "a year ago", "a day less"]
)
def test_the_full_interview_is_due_a_year_after_a_person_put_a_verdict_on_file(main, ana, days_ago, is_due):
    patient = visit(main)
    plan(patient)
    if days_ago is not None:
        with time_machine.travel(timezone.now() - timedelta(days=days_ago), tick=False):
            actions.determine(patient=patient, service_on=MONDAY, by=ana)

    due = ahead(patient, picture_of(patient), is_editable=True).due

    assert [row.label for row in due if row.is_due] == (["Full interview"] if is_due else [])


def test_a_plan_year_inside_the_month_asks_for_a_new_verification(main):
    patient = visit(main, TUESDAY, comes_weekly=True)
    row = plan(patient, verified_on=date(2026, 10, 14))
    assert checks(picture_of(patient)) == {}

    FactFactory(patient=patient, path=f"coverages.{row.pk}.plan_year_start", value="10-15")
    assert checks(picture_of(patient))[str(row.pk)].on == date(2026, 10, 15)


def test_an_order_keeps_the_first_day_on_which_it_becomes_another(main, ana):
    patient = visit(main)
    plan(patient)
    spouses_plan(patient, ended_on=date(2026, 12, 31), open_ended=False)

    stored = actions.determine(patient=patient, service_on=MONDAY, by=ana)

    assert stored.expires_on == date(2027, 1, 1)
    assert Determination.objects.get(pk=stored.pk).expires_on == date(2027, 1, 1)
    assert Coverage.objects.count() == 2


@pytest.mark.parametrize(("visit_on", "is_good"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)])
def test_what_a_person_decided_holds_no_longer_than_what_it_was_decided_on(main, ana, visit_on, is_good):
    patient = visit(main, visit_on)
    own = plan(patient)
    spouses = spouses_plan(patient, ended_on=date(2026, 12, 31), open_ended=False)
    stored = actions.determine(patient=patient, service_on=MONDAY, by=ana)
    proof = [Evidence("call", "77-221", FRIDAY)]
    order = [str(spouses.pk), str(own.pk)]

    actions.override(determination=stored, order=order, reason="Plan says so.", evidence=proof, by=ana)

    assert picture_of(patient).order.is_good(visit_on) is is_good
