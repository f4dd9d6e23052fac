"""Which choice holds: the day decides, then payer before state before practice; payers that differ settle nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.coverage.option_catalogue import SPECS, Effect, default, problem_with
from cob.coverage.options import Held, OptionsOnFile, Supposed
from cob.rules.order.case import Options
from tests.cob.coverage.conftest import DAY

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
