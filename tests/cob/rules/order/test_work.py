"""Current work as Medicare counts it: on the day of the visit, and on the day before a kidney clock started."""

from __future__ import annotations

import pytest

from cob.rules import determine
from cob.rules.bulk import Decider, decided
from cob.rules.parameters import trying
from tests.cob.rules.naming import written

SINCE_2023 = {"from": "2023-05-01", "to": None}
NEVER = dict.fromkeys(("self_training_start", "transplant", "preop_admission", "dialysis_end"), "never")


def first(
    dos="2026-03-10",
    job=None,
    employer=None,
    kidneys=False,
    born="1958-05-20",
    basis=None,
    esrd=None,
    decider=None,
    **plan,
):
    """Who may be first: `own`, `M`, or both where it is open. Kidney months, if any, run from April 2024, unless other
    dates are given.
    """
    medicare = {"part_a": SINCE_2023, "part_b": SINCE_2023, "premium_free_part_a": True}
    medicare["basis"] = {"age": "2023-05"} if basis is None else basis
    if kidneys:
        medicare["basis"] = medicare["basis"] | {"esrd": "2024-04"}
        medicare["esrd"] = {**NEVER, "first_dialysis": "2024-01-10"}
    if esrd is not None:
        medicare["esrd"] = {**NEVER, "first_dialysis": "never"} | esrd
    own = {
        "id": "own",
        "kind": "employer",
        "subscriber": "P",
        "effective": "2018-01-01",
        "last_covered_day": None,
        "continuation": "none",
        "employment": job or {"status": "working"},
        "employer": employer or {"size": "20-99"},
    }
    case = {
        "id": "w",
        "claim": {"dos": dos},
        "patient": "P",
        "people": {"P": {"birth_date": born}},
        "medicare": medicare,
        "coverages": [own | plan, {"id": "M", "kind": "medicare"}],
    }
    verdict = determine(case)
    assert decided(verdict) == (decider or Decider()).decide(case)
    return {branch.order[0] for branch in verdict.branches} or {verdict.order[0]}


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        # The last day at work is the last on which it counts, whatever the status says.
        ({"status": "working", "last_day": "2026-03-10"}, {"own"}),
        ({"status": "working", "last_day": "2026-03-09"}, {"M"}),
        ({"status": "furlough", "last_day": "2026-03-09"}, {"M"}),
        ({"status": "clergy", "last_day": "2026-03-09"}, {"M"}),
        # Disability pay counts for six months from its first day.
        ({"status": "disability_pay", "disability_pay_start": "2026-03-10"}, {"own"}),
        ({"status": "disability_pay", "disability_pay_start": "2026-03-11"}, {"M"}),
        ({"status": "disability_pay", "disability_pay_start": None}, {"own", "M"}),
        ({"status": "self_employed", "prior_year_net_cents": None}, {"own", "M"}),
        ({"status": "rehired_retiree", "rehired_qualifies": None}, {"own", "M"}),
        ({"status": "on_leave_job_held", "on_ssdi": None}, {"own", "M"}),
        ({"status": "hours_bank", "on_ssdi": True}, {"M"}),
        ({"status": "seasonal_break", "on_ssdi": False}, {"own"}),
        ({"status": None}, {"own", "M"}),
        ({"status": None, "last_day": "2026-03-10"}, {"own"}),
    ],
    ids=written,
)
def test_on_the_day_of_the_visit(job, expected):
    assert first(job=job) == expected


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        # Rightly first before the kidney months: the job plan stays first through month thirty.
        ({"status": "working"}, {"own"}),
        ({"status": "retired", "last_day": "2024-03-31"}, {"own"}),
        # Rightly second on the day before: Medicare stays first.
        ({"status": "retired", "last_day": "2024-03-30"}, {"M"}),
        ({"status": "retired", "last_day": None}, {"own", "M"}),
        ({"status": "disability_pay", "disability_pay_start": "2023-09-30"}, {"M"}),
        ({"status": "disability_pay", "disability_pay_start": "2023-10-01"}, {"own"}),
        # On a start nobody knows both hang.
        ({"status": "disability_pay", "disability_pay_start": None}, {"own", "M"}),
    ],
    ids=written,
)
def test_on_the_day_before_the_kidney_clock_started(job, expected):
    assert first(dos="2025-03-10", kidneys=True, job=job, paid_after_medicare_before_esrd=True) == expected


