"""Which choice holds: the day decides, then payer before state before practice; payers that differ settle nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.cases import case_for
from cob.coverage.models import Option, Scope
from cob.coverage.option_actions import BadOption, set_option
from cob.coverage.option_catalogue import SPECS, Effect, default, problem_with
from cob.coverage.options import Held, OptionsOnFile, Supposed
from cob.rules import determine
from cob.rules.order.case import Options
from cob.rules.parameters import trying
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory, FactFactory, PayerFactory
from tests.factories.patients import PatientFactory, PersonFactory

NEW_YEAR = date(2026, 1, 1)
AETNA, CIGNA, HUMANA = "aetna", "cigna", "humana"
TERM, AGE, REST, ALONE = "term_date_is_last_day", "dependent_age_end", "decree_rest", "individual_policies_coordinate"


def row(name, value, scope="practice", owner="", on=NEW_YEAR):
    """A choice as the resolver holds it."""
    return (name, scope, owner), Held(value, scope, owner or "The practice", on, "page 4")


def chosen(*rows, day=DAY, coverages=(), site_state="IL", **case):
    body = {
        "id": "1", "claim": {"dos": day.isoformat()}, "patient": "P", "people": {"P": {"birth_date": "2001-03-20"}},
        "coverages": [dict(entry) for entry in coverages], **case,
    }  # fmt: skip
    payers = {entry["id"]: entry["payer"] for entry in body["coverages"]}
    return OptionsOnFile(rows).in_case(body, payers=payers, site_state=site_state)


def plan(payer, kind="employer", **more):
    return {"id": payer, "payer": payer, "kind": kind, "relationship": "self"} | more


def ending(payer, on=DAY, **more):
    return plan(payer, last_covered_day=on.isoformat(), **more)


def childs(payer, **more):
    return plan(payer, relationship="child", last_covered_day=None, **more)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        pytest.param(date(2025, 12, 31), {}, id="the day before it begins"),
        pytest.param(NEW_YEAR, {TERM: False}, id="the day it begins"),
        pytest.param(date(2026, 5, 31), {TERM: False}, id="the day before it is withdrawn"),
        pytest.param(date(2026, 6, 1), {}, id="the day it is withdrawn"),
    ],
)
def test_the_day_of_service_decides(day, holds):
    rows = [row(TERM, False, "payer", AETNA), row(TERM, None, "payer", AETNA, date(2026, 6, 1))]

    assert chosen(*rows, day=day, coverages=[ending(AETNA, day)]).options == holds


@pytest.mark.parametrize(
    ("rows", "expected", "whose"),
    [
        pytest.param([], None, "", id="nobody"),
        pytest.param([("END_OF_YEAR", "practice", "")], "END_OF_YEAR", "The practice", id="the practice"),
        pytest.param(
            [("END_OF_YEAR", "practice", ""), ("STATE_AGE(30)", "state", "IL")], "STATE_AGE(30)", "IL", id="the state"
        ),
        pytest.param(
            [("END_OF_YEAR", "practice", ""), ("STATE_AGE(30)", "state", "IL"), ("END_OF_MONTH", "payer", AETNA)],
            "END_OF_MONTH", "aetna", id="the payer",
        ),
        pytest.param(
            [("STATE_AGE(30)", "state", "IL"), (None, "payer", AETNA)], "STATE_AGE(30)", "IL", id="the payer withdrew"
        ),
        pytest.param([("END_OF_MONTH", "payer", CIGNA)], None, "", id="a payer the patient does not have"),
        pytest.param([("STATE_AGE(30)", "state", "NJ")], None, "", id="another state"),
        pytest.param(
            [("END_OF_YEAR", "practice", ""), ("BIRTHDAY_EVE", "payer", AETNA)], None, "", id="the payer, the default"
        ),
    ],
)  # fmt: skip
def test_the_narrower_scope_wins(rows, expected, whose):
    found = chosen(*(row(AGE, *one) for one in rows), coverages=[childs(AETNA)])

    assert found.options == ({AGE: expected} if expected else {})
    assert found.sources.get(f"options.{AGE}", "").startswith(whose)
    assert found.notes == {}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param({"state": "NJ"}, "STATE_AGE(31)", id="the state it was issued in"),
        pytest.param({}, "STATE_AGE(30)", id="else the site's"),
        pytest.param({"state": "NJ", "funding": "self_funded_erisa"}, None, id="no state for a self-funded plan"),
    ],
)
def test_a_plan_is_under_one_states_law(entry, expected):
    rows = [row(AGE, "STATE_AGE(31)", "state", "NJ"), row(AGE, "STATE_AGE(30)", "state", "IL")]

    assert chosen(*rows, coverages=[childs(AETNA, **entry)]).options.get(AGE) == expected


@pytest.mark.parametrize(
    ("accident", "expected"),
    [({"state": "KY"}, "NJ_ELECTION"), ({"state": "IL"}, None), ({}, None)],
    ids=["where it happened", "not where the site is", "nobody knows where"],
)
def test_an_accident_is_under_the_law_of_its_place(accident, expected):
    rows = [row("nf_order", "NJ_ELECTION", "state", "KY")]
    entries = [plan("auto", "no_fault"), plan(AETNA)]

    assert chosen(*rows, coverages=entries, accident=accident).options.get("nf_order") == expected


class TestEachPlanByItself:
    """The end date of one payer says nothing about another's."""

    def test_payers_that_agree_settle_it(self):
        rows = [row(TERM, False, "payer", AETNA), row(TERM, False, "payer", CIGNA)]

        found = chosen(*rows, coverages=[ending(AETNA), ending(CIGNA)])

        assert found.options == {TERM: False}
        assert "aetna" in found.sources[f"options.{TERM}"]
        assert "cigna" in found.sources[f"options.{TERM}"]

    def test_one_payers_choice_is_not_taken_for_anothers(self):
        found = chosen(row(TERM, False, "payer", AETNA), coverages=[ending(AETNA), ending(CIGNA)])

        assert found.options == {}
        assert "aetna has “The first day without cover”" in found.notes[TERM]
        assert "cigna has “The last covered day”" in found.notes[TERM]

    def test_the_practices_value_stands_where_payers_differ(self):
        rows = [row(TERM, False), row(TERM, True, "payer", AETNA)]

        found = chosen(*rows, coverages=[ending(AETNA), ending(CIGNA)])

        assert found.options == {TERM: False}
        assert found.sources[f"options.{TERM}"].startswith("The practice")
        assert found.notes

    def test_a_plan_in_force_either_way_has_no_say(self):
        rows = [row(TERM, False, "payer", AETNA)]

        found = chosen(*rows, coverages=[ending(AETNA), ending(CIGNA, date(2026, 12, 31))])

        assert (found.options, found.notes) == ({TERM: False}, {})

    @pytest.mark.parametrize(("born", "told"), [("2001-03-20", True), ("2019-03-20", False)])
    def test_differing_about_the_age_limit_is_told_once_it_is_near(self, born, told):
        rows = [row(AGE, "END_OF_YEAR", "payer", AETNA)]

        found = chosen(*rows, coverages=[childs(AETNA), childs(CIGNA)], people={"P": {"birth_date": born}})

        assert bool(found.notes) is told


