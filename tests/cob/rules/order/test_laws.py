"""Laws without an example: what must hold of every case, tried on the checked ones and on changes of them."""

from __future__ import annotations

import copy
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cob.rules import BadCase, determine
from tests.cob.rules.order.conftest import checked

CASES = [row["case"] for row in checked()]
SETTLED = [case for case in CASES if determine(case).status != "needs_facts"]
FEW = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])

# Facts for which absence is itself an answer: a default, a coarser fact, or "not enrolled".
ANSWERS_WHEN_ABSENT = {
    "enrolled", "coordination", "predecessor", "carrier_changed_only", "carve_out_of", "supplements", "service",
    "category", "has_active_retired_rule", "has_continuation_rule", "as_of", "new_period_from", "part_a", "part_b",
    "to", "last_covered_day", "last_day", "meets_100_last_year", "age", "disability", "esrd", "covered_since",
    "ended_on", "in_panel", "emergency", "claim_filed_on", "twentieth_week_ends", "paid_to_date_cents", "denial",
    "plans_disagree_since", "funding", "closed_panel",
}  # fmt: skip


def order_units(verdict):
    """The order with the members of a tie side by side in any order."""
    tied = {name: tuple(sorted(group)) for group in verdict.ties for name in group}
    return list(dict.fromkeys(tied.get(name, (name,)) for name in verdict.order))


def facts_of(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from facts_of(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from facts_of(inner, (*path, place))


def can_be_unknown(path):
    if path[0] in ("id", "patient", "options") or path in (("claim",), ("claim", "dos"), ("medicare",), ("people",)):
        return False
    if path == ("coverages",) or isinstance(path[-1], int) or (path[0] == "people" and len(path) == 2):
        return False
    return path[-1] not in ANSWERS_WHEN_ABSENT | {"id", "kind"}


def without(case, path):
    changed = copy.deepcopy(case)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = None
    return changed


@FEW
@given(st.sampled_from(CASES), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_coverages_are_listed(case, random):
    shuffled = copy.deepcopy(case)
    random.shuffle(shuffled["coverages"])

    before, after = determine(case), determine(shuffled)

    assert after.status == before.status
    assert order_units(after) == order_units(before)
    assert {tuple(b.order) for b in after.branches} == {tuple(b.order) for b in before.branches}


@FEW
@given(st.sampled_from(CASES))
def test_names_of_people_and_coverages_do_not_matter(case):
    people = {key: f"person {place}" for place, key in enumerate(sorted(case["people"]))}
    plans = {coverage["id"]: f"card.{place}" for place, coverage in enumerate(case["coverages"])}
    renamed = copy.deepcopy(case)
    renamed["people"] = {people[key]: person for key, person in renamed["people"].items()}
    renamed["patient"] = people[case["patient"]]
    for holder, key in references(renamed):
        names = plans if key in ("id", "supplements", "carve_out_of") else people
        holder[key] = names.get(holder[key], holder[key])

    before, after = determine(case), determine(renamed)

    assert after.status == before.status
    assert after.order == [plans[name] for name in before.order]
    assert sorted(b.order for b in after.branches) == sorted([plans[n] for n in b.order] for b in before.branches)


def references(case):
    for person in case["people"].values():
        yield from ((person, key) for key in ("spouse",) if person.get(key))
    for coverage in case["coverages"]:
        keys = ("id", "subscriber", "supplements", "carve_out_of")
        yield from ((coverage, key) for key in keys if coverage.get(key))
    child = case.get("child") or {}
    yield from ((child, "custodial_parent") for _ in [0] if child.get("custodial_parent"))
    decree = child.get("decree") or {}
    yield from ((decree, "responsible_parent") for _ in [0] if decree.get("responsible_parent"))


@pytest.mark.parametrize("kind", ["discount_card", "specified_disease", "fixed_indemnity"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_card_that_is_no_plan_changes_nothing_else(case, kind):
    more = copy.deepcopy(case)
    more["coverages"].insert(0, {"id": "a card", "kind": kind})

    before, after = determine(case), determine(more)

    if before.status == "data_conflict":
        assert after.status == "data_conflict"
    else:
        assert (after.status, after.order, after.ties) == (before.status, before.order, before.ties)
        assert [entry.coverage for entry in after.set_aside] == ["a card", *(e.coverage for e in before.set_aside)]


@pytest.mark.parametrize("case", SETTLED, ids=lambda case: case["id"])
def test_what_was_true_is_still_possible_when_a_fact_becomes_unknown(case):
    known = determine(case)

    for path in filter(can_be_unknown, facts_of(case)):
        verdict = determine(without(case, path))

        if verdict.status == "needs_facts":
            assert known.order in [branch.order for branch in verdict.branches] or known.status == "tie", path
        else:
            assert verdict.order == known.order, path


@settings(FEW, max_examples=250)
@given(st.sampled_from(CASES), st.data())
def test_every_question_asked_can_change_the_order(case, data):
    paths = [path for path in facts_of(case) if can_be_unknown(path)]
    for path in data.draw(st.lists(st.sampled_from(paths), max_size=3)):
        try:
            case = without(case, path)
        except (KeyError, TypeError):
            continue
    verdict = determine(case)

    assert bool(verdict.questions) == (verdict.status == "needs_facts")
    values = [{a.fact: json.dumps(a.value) for a in branch.assuming} for branch in verdict.branches]
    for question in verdict.questions:
        tried = [value for value in values if question.fact in value] or values
        assert len(tried) >= 1
        assert question.ask.endswith("?")
        assert not re.search(r"[{}]", question.ask + question.why)


@settings(FEW, max_examples=120)
@given(st.sampled_from(CASES), st.data())
def test_a_branch_comes_true_when_its_assumptions_do(case, data):
    path = data.draw(st.sampled_from([path for path in facts_of(case) if can_be_unknown(path)]))
    asked = without(case, path)
    verdict = determine(asked)

    for branch in verdict.branches:
        answered = copy.deepcopy(asked)
        for assumption in branch.assuming:
            tell(answered, assumption.fact, assumption.value)
        assert determine(answered).order == branch.order


def tell(case, fact, value):
    """Write an answer where the case keeps that fact."""
    places = enumerate(case["coverages"])
    for place, coverage in sorted(places, key=lambda one: -len(one[1]["id"])):
        root = f"coverages.{coverage['id']}."
        if fact.startswith(root):
            return write(case["coverages"][place], fact[len(root) :].split("."), value)
    for key in case["people"]:
        if fact.startswith(f"people.{key}."):
            return write(case["people"][key], fact[len(f"people.{key}.") :].split("."), value)
    return write(case, fact.split("."), value)


def write(holder, keys, value):
    for key in keys[:-1]:
        if holder.get(key) is None:
            holder[key] = {}
        holder = holder[key]
    holder[keys[-1]] = value


@FEW
@given(st.sampled_from(CASES), st.data())
def test_a_case_with_something_wrong_is_refused_in_one_line_or_answered(case, data):
    path = data.draw(st.sampled_from([path for path in facts_of(case) if not isinstance(path[-1], int)]))
    changed = copy.deepcopy(case)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(st.sampled_from([[], {}, "", "?", 7, -1, True, {"x": 1}, "2026-02-30"]))

    assert said_of(changed)


def said_of(case):
    """An answer, or a refusal in one line that names a field."""
    try:
        return determine(case).status
    except BadCase as refused:
        return ":" in str(refused) and "\n" not in str(refused)
