"""The audit's pages: who starts one, what each person sees of it, and that every figure opens to its claims."""

from __future__ import annotations

import csv
import html
import re
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.auditing import running, totals
from claims.models import OrderAudit
from cob.accounts.models import User
from cob.accounts.roles import Role
from cob.audit.acting import acting
from cob.audit.models import Event, EventPatient
from cob.coverage.supposing import suppose
from cob.jobs import actions as jobs
from cob.jobs.models import Job
from tests.claims import stories
from tests.claims.auditing.conftest import with_two_plans

pytestmark = pytest.mark.django_db
LIST = reverse("claims:order-audit")
START = reverse("claims:order-audit-start")


def run_url(name, run, query=""):
    return reverse(f"claims:order-audit-{name}", args=[run.pk]) + query


def audit(by, **options):
    with acting(by):
        run = running.start(by=by, **options)
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)
    run.refresh_from_db()
    return run


@pytest.fixture
def practice(main, north, ben):
    """Two wrong claims at Main, one at North."""
    with acting(ben):
        for site, number in ((main, "M0"), (main, "M1"), (north, "N0")):
            patient = with_two_plans(site, chart_number=number, last_name=f"Oakes{number}")
            stories.claim_of(patient, [patient.his, patient.own], number=number)


def claim_numbers(answer):
    return {line.claim.control_number for line in answer.context["lines"]}


@pytest.mark.usefixtures("practice")
def test_pressed_twice_one_audit_runs_and_once_it_is_over_another_may(sign_in, sol):
    desk = sign_in(sol)
    first, second = (desk.post(START, {"what": "audit"}).url for _ in range(2))
    other = desk.post(START, {"what": "audit", "since": "01/01/2020"}).url
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)

    assert first == second != other
    assert desk.post(START, {"what": "audit"}).url not in (first, other)
    assert OrderAudit.objects.count() == 3


@pytest.mark.usefixtures("practice")
def test_a_supervisor_starts_an_audit_of_her_sites_and_follows_it(sign_in, sol, main):
    answer = sign_in(sol).post(START, {"what": "audit"}, follow=True)

    run = OrderAudit.objects.get()
    assert answer.redirect_chain[-1][0] == run_url("run", run)
    assert list(run.sites.all()) == [main]
    assert "The audit runs" in answer.content.decode()
    for job in Job.objects.filter(state="queued"):
        jobs.run(job.pk)
    assert sign_in(sol).get(run_url("progress", run))["HX-Refresh"] == "true"
    assert sign_in(sol).get(run_url("run", run)).context["standing"].is_over


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(
    ("who", "numbers", "counted"),
    [
        pytest.param("sol", {"M0", "M1"}, 2, id="a supervisor of Main"),
        pytest.param("ira", {"M0", "M1", "N0"}, 3, id="the auditor of every site"),
    ],
)
def test_each_sees_the_claims_of_their_sites_and_figures_of_those(sign_in, cast, who, numbers, counted):
    run = audit(cast["ira"])
    desk = sign_in(cast[who])

    page = desk.get(run_url("run", run)).context["page"]

    assert page.counts == {"claims": counted, "differ": counted, "open": 0}
    assert claim_numbers(desk.get(run_url("claims", run))) == numbers
    rows = list(csv.DictReader(StringIO(b"".join(desk.get(run_url("csv", run)).streaming_content).decode())))
    assert {row["Claim"] for row in rows} == numbers


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(
    ("who", "sites", "claims"),
    [("sol", "Main Street", "2 claims asked"), ("ira", "Main Street, North Clinic", "3 claims asked")],
)
def test_progress_counts_and_names_no_other_site(sign_in, cast, main, north, who, sites, claims):
    run = audit(cast["ira"], sites=[main, north])
    OrderAudit.objects.filter(pk=run.pk).update(finished_at=None)
    desk = sign_in(cast[who])

    assert claims in desk.get(run_url("progress", run)).content.decode()
    assert desk.get(run_url("run", run)).context["page"].sites == sites
    assert [row.sites for row in desk.get(LIST).context["runs"]] == [sites]


@pytest.mark.usefixtures("practice")
def test_a_run_over_other_sites_is_not_there(sign_in, cast, main, north):
    run = audit(cast["ira"], sites=[north])

    assert sign_in(cast["sol"]).get(run_url("run", run)).status_code == 404
    assert sign_in(cast["sol"]).get(LIST).context["runs"] == []


