"""Medicare on one day: which part is in force for the service, and what is open where nobody said."""

from __future__ import annotations

import pytest

from cob.rules import determine
from cob.rules.bulk import Decider, decided
from tests.cob.rules.naming import written

OPEN = {"from": "2023-05-01", "to": None}


def shown(service="professional", born="1958-05-20", kinds=("medicare",), **medicare):
    """The orders shown of a retired person's plan and Medicare on March 10, 2026, and the facts asked for."""
    plan = {
        "id": "R",
        "kind": "employer",
        "subscriber": "P",
        "effective": "2018-01-01",
        "last_covered_day": None,
        "continuation": "none",
        "employment": {"status": "retired"},
    }
    dates = {"effective": "2023-05-01", "last_covered_day": None}
    told = {"part_a": OPEN, "part_b": OPEN, "premium_free_part_a": True, "basis": {"age": "2023-05"}} | medicare
    case = {
        "id": "e",
        "claim": {"dos": "2026-03-10", "service": service},
        "patient": "P",
        "people": {"P": {"birth_date": born} if born else {}},
        "medicare": {name: said for name, said in told.items() if said != "unsaid"},
        "coverages": [plan, *({"id": kind, "kind": kind, **dates} for kind in kinds)],
    }
    verdict = determine(case)
    assert decided(verdict) == Decider().decide(case)
    orders = sorted({tuple(branch.order) for branch in verdict.branches} or {tuple(verdict.order)})
    return orders, {question.fact.removeprefix("medicare.") for question in verdict.questions}


IN, OUT = [("medicare", "R")], [("R",)]
EITHER = OUT + IN


@pytest.mark.parametrize("letter", ["a", "b"])
@pytest.mark.parametrize(
    ("part", "orders", "asks"),
    [
        ({"from": "2026-03-10", "to": None}, IN, None),
        ({"from": "2026-03-11", "to": None}, OUT, None),
        ({"from": "2023-05-01", "to": "2026-03-10"}, IN, None),
        ({"from": "2023-05-01", "to": "2026-03-09"}, OUT, None),
        ({"from": None, "to": "2026-03-09"}, OUT, None),
        (None, OUT, None),
        ("unsaid", EITHER, ""),
        ({"to": None}, EITHER, ".from"),
        ({"from": "2023-05-01"}, EITHER, ".to"),
        ({"from": "2026-03-11"}, OUT, None),
    ],
    ids=written,
)
def test_a_part_covers_the_day_or_not(letter, part, orders, asks):
    service = "institutional" if letter == "a" else "professional"

    found = shown(service, **{f"part_{letter}": part})

    assert found == (sorted(orders), set() if asks is None else {f"part_{letter}{asks}"})


@pytest.mark.parametrize(
    ("service", "parts", "orders"),
    [
        ("professional", {"part_a": None}, IN),
        ("professional", {"part_b": None}, OUT),
        ("institutional", {"part_a": None}, OUT),
        ("institutional", {"part_b": None}, IN),
        ("excluded_by_medicare", {}, OUT),
        (None, {"part_a": None}, IN),
        (None, {"part_b": None}, OUT),
    ],
    ids=written,
)
def test_only_the_part_for_the_service_counts(service, parts, orders):
    assert shown(service, **parts) == (orders, set())


@pytest.mark.parametrize("service", ["professional", "institutional"])
def test_an_advantage_plan_pays_instead_of_original_medicare_and_medigap(service):
    cards = ("medicare", "medicare_advantage", "medigap")

    assert shown(service, kinds=cards) == ([("medicare_advantage", "R")], set())
    assert shown("excluded_by_medicare", kinds=cards) == (OUT, set())


def by_age(job, **medicare):
    case = {
        "id": "age",
        "claim": {"dos": "2026-03-10"},
        "patient": "P",
        "people": {"P": {}},
        "medicare": {"part_a": OPEN, "part_b": OPEN, "premium_free_part_a": True, **medicare},
        "coverages": [
            {"id": "own", "kind": "employer", "subscriber": "P", "effective": "2018-01-01", "last_covered_day": None,
             "continuation": "none", "employment": {"status": "working"}, "employer": {"size": job}},
            {"id": "M", "kind": "medicare"},
        ],
    }  # fmt: skip
    verdict = determine(case)
    assert decided(verdict) == Decider().decide(case)
    return sorted({branch.order[0] for branch in verdict.branches} or {verdict.order[0]})


@pytest.mark.parametrize(
    ("basis", "size", "firsts"),
    [
        # Medicare by age says that the patient is 65, without a date of birth.
        ({"age": "2026-03"}, "20-99", ["own"]),
        ({"age": "2023-05"}, "<20", ["M"]),
        # By disability the size that counts hangs on the age nobody told.
        ({"disability": "2023-05"}, "20-99", ["M", "own"]),
        ({"disability": "2023-05"}, "100+", ["own"]),
        ({"disability": "2023-05"}, "<20", ["M"]),
    ],
    ids=written,
)
def test_without_a_date_of_birth(basis, size, firsts):
    assert by_age(size, basis=basis) == firsts


@pytest.mark.parametrize(("born", "size"), [("1974-01-01", "20-99"), ("1974-01-01", "100+"), ("1950-01-01", "20-99")])
def test_nobody_said_why_the_patient_has_medicare(born, size):
    """It may be by kidney failure, of late or long ago: then a job plan of any size is first, or no longer."""
    case = {
        "id": "why",
        "claim": {"dos": "2026-03-10"},
        "patient": "P",
        "people": {"P": {"birth_date": born}},
        "medicare": {"part_a": OPEN, "part_b": OPEN, "premium_free_part_a": True},
        "coverages": [
            {"id": "own", "kind": "employer", "subscriber": "P", "effective": "2018-01-01", "last_covered_day": None,
             "continuation": "none", "employment": {"status": "working"}, "employer": {"size": size}},
            {"id": "M", "kind": "medicare"},
        ],
    }  # fmt: skip
    verdict = determine(case)

    assert {branch.order[0] for branch in verdict.branches} == {"own", "M"}
    assert "medicare.basis" in {question.fact for question in verdict.questions}
