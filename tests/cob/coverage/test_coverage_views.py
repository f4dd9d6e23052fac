"""The capture screens: what is kept, what bad input gets, and who may."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from cob.audit.acting import acting
from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.models import Coverage
from tests.factories.coverage import PayerFactory
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


def test_a_day_pasted_with_blanks_around_it_keeps_its_year(desk, amara):
    form = desk.post(_new(amara), {"kind": "employer"})

    assert 'name="effective_on" placeholder="mm/dd/yyyy" autocomplete="off" maxlength="20"' in form.content.decode()
    desk.post(_new(amara), _employer(effective_on="    01/01/2020    ", member_id="W1"))
    assert Coverage.objects.get(patient=amara, member_id="W1").effective_on == date(2020, 1, 1)


@pytest.mark.parametrize("typed", ["\u202dW 12\u200b3\u202c", "  W\u00a012\u00ad3 ", "W 123"])
def test_an_id_is_kept_without_the_marks_nobody_sees(desk, amara, typed):
    desk.post(_new(amara), _employer(member_id=typed))

    assert Coverage.objects.filter(patient=amara, member_id="W 123").exists()


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


def test_a_coverage_form_sent_twice_is_one_coverage_with_one_new_person(desk, amara):
    form = desk.post(_new(amara), {"kind": "employer"}).context["form"]
    given = _employer(once=form["once"].value(), member_id="W1", subscriber="new", person_last="Boateng")
    before = amara.coverages.count()

    desk.post(_new(amara), given)
    desk.post(_new(amara), given | {"member_id": "W2"})

    assert (amara.coverages.count(), amara.people.count()) == (before + 1, 1)
    assert amara.coverages.get(member_id="W2").subscriber == amara.people.get()


def test_verifying_needs_a_reference(desk, amara):
    url = reverse("coverage:coverage-verify", args=[amara.job.pk])

    assert desk.post(url, {"method": "Payer portal", "reference": ""}).status_code == 422
    assert desk.post(url, {"method": "Payer portal", "reference": "T-1"}).status_code == 302
    amara.job.refresh_from_db()
    assert amara.job.verified_how == "Payer portal, T-1"
    assert desk.get(url).url == reverse("coverage:coverage-edit", args=[amara.job.pk])


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
        ("accident", {"accident__state": "ÄÖ"}, "two letters"),
        ("accident", {"accident__no_fault__paid_to_date_cents": "1.234"}, "is not an amount"),
        ("accident", {"accident__no_fault__paid_to_date_cents": "-3"}, "Expected an amount of 0 or more."),
        ("accident", {"accident__state": "IL", "true_from": "12/31/2062"}, "Give a day at most a year from now."),
    ],
)
def test_facts_forms_refuse_what_makes_no_sense(desk, amara, name, given, said):
    response = desk.post(reverse(f"coverage:facts-{name}", args=[amara.pk]), TOLD | given)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_a_form_opened_before_a_colleague_answered_takes_nothing_back(desk, amara, ana):
    here = reverse("coverage:facts-accident", args=[amara.pk])
    shown = desk.get(here).context["form"]["shown"].value()
    with acting(ana):
        actions.tell_fact(patient=amara, path="accident.state", value="MI", told_by="Patient", by=ana)

    desk.post(here, TOLD | {"shown": shown, "accident__liability__claim_filed_on_0": "01/05/2026"})

    held = {fact.path: fact.value for fact in amara.facts.all()}
    assert (held["accident.state"], held["accident.liability.claim_filed_on"]) == ("MI", "2026-01-05")


@pytest.mark.parametrize("shown", ["{", "[]", "7"])
def test_what_a_form_showed_may_be_damaged(desk, amara, shown):
    here = reverse("coverage:facts-accident", args=[amara.pk])

    assert desk.post(here, TOLD | {"shown": shown, "accident__state": "oh"}).status_code == 302
    assert amara.facts.get(path="accident.state").value == "OH"


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
    refused = desk.post(url, TOLD | given | {"birth_on": "03/16/1955"})
    assert refused.context["form"].errors["birth_month_day"] == [
        "The date of birth says 03/16. Correct one, or leave this empty."
    ]
    assert desk.post(url, TOLD | given | {"birth_on": "03/15/1955"}).status_code == 302
    desk.post(url, TOLD | given | {"birth_on": "03/15/1955", "birth_month_day": ""})
    person.refresh_from_db()
    assert person.birth_on == date(1955, 3, 15)


def test_a_person_sent_twice_is_one_and_whoever_saves_second_is_told_and_may_save_again(desk, amara):
    here = reverse("patients:person-new", args=[amara.pk])
    given = {"last_name": "Boateng", "relation": "father", "once": desk.get(here).context["form"]["once"].value()}
    desk.post(here, TOLD | given)
    desk.post(here, TOLD | given | {"first_name": "Kofi"})
    person = amara.people.get()
    assert person.first_name == "Kofi"

    url = reverse("patients:person-edit", args=[person.pk])
    stale = TOLD | {"last_name": "Boateng", "seen": desk.get(url).context["form"]["seen"].value()}
    desk.post(url, TOLD | given | {"first_name": "Kwame"})
    refused = desk.post(url, stale)
    assert "Somebody changed this while you were writing" in refused.content.decode()
    again = desk.post(url, stale | {"seen": refused.context["form"]["seen"].value()})

    assert (refused.status_code, again.status_code) == (422, 302)


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
