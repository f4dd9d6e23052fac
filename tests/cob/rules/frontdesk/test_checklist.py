"""What a claim needs before it goes out as verified: each field taken away alone is missed alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cob.rules.frontdesk import Asked, Place, missing_for
from tests.cob.rules.frontdesk.pictures import PARENTS, TODAY, VISIT, card, order, picture

VERIFIED = {"verified_on": TODAY, "verified_how": "271", "verified_by": "Ana"}
OWN = card(member_id="A1", group_number="G1", employer="Foundry", **VERIFIED)
CHILDS = card(
    "Beacon",
    member_id="B1",
    group_number="G2",
    employer="Mill",
    relationship="child",
    holder=PARENTS["mother"],
    **VERIFIED,
)
MEDICARE = card("Medicare", kind="medicare", member_id="1EG4", facts={"last_covered_day": None}, **VERIFIED)
PARTS = {"medicare": {"part_a": {"from": "2024-01-01", "to": None}}}
CHART = {"marital_status": "single", "employment_status": "working"}


def fields(seen):
    return [(one.field, one.about) for one in missing_for(seen)]


def without(coverage, *names):
    said = {key: value for key, value in coverage.said.items() if key not in names}
    return replace(coverage, said=said)


def test_a_complete_picture_lacks_nothing():
    assert fields(picture(OWN, **CHART)) == []
    assert fields(picture(OWN, CHILDS, order=order(), **CHART)) == []
    assert fields(picture(MEDICARE, case=PARTS, **CHART)) == []


@pytest.mark.parametrize(
    ("coverage", "lacks"),
    [
        pytest.param(replace(OWN, member_id=""), ["member_id"], id="member number"),
        pytest.param(replace(OWN, group_number=""), ["group_number"], id="group number"),
        pytest.param(replace(OWN, employer=""), ["employer"], id="employer"),
        pytest.param(replace(OWN, payer_id=""), ["payer_id"], id="payer id"),
        pytest.param(without(OWN, "effective"), ["effective_on"], id="first day"),
        pytest.param(without(OWN, "last_covered_day"), ["ended_on"], id="last day"),
        pytest.param(without(OWN, "relationship"), ["relationship", "subscriber"], id="relationship"),
        pytest.param(
            replace(OWN, verified_on=None, verified_how="", verified_by=""), ["verified_on"], id="verification"
        ),
        pytest.param(replace(OWN, verified_by=""), ["verified_by"], id="who verified"),
        pytest.param(replace(OWN, verified_how=""), ["verified_how"], id="how"),
        pytest.param(replace(CHILDS, holder=None), ["subscriber"], id="subscriber"),
        pytest.param(
            replace(CHILDS, holder=replace(PARENTS["mother"], has_birth_date=False)),
            ["subscriber_birth_date"],
            id="subscriber's birth date",
        ),
        pytest.param(
            replace(CHILDS, holder=replace(PARENTS["mother"], has_sex=False)), ["subscriber_sex"], id="subscriber's sex"
        ),
    ],
)
def test_what_a_coverage_lacks_is_named_with_its_coverage(coverage, lacks):
    assert fields(picture(coverage, **CHART)) == [(name, coverage.id) for name in lacks]


def test_what_is_known_of_a_person_is_entered_with_the_person():
    mother = replace(PARENTS["mother"], has_birth_date=False, has_sex=False)
    lacks = missing_for(picture(replace(CHILDS, holder=mother, employer=""), **CHART))

    assert [(one.field, one.place, one.person) for one in lacks] == [
        ("employer", Place.COVERAGE, ""),
        ("subscriber_birth_date", Place.PERSON, "mother"),
        ("subscriber_sex", Place.PERSON, "mother"),
    ]


def test_a_coverage_of_unknown_kind_lacks_its_kind():
    assert ("kind", OWN.id) in fields(picture(without(OWN, "kind"), **CHART))


@pytest.mark.parametrize("kind", ["individual", "medicaid", "tricare", "fehb"])
def test_only_job_plans_need_a_group_and_an_employer(kind):
    bare = card(kind=kind, member_id="A1", **VERIFIED)

    assert fields(picture(bare, **CHART)) == []


def test_medicare_lacks_its_parts_not_its_dates():
    assert fields(picture(MEDICARE, **CHART)) == [("effective_on", MEDICARE.id)]


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        pytest.param({"marital_status": ""}, ["marital_status"], id="marital status"),
        pytest.param({"employment_status": ""}, ["employment_status"], id="employment status"),
        pytest.param({"unfilled": ("address",)}, ["address"], id="address"),
        pytest.param({"marital_status": "", "employment_status": "", "born_on": date(2015, 1, 1)}, [], id="a child"),
    ],
)
def test_what_the_chart_lacks_is_entered_on_the_chart(given, lacks):
    seen = picture(OWN, **{**CHART, **given})

    assert [one.field for one in missing_for(seen)] == lacks
    assert {one.place for one in missing_for(seen)} <= {Place.PATIENT}


@pytest.mark.parametrize(
    ("born_on", "lacks"),
    [
        pytest.param(
            VISIT.replace(year=2010), ["marital_status", "employment_status"], id="16 on the day of the visit"
        ),
        pytest.param(VISIT.replace(year=2010) + timedelta(days=1), [], id="16 the day after"),
        pytest.param(date(2010, 12, 31), [], id="16 later in the year"),
    ],
)
def test_from_16_on_the_chart_says_marriage_and_work(born_on, lacks):
    seen = picture(OWN, born_on=born_on)

    assert [one.field for one in missing_for(seen)] == lacks


def test_the_job_behind_ones_own_plan_says_the_employment_status():
    working = replace(OWN, said={**OWN.said, "employment": {"status": "working"}})

    assert fields(picture(working, marital_status="single")) == []


@pytest.mark.parametrize(
    ("on_file", "label"),
    [
        pytest.param(None, "order of payers", id="none"),
        pytest.param(order("needs_facts"), "order of payers: a fact is missing", id="needs a fact"),
        pytest.param(order("cycle"), "order of payers: not settled, or facts changed since", id="not settled"),
        pytest.param(order(is_stale=True), "order of payers: not settled, or facts changed since", id="changed since"),
        pytest.param(order(expires_on=VISIT), "order of payers: it changes on 10/20/2026", id="ends on the day"),
        pytest.param(order(expires_on=VISIT + timedelta(days=1)), None, id="ends the day after"),
        pytest.param(order("likely"), None, id="likely is settled"),
    ],
)
def test_two_coverages_need_an_order_that_holds_on_the_day(on_file, label):
    found = missing_for(picture(OWN, CHILDS, order=on_file, **CHART))

    assert [one.label for one in found] == ([label] if label else [])


def test_one_coverage_needs_no_order_and_one_that_has_ended_lacks_nothing():
    over = replace(without(CHILDS, "relationship"), said={"kind": "employer", "last_covered_day": "2026-01-31"})

    assert fields(picture(OWN, over, **CHART)) == []


@pytest.mark.parametrize(
    ("asked", "visit", "lacks"),
    [
        pytest.param(None, TODAY, [], id="nobody keeps the day"),
        pytest.param(Asked(short_on=TODAY), TODAY, [], id="asked today"),
        pytest.param(Asked(short_on=TODAY - timedelta(days=1)), TODAY, ["cob_answer_on"], id="asked yesterday"),
        pytest.param(Asked(), TODAY, ["cob_answer_on"], id="never asked"),
        pytest.param(Asked(), VISIT, [], id="the visit is tomorrow"),
    ],
)
def test_the_visit_needs_its_own_answer_about_other_insurance(asked, visit, lacks):
    assert [name for name, _ in fields(picture(OWN, asked=asked, visit_on=visit, **CHART))] == lacks