class TestTwoPlansCompared:
    """A choice holds where every comparison has a payer that made it."""

    COURT = {"child": {"decree": {"terms": "one_parent"}}}

    def test_a_plan_without_a_choice_goes_along(self):
        rows = [row(REST, "RESPONSIBLE_SPOUSE_SECOND", "payer", AETNA)]

        found = chosen(*rows, coverages=[childs(AETNA), childs(CIGNA)], **self.COURT)

        assert (found.options, found.notes) == ({REST: "RESPONSIBLE_SPOUSE_SECOND"}, {})

    def test_two_plans_without_one_are_not_compared_by_a_thirds(self):
        rows = [row("adult_child_spouse_rule", "PRE2013", "payer", AETNA)]
        entries = [childs(AETNA), childs(CIGNA), plan(HUMANA, relationship="spouse", subscriber="S")]

        found = chosen(*rows, coverages=entries)

        assert found.options == {}
        assert "aetna has “Longer cover only”" in found.notes["adult_child_spouse_rule"]

    def test_payers_that_differ_behind_a_court_order_are_asked(self):
        rows = [
            row(REST, "RESPONSIBLE_SPOUSE_SECOND", "payer", AETNA),
            row(REST, "CUSTODIAL_ORDER", "payer", CIGNA),
        ]

        found = chosen(*rows, coverages=[childs(AETNA), childs(CIGNA)], **self.COURT)

        assert found.options == {REST: "ASK"}
        assert found.notes

    def test_payers_that_differ_elsewhere_leave_it_to_the_state(self):
        rows = [row(ALONE, "NO", "payer", AETNA), row(ALONE, "YES", "payer", CIGNA), row(ALONE, "NO", "state", "IL")]

        found = chosen(*rows, coverages=[plan(AETNA), plan(CIGNA, "individual")])

        assert found.options == {ALONE: "NO"}
        assert found.sources[f"options.{ALONE}"].startswith("IL (the site’s state), setting since 01/01/2026")
        assert found.notes

    def test_a_policy_is_compared_with_each_group_plan_and_they_not_with_each_other(self):
        entries = [plan(AETNA), plan(HUMANA), plan(CIGNA, "individual")]

        assert chosen(row(ALONE, "NO", "payer", CIGNA), coverages=entries).options == {ALONE: "NO"}
        assert chosen(row(ALONE, "NO", "payer", AETNA), coverages=entries).options == {}

    def test_one_plan_alone_has_nothing_to_compare(self):
        assert chosen(row(REST, "ASK"), coverages=[childs(AETNA)], **self.COURT).options == {}