@pytest.mark.parametrize(("paid_after", "expected"), [(True, {"M"}), (False, {"own"}), (None, {"M", "own"})])
def test_medicare_stays_first_only_where_the_plan_did_pay_after_it(paid_after, expected):
    facts = {"employer": {"size": "<20"}, "paid_after_medicare_before_esrd": paid_after}

    assert first(dos="2025-03-10", kidneys=True, **facts) == expected
    assert first(dos="2026-10-01", kidneys=True, **facts) == {"M"}  # month 31


@pytest.mark.parametrize(("began", "expected"), [("2024-03", {"M"}), ("2024-04", {"own"}), (None, {"M", "own"})])
def test_the_other_basis_must_have_begun_in_a_month_before_the_clock(began, expected):
    facts = {"employer": {"size": "20-99"}, "born": "1975-11-11", "basis": {"disability": began}}

    assert first(dos="2025-03-10", kidneys=True, paid_after_medicare_before_esrd=True, **facts) == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        # Below the size that counted in March 2024: twenty from the month of 65, a hundred before it.
        ("1959-04-01", {"own"}),
        ("1959-04-02", {"M"}),
    ],
)
def test_the_size_that_counted_in_the_month_before_the_clock(born, expected):
    facts = {"employer": {"size": "20-99"}, "basis": {"disability": "2022-01"}}

    found = first(dos="2024-05-10", kidneys=True, born=born, paid_after_medicare_before_esrd=True, **facts)

    assert found == expected


@pytest.mark.parametrize(
    ("dos", "employer", "expected"),
    [
        # Twenty weeks of this year count from the day the twentieth is complete; those of last year all year.
        ("2026-06-19", {"meets_20_last_year": False, "twentieth_week_ends": "2026-06-20"}, {"M"}),
        ("2026-06-20", {"meets_20_last_year": False, "twentieth_week_ends": "2026-06-20"}, {"own"}),
        ("2026-01-01", {"meets_20_this_year": False, "twentieth_week_ends": "2025-12-31"}, {"own"}),
        ("2026-01-01", {"meets_20_this_year": False, "twentieth_week_ends": "2024-12-31"}, {"own", "M"}),
        ("2026-06-20", {"meets_20_this_year": False, "meets_20_last_year": None}, {"own", "M"}),
        ("2026-06-20", {"meets_20_this_year": None, "meets_20_last_year": False}, {"own", "M"}),
        ("2026-06-20", {"meets_20_this_year": True, "meets_20_last_year": None}, {"own"}),
        ("2026-06-20", {"size": None}, {"own", "M"}),
    ],
    ids=written,
)
def test_twenty_employees(dos, employer, expected):
    assert first(dos=dos, employer=employer) == expected


@pytest.mark.parametrize(
    ("employer", "expected"),
    [
        ({"size": "20-99"}, {"M"}),
        ({"size": "100+"}, {"own"}),
        ({"size": "<20"}, {"M"}),
        ({"meets_100_last_year": True}, {"own"}),
        ({"meets_100_last_year": False}, {"M"}),
        ({"meets_100_last_year": False, "size": "100+"}, {"M"}),
        ({"size": None}, {"own", "M"}),
    ],
    ids=written,
)
def test_a_hundred_employees_for_somebody_disabled(employer, expected):
    assert first(employer=employer, born="1975-11-11", basis={"disability": "2023-05"}) == expected


@pytest.mark.parametrize(
    ("employer", "expected"),
    [
        ({"size": "<20", "largest_member": "20-99"}, {"own"}),
        ({"size": "<20", "largest_member": "<20"}, {"M"}),
        ({"size": "<20", "largest_member": None}, {"own", "M"}),
        ({"size": "<20", "largest_member": "20-99", "small_employer_exception": True}, {"M"}),
        # Whether one was approved is asked where the employer is small; elsewhere nobody has one.
        ({"size": "<20", "largest_member": "20-99", "small_employer_exception": None}, {"own", "M"}),
        ({"size": "20-99", "largest_member": "20-99", "small_employer_exception": None}, {"own"}),
    ],
    ids=written,
)
def test_the_largest_member_of_a_multi_employer_plan(employer, expected):
    exception = {"small_employer_exception": False} | employer

    assert first(kind="union_multiemployer", employer=exception) == expected


