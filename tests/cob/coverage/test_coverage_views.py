"""The capture screens: what is shown, who may, what bad input gets, and what a page costs."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.models import Coverage, Determination
from cob.rules.order.intake import MOST_COVERAGES
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, FactFactory, PayerFactory
from tests.factories.patients import PatientFactory, PersonFactory

TOLD = {"told_by": "Patient", "told_how": "in person"}


CARD = {
    "medicare__part_a_0": "open",
    "medicare__part_a_1": "06/01/2024",
    "medicare__part_b_0": "open",
    "medicare__part_b_1": "06/01/2024",
    "medicare__basis_0": "on",
    "medicare__basis_1": "06/2024",
    "medicare__premium_free_part_a": "true",
}


def _page(patient):
    return reverse("patients:patient-page", args=[patient.pk])


def _new(patient):
    return reverse("coverage:coverage-new", args=[patient.pk])


@pytest.fixture
def desk(sign_in, ana, amara):
    return sign_in(ana)


def _employer(**given):
    return {"kind": "employer", "payer": str(PayerFactory(name="Harbor Health", edi_id="HH1").pk), **TOLD, **given}


# --- the story -------------------------------------------------------------------------------------------------------


def test_a_second_coverage_leads_straight_to_the_one_question_and_then_to_the_verdict(sign_in, ana, main):
    with acting(ana):
        patient = PatientFactory(site=main, birth_on=date(1959, 6, 1))
        medicare = PayerFactory(name="Medicare", edi_id="MC1")
        job = _employer(
            subscriber="P",
            effective_on="01/01/2020",
            ends_1="on",
            coverage__employment__status="working",
            coverage__work_status="active",
            coverage__continuation="none",
        )
    client = sign_in(ana)
    assert client.post(_new(patient), job).url.startswith("/order/")

    added = client.post(_new(patient), TOLD | CARD | {"kind": "medicare", "payer": str(medicare.pk)})
    question = client.get(added.url).context["question"]
    answered = client.post(
        reverse("coverage:answer", args=[patient.pk]), TOLD | {"fact": question.path, "value": "20-99"}
    )

    assert added.url == reverse("coverage:ask", args=[patient.pk])
    assert (question.open, question.path.rpartition(".")[2]) == (1, "size")
    verdict = client.get(answered.url).context["page"]
    assert [verdict.names[one] for one in verdict.verdict["order"]] == ["Harbor Health", "Medicare"]


# --- coverage form ---------------------------------------------------------------------------------------------------


def test_choosing_the_kind_comes_first_and_stores_nothing(desk, amara):
    before = Coverage.objects.count()

    page = desk.post(_new(amara), {"kind": "medicare"})

    assert page.status_code == 200
    assert b"medicare__part_b" in page.content
    assert b"employer_name" not in page.content
    assert Coverage.objects.count() == before


def test_no_kind_is_refused(desk, amara):
    response = desk.post(_new(amara), {"kind": ""})

    assert response.status_code == 422
    assert b"Choose the kind of plan." in response.content


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"payer": ""}, "Choose the payer, or write its name and payer id.", id="no payer"),
        pytest.param({"effective_on": "2026-13-01"}, "Write the date as mm/dd/yyyy", id="no such month"),
        pytest.param({"effective_on": "02/30/2026"}, "Write the date as mm/dd/yyyy", id="no such day"),
        pytest.param({"effective_on": "01/01/0202"}, "Check the year.", id="a slip in the year"),
        pytest.param(
            {"effective_on": "01/02/2026", "ends_0": "01/01/2026"}, "cannot end before it begins", id="ends first"
        ),
        pytest.param({"ends_0": "01/01/2026", "ends_1": "on"}, "Give the date or tick the box, not both.", id="both"),
        pytest.param({"subscriber": "new"}, "Write the subscriber’s last name.", id="nameless person"),
        pytest.param({"subscriber": "P", "relationship": "child"}, "The patient is the subscriber", id="own and child"),
        pytest.param({"subscriber": str(uuid.uuid4())}, "Select a valid choice", id="a stranger"),
        pytest.param({"told_by": ""}, "Say who told us.", id="nobody told"),
    ],
)
def test_bad_input_is_answered_with_the_form_and_what_to_do(desk, amara, acted, given, said):
    before = Coverage.objects.count()

    response = desk.post(_new(amara), _employer(**given))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert "data-error-summary" in response.content.decode()
    assert Coverage.objects.count() == before


@pytest.mark.parametrize(
    ("number", "status"), [("1EG4-TE5-MK73", 302), ("1EG4TE5MK7", 422), ("SEG4TE5MK73", 422)], ids=str
)
def test_a_medicare_number_has_its_shape(desk, amara, acted, number, status):
    card = {"kind": "medicare", "payer": str(PayerFactory().pk), "member_id": number, **TOLD}

    assert desk.post(_new(amara), card).status_code == status


def test_a_subscriber_not_listed_yet_is_added_with_the_coverage(desk, amara, acted):
    given = {
        "person_first": "Kofi",
        "person_last": "Boateng",
        "person_relation": "spouse",
        "person_birth_on": "01/02/1960",
    }

    desk.post(_new(amara), _employer(subscriber="new", relationship="spouse", **given))

    person = amara.people.get()
    assert (str(person), person.relation, person.birth_on) == ("Kofi Boateng", "spouse", date(1960, 1, 2))
    assert person.coverages.get().relationship == "spouse"


def test_a_payer_not_in_the_list_is_made_with_its_id(desk, amara, acted):
    desk.post(_new(amara), _employer(payer="", payer_name="Zenith Mutual", payer_id="zm77"))

    assert amara.coverages.filter(payer__edi_id="ZM77", payer__name="Zenith Mutual").exists()


def test_an_employers_size_is_kept_for_everybody_who_works_there(desk, amara, acted):
    desk.post(_new(amara), _employer(employer_name="Lakeside Foundry", employer_size="100+"))

    employer = amara.coverages.get(employer__name="Lakeside Foundry").employer
    assert (employer.size_band, employer.size_told_by) == ("100+", "Patient")


def test_changing_only_what_changed_tells_only_that(desk, amara):
    url = reverse("coverage:coverage-edit", args=[amara.job.pk])
    form = desk.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name not in ("ends", "is_refused")}
    data |= {"ends_1": "on", "coverage__employment__last_day_0": "02/27/2026", "member_id": "NEW9", **TOLD}
    before = amara.facts.count()

    desk.post(url, {name: value for name, value in data.items() if value != ""})

    amara.job.refresh_from_db()
    assert amara.job.member_id == "NEW9"
    told = amara.facts.order_by("-told_at")[: amara.facts.count() - before]
    assert [(fact.path.partition(".employment.")[2], fact.value) for fact in told] == [("last_day", "2026-02-27")]


def test_who_saves_a_coverage_second_is_told_who_was_first(desk, amara, sol):
    url = reverse("coverage:coverage-edit", args=[amara.job.pk])
    seen = desk.get(url).context["form"]["seen"].value()
    with acting(sol):
        actions.change_coverage(coverage=amara.job, by=sol, member_id="SOL1")

    response = desk.post(url, _employer(seen=seen, member_id="ANA1"))

    assert response.status_code == 422
    assert "Sol Sato changed this coverage while you were writing." in response.content.decode()


def test_verifying_needs_a_reference(desk, amara):
    url = reverse("coverage:coverage-verify", args=[amara.job.pk])

    assert desk.post(url, {"method": "Payer portal", "reference": ""}).status_code == 422
    assert desk.post(url, {"method": "Payer portal", "reference": "T-1"}).status_code == 302
    amara.job.refresh_from_db()
    assert amara.job.verified_how == "Payer portal, T-1"


# --- facts forms and people ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "path", "value"),
    [
        pytest.param("medicare", {"esrd__transplant_1": "on"}, "medicare.esrd.transplant", "never", id="not yet"),
        pytest.param(
            "medicare", {"esrd__first_dialysis_0": "01/05/2026"}, "medicare.esrd.first_dialysis", "2026-01-05", id="day"
        ),
        pytest.param("child", {"parents_living_together": "false"}, "child.parents_living_together", False, id="no"),
        pytest.param("claim", {"related_to": ["auto", "work"]}, "claim.related_to", ["work", "auto"], id="two words"),
        pytest.param(
            "accident", {"no_fault__paid_to_date_cents": "1,250.50"}, "accident.no_fault.paid_to_date_cents", 125050,
            id="dollars",
        ),
        pytest.param("accident", {"state": "mi"}, "accident.state", "MI", id="a state"),
    ],
)  # fmt: skip
def test_facts_forms_keep_contract_values(desk, amara, name, given, path, value):
    given = {f"{name}__{field}": said for field, said in given.items()}
    name = "accident" if name == "claim" else name
    before = amara.facts.count()

    response = desk.post(reverse(f"coverage:facts-{name}", args=[amara.pk]), TOLD | CARD | given)

    assert response.status_code == 302, response.context["form"].errors
    assert amara.facts.count() == before + 1
    kept = amara.facts.latest("told_at")
    assert kept.path == path
    assert sorted(kept.value) == sorted(value) if isinstance(value, list) else kept.value == value


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("medicare", {"medicare__part_a_0": "ended"}, "Give the day it ended."),
        ("medicare", {"medicare__part_a_1": "01/01/2024"}, "With a date, say that the patient has or had it."),
        ("medicare", {"medicare__basis_1": "06/2024"}, "Tick “Age 65” if the month belongs to it."),
        ("medicare", {"medicare__basis_0": "on", "medicare__basis_1": "June"}, "Write the month as mm/yyyy"),
        ("accident", {"claim__related_to": ["none", "auto"]}, "goes with no other answer"),
        ("accident", {"accident__state": "Ohio"}, "two letters"),
        ("accident", {"accident__no_fault__paid_to_date_cents": "1.234"}, "is not an amount"),
    ],
)
def test_facts_forms_refuse_what_makes_no_sense(desk, amara, name, given, said):
    response = desk.post(reverse(f"coverage:facts-{name}", args=[amara.pk]), TOLD | given)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_only_an_order_that_makes_one_parent_responsible_names_a_parent(desk, amara, acted):
    parent = PersonFactory(patient=amara, relation="mother")
    given = {"child__decree__terms": "none", "child__decree__responsible_parent": str(parent.pk)}

    response = desk.post(reverse("coverage:facts-child", args=[amara.pk]), TOLD | given)

    assert response.status_code == 422


def test_a_person_with_only_a_birthday(desk, amara):
    given = {"first_name": "Kofi", "last_name": "Boateng", "relation": "father", "birth_month_day": "3/15"}

    assert desk.post(reverse("patients:person-new", args=[amara.pk]), TOLD | given).status_code == 302
    person = amara.people.get()
    assert person.birth_month_day == "03-15"

    url = reverse("patients:person-edit", args=[person.pk])
    assert desk.post(url, TOLD | given | {"birth_month_day": "13/40"}).status_code == 422
    desk.post(url, TOLD | given | {"birth_on": "03/15/1955", "birth_month_day": ""})
    person.refresh_from_db()
    assert person.birth_on == date(1955, 3, 15)


# --- patient page ----------------------------------------------------------------------------------------------------


def test_the_page_shows_the_open_question_and_every_fact_with_who_told_us(desk, amara):
    page = desk.get(_page(amara)).content.decode()

    assert "About how many people work for the employer behind Harbor Health" in page
    assert "patient, in person" in page
    assert "Never verified" in page
    assert "<title>Patient · COB Desk</title>" in " ".join(page.split())


def test_a_verdict_on_file_shows_until_the_facts_change(desk, settled, acted):
    desk.post(reverse("coverage:visit-day", args=[settled.pk]), {"service_on": "03/10/2026"})
    actions.determine(patient=settled, service_on=DAY, by=acted)
    assert "On file since" in desk.get(_page(settled)).content.decode()

    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)

    page = desk.get(_page(settled)).content.decode()
    assert "Facts changed since the verdict on file" in page
    assert "Put on file as it is" in page


@pytest.mark.parametrize(
    ("days", "said"), [(3, "Verified"), (4, "Verify again")], ids=["3 days before the visit", "4 days"]
)
def test_a_verification_counts_for_three_days_before_a_visit(desk, amara, acted, days, said):
    with time_machine.travel("2026-03-20T16:00:00Z", tick=False):
        amara.next_visit_on = date(2026, 3, 20)
        amara.save()
        for row in amara.coverages.all():
            row.verified_on, row.verified_how = date(2026, 3, 20) - timedelta(days=days), "Payer portal, T-1"
            row.save()

        page = desk.get(_page(amara)).content.decode()

    assert said in page
    assert ("Verify again" in page) is (said == "Verify again")


def test_history_is_for_those_who_may_read_the_trail(sign_in, amara, ana, sol):
    assert "Facts told" not in sign_in(ana).get(_page(amara)).content.decode()
    assert "Facts told" in sign_in(sol).get(_page(amara)).content.decode()


def test_a_case_that_contradicts_itself_is_said_not_crashed(desk, amara, acted):
    FactFactory(patient=amara, path="child.custodial_parent", value="nobody-on-file")

    page = desk.get(_page(amara))

    assert page.status_code == 200
    assert "what is on file contradicts itself" in page.content.decode()


def test_a_patient_without_coverage_is_told_what_to_do(desk, main, acted):
    page = desk.get(_page(PatientFactory(site=main))).content.decode()

    assert "No order without coverage" in page


def _queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_page_costs_the_same_for_many_rows(sign_in, sol, amara, acted):
    client = sign_in(sol)
    client.get(_page(amara))
    few = _queries(client, _page(amara))
    for n in range(50):
        PersonFactory(patient=amara)
        FactFactory(patient=amara, path=f"people.P.{n}", value=None)
    for _ in range(MOST_COVERAGES - 2):  # more than that is refused, which is another page
        CoverageFactory(patient=amara, ended_on=date(2021, 1, 1), open_ended=False)

    assert _queries(client, _page(amara)) == few


# --- verdict and override --------------------------------------------------------------------------------------------


@pytest.fixture
def verdict(settled, acted):
    return actions.determine(patient=settled, service_on=DAY, by=acted)


def test_the_verdict_page_shows_what_it_rests_on(desk, verdict):
    page = desk.get(reverse("coverage:determination-page", args=[verdict.pk])).content.decode()

    for part in ("Harbor Health", "MSP-WA-20", "42 CFR", verdict.rules_version, "employer, ", "Ana Arroyo"):
        assert part in page


def test_a_superseded_verdict_points_to_the_newer_one(desk, verdict, settled, acted):
    actions.tell_fact(patient=settled, path=settled.size, value="<20", told_by="employer", by=acted)
    later = actions.determine(patient=settled, service_on=DAY, by=acted)

    page = desk.get(reverse("coverage:determination-page", args=[verdict.pk])).content.decode()

    assert reverse("coverage:determination-page", args=[later.pk]) in page


def test_a_verdict_shows_the_sources_that_were_on_file_then(desk, verdict, settled, acted):
    actions.tell_fact(patient=settled, path=settled.size, value="100+", told_by="a later caller", by=acted)

    assert "a later caller" not in desk.get(reverse("coverage:determination-page", args=[verdict.pk])).content.decode()


def _places(verdict, first="2", second="1"):
    return {f"place-{verdict.order[0]}": first, f"place-{verdict.order[1]}": second}


WHY = {"reason": "Plan says so.", "proof-0": "call", "reference-0": "77-221", "dated-0": "03/10/2026"}


def test_a_supervisor_overrides_with_reason_and_evidence(sign_in, sol, verdict):
    url = reverse("coverage:determination-override", args=[verdict.pk])
    response = sign_in(sol).post(url, _places(verdict) | WHY | {"confirm-MSP-WA-20": "on"})

    new = Determination.objects.get(decided_how="person")
    assert response.url == reverse("coverage:determination-page", args=[new.pk])
    assert new.order == verdict.order[::-1]


@pytest.mark.parametrize(
    ("places", "given", "said"),
    [
        pytest.param(("2", "1"), {"reason": ""}, "Say why this order is right.", id="no reason"),
        pytest.param(
            ("2", "1"), {"proof-0": "", "reference-0": "", "dated-0": ""}, "Name at least one piece", id="no evidence"
        ),
        pytest.param(("2", "1"), {"proof-0": ""}, "choose what it is", id="evidence of no kind"),
        pytest.param(("2", "1"), {"reference-1": "L"}, "Choose what kind of evidence", id="a second one of no kind"),
        pytest.param(("2", "1"), {"proof-1": "letter"}, "Give what it is found by", id="a second one without more"),
        pytest.param(("2", "1"), {"reference-0": ""}, "Give what it is found by", id="evidence nobody can find"),
        pytest.param(("2", "1"), {"dated-0": ""}, "Give the day of the call", id="evidence of no day"),
        pytest.param(("2", "1"), {"dated-0": "01/01/2199"}, "This day has not come.", id="evidence of tomorrow"),
        pytest.param(("1", "1"), {}, "Two payers have the same place.", id="one place for two"),
        pytest.param(("2", ""), {}, "Somebody must pay first", id="nobody first"),
    ],
)
def test_an_override_that_lacks_something_is_refused(sign_in, sol, verdict, places, given, said):
    url = reverse("coverage:determination-override", args=[verdict.pk])
    data = _places(verdict, *places) | WHY | given

    response = sign_in(sol).post(url, data)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Determination.objects.count() == 1


def test_who_goes_against_federal_law_is_told_in_words_and_asked_to_confirm_the_rule(sign_in, sol, verdict):
    url = reverse("coverage:determination-override", args=[verdict.pk])

    response = sign_in(sol).post(url, _places(verdict) | WHY)

    page = response.content.decode()
    assert (response.status_code, Determination.objects.count()) == (422, 1)
    assert "Medicare is put before Harbor Health, and federal law puts Harbor Health first." in page
    assert 'name="confirm-MSP-WA-20"' in page


# --- who may ---------------------------------------------------------------------------------------------------------

PAGES = {
    "patients:patient-page": {"ana": 200, "ira": 200, "pat": 200, "ada": 403, "kit": 404},
    "coverage:coverage-new": {"ana": 200, "ira": 403, "pat": 403, "ada": 403, "kit": 404},
    "coverage:facts-medicare": {"ana": 200, "ira": 403, "ada": 403, "kit": 404},
    "coverage:facts-child": {"ana": 200, "ira": 403, "ada": 403, "kit": 404},
    "coverage:facts-accident": {"ana": 200, "ira": 403, "ada": 403, "kit": 404},
    "patients:person-new": {"ana": 200, "ira": 403, "ada": 403, "kit": 404},
    "patients:patient-edit": {"ana": 200, "ira": 403, "ada": 403, "kit": 404},
}


@pytest.mark.parametrize(
    ("name", "who", "status"), [(name, who, status) for name, row in PAGES.items() for who, status in row.items()]
)
def test_each_page_opens_for_whom_it_should_and_the_look_is_on_the_trail(sign_in, cast, amara, name, who, status):
    before = Event.objects.filter(verb="saw").count()

    response = sign_in(cast[who]).get(reverse(name, args=[amara.pk]))

    assert response.status_code == status
    assert Event.objects.filter(verb="saw").count() == before + (status == 200)


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("determination-page", "ira", 200), ("determination-page", "kit", 404), ("determination-page", "ada", 403),
        ("determination-override", "sol", 200), ("determination-override", "ana", 403),
        ("determination-override", "kit", 403),
    ],
)  # fmt: skip
def test_who_may_see_and_override_a_verdict(sign_in, cast, verdict, name, who, status):
    assert sign_in(cast[who]).get(reverse(f"coverage:{name}", args=[verdict.pk])).status_code == status


@pytest.mark.parametrize("name", ["coverage-edit", "coverage-verify"])
def test_another_sites_coverage_does_not_exist(sign_in, kit, amara, name):
    url = reverse(f"coverage:{name}", args=[amara.job.pk])

    assert sign_in(kit).post(url, {"method": "Payer portal", "reference": "T-1"}).status_code == 404


def test_another_sites_person_does_not_exist(sign_in, kit, amara, acted):
    person = PersonFactory(patient=amara)

    assert sign_in(kit).get(reverse("patients:person-edit", args=[person.pk])).status_code == 404


@pytest.mark.parametrize("name", ["store", "visit-day"])
def test_what_changes_something_is_not_done_by_a_link(desk, amara, name):
    assert desk.get(reverse(f"coverage:{name}", args=[amara.pk])).status_code == 405