@pytest.mark.parametrize(
    ("name", "value", "entries", "case"),
    [
        (TERM, False, [plan(AETNA)], {}),
        (AGE, "END_OF_YEAR", [plan(AETNA)], {}),
        ("medicaid_peds_mode", "PAY_AND_CHASE_NOW", [plan(AETNA)], {}),
        ("medicaid_cse_days", 30, [plan("state", "medicaid"), plan(AETNA)], {}),
        ("medigap_vs_retiree", "RETIREE_FIRST", [plan(AETNA), plan(CIGNA)], {}),
        ("adsm_with_medicare", "MEDICARE_FIRST", [plan("east", "tricare")], {}),
        ("liability_nonmedicare", "RANK_FIRST", [plan(AETNA)], {}),
    ],
)
def test_an_option_that_concerns_no_coverage_is_left_out(name, value, entries, case):
    assert chosen(row(name, value), coverages=entries, **case).options == {}


def test_the_catalogue_has_every_option_of_the_contract_and_no_other():
    assert set(SPECS) == set(Options.model_fields)


@pytest.mark.parametrize("name", SPECS)
def test_every_value_offered_can_be_read_and_one_of_them_is_the_default(name):
    spec = SPECS[name]
    values = ["STATE_AGE(30)" if value == "STATE_AGE" else value for value, _ in spec.choices]

    assert [problem_with(name, value) for value in values] == [""] * len(values)
    assert not spec.is_settable or default(name) in [*values, None]
    assert not spec.is_settable or spec.scopes


@pytest.mark.parametrize("name", SPECS)
def test_an_option_can_be_set_exactly_when_the_rules_read_it(name, request):
    rules = "".join(path.read_text() for path in (request.config.rootpath / "cob/rules/order").glob("*.py"))

    is_read = f"options.{name}" in rules or SPECS[name].effect is Effect.PAYMENT
    assert SPECS[name].is_settable == is_read


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.booleans(), st.integers(0, 4))
def test_what_is_on_file_in_memory_says_the_same_in_any_order_of_days(day, value, gap):
    """The latest day not after the day of service, whatever was written around it."""
    days = [date(2021 + gap, 1, 1), date(2023 + gap, 7, 1)]
    rows = [row(TERM, value, on=days[0]), row(TERM, not value, on=days[1])]

    found = OptionsOnFile(rows).at(TERM, "practice", "", day)

    expected = None if day < days[0] else value if day < days[1] else not value
    assert (found.value if found else None) == expected


class TestSupposed:
    """What a choice nobody made would do, without keeping it."""

    def test_it_goes_before_what_is_on_file_in_its_scope(self):
        on_file = OptionsOnFile([row(TERM, True)])

        found = on_file.as_if([Supposed(TERM, False)]).at(TERM, "practice", "", DAY)

        assert found is not None
        assert found.value is False
        assert found.said() == "The practice, as if it were so"
        assert on_file.at(TERM, "practice", "", DAY).value is True

    def test_a_narrower_choice_still_goes_before_it(self):
        found = OptionsOnFile([row(TERM, True, "payer", AETNA)]).as_if([Supposed(TERM, False)])

        assert found.resolve(TERM, DAY, payer=AETNA).value is True

    @pytest.mark.parametrize(
        ("supposed", "said"),
        [(Supposed("luck", True), "luck: there is no such"), (Supposed(TERM, "x"), f"{TERM}: Exp")],
    )
    def test_what_cannot_be_is_refused(self, supposed, said):
        with pytest.raises(ValueError, match=said):
            OptionsOnFile([]).as_if([supposed])


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