@pytest.mark.parametrize(("dos", "expected"), [("2025-07-31", {"M"}), ("2025-08-01", {"own"})])
@pytest.mark.parametrize("born", ["1960-08-02", "1960-08-31", "1960-09-01"])
def test_65_begins_with_the_month_of_the_day_before_the_birthday(born, dos, expected):
    assert first(dos=dos, born=born, basis={"disability": "2020-01"}) == expected


@pytest.mark.parametrize(
    ("employer", "least", "expected"),
    [
        # What was counted says something of another number only on one side of it.
        ({"meets_20_this_year": True, "meets_20_last_year": False}, 19, {"own"}),
        ({"meets_20_this_year": False, "meets_20_last_year": True}, 20, {"own"}),
        ({"meets_20_this_year": False, "meets_20_last_year": True}, 21, {"own", "M"}),
        ({"meets_20_this_year": False, "meets_20_last_year": False}, 21, {"M"}),
        ({"meets_20_this_year": False, "meets_20_last_year": False}, 19, {"own", "M"}),
        ({"meets_20_this_year": False}, 21, {"own", "M"}),
        ({"size": "20-99"}, 21, {"own", "M"}),
        ({"size": "20-99"}, 100, {"M"}),
        ({"size": "<20"}, 0, {"own"}),
    ],
    ids=written,
)
def test_the_same_facts_under_another_number_of_employees(employer, least, expected):
    with trying({"msp.working_aged.employees": least}):
        assert first(employer=employer) == expected


@pytest.mark.parametrize(
    ("employer", "least", "expected"),
    [
        ({"meets_100_last_year": True}, 99, {"own"}),
        ({"meets_100_last_year": True}, 101, {"own", "M"}),
        ({"meets_100_last_year": False}, 101, {"M"}),
        ({"meets_100_last_year": False}, 99, {"own", "M"}),
        ({"meets_100_last_year": False, "size": "20-99"}, 20, {"own"}),
    ],
    ids=written,
)
def test_the_same_for_somebody_disabled(employer, least, expected):
    with trying({"msp.disabled.employees": least}):
        assert first(employer=employer, born="1975-11-11", basis={"disability": "2023-05"}) == expected


@pytest.mark.parametrize(
    ("job", "plan", "expected"),
    [
        # Nobody said when the work ended: before the clock started or not.
        ({"status": "retired"}, {}, {"own", "M"}),
        ({"status": "retired", "last_day": "never"}, {}, {"own"}),
        ({"status": "working"}, {"continuation": "cobra"}, {"own", "M"}),
        ({"status": "working", "last_day": "never"}, {"continuation": "cobra"}, {"own"}),
        ({"status": "working"}, {"continuation": "none"}, {"own"}),
        ({"status": "disability_pay", "disability_pay_start": "2023-09-30"}, {"continuation": "cobra"}, {"own", "M"}),
        ({"status": "disability_pay", "disability_pay_start": "2023-10-01"}, {}, {"own"}),
    ],
    ids=written,
)
def test_who_worked_there_before_the_kidney_clock_started_when_little_is_known(job, plan, expected):
    facts = {"basis": {"disability": "2022-01"}, "born": "1975-11-11", "employer": {"size": "100+"}}

    assert first(dos="2025-03-10", kidneys=True, job=job, paid_after_medicare_before_esrd=True, **facts, **plan) == (
        expected
    )


DISABLED = {"born": "1975-11-11", "basis": {"disability": "2020-01", "esrd": None}, "employer": {"size": "100+"}}
SMALL = DISABLED | {"employer": {"size": "20-99"}}
PAID = {"status": "disability_pay"}
LEFT = {"status": "retired"}
# The clock may have started in October 2022 or later, or the thirty months are over and Medicare is first anyway.
ON_ITS_EVE = [
    # Disability first: Medicare stays first. In the same month, or later: the plan goes first.
    (SMALL | {"basis": {"disability": "2022-09", "esrd": None}}, {"M"}),
    (SMALL | {"basis": {"disability": "2022-10", "esrd": None}}, {"own", "M"}),
    (SMALL | {"basis": {"disability": "2025-03", "esrd": None}}, {"own", "M"}),
    # The job had ended before any of those months, or not.
    (DISABLED | {"job": LEFT | {"last_day": "2022-09-29"}}, {"M"}),
    (DISABLED | {"job": LEFT | {"last_day": "2022-09-30"}}, {"own", "M"}),
    (DISABLED | {"job": PAID | {"disability_pay_start": "2022-03-31"}}, {"M"}),
    (DISABLED | {"job": PAID | {"disability_pay_start": "2022-04-01"}}, {"own", "M"}),
    # Twenty employees are enough from 65 on, which is before the last of those months, or not.
    (SMALL | {"born": "1960-03-01"}, {"own", "M"}),
    (SMALL | {"born": "1960-04-02"}, {"M"}),
    # Entitled by May 2024, so the clock had started by then.
    (SMALL | {"basis": {"disability": "2024-04", "esrd": "2024-05"}}, {"own", "M"}),
    (DISABLED | {"job": LEFT | {"last_day": "2024-06-01"}, "basis": {"disability": "2020-01", "esrd": "2024-05"}},
     {"own", "M"}),
]  # fmt: skip


