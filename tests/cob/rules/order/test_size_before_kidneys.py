"""How large the employer was counts for the month before the kidney clock started, not for the day of the visit."""

from __future__ import annotations

import pytest

from cob.rules import determine
from cob.rules.bulk import Decider, decided
from tests.cob.rules.naming import written
from tests.cob.rules.order.kinds import NEVER, aged, disabled, job

KEEPS, GIVES_WAY, OPEN = ["M", "own"], ["own", "M"], []


def before(case, dialysis, dos="2026-07-10", **facts):
    """On Medicare for years, with a job plan that paid second, before dialysis began."""
    work = {"status": "working", "last_day": "never"}
    case["coverages"][0] |= {"paid_after_medicare_before_esrd": True, "employment": work, **facts}
    case["claim"]["dos"] = dos
    case["medicare"]["basis"] |= {"esrd": None}
    case["medicare"]["esrd"] = NEVER | {"first_dialysis": dialysis}
    return case


def answered(case):
    verdict = determine(case)
    assert decided(verdict) == Decider().decide(case)
    return verdict.order, [question.fact.partition("own.")[2] for question in verdict.questions]


@pytest.mark.parametrize(
    ("dialysis", "employer", "order", "asks"),
    [
        # Months from 05/2026: on 30 April the twentieth week had not come, or just had.
        ("2026-02-05", {"meets_20_last_year": False, "twentieth_week_ends": "2026-06-15"}, KEEPS, []),
        ("2026-02-05", {"meets_20_last_year": False, "twentieth_week_ends": "2026-05-01"}, KEEPS, []),
        ("2026-02-05", {"meets_20_last_year": False, "twentieth_week_ends": "2026-04-30"}, GIVES_WAY, []),
        ("2026-02-05", {"meets_20_last_year": True, "twentieth_week_ends": "2026-06-15"}, GIVES_WAY, []),
        # Months from 06/2025: what the file says of last year is that year's count.
        ("2025-03-05", {"meets_20_last_year": True, "meets_20_this_year": False}, GIVES_WAY, []),
        ("2025-03-05", {"meets_20_last_year": False, "meets_20_this_year": True, "size": "<20"}, KEEPS, []),
        ("2025-03-05", {"meets_20_last_year": False, "meets_20_this_year": True}, OPEN, ["employer.size"]),
        ("2025-03-05", {"size": "<20", "twentieth_week_ends": "2026-02-15"}, KEEPS, []),
        ("2025-03-05", {"size": "<20", "twentieth_week_ends": "2025-05-31"}, GIVES_WAY, []),
        ("2025-03-05", {"size": "<20", "twentieth_week_ends": "2025-06-01"}, KEEPS, []),
        ("2025-03-05", {"size": "<20", "twentieth_week_ends": "2024-12-20"}, GIVES_WAY, []),
    ],
    ids=written,
)
def test_twenty_employees_are_counted_before_the_clock(dialysis, employer, order, asks):
    assert answered(before(aged(job()), dialysis, employer=employer)) == (order, asks)


@pytest.mark.parametrize(
    ("dialysis", "employer", "order", "asks"),
    [
        ("2026-02-05", {"meets_100_last_year": False}, KEEPS, []),
        ("2026-02-05", {"meets_100_last_year": True}, GIVES_WAY, []),
        ("2025-03-05", {"meets_100_last_year": True}, OPEN, ["employer.size"]),
        ("2025-03-05", {"meets_100_last_year": True, "size": "20-99"}, KEEPS, []),
        ("2025-03-05", {"meets_100_last_year": False, "size": "100+"}, GIVES_WAY, []),
    ],
    ids=written,
)
def test_a_hundred_employees_are_those_of_the_year_before_the_clock(dialysis, employer, order, asks):
    assert answered(before(disabled(job()), dialysis, employer=employer)) == (order, asks)


@pytest.mark.parametrize(
    ("said", "order", "asks"),
    [(True, KEEPS, []), (False, GIVES_WAY, []), (None, OPEN, ["employer.small_employer_exception"])],
)
def test_whether_the_small_employers_exception_was_approved_is_asked_where_it_decides(said, order, asks):
    size = {"size": "<20", "largest_member": "100+", "small_employer_exception": said}

    assert answered(before(aged(job(kind="union_multiemployer")), "2025-03-05", employer=size)) == (order, asks)


@pytest.mark.parametrize("dialysis", [None, "2026-02-05"])
def test_a_clock_that_may_have_started_on_either_side_of_the_twentieth_week_is_open(dialysis):
    size = {"meets_20_last_year": False, "twentieth_week_ends": "2026-05-20"}
    case = before(aged(job()), dialysis, employer=size)
    case["medicare"]["basis"]["esrd"] = "2026-07"
    case["medicare"]["part_a"] = {"from": "2023-05-01", "to": None}

    order, asks = answered(case)

    assert (order, "medicare.esrd.first_dialysis" in {q.fact for q in determine(case).questions}) == (
        (KEEPS, False) if dialysis else (OPEN, True)
    )
    assert bool(asks) is (dialysis is None)