@pytest.mark.usefixtures("practice")
def test_every_figure_opens_to_as_many_claims(sign_in, ira):
    run = audit(ira)
    desk = sign_in(ira)

    page = desk.get(run_url("run", run)).context["page"]

    rows = [row for table in page.tables for row in table.rows]
    assert {table.id for table in page.tables} == {"site", "person", "payer", "rule"}
    for row in rows:
        assert len(claim_numbers(desk.get(row.url))) == row.claims
    assert sum(row.claims for row in page.tables[0].rows) == page.counts["differ"] == 3
    assert sum(row.at_stake_cents for row in page.tables[0].rows) == page.stakes["at_stake"]


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(("most", "shown", "is_cut"), [(2, 2, False), (1, 1, True)], ids=["all there are", "one more"])
def test_a_table_says_there_is_more_only_where_there_is(sign_in, ira, monkeypatch, most, shown, is_cut):
    monkeypatch.setattr(totals, "MOST_SHOWN", most)
    run = audit(ira)

    by_site = sign_in(ira).get(run_url("run", run)).context["page"].tables[0]

    assert (len(by_site.rows), by_site.is_cut) == (shown, is_cut)


@pytest.mark.usefixtures("practice")
def test_fifty_claims_cost_the_queries_of_one(sign_in, sol, ben, main, queries_of):
    run = audit(sol)
    desk = sign_in(sol)
    few = {name: queries_of(lambda name=name: desk.get(run_url(name, run))) for name in ("run", "claims")}
    overview = queries_of(lambda: desk.get(LIST))
    with acting(ben):
        for n in range(12):
            patient = with_two_plans(main, chart_number=f"Q{n}")
            stories.claim_of(patient, [patient.his, patient.own], number=f"Q{n}")
    again = audit(sol)

    assert {name: queries_of(lambda name=name: desk.get(run_url(name, again))) for name in few} == few
    assert queries_of(lambda: desk.get(LIST)) == overview


@pytest.mark.usefixtures("practice")
def test_looking_at_the_claims_is_on_the_trail_with_their_patients(sign_in, sol):
    run = audit(sol)

    sign_in(sol).get(run_url("claims", run))

    event = Event.objects.get(verb="saw", subject_type="order audit")
    assert EventPatient.objects.filter(event=event).count() == 2


@pytest.mark.usefixtures("practice")
def test_a_what_if_is_labelled_hypothetical_on_every_page_of_it(sign_in, sol):
    form = {"what": "what_if", "number": "msp.aged.years", "number_value": "70"}
    sign_in(sol).post(START, form)
    run = OrderAudit.objects.get()
    assert run.as_if == ["msp.aged.years=70"]
    for name in ("run", "claims"):
        shown = sign_in(sol).get(run_url(name, run)).content.decode()
        assert "Hypothetical" in shown
        assert "msp.aged.years" not in shown
    assert "Hypothetical" in sign_in(sol).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("cannot_tell", "said"), [(0, "Nothing would change"), (1, "No claim is known to change")], ids=["all told", "open"]
)
@pytest.mark.usefixtures("practice")
def test_that_nothing_would_change_is_said_only_where_every_claim_can_be_told(sign_in, sol, main, cannot_tell, said):
    sign_in(sol).post(START, {"what": "what_if", "number": "msp.aged.years", "number_value": "70"})
    run = OrderAudit.objects.get()
    counts = {str(main.pk): {"claims": 3, "differ": 0, "open": cannot_tell}}
    run.parts.update(counts=counts, done_at=timezone.now())
    OrderAudit.objects.update(finished_at=timezone.now())
    run.differences.all().delete()

    shown = sign_in(sol).get(run_url("run", run)).content.decode()

    told = [words for words in ("Nothing would change", "No claim is known to change") if words in shown]
    assert told == [said]


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        pytest.param({}, None, "Choose a number of the law", id="nothing supposed"),
        pytest.param({"number": "msp.aged.years"}, "number_value", "Give the number", id="no value"),
        pytest.param(
            {"number": "msp.aged.years", "number_value": "old"},
            "number_value", "Expected a whole number", id="no number",
        ),
        pytest.param({"number": "luck", "number_value": "7"}, "number", "Select a valid choice", id="no such number"),
        pytest.param(
            {"choice": "term_date_is_last_day=false", "state": "NJ"},
            "choice", "not for a state to choose", id="not theirs",
        ),
        pytest.param(
            {"choice": "term_date_is_last_day=false", "since": "03/10/2026", "until": "03/09/2026"},
            "until", "before the first day", id="a span that ends before it begins",
        ),
        pytest.param({"choice": "term_date_is_last_day=false", "since": "soon"}, "since", "mm/dd/yyyy", id="no day"),
    ],
)  # fmt: skip
def test_a_what_if_that_cannot_be_tried_is_answered_with_the_form_and_why(sign_in, sol, form, field, said):
    answer = sign_in(sol).post(START, {"what": "what_if", **form})

    assert answer.status_code == 422
    errors = answer.context["what_if"].errors
    assert said in " ".join(errors.get(field or "__all__", []))
    assert not any("msp.aged.years" in text or "term_date" in text for texts in errors.values() for text in texts)
    assert not OrderAudit.objects.exists()