@pytest.mark.parametrize("event", ["first_dialysis", "transplant"])
@pytest.mark.parametrize(("facts", "expected"), ON_ITS_EVE, ids=written)
def test_a_clock_whose_start_nobody_knows_is_tried_from_every_month_that_matters(event, facts, expected):
    found = first(dos="2025-03-10", esrd={event: None}, paid_after_medicare_before_esrd=True, **facts)

    assert found == expected


@pytest.mark.parametrize(("began", "expected"), [("2023-04", {"own", "M"}), ("2022-09", {"M"})])
def test_a_transplant_nobody_dated_may_have_started_the_clock_before_dialysis_did(began, expected):
    facts = SMALL | {"basis": {"disability": began}}

    assert first(dos="2025-03-10", esrd={"first_dialysis": "2024-10-05", "transplant": None},
                 paid_after_medicare_before_esrd=True, **facts) == expected  # fmt: skip


@pytest.mark.parametrize(
    ("esrd", "expected"),
    [
        # A transplant keeps kidney Medicare going for three years, so that month 31 counts; else age is back.
        ({"first_dialysis": "2020-01-10", "dialysis_end": "2023-06-01", "transplant": "never"}, {"own"}),
        ({"first_dialysis": "2020-01-10", "dialysis_end": "2023-06-01", "transplant": None}, {"own", "M"}),
        ({"first_dialysis": "2018-01-10", "dialysis_end": "2021-02-01", "transplant": None}, {"own"}),
        ({"first_dialysis": "2018-01-10", "dialysis_end": "2021-03-01", "transplant": None}, {"own", "M"}),
        # In a new spell too, and there it may be all there was.
        ({"new_period_from": "2020-06-01", "dialysis_end": "2023-06-01", "transplant": "never"}, {"own"}),
        ({"new_period_from": "2020-06-01", "dialysis_end": "2023-06-01", "transplant": None}, {"own", "M"}),
        ({"new_period_from": "2020-06-01", "transplant": "2020-06-01", "first_dialysis": None}, {"own", "M"}),
        ({"first_dialysis": None, "transplant": None}, {"own", "M"}),
    ],
    ids=written,
)
def test_an_unknown_transplant_may_have_kept_kidney_medicare_going(esrd, expected):
    assert first(dos="2025-03-10", esrd=esrd, basis={"age": "2016-05", "esrd": None}) == expected


@pytest.mark.parametrize(("born", "expected"), [("1959-03-01", {"own", "M"}), ("1975-11-11", {"own", "M"})])
def test_why_somebody_has_medicare_is_open_also_from_before_65(born, expected):
    """Kidney Medicare from April 2024; a disability may have given it before, at 65 and under."""
    facts = {"employer": {"size": "<20"}, "paid_after_medicare_before_esrd": True}

    found = first(dos="2025-03-10", basis={}, born=born, esrd={"first_dialysis": "2024-01-10"}, **facts)

    assert found == expected


def test_dates_of_one_kind_and_of_another_are_never_decided_as_one():
    """One memory of kinds over every month in which the work may have ended."""
    decider = Decider()
    starts = [f"20{year}-{month:02}-{day}" for year in (22, 23) for month in range(1, 13) for day in ("01", "30")
              if month != 2]  # fmt: skip
    for job in [PAID | {"disability_pay_start": day} for day in starts] + [LEFT | {"last_day": day} for day in starts]:
        for esrd in ({"first_dialysis": "2023-06-10"}, {"first_dialysis": None}):
            first(dos="2025-03-10", esrd=esrd, job=job, decider=decider, paid_after_medicare_before_esrd=True,
                  **DISABLED)  # fmt: skip
