"""Who stands around Medicare: an account that buys a policy, Medigap beside a retiree plan, supplements alone."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written
from tests.cob.rules.order.conftest import checked
from tests.cob.rules.order.test_boundaries import aged

RETIRED = {"status": "retired", "last_day": "2024-12-31"}


def card(name, kind, **facts):
    """A card of the patient's own that is in force."""
    held = {"subscriber": "P", "effective": "2018-01-01", "last_covered_day": None, "continuation": "none"}
    return {"id": name, "kind": kind, **held, **facts}


def verdict_of(*more, options=None, **own):
    case = aged(**own)
    case["coverages"] += more
    case["options"] = options or {}
    return determine(case).as_json()


def notes(verdict):
    return [note["rule"] for note in verdict["notes"]]


@pytest.mark.parametrize(
    ("kinds", "told"),
    [(("individual", "hra"), True), (("hra",), True), (("individual",), False), ((), False)],
    ids=written,
)
def test_an_account_of_the_employers_is_told_of_whatever_else_there_is(kinds, told):
    verdict = verdict_of(*[card(kind, kind) for kind in kinds])

    assert ("MSP-HRA" in notes(verdict)) is told
    assert not told or verdict["unconfirmed"] is True


@pytest.mark.parametrize(
    ("choice", "order", "says_either"),
    [
        ("RETIREE_FIRST", ["M", "own", "G"], False),
        ("MEDIGAP_FIRST", ["M", "G", "own"], False),
        ("EITHER", ["M", "G", "own"], True),
    ],
)
def test_medigap_beside_a_retirees_plan(choice, order, says_either):
    gap = card("G", "medigap")
    verdict = verdict_of(gap, options={"medigap_vs_retiree": choice}, employment=RETIRED)
    said = [note["text"] for note in verdict["notes"] if note["rule"] == "MSP-MEDIGAP"]

    assert (verdict["order"], verdict["status"]) == (order, "likely")
    assert ("Medigap and the plan behind Medicare may stand either way; ask both." in said) is says_either


def test_medigap_behind_medicare_and_a_job_plan_is_certain():
    verdict = verdict_of(card("G", "medigap"), employment={"status": "working"})

    assert (verdict["order"], verdict["status"]) == (["own", "M", "G"], "determined")


@pytest.mark.parametrize(
    ("kind", "rule", "because"),
    [
        ("tricare_supplement", "TRI-EXC", "a supplement pays only behind what it supplements"),
        ("champva_supplement", "CVA-LAST", "a supplement pays only behind what it supplements"),
    ],
)
def test_a_supplement_without_what_it_supplements_is_out(kind, rule, because):
    verdict = verdict_of(card("S", kind))

    assert verdict["order"] == ["own", "M"]
    assert verdict["set_aside"] == [{"coverage": "S", "rule": rule, "because": because}]


def test_individual_policies_are_out_beside_a_group_plan_only_where_they_do_not_coordinate():
    policy = card("I", "individual")

    out = verdict_of(policy, options={"individual_policies_coordinate": "NO"})

    assert out["set_aside"] == [
        {"coverage": "I", "rule": "NAIC-6C", "because": "individual policies do not coordinate here"}
    ]
    assert "I" in verdict_of(policy, options={"individual_policies_coordinate": "YES"})["order"]


def test_net_earnings_of_last_year_are_asked_when_they_alone_decide():
    verdict = verdict_of(employment={"status": "self_employed"})

    assert verdict["status"] == "needs_facts"
    assert sorted(branch["order"] for branch in verdict["branches"]) == [["M", "own"], ["own", "M"]]
    assert verdict["msp_type"] is None
    assert (verdict["order"], verdict["certain_suffix"]) == ([], [])


def test_only_a_federal_grant_that_pays_alone_is_told_with_medicares_code_for_it():
    said = {True: set(), False: set()}
    for row in checked():
        verdict = determine(row["case"]).as_json()
        alone = {entry["rule"] for entry in verdict["set_aside"]}
        if len(verdict["order"]) == 1 and alone:
            kinds = {card["kind"] for card in row["case"]["coverages"] if card["id"] in verdict["order"]}
            told = any("Medicare's code for this payer is 16" in note["text"] for note in verdict["notes"])
            said[told] |= kinds

    assert said[True] == {"federal_grant"}
    assert "pace" in said[False]
