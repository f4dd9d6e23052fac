"""The case as the rules see it: ages, who may be a parent, what unknown days and birthdays are tried as."""

from __future__ import annotations

from datetime import date

import pytest

from cob.dates import month_text
from cob.rules import determine, read_case
from cob.rules.bulk import Decider, decided
from cob.rules.order.plan import dates_around
from cob.rules.order.visit import OPEN, Visit
from cob.rules.reading import Unknown
from tests.cob.rules.order.kinds import NEVER, adult, aged, apart, child, job, set_to


def visit(case, **changes):
    for path, value in changes.items():
        case = set_to(case, path.replace("__", "."), value)
    return Visit(read_case(case))


def tried(ask):
    """What an unknown fact is tried as: its path and the values."""
    with pytest.raises(Unknown) as unknown:
        ask()
    return unknown.value.path, list(unknown.value.might_be)


@pytest.mark.parametrize(
    ("born", "age"),
    [("2000-03-10", 26), ("2000-03-11", 25), ("2000-03-09", 26), ("2000-04-01", 25), ("2000-02-28", 26),
     ("2026-03-10", 0), (None, None)],
)  # fmt: skip
def test_age_in_whole_years(born, age):
    assert visit(adult(), people__P__birth_date=born).age_known() == age


@pytest.mark.parametrize(
    ("born", "may_be"),
    [
        ("1999-03-10", ("spouse", "domestic_partner")),
        ("1999-03-11", ("child", "spouse", "domestic_partner")),
        ("2010-03-10", ("child", "spouse", "domestic_partner")),
        ("2010-03-11", ("child", "stepchild")),
        (None, ("child", "spouse", "domestic_partner")),
    ],
)
def test_what_an_unknown_dependent_may_be_by_age(born, may_be):
    assert visit(adult(job()), people__P__birth_date=born).plausible_relationships() == may_be
    refused = adult(job(), job("s", "S", enrolled=False))
    assert visit(refused, people__P__birth_date=born).plausible_relationships() == may_be


@pytest.mark.parametrize(
    ("born", "may_be"),
    [
        ("1999-03-10", ("spouse", "domestic_partner", "other")),
        ("1999-03-11", ("child", "stepchild", "spouse", "domestic_partner", "other")),
        ("2010-03-11", ("child", "stepchild", "other")),
        (None, ("child", "stepchild", "spouse", "domestic_partner", "other")),
    ],
)
def test_beside_another_plan_sorts_of_relatives_are_told_apart(born, may_be):
    assert visit(adult(), people__P__birth_date=born).plausible_relationships() == may_be


@pytest.mark.parametrize(
    ("born", "month"),
    [("1961-04-02", "2026-04"), ("1961-04-01", "2026-03"), ("1961-04-30", "2026-04"), ("1960-02-29", "2025-02")],
)
def test_somebody_counts_as_65_from_the_month_of_the_day_before_the_birthday(born, month):
    seen = visit(aged(), people__P__birth_date=born)

    assert month_text(seen.aged_from()) == month


@pytest.mark.parametrize(
    ("born", "is_aged", "is_early"),
    [("1961-03-02", True, True), ("1961-04-01", True, True), ("1961-04-02", False, False), ("1961-03-01", True, True),
     ("1961-02-01", True, False), ("1961-02-02", True, True)],
)  # fmt: skip
def test_who_counts_as_65_in_march_2026(born, is_aged, is_early):
    seen = visit(aged(), people__P__birth_date=born)

    assert (seen.is_aged(), seen.is_aged_early()) == (is_aged, is_early)
    assert seen.is_aged(seen.aged_from())
    assert not seen.is_aged(seen.aged_from() - 1)


@pytest.mark.parametrize(("since", "asks"), [("2026-03", False), ("2026-04", True), (None, True)])
def test_without_a_date_of_birth_medicare_by_age_says_that_somebody_is_65(since, asks):
    seen = visit(aged(people={"P": {}}), medicare__basis__age=since)

    if asks:
        assert tried(seen.is_aged) == (
            "people.P.birth_date", [date(2004, 3, 1), date(1981, 3, 1), date(1951, 3, 1)]
        )  # fmt: skip
    else:
        assert seen.is_aged()
        assert "medicare.basis" in seen.trace.used


@pytest.mark.parametrize(
    ("case", "years"),
    [
        (adult(people={"P": {}, "S": {"relation": "spouse"}}), (22, 45)),
        (aged(people={"P": {}}), (75,)),  # Medicare by age: no younger one is possible
        (set_to(aged(people={"P": {}}), "medicare.basis", {"disability": "2023-05"}), (22, 45, 75)),
        (adult(job(), {"id": "T", "kind": "tricare"}, people={"P": {}, "S": {}}), (22, 45, 8)),
    ],
)
def test_an_unknown_age_is_tried_as_one_of_each_sort(case, years):
    _, might_be = tried(visit(case).born)

    assert might_be == [date(2026 - count, 3, 1) for count in years]


