"""Days that stand for no end in sight or for ever ago, as payers and old systems write them."""

from __future__ import annotations

import pytest

from cob.rules import BadCase, determine, read_case
from cob.rules.bulk import Decider, decided
from cob.rules.checked import checked_cases
from cob.rules.order.case import EARLIEST, LATEST, read_day
from tests.cob.rules.order.kinds import adult, aged, child, disabled, job, kidney, set_to

CASES = [row["case"] for row in checked_cases()]
NO_END, EVER = "9999-12-31", "0001-01-01"


def days(value, path=()):
    """The places of a case in which a day or a month stands, but for the visit's own."""
    for key, said in value.items() if isinstance(value, dict) else enumerate(value):
        here = (*path, str(key))
        if isinstance(said, (dict, list)):
            yield from days(said, here)
        elif isinstance(said, str) and said[:1] in "12" and len(said) in (7, 10) and said[4] == "-" and key != "dos":
            yield ".".join(here), len(said)


@pytest.mark.parametrize("far", [NO_END, EVER, str(LATEST), f"{EARLIEST.year:04d}-01-01"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_day_at_either_end_of_the_calendar_is_read_like_any_other(case, far):
    for path, length in days(case):
        told = set_to(case, path, far[:length])
        try:
            read = read_case(told)
        except BadCase:  # a card that ends before it starts, somebody born after the visit
            continue
        assert Decider().decide(told) == decided(determine(read)), path


@pytest.mark.parametrize(
    ("written", "counts_as"),
    [
        (EVER, "0100-01-01"), ("0099-12-31", "0100-01-01"), ("0100-01-02", "0100-01-02"),
        ("9890-12-30", "9890-12-30"), ("9891-01-01", "9890-12-31"), (NO_END, "9890-12-31"),
    ],
)  # fmt: skip
def test_a_day_beyond_either_end_counts_as_that_end(written, counts_as):
    assert read_day(written).isoformat() == counts_as


@pytest.mark.parametrize(("case", "path"), [
    (adult(), "coverages.0.last_covered_day"),
    (aged(), "medicare.part_a.to"),
    (aged(job(employment={"status": "working", "last_day": NO_END})), "coverages.0.last_covered_day"),
    (disabled(job(continuation="cobra")), "medicare.part_b.to"),
    (kidney(), "medicare.part_a.to"),
    (child(), "coverages.1.last_covered_day"),
])  # fmt: skip
def test_an_end_in_9999_is_no_end(case, path):
    open_ended, never = determine(set_to(case, path, None)), determine(set_to(case, path, NO_END))

    assert (never.status, never.order, never.set_aside) == (open_ended.status, open_ended.order, [])
    assert all(entry.on < "2100" for entry in never.watch)


def test_covered_since_ever_is_longer():
    case = adult(job(), job("b", patient_covered_since=EVER))

    assert determine(case).order == ["b", "own"]


@pytest.mark.parametrize("month", ["٢٠٢٥-01", "2025-1", "2025-13"])
def test_months_are_written_in_plain_digits(month):
    with pytest.raises(BadCase, match=r"^medicare\.basis\.age: "):
        determine(set_to(aged(), "medicare.basis.age", month))