def test_a_choice_of_a_payer_travels_by_the_id_files_name_it_by(sign_in, sol):
    with acting(sol):
        payer = stories.payer("88001", "Lakeside Health")
    form = {"what": "what_if", "choice": "term_date_is_last_day=false", "payer": payer.pk}

    sign_in(sol).post(START, form)

    assert OrderAudit.objects.get().as_if == ["payer:88001:term_date_is_last_day=false"]


def test_the_auditor_reads_and_starts_nothing(sign_in, ira):
    page = sign_in(ira).get(LIST)

    assert "Audit now" not in page.content.decode()
    assert sign_in(ira).post(START, {"what": "audit"}).status_code == 403


def test_a_supervisor_may_not_audit_a_site_that_is_not_hers(sign_in, sol, north):
    answer = sign_in(sol).post(START, {"what": "audit", "site": north.pk})

    assert answer.status_code == 422
    assert not OrderAudit.objects.exists()


@pytest.mark.usefixtures("practice")
def test_a_job_that_stopped_is_said_on_the_runs_page(sign_in, sol):
    with acting(sol):
        run = running.start(by=sol)
    OrderAudit.objects.filter(pk=run.pk).update(as_if=["luck=7"])
    jobs.run(run.parts.get().job_id)

    assert "luck: there is no such number or option." in sign_in(sol).get(run_url("run", run)).content.decode()


@pytest.mark.usefixtures("practice")
def test_with_nothing_to_find_the_page_says_so(sign_in, main):
    other = User.objects.create_user("sue", password="a-good-passphrase", role=Role.SUPERVISOR)
    other.sites.add(main)
    run = audit(other, as_if=suppose(["msp.aged.years=66"]))

    assert "Nothing would change" in sign_in(other).get(run_url("run", run)).content.decode()


def test_a_list_as_a_file_has_the_claims_on_it(sign_in, sol, ben, main, as_task):
    """The run's own file has those nobody can tell as well."""
    with acting(ben):
        wrong, open_one = (with_two_plans(main, chart_number=number) for number in ("W", "U"))
        stories.claim_of(wrong, [wrong.his, wrong.own], number="W")
        stories.claim_of(open_one, [open_one.own, open_one.his], number="U")
        open_one.facts.create(path=f"coverages.{open_one.own.pk}.subscriber", value="P", told_by="patient")
        open_one.coverages.update(kind="")
    run = audit(sol)
    desk = sign_in(sol)

    def filed(page):
        (url,) = re.findall(r'href="([^"]+claims\.csv[^"]*)"', desk.get(page).content.decode())
        rows = csv.DictReader(StringIO(b"".join(desk.get(html.unescape(url)).streaming_content).decode()))
        return {row["Claim"] for row in rows}

    assert filed(run_url("claims", run)) == claim_numbers(desk.get(run_url("claims", run))) == {"W"}
    assert filed(run_url("claims", run, f"?site={main.pk}")) == {"W"}
    assert filed(run_url("claims", run, "?kind=open")) == {"U"}
    assert filed(run_url("run", run)) == {"W", "U"}


@pytest.mark.usefixtures("practice")
def test_an_audit_no_job_is_at_has_stopped_and_runs_on_with_its_job(sign_in, sol):
    with acting(sol):
        run = running.start(by=sol)
    Job.objects.update(state="failed", error="Somebody pulled the plug.")
    desk = sign_in(sol)

    progress = desk.get(run_url("progress", run)).content.decode()

    assert "The audit stopped" in progress
    assert "hx-get" not in progress
    assert reverse("jobs:job-page", args=[Job.objects.get().pk]) in progress
    assert "Stopped" in desk.get(LIST).content.decode()
    with acting(sol):
        again = jobs.run_again(job=Job.objects.get(), by=sol)
    jobs.run(again.pk)
    assert run.parts.get().job == again
    assert desk.get(run_url("run", run)).context["standing"].is_over


def test_somebody_without_a_site_asks_about_no_claim(sign_in, sol):
    sol.sites.clear()

    answer = sign_in(sol).post(START, {"what": "audit"})

    assert answer.status_code == 422
    assert "You have no site." in answer.content.decode()
    assert not OrderAudit.objects.exists()