@pytest.mark.parametrize(
    ("card", "ended", "born"),
    [
        ({}, "BIRTHDAY_EVE", date(2000, 2, 1)),
        ({}, "END_OF_MONTH", date(2000, 2, 1)),
        ({}, "END_OF_YEAR", date(1999, 12, 31)),
        ({}, "STATE_AGE(30)", date(1996, 2, 1)),
        ({"kind": "student"}, "BIRTHDAY_EVE", None),
        ({"last_covered_day": "2026-12-31"}, "BIRTHDAY_EVE", None),
        ({"effective": "2026-03-11"}, "BIRTHDAY_EVE", None),
        ({"relationship": "child"}, "BIRTHDAY_EVE", None),
    ],
)
def test_where_the_patient_may_be_a_child_one_who_has_just_left_is_tried_too(card, ended, born):
    case = adult(job("a", "S", **card), people={"P": {}, "S": {}}, options={"dependent_age_end": ended})

    assert tried(visit(case).born)[1][2:] == ([] if born is None else [born])


def test_of_somebody_whose_age_and_kinship_nobody_knows_cover_may_have_ended_with_age():
    case = adult(job("a", "S"), people={"P": {}, "S": {}})
    verdict = determine(read_case(case))

    assert {tuple(branch.order) for branch in verdict.branches} == {("a",), ()}
    assert {"people.P.birth_date", "coverages.a.relationship"} <= {question.fact for question in verdict.questions}
    assert decided(verdict) == Decider().decide(case)


def test_somebody_with_medicare_for_age_is_nobodys_child():
    told = visit(aged(), people__P__birth_date=None)
    case = set_to(aged(), "medicare.basis", {"disability": "2020-01"})

    assert told.plausible_relationships() == ("spouse", "domestic_partner")
    assert visit(case, people__P__birth_date=None).plausible_relationships() == ("child", "spouse", "domestic_partner")
    assert visit(aged(), people__P__birth_date="2005-01-01").plausible_relationships() == (
        "child", "spouse", "domestic_partner",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("relations", "parents"),
    [
        ({"A": "guardian", "Z": "grandparent"}, ["A", "Z"]),
        ({"A": None, "Z": None}, ["A", "Z"]),
        ({"m": "mother", "f": "father"}, ["m", "f"]),
        ({"m": "mother", "g": "guardian"}, ["m"]),
        ({"m": "mother", "x": None}, ["m", "x"]),
        ({"x": None, "y": None}, ["x", "y"]),
        ({"g": "guardian", "s": "spouse", "k": "child"}, ["g", "k"]),
        ({"s": "spouse"}, []),
    ],
)
def test_who_may_be_a_parent(relations, parents):
    people = {key: {} if kin is None else {"relation": kin} for key, kin in relations.items()}
    case = adult(job(), people={"P": {"birth_date": "2016-01-01"}, **people})

    assert visit(case).parents() == parents


@pytest.mark.parametrize(
    ("mother", "days"),
    [
        ({"birth_month_day": "05-05"}, ["05-05", "01-01"]),
        ({"birth_date": "1980-05-05"}, ["05-05", "01-01"]),
        ({"birth_month_day": "01-01"}, ["01-01", "12-31"]),
        ({"birth_month_day": "02-29"}, ["02-29", "01-01"]),
        ({}, ["06-30"]),
    ],
)
def test_an_unknown_birthday_is_tried_before_on_and_after_the_known_ones(mother, days):
    people = {"P": {"birth_date": "2016-07-07"}, "f": {"relation": "father"}, "m": {"relation": "mother", **mother}}
    seen = visit(child(people=people, coverages=[job("m", "m"), job("f", "f")], child={}))

    path, might_be = tried(lambda: seen.birthday("f"))
    assert path == "people.f.birth_month_day"
    assert set(days) <= set(might_be)
    assert len(set(might_be)) == len(might_be)
    assert all("01-01" <= day <= "12-31" for day in might_be)
    if mother and mother.get("birth_month_day") != "01-01":
        known = days[0]
        assert {(day > known) - (day < known) for day in might_be} == {-1, 0, 1}


def test_a_birthday_is_that_of_the_card_or_of_the_date():
    seen = visit(apart())

    assert seen.birthday("mother") == "05-05"
    assert seen.birthday("P") == "03-10"
    assert list(seen.trace.used)[-2:] == ["people.mother.birth_month_day", "people.P.birth_date"]


DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("known", "around"),
    [
        ([], ["2000-01-01"]),
        (["2018-01-01"], ["2016-12-31", "2018-01-01", "2019-01-02"]),
        (["2018-01-01", "2018-01-01"], ["2016-12-31", "2018-01-01", "2019-01-02"]),
        (["2018-01-01", "2018-01-02"], ["2016-12-31", "2018-01-01", "2018-01-02", "2019-01-03"]),
        (["2018-01-01", "2018-01-03"], ["2016-12-31", "2018-01-01", "2018-01-02", "2018-01-03", "2019-01-04"]),
        (["2018-01-05", "2018-01-01"], ["2016-12-31", "2018-01-01", "2018-01-03", "2018-01-05", "2019-01-06"]),
        (["2026-03-09"], ["2025-03-08", "2026-03-09", "2026-03-10"]),
        (["2026-03-10"], ["2025-03-09", "2026-03-10"]),
        (["2026-03-11"], ["2025-03-10"]),
        (["2026-03-01", "2026-04-01"], ["2025-02-28", "2026-03-01", "2026-03-10"]),
        (["2030-01-01"], ["2026-03-10"]),
    ],
)
def test_days_around_known_ones_are_before_on_between_and_after_never_later_than_the_visit(known, around):
    assert dates_around([date.fromisoformat(day) for day in known], DAY) == [date.fromisoformat(day) for day in around]


def test_where_nothing_is_known_the_day_is_not_after_an_early_visit():
    assert dates_around([], date(1999, 5, 5)) == [date(1999, 5, 5)]


@pytest.mark.parametrize(
    ("part", "in_force"),
    [
        ({"from": "2026-03-10", "to": None}, True),
        ({"from": "2026-03-11", "to": None}, False),
        ({"from": "2020-01-01", "to": "2026-03-10"}, True),
        ({"from": "2020-01-01", "to": "2026-03-09"}, False),
        ({"to": "2026-03-09"}, False),
        ({"from": "2026-03-11"}, False),
        ({"to": "2026-03-10"}, True),  # what ends with the day had begun
        ({"from": "2026-03-10"}, True),  # what begins with the day has not ended
        (None, False),
    ],
)
def test_a_part_is_in_force_from_its_first_day_to_its_last(part, in_force):
    seen = visit(aged(), medicare__part_b=part)

    assert seen.part_in_force("b") is seen.part_in_force("b") is in_force


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"from": "2020-01-01"}, "medicare.part_b.to"),
        ({"from": "2026-03-09"}, "medicare.part_b.to"),
        ({"to": None}, "medicare.part_b.from"),
        ({"to": "2026-03-11"}, "medicare.part_b.from"),
        ({}, "medicare.part_b.from"),
    ],
)
def test_an_unknown_end_of_a_part_is_tried_both_ways(part, path):
    seen = visit(aged(), medicare__part_b=part)

    assert tried(lambda: seen.part_in_force("b"))[0] == path
    assert {leaf.result for leaf in seen.explore(lambda: seen.part_in_force("b"))} == {True, False}


def test_no_way_has_a_part_end_before_it_begins():
    seen = visit(aged(), medicare__part_b={})

    for leaf in seen.explore(lambda: seen.part_in_force("b")):
        ends = leaf.assumed.get("medicare.part_b.to", OPEN)
        assert ends is OPEN or leaf.assumed["medicare.part_b.from"] <= ends


def test_a_part_nobody_spoke_of_is_tried_as_enrolled_and_not():
    case = aged()
    del case["medicare"]["part_b"]
    seen = visit(case)

    assert tried(lambda: seen.part_in_force("b"))[0] == "medicare.part_b"
    assert [leaf.result for leaf in seen.explore(lambda: seen.part_in_force("b"))] == [True, False]


def test_facts_of_a_part_are_remembered_as_used_also_the_second_time():
    seen = visit(aged())

    for _ in range(2):
        seen.trace.used.clear()
        seen.part_in_force("a")
        assert list(seen.trace.used) == ["medicare.part_a.from", "medicare.part_a.to"]


def test_what_was_looked_for_on_a_card_in_vain_counts_for_what_is_remembered():
    seen = visit(adult())
    own = seen.plans["own"]
    assert seen.once("law", lambda: own.glance("coordination", None)) is None

    seen.assumed = {"coverages.own.coordination": "no_rules"}
    assert seen.once("law", lambda: own.glance("coordination", None)) == "no_rules"


def test_what_is_assumed_of_a_card_is_seen_at_a_glance():
    seen = visit(adult())
    seen.assumed = {"coverages.own.coordination": "no_rules"}

    assert seen.plans["own"].glance("coordination", None) == "no_rules"


def test_a_kidney_date_that_never_came_puts_no_kidney_failure_in_the_picture():
    assert visit(aged(), medicare__esrd=NEVER).kidney_date is None
    assert visit(aged(), medicare__esrd=NEVER | {"transplant": "2025-01-01"}).kidney_date == "medicare.esrd.transplant"
