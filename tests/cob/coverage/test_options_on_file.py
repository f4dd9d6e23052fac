"""Choices on file: kept as written, in the case with their source, and heard by the next verdict, not by the last."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.cases import case_for
from cob.coverage.models import Option, Scope
from cob.coverage.option_actions import BadOption, set_option
from cob.coverage.options import OptionsOnFile, Supposed
from cob.rules import determine
from cob.rules.parameters import trying
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, FactFactory, PayerFactory
from tests.factories.patients import PatientFactory, PersonFactory

NEW_YEAR = date(2026, 1, 1)
TERM, AGE, REST = "term_date_is_last_day", "dependent_age_end", "decree_rest"


class TestOnFile:
    """Rows, cases and verdicts."""

    pytestmark = pytest.mark.usefixtures("acted")

    @pytest.fixture
    def aetna(self, acted):
        return PayerFactory(name="Aetna", edi_id="60054A")

    @pytest.fixture
    def patient(self, main, aetna):
        patient = PatientFactory(site=main, birth_on=date(1980, 5, 1))
        CoverageFactory(patient=patient, payer=aetna, ended_on=DAY, open_ended=False)
        return patient

    def choose(self, by, value=False, on=NEW_YEAR, name=TERM, **scope):
        scope = scope or {"scope": Scope.PRACTICE}
        return set_option(name=name, value=value, effective_on=on, source="manual p. 12", by=by, **scope)

    def test_without_a_choice_the_case_is_as_it_was(self, amara):
        assert "options" not in case_for(amara, DAY).case
        assert case_for(amara, DAY).notes == ()

    def test_a_choice_is_in_the_case_with_its_source_and_turns_the_verdict(self, patient, aetna, acted):
        before = determine(case_for(patient, DAY).case)
        self.choose(acted, scope=Scope.PAYER, payer=aetna)

        found = case_for(patient, DAY)

        assert found.case["options"] == {TERM: False}
        assert found.sources[f"options.{TERM}"] == "Aetna, setting since 01/01/2026, manual p. 12"
        assert (before.status, determine(found.case).status) == ("determined", "no_coverage")

    def test_a_choice_written_later_leaves_the_sources_of_a_verdict_on_file_alone(self, patient, acted):
        self.choose(acted)

        assert "options" not in case_for(patient, DAY, known_at=datetime(2026, 1, 1, tzinfo=UTC)).case

    def test_a_new_choice_supersedes_the_verdict_and_changes_nothing_on_file(self, patient, acted):
        first = actions.determine(patient=patient, service_on=DAY, by=acted)
        self.choose(acted)

        second = actions.determine(patient=patient, service_on=DAY, by=acted)

        first.refresh_from_db()
        assert second.supersedes == first
        assert (first.status, second.status) == ("determined", "no_coverage")

    def test_an_answer_about_this_patient_goes_before_a_choice(self, main, acted):
        patient = PatientFactory(site=main, birth_on=date(2015, 1, 1))
        for relation, edi_id in (("mother", "A1"), ("father", "B1")):
            person = PersonFactory(patient=patient, relation=relation)
            payer = PayerFactory(name=edi_id, edi_id=edi_id)
            CoverageFactory(patient=patient, payer=payer, subscriber=person, relationship="child")
        self.choose(acted, name=REST, value="ASK")
        FactFactory(patient=patient, path=f"options.{REST}", value="CUSTODIAL_ORDER")

        found = case_for(patient, DAY)

        assert found.case["options"] == {REST: "CUSTODIAL_ORDER"}
        assert found.sources[f"options.{REST}"].startswith("patient")

    def test_a_supposed_choice_is_in_the_case_and_nowhere_else(self, patient):
        supposed = OptionsOnFile.read().as_if([Supposed(TERM, False)])

        assert case_for(patient, DAY, options=supposed).case["options"] == {TERM: False}
        assert "options" not in case_for(patient, DAY).case
        assert Option.objects.count() == 0

    def test_a_verdict_under_tried_numbers_is_not_put_on_file(self, patient, acted):
        with trying({"msp.kidney.months": 33}), pytest.raises(RuntimeError, match="never put on file"):
            actions.determine(patient=patient, service_on=DAY, by=acted)

    @pytest.mark.parametrize(("value", "verb"), [(False, "option set"), (None, "option withdrawn")])
    def test_each_choice_is_one_event_with_a_verb_of_its_own(self, acted, value, verb):
        self.choose(acted)
        option = self.choose(acted, value, on=date(2026, 2, 1)) if value is None else Option.objects.get()

        event = Event.objects.get(subject_type="coverage.option", subject_id=str(option.pk))

        assert (event.verb, event.actor_name) == (verb, "Ana Arroyo")

    def test_all_choices_are_one_query_however_many_cases_follow(self, patient, acted, django_assert_num_queries):
        self.choose(acted)
        with django_assert_num_queries(1):
            on_file = OptionsOnFile.read()
        entry = {"id": "c", "kind": "employer", "last_covered_day": DAY.isoformat()}
        body = {"claim": {"dos": DAY.isoformat()}, "patient": "P", "coverages": [entry], "people": {"P": {}}}
        with django_assert_num_queries(0):
            assert on_file.in_case(body, payers={}, site_state="IL").options == {TERM: False}

    @pytest.mark.parametrize("how", ["update", "delete"])
    def test_a_row_cannot_be_changed_or_deleted(self, acted, how):
        self.choose(acted)
        sql = {"update": "UPDATE coverage_option SET source = 'x'", "delete": "DELETE FROM coverage_option"}[how]

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    @pytest.mark.parametrize(
        "columns",
        [
            {"scope": "payer"},
            {"scope": "state"},
            {"scope": "practice", "state": "IL"},
            {"scope": "practice", "source": ""},
        ],
        ids=["a payer's without a payer", "a state's without a state", "the practice's with a state", "no source"],
    )
    def test_a_row_that_does_not_say_whose_it_is_is_refused(self, acted, columns):
        with pytest.raises(IntegrityError), transaction.atomic():
            Option.objects.create(**{"name": TERM, "value": True, "effective_on": DAY, "source": "x"} | columns)

    @pytest.mark.parametrize(
        ("wrong", "field", "said"),
        [
            ({"name": "luck"}, "name", "no option"),
            ({"name": "newborn_auto_days", "value": 60}, "name", "no option"),
            ({"value": "perhaps"}, "value", "Expected one of"),
            ({"name": AGE, "value": "STATE_AGE(21)"}, "value", "from 26"),
            ({"scope": "state", "state": "IL"}, "scope", "chosen by: a payer, the practice"),
            ({"scope": "payer"}, "payer", "Choose the payer"),
            ({"name": AGE, "scope": "state", "value": "END_OF_YEAR"}, "state", "Choose the state"),
            ({"name": AGE, "scope": "state", "value": "END_OF_YEAR", "state": "ZZ"}, "state", "two letters"),
            ({"source": "  "}, "source", "where it stands"),
            ({"value": None}, "value", "nothing is set here"),
        ],
    )
    def test_what_cannot_be_kept_is_refused_by_name(self, acted, wrong, field, said):
        right = {"name": TERM, "scope": "practice", "value": False, "effective_on": DAY, "source": "x", "by": acted}

        with pytest.raises(BadOption, match=said) as refused:
            set_option(**right | wrong)

        assert refused.value.field == field
        assert not Option.objects.exists()

    def test_what_holds_already_is_not_written_again(self, acted):
        self.choose(acted)

        with pytest.raises(BadOption, match="already holds on 03/10/2026, since 01/01/2026"):
            self.choose(acted, on=DAY)

    def test_of_two_rows_with_one_day_the_later_written_holds(self, acted, patient):
        self.choose(acted, False)
        self.choose(acted, True)

        assert "options" not in case_for(patient, DAY).case
