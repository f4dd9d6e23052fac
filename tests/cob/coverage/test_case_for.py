"""A case says what is on file and nothing else: unknown is absent, "goes on" is null, and everything has a source."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import timezone

from cob.coverage import actions
from cob.coverage.cases import CaseOnFile, NeedsKind, case_for
from cob.coverage.rulebook import verdict_on
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, EmployerFactory, FactFactory, PayerFactory
from tests.factories.patients import PatientFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("acted")


def _case(patient, day=DAY, **more):
    found = case_for(patient, day, **more)
    assert isinstance(found, CaseOnFile)
    return found


def _entry(patient, coverage, day=DAY):
    return next(entry for entry in _case(patient, day).case["coverages"] if entry["id"] == str(coverage.pk))


@pytest.fixture
def patient(main):
    return PatientFactory(site=main)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param({"open_ended": True, "ended_on": None}, None, id="open-ended is null"),
        pytest.param({"open_ended": False, "ended_on": date(2026, 1, 31)}, "2026-01-31", id="a day is the day"),
        pytest.param({"open_ended": False, "ended_on": None}, "absent", id="nobody said is absent"),
    ],
)
def test_the_last_covered_day_keeps_its_three_states(patient, columns, expected):
    coverage = CoverageFactory(patient=patient, **columns)

    assert _entry(patient, coverage).get("last_covered_day", "absent") == expected


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        pytest.param("medicare.part_a", "never", None, id="never enrolled is null"),
        pytest.param(
            "medicare.part_a", {"from": "2024-06-01", "to": None}, {"from": "2024-06-01", "to": None}, id="span"
        ),
        pytest.param("medicare.part_a", {"from": "2024-06-01"}, {"from": "2024-06-01"}, id="unknown end stays absent"),
        pytest.param("medicare.retro_award_date", "never", "never", id="a date that never came stays never"),
        pytest.param("medicare.basis", {"disability": None}, {"disability": None}, id="a ground without its month"),
        pytest.param("medicare.qmb", False, False, id="no is an answer"),
    ],
)
def test_a_fact_is_set_under_its_contract_path(patient, path, value, expected):
    CoverageFactory(patient=patient, kind="medicare", open_ended=False)
    FactFactory(patient=patient, path=path, value=value)

    assert _case(patient).case["medicare"][path.removeprefix("medicare.")] == expected


def test_a_fact_taken_back_is_unknown_again_and_has_no_source(patient):
    coverage = CoverageFactory(patient=patient)
    path = f"coverages.{coverage.pk}.work_status"
    FactFactory(patient=patient, path=path, value="retired")
    FactFactory(patient=patient, path=path, value=None, told_at=timezone.now())

    found = _case(patient)

    assert "work_status" not in found.case["coverages"][0]
    assert path not in found.sources


def test_a_later_whole_answer_replaces_what_was_told_of_its_parts(patient):
    CoverageFactory(patient=patient, kind="medicare", open_ended=False)
    FactFactory(patient=patient, path="medicare.part_b.to", value="2025-01-31")
    FactFactory(patient=patient, path="medicare.part_b", value={"from": "2024-06-01", "to": None})

    assert _case(patient).case["medicare"]["part_b"] == {"from": "2024-06-01", "to": None}


def test_an_answer_about_a_part_adds_to_the_whole_told_before(patient):
    CoverageFactory(patient=patient, kind="medicare", open_ended=False)
    FactFactory(patient=patient, path="medicare.part_b", value={"from": "2024-06-01"})
    FactFactory(patient=patient, path="medicare.part_b.to", value="never")

    assert _case(patient).case["medicare"]["part_b"] == {"from": "2024-06-01", "to": None}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param(date(2026, 2, 28), "active", id="the day before it changed"),
        pytest.param(date(2026, 3, 1), "retired", id="the day it changed"),
    ],
)
def test_a_fact_holds_from_its_day_on(patient, day, expected):
    coverage = CoverageFactory(patient=patient)
    path = f"coverages.{coverage.pk}.work_status"
    FactFactory(patient=patient, path=path, value="active")
    FactFactory(patient=patient, path=path, value="retired", true_from=date(2026, 3, 1))

    assert _entry(patient, coverage, day)["work_status"] == expected


@pytest.mark.parametrize(
    ("true_from", "day", "expected"),
    [
        pytest.param(DAY, DAY, ["auto"], id="on the day of that visit"),
        pytest.param(DAY, date(2026, 3, 11), None, id="not on the next visit"),
        pytest.param(None, date(2026, 3, 11), ["auto"], id="a standing answer on any day"),
    ],
)
def test_what_is_told_of_one_visit_holds_for_that_visit(patient, true_from, day, expected):
    FactFactory(patient=patient, path="claim.related_to", value=["auto"], true_from=true_from)

    assert _case(patient, day).case["claim"].get("related_to") == expected


def test_a_claim_says_what_the_visit_was_for_whatever_was_told(patient):
    FactFactory(patient=patient, path="claim.related_to", value=["auto"], true_from=DAY)

    case = _case(patient, claim={"related_to": ["none"], "service": "institutional", "dos": "1999-01-01"}).case

    assert case["claim"] == {"dos": "2026-03-10", "related_to": ["none"], "service": "institutional"}


def test_accident_facts_are_left_out_when_the_visit_is_for_nothing_of_the_kind(patient):
    FactFactory(patient=patient, path="accident.state", value="IL")
    FactFactory(patient=patient, path="claim.related_to", value=["none"], true_from=DAY)

    assert "accident" not in _case(patient).case
    assert _case(patient, date(2026, 3, 11)).case["accident"] == {"state": "IL"}


def test_without_a_medicare_card_there_is_no_medicare_whatever_was_told(patient):
    CoverageFactory(patient=patient)
    FactFactory(patient=patient, path="medicare.part_a", value={"from": "2024-06-01", "to": None})

    assert "medicare" not in _case(patient).case


@pytest.mark.parametrize("kind", ["medicare", "medicare_advantage"])
def test_a_medicare_card_alone_brings_an_empty_object(patient, kind):
    CoverageFactory(patient=patient, kind=kind, effective_on=None, open_ended=False)

    assert _case(patient).case["medicare"] == {}


@pytest.mark.parametrize(
    ("columns", "subscriber"),
    [
        pytest.param({"relationship": "self"}, "P", id="own plan"),
        pytest.param({"relationship": "child"}, None, id="somebody's, nobody said whose"),
        pytest.param({"relationship": ""}, None, id="nobody said anything"),
    ],
)
def test_the_subscriber_is_known_only_when_somebody_said(patient, columns, subscriber):
    coverage = CoverageFactory(patient=patient, **columns)

    assert _entry(patient, coverage).get("subscriber") == subscriber


def test_people_stand_under_their_ids_with_what_is_known_of_them(patient):
    mother = PersonFactory(patient=patient, relation="mother", birth_on=date(1985, 9, 22))
    step = PersonFactory(patient=patient, relation="stepparent", birth_month_day="03-15", spouse_of=mother)
    CoverageFactory(patient=patient, subscriber=step, relationship="stepchild")

    people = _case(patient).case["people"]

    assert people[str(mother.pk)] == {"birth_date": "1985-09-22", "relation": "mother"}
    assert people[str(step.pk)] == {"birth_month_day": "03-15", "relation": "stepparent", "spouse": str(mother.pk)}


def test_a_column_wins_over_a_fact_of_the_same_path(patient):
    coverage = CoverageFactory(patient=patient, relationship="self")
    FactFactory(patient=patient, path=f"coverages.{coverage.pk}.relationship", value="child")

    assert _entry(patient, coverage)["relationship"] == "self"


def test_facts_about_another_patients_rows_change_nothing(patient, main):
    stranger = CoverageFactory(patient=PatientFactory(site=main))
    CoverageFactory(patient=patient)
    FactFactory(patient=patient, path=f"coverages.{stranger.pk}.work_status", value="retired")

    assert "work_status" not in json.dumps(_case(patient).case)


@pytest.mark.parametrize(
    ("as_of", "day", "size"),
    [
        pytest.param(date(2026, 1, 15), date(2025, 12, 31), "100+", id="the year before the answer"),
        pytest.param(date(2026, 1, 15), date(2024, 12, 31), None, id="two years before the answer"),
        pytest.param(date(2026, 1, 15), date(2027, 5, 1), "100+", id="later years until told otherwise"),
    ],
)
def test_an_employers_size_serves_everybody_who_works_there(patient, as_of, day, size):
    employer = EmployerFactory(size_band="100+", size_as_of=as_of, size_told_by="payroll office")
    coverage = CoverageFactory(patient=patient, employer=employer)

    found = _case(patient, day)

    assert found.case["coverages"][0].get("employer", {}).get("size") == size
    told = found.sources.get(f"coverages.{coverage.pk}.employer.size", "")
    assert told == ("payroll office, 01/15/2026, for everybody who works there" if size else "")


def test_a_coverages_own_size_wins_over_the_employers(patient):
    employer = EmployerFactory(size_band="100+", size_as_of=date(2026, 1, 15), size_told_by="payroll office")
    coverage = CoverageFactory(patient=patient, employer=employer)
    FactFactory(patient=patient, path=f"coverages.{coverage.pk}.employer.size", value="<20")

    assert _entry(patient, coverage)["employer"]["size"] == "<20"


def test_coverages_that_ended_or_have_not_begun_are_passed_on_for_the_rules_to_set_aside(patient):
    CoverageFactory(patient=patient, ended_on=date(2021, 1, 1), open_ended=False)
    CoverageFactory(patient=patient, effective_on=date(2030, 1, 1))

    assert len(_case(patient).case["coverages"]) == 2


def test_a_refused_offer_says_so(patient):
    coverage = CoverageFactory(patient=patient, enrolled=False)

    assert _entry(patient, coverage)["enrolled"] is False


def test_a_coverage_nobody_named_the_kind_of_is_the_first_question_and_there_is_no_case(patient):
    CoverageFactory(patient=patient)
    nameless = CoverageFactory(patient=patient, kind="", payer=PayerFactory(name="Zenith", edi_id="Z9"))

    found = case_for(patient, DAY)

    assert isinstance(found, NeedsKind)
    assert (found.coverages, found.path) == ((nameless,), f"coverages.{nameless.pk}.kind")
    assert found.ask == "What kind of plan is Zenith?"


def test_every_fact_names_who_told_us_when_and_how(amara):
    found = _case(amara)

    assert found.sources[f"coverages.{amara.job.pk}.employment.status"].startswith("patient, ")
    assert found.sources[f"coverages.{amara.job.pk}.employment.status"].endswith(", in person")
    assert found.sources["medicare.part_a.from"] == found.sources["medicare.part_a"]


def test_what_the_payer_verified_is_the_source_of_a_coverages_columns(amara, acted):
    actions.verify_coverage(coverage=amara.job, method="Call to the payer", reference="88-1402", by=acted)

    source = _case(amara).sources[f"coverages.{amara.job.pk}.effective"]

    assert source == f"Call to the payer, 88-1402, {timezone.localdate():%m/%d/%Y}"


def test_facts_told_later_can_be_left_out(amara, acted):
    then = timezone.now()
    actions.tell_fact(patient=amara, path=amara.size, value="<20", told_by="employer", by=acted)

    assert amara.size in _case(amara).sources
    assert amara.size not in _case(amara, known_at=then).sources


def test_two_coverages_of_one_payer_are_told_apart(patient):
    CoverageFactory(patient=patient, plan_name="Gold")
    CoverageFactory(patient=patient, member_id="W12345678")

    names = [entry["payer"] for entry in _case(patient).case["coverages"]]

    assert names == ["Acme Health (Gold)", "Acme Health (…5678)"]


def test_the_rules_can_read_every_case_put_together_here(amara):
    verdict = verdict_on(_case(amara).case)

    assert [question["fact"] for question in verdict["questions"]] == [amara.size]
