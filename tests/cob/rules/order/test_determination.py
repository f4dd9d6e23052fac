"""Every checked case comes out as the table says, in the contract's shape."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from cob.rules import determine
from tests.cob.rules.order.conftest import checked
from tests.cob.rules.order.kinds import adult, job, plain, two

SCHEMA = json.loads(files("cob.rules.order").joinpath("verdict.schema.json").read_text(encoding="utf-8"))
SHAPE = jsonschema.Draft202012Validator(SCHEMA)
ROWS = [pytest.param(row["case"], row["expect"], id=f"{row['id']}: {row['story']}") for row in checked()]
NO_CLAIM = adult(job(), plain("liability"), accident={"liability": {"status": "none"}})
NO_CLAIM["claim"]["related_to"] = ["liability"]


def rules_named(verdict):
    named = {entry["rule"] for part in ("positions", "pairs", "set_aside", "notes") for entry in verdict[part]}
    return named.union(*(branch["rules"] for branch in verdict["branches"]), set())


def same_but_for_ties(order, ties):
    place = {name: min(group) for group in ties for name in group}
    return [place.get(name, name) for name in order]


@pytest.mark.parametrize(("case", "expect"), ROWS)
def test_a_checked_case_comes_out_as_the_table_says(case, expect):
    verdict = determine(case).as_json()

    ties = expect.get("ties", [])
    assert verdict["status"] == expect["status"]
    assert same_but_for_ties(verdict["order"], ties) == same_but_for_ties(expect["order"], ties)
    assert sorted(map(sorted, verdict["ties"])) == sorted(map(sorted, ties))
    assert set(expect["rules"]) <= rules_named(verdict)
    for key in ("msp_type", "conditional", "certain_suffix"):
        assert verdict[key] == expect.get(key, verdict[key])
    if "set_aside" in expect:
        assert {entry["coverage"] for entry in verdict["set_aside"]} == set(expect["set_aside"])
    if "branches" in expect:
        assert {tuple(b["order"]) for b in verdict["branches"]} == {tuple(order) for order in expect["branches"]}
        assert {question["fact"] for question in verdict["questions"]} & set(expect["questions_any_of"])


@pytest.mark.parametrize(("case", "expect"), ROWS)
def test_every_verdict_has_the_contracts_shape(case, expect):
    verdict = json.loads(json.dumps(determine(case).as_json()))

    assert list(SHAPE.iter_errors(verdict)) == []
    assert [entry["coverage"] for entry in verdict["positions"]] == verdict["order"]
    if verdict["status"] != "needs_facts":
        placed = {*verdict["order"], *(entry["coverage"] for entry in verdict["set_aside"])}
        assert verdict["status"] == "data_conflict" or placed == {coverage["id"] for coverage in case["coverages"]}


def test_care_the_va_did_not_authorise_leaves_active_duty_to_the_military_alone():
    card = {"subscriber": "P", "effective": "2018-01-01", "last_covered_day": None}
    verdict = determine(
        {
            "id": "duty",
            "claim": {"dos": "2026-03-10"},
            "patient": "P",
            "people": {"P": {"birth_date": "1990-01-01"}},
            "military": {"beneficiary": "adsm"},
            "va": {"authorised": False},
            "coverages": [
                {"id": "va", "kind": "va", **card},
                {"id": "tricare", "kind": "tricare", **card},
                {"id": "own", "kind": "employer", "work_status": "active", **card},
            ],
        }
    )

    assert (verdict.status, verdict.order) == ("determined", ["tricare"])
    assert {aside.coverage for aside in verdict.set_aside} == {"va", "own"}


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ([], ("determined", ["X"], False)),
        ([job(last_covered_day="2025-12-31")], ("determined", ["X"], False)),
        ([job()], ("likely", ["X"], True)),
    ],
)
def test_a_programme_that_stands_alone_rests_on_no_rule_that_excludes_others(beside, said):
    verdict = determine(adult(plain("pace"), *beside))

    assert (verdict.status, verdict.order, verdict.unconfirmed) == said


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (two(), ("tie", True)),
        (two(patient_covered_since="2017-01-01"), ("determined", False)),
        (adult(job(kind="fehb"), job("s", "S", kind="fehb")), ("data_conflict", True)),
        (adult(plain("tricare"), plain("champva") | {"id": "Y"}), ("data_conflict", False)),
        (adult(job(coordination="always_excess"), job("s", "S", coordination="always_excess")), ("cycle", True)),
        (NO_CLAIM, ("determined", True)),
        (NO_CLAIM | {"coverages": NO_CLAIM["coverages"][:1]}, ("determined", False)),
    ],
    ids=["sharers", "the longer covered", "two federal plans", "TRICARE and CHAMPVA", "a circle", "no claim",
         "no liability"],
)  # fmt: skip
def test_a_verdict_is_unconfirmed_where_no_text_confirms_a_place_an_exclusion_or_a_conflict(case, said):
    verdict = determine(case)

    assert (verdict.status, verdict.unconfirmed) == said


@pytest.mark.parametrize(
    ("kind", "facts", "rule"),
    [
        ("va", {"va": {"authorised": True}}, "EXC-VA"),
        ("federal_grant", {}, "EXC-FEDGRANT"),
        ("pace", {}, "EXC-PACE"),
        ("tricare", {"military": {"beneficiary": "adsm"}}, "EXC-ADSM"),
        ("champva", {}, "GEN-DOS"),
    ],
)
def test_who_pays_alone_stands_there_by_the_rule_that_excludes_the_others(kind, facts, rule):
    beside = [] if kind == "champva" else [job()]
    verdict = determine(adult(*beside, plain(kind), **facts))

    assert [(place.coverage, place.rule) for place in verdict.positions] == [("X", rule)]
