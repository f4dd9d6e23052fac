"""Laws that hold between a case and its neighbour: a card out of force, a fact learned, federal law against contracts.

The cases are the checked ones, changed at random: other days, facts left out, cards more or fewer.
"""

from __future__ import annotations

import copy
from itertools import combinations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cob.rules import determine
from cob.rules.checked import checked_cases
from cob.rules.order.plan import COMMERCIAL, MEDICARE
from tests.cob.rules.changes import changed
from tests.cob.rules.order.test_laws import tell

CASES = [row["case"] for row in checked_cases()]
SOME = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
NEIGHBOURS = st.builds(
    lambda case, seed, times: changed(case, Random(seed), times),
    st.sampled_from(CASES),
    st.integers(0, 1_000_000),
    st.integers(0, 6),
)


def outcomes(verdict):
    """Every order the verdict leaves possible; the members of a tie in one order, whichever way they were listed."""
    if verdict.status != "needs_facts":
        return {tuple(verdict.order)}
    return {tuple(branch.order) for branch in verdict.branches}


def all_tried(verdict):
    return not any("More orders are possible" in note.text for note in verdict.notes)


OUT_OF_FORCE = [
    {"kind": "employer", "effective": "1990-01-01", "last_covered_day": "1990-12-31"},
    {"kind": "individual", "effective": "2150-01-01", "last_covered_day": None},
    {"kind": "medicaid", "effective": "1990-01-01", "last_covered_day": "1990-12-31"},
    {"kind": "tricare", "effective": "2150-01-01", "last_covered_day": None},
    {"kind": "workers_comp", "effective": "1990-01-01", "last_covered_day": "1990-12-31"},
    {"kind": "employer", "enrolled": False},
]


@pytest.mark.parametrize("card", OUT_OF_FORCE, ids=lambda card: f"{card['kind']} {card.get('effective', 'refused')}")
@SOME
@given(case=NEIGHBOURS)
def test_a_card_that_is_not_in_force_changes_nothing(card, case):
    more = copy.deepcopy(case)
    more["coverages"].insert(0, {"id": "out of force", **card})

    before, after = determine(case), determine(more)

    assert (after.status, after.order, after.ties) == (before.status, before.order, before.ties)
    assert outcomes(after) == outcomes(before)
    assert (after.msp_type, after.conditional) == (before.msp_type, before.conditional)
    assert "out of force" in {entry.coverage for entry in after.set_aside} or before.status == "data_conflict"


@SOME
@given(case=NEIGHBOURS, data=st.data())
def test_learning_a_fact_only_narrows_what_is_possible(case, data):
    open_ = determine(case)
    if open_.status != "needs_facts" or not all_tried(open_):
        return
    branch = data.draw(st.sampled_from(open_.branches))
    learned = data.draw(st.sampled_from(branch.assuming))
    told = copy.deepcopy(case)
    tell(told, learned.fact, learned.value)

    closer = determine(told)

    assert outcomes(closer) <= outcomes(open_)
    assert tuple(branch.order) in outcomes(closer)


@SOME
@given(case=NEIGHBOURS)
def test_what_is_certain_is_in_every_outcome(case):
    verdict = determine(case)
    if verdict.status != "needs_facts":
        return

    for order in outcomes(verdict):
        assert list(order[: len(verdict.order)]) == verdict.order
        assert not verdict.certain_suffix or list(order[-len(verdict.certain_suffix) :]) == verdict.certain_suffix


PRIVATE = COMMERCIAL - {"tribal_self_funded"}
LAST_RESORT = {"title_v", "school_program", "wic", "ryan_white", "crime_victim"}
# Whoever is in the first set pays before whoever is in the second, whatever contracts and states say.
FEDERAL = [
    (PRIVATE | MEDICARE | {"tricare", "champva"}, {"medicaid"}),
    ({"medicaid"}, LAST_RESORT | {"ihs"}),
    (PRIVATE | MEDICARE | {"medigap", "tricare", "champva", "medicaid", "ryan_white"}, {"ihs"}),
    (PRIVATE | MEDICARE | {"medigap"}, {"tricare", "champva"}),
    (MEDICARE, {"medigap", "individual", "student"}),
    ({"workers_comp", "black_lung", "no_fault"}, MEDICARE | {"medicaid", "tricare", "champva"}),
]  # fmt: skip


@SOME
@given(case=NEIGHBOURS)
def test_federal_edges_are_never_broken(case):
    kinds = {coverage["id"]: coverage["kind"] for coverage in case["coverages"]}
    if (case.get("options") or {}).get("adsm_with_medicare") == "MEDICARE_FIRST":
        return
    verdict = determine(case)
    alone = {position.rule for position in verdict.positions} & {"EXC-ADSM"}

    for order in outcomes(verdict):
        for first, second in combinations(order, 2):
            for before, after in FEDERAL:
                broken = kinds[first] in after and kinds[second] in before and kinds[first] not in before
                assert not broken or alone or "EXC-ADSM" in {r for b in verdict.branches for r in b.rules}, order


@SOME
@given(case=NEIGHBOURS)
def test_medicare_waits_for_just_the_plans_it_has_a_code_for(case):
    """An accident payer or a job plan ahead of Medicare has one of the published codes; nobody ahead, no code. Where
    nobody knows the patient's age, which parts the codes for age and for disability, each age has one of them."""
    kinds = {coverage["id"]: coverage["kind"] for coverage in case["coverages"]}
    verdict = determine(case)
    if verdict.status == "needs_facts" or not verdict.order:
        return

    pays = [kinds[name] in MEDICARE for name in verdict.order]
    if not any(pays) or pays[0]:
        assert verdict.msp_type is None
    elif kinds[verdict.order[0]] in COMMERCIAL:
        codes = {verdict.msp_type} if verdict.msp_type else {determine(told).msp_type for told in of_either_age(case)}
        assert codes <= {"12", "13", "43"}
        assert verdict.msp_type or len(codes) > 1


def of_either_age(case):
    """Somebody of unknown age as one of 40 and as one of 80; a known age stays."""
    for born in ("1986-01-01", "1946-01-01"):
        told = copy.deepcopy(case)
        patient = told["people"][told["patient"]]
        patient["birth_date"] = patient.get("birth_date") or born
        yield told
