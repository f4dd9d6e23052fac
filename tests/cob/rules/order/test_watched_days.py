"""The days on which a verdict changes by itself, and why: small cases from `test_kinds.py` with other facts."""

from __future__ import annotations

import pytest

from cob.rules import determine
from tests.cob.rules.naming import written
from tests.cob.rules.order.kinds import GONE, child, job, plain, set_to
from tests.cob.rules.order.test_kinds import CASES

JOB, OWN = "coverages.0.employment", "coverages.0"
COMP = "accident.workers_comp"
NOTICE, YEAR, PAID = "coverages.1.decree_notified_on", "coverages.1.plan_year_start", "coverages.1.paid_before_notice"
OF_AGE = "cover as a child on f ends with age; cover as a child on m ends with age"
MONTH_31 = "kidney month 31 begins, and Medicare goes first"
STARTS, ENDED = "kidney Medicare may start", "kidney Medicare has ended"
AGED_65 = "the month of the 65th birthday begins"
NEW_YEAR = "a new year counts for the employer behind own"
KNOWS = "a plan year of f begins that knows of the court order"
EARNED = "another year's earnings count for own"
LATE = "X is no longer prompt; Medicare may be billed conditionally"
ONE = child(job("m", "mother"))
MORE = {"child on one plan": {**ONE, "people": {**ONE["people"], "other": {}}},
        "child and TRICARE": child(job("m", "mother"), plain("tricare"))}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "facts", "days"),
    [
        ("own job", {}, []),
        ("own job", {f"{JOB}.last_day": "2026-05-31"}, [("2026-06-01", "the employment behind own has ended")]),
        ("own job", {f"{OWN}.last_covered_day": "2026-05-31"}, [("2026-06-01", "own has ended")]),
        ("own job", {f"{OWN}.last_covered_day": "2026-03-10"}, [("2026-03-11", "own has ended")]),
        ("own job", {f"{OWN}.last_covered_day": "2026-03-10", "options": {"term_date_is_last_day": False}}, []),
        ("own job", {f"{OWN}.last_covered_day": "2026-03-11", "options": {"term_date_is_last_day": False}},
         [("2026-03-11", "own has ended")]),
        ("own job", {f"{OWN}.effective": "2026-04-01"}, [("2026-04-01", "own starts")]),
        ("own job", {f"{OWN}.effective": "2026-04-01", f"{OWN}.last_covered_day": "2026-12-31"},
         [("2026-04-01", "own starts"), ("2027-01-01", "own has ended")]),
        ("own job, disability_pay", {f"{JOB}.disability_pay_start": "2026-01-15"},
         [("2026-07-15", "six months of pay behind own end")]),
        # What is counted of a year holds to the end of the next.
        ("own job", {f"{OWN}.employer": {"meets_20_last_year": True, "meets_20_this_year": False}},
         [("2027-01-01", NEW_YEAR)]),
        ("own job", {f"{OWN}.employer": {"meets_20_last_year": False, "meets_20_this_year": True}},
         [("2028-01-01", NEW_YEAR)]),
        ("own job", {f"{OWN}.employer": {"meets_20_last_year": False, "twentieth_week_ends": "2026-05-20"}},
         [("2026-05-20", "the employer behind own has had its twentieth week"), ("2028-01-01", NEW_YEAR)]),
        ("own job", {f"{OWN}.employer": {"meets_20_last_year": False, "meets_20_this_year": False,
                                         "twentieth_week_ends": "2026-05-20"}},
         [("2026-05-20", "the employer behind own has had its twentieth week"), ("2028-01-01", NEW_YEAR)]),
        # What somebody earned is the year's before the visit.
        ("own job", {JOB: {"status": "self_employed", "prior_year_net_cents": 40_000}}, [("2027-01-01", EARNED)]),
        ("own job", {JOB: {"status": "working", "prior_year_net_cents": 40_000}}, []),
        # On the day it begins it cannot have ended.
        ("own job", {f"{OWN}.last_covered_day": GONE, f"{OWN}.effective": "2026-03-10"},
         [("2026-03-11", "own may have ended")]),
        ("own job", {f"{OWN}.last_covered_day": GONE, f"{OWN}.effective": "2026-04-01"},
         [("2026-04-01", "own starts"), ("2026-04-02", "own may have ended")]),
        ("own job", {f"{OWN}.effective": "2026-06-30", f"{JOB}.last_day": "2026-06-30"},
         [("2026-06-30", "own starts"), ("2026-07-01", "the employment behind own has ended")]),
        ("own job", {"medicare.part_b": {"from": "2026-03-10"}}, [("2026-03-11", "Part B may have ended")]),
        ("own job", {"medicare.part_a": {"from": "2026-06-01", "to": None},
                     "medicare.part_b": {"from": "2026-07-01", "to": None}}, [("2026-07-01", "Part B starts")]),
        ("own job", {"medicare.part_a": {"from": "2026-06-01", "to": None},
                     "medicare.part_b": {"from": "2026-06-02", "to": None}}, [("2026-06-02", "Part B starts")]),
        # Of what happens on one day the first kind is told: the cards, then the rest one by one.
        ("own job", {f"{OWN}.effective": "2026-07-01", "medicare.part_a": {"from": "2026-07-01", "to": None},
                     "medicare.part_b": {"from": "2026-07-01", "to": None}}, [("2026-07-01", "own starts")]),
        # A day is set against the one before it, on which the card had left already.
        ("own job", {f"{OWN}.last_covered_day": "2026-05-31", f"{JOB}.last_day": "2026-06-30"},
         [("2026-06-01", "own has ended")]),
        ("own job", {"medicare.part_b": {"from": "2023-07-01", "to": "2026-03-10"}},
         [("2026-03-11", "Part B has ended")]),
        ("disabled", {"people.P.birth_date": "1961-07-01", f"{OWN}.employer.size": "20-99"},
         [("2026-06-01", AGED_65)]),
        ("disabled", {"people.P.birth_date": "1961-07-02", f"{OWN}.employer.size": "20-99"},
         [("2026-07-01", AGED_65)]),
        ("kidney", {}, [("2026-10-01", MONTH_31)]),
        ("kidney", {"claim.dos": "2024-02-10"}, [("2024-04-01", STARTS), ("2026-10-01", MONTH_31)]),
        ("kidney", {"medicare.esrd.dialysis_end": "2025-06-15"}, [("2026-07-01", ENDED)]),
        ("kidney", {"medicare.esrd.dialysis_end": None, "claim.dos": "2024-06-10"},
         [("2025-05-01", "kidney Medicare may have ended"), ("2026-10-01", MONTH_31)]),
        ("kidney, transplant", {}, [("2026-10-01", MONTH_31)]),
        ("kidney, transplant", {"medicare.esrd.preop_admission": "2024-03-20", "claim.dos": "2024-02-10"},
         [("2024-03-01", STARTS), ("2026-09-01", MONTH_31)]),
        ("kidney, ended", {"medicare.esrd.new_period_from": "2026-05-20"},
         [("2026-05-01", STARTS), ("2028-11-01", MONTH_31)]),
        ("hurt on the road", {}, []),
        ("hurt on the road", {"accident.no_fault.exhausted_on": "2026-03-20"},
         [("2026-03-21", "the accident benefits have run out")]),
        ("hurt by somebody", {"claim.as_of": "2026-03-10"}, [("2026-06-30", LATE)]),
        ("hurt by somebody", {"claim.as_of": "2026-06-29"}, [("2026-06-30", LATE)]),
        ("hurt by somebody", {"claim.as_of": "2026-06-30"}, []),
        ("hurt at work", {"accident.workers_comp.claim_filed_on": "2026-02-01"}, [("2026-06-02", LATE)]),
        ("hurt at work", {f"{COMP}.status": "pending", f"{COMP}.claim_filed_on": "2026-02-01"},
         [("2026-06-02", LATE)]),
        # What is settled pays; waiting for it opens nothing.
        ("hurt at work", {f"{COMP}.status": "settled", f"{COMP}.claim_filed_on": "2026-02-01"},
         []),
        ("hurt by somebody", {"accident.liability.status": "settled"}, []),
        ("hurt by somebody", {"accident.liability.claim_filed_on": "2026-01-05"}, [("2026-05-06", LATE)]),
        ("hurt, medpay", {"accident.no_fault.claim_filed_on": "2026-02-01"}, [("2026-06-02", LATE)]),
        ("hurt, medpay", {"accident.no_fault.claim_filed_on": "never"}, []),
        ("couple", {"coverages.0.last_covered_day": "2026-04-30", "coverages.1.last_covered_day": "2026-05-31"},
         [("2026-05-01", "own has ended"), ("2026-06-01", "s has ended")]),
        ("couple", {"coverages.0.last_covered_day": "2026-04-30", "coverages.1.last_covered_day": "2026-04-30"},
         [("2026-05-01", "own has ended; s has ended")]),
        ("couple", {"coverages.0.last_covered_day": "2026-04-30", "coverages.1.effective": "2026-05-01"},
         [("2026-05-01", "own has ended")]),
        ("child", {}, [("2042-03-10", OF_AGE)]),
        ("child", {"people.P.birth_date": "2000-05-10"}, [("2026-05-10", OF_AGE)]),
        ("child", {"people.P.birth_date": "2000-05-10", "child.disabled_dependent": True}, []),
        # Somebody who may be a child on the plan leaves it then, too.
        ("child on one plan", {"people.P.birth_date": "2000-05-10", "coverages.0.subscriber": "other"},
         [("2026-05-10", "cover as a child on m would end with age"),
          ("2027-05-10", "cover as a child on m would be a year past")]),
        ("child and TRICARE", {"people.P.birth_date": "2009-05-10"},
         [("2026-05-10", "the patient is old enough for active duty"),
          ("2035-05-10", "cover as a child on m ends with age")]),
        ("child and TRICARE",
         {"people.P.birth_date": "2009-05-10", "accident": {"no_fault": {"exhausted_on": "2026-05-09"}}},
         [("2026-05-10", "the patient is old enough for active duty"),
          ("2035-05-10", "cover as a child on m ends with age")]),
        ("child, END_OF_MONTH", {"people.P.birth_date": "2000-05-10"}, [("2026-06-01", OF_AGE)]),
        ("child, END_OF_YEAR", {"people.P.birth_date": "2000-05-10"}, [("2027-01-01", OF_AGE)]),
        ("child, STATE_AGE(30)", {"people.P.birth_date": "1996-05-10"}, [("2026-05-10", OF_AGE)]),
        ("born on 29 February", {"claim.dos": "2025-03-10"}, [("2026-02-28", OF_AGE), ("2026-03-01", OF_AGE)]),
        ("child, father named", {NOTICE: "2026-04-01", YEAR: "07-01", PAID: True},
         [("2026-07-01", KNOWS), ("2042-03-10", OF_AGE)]),
        ("child, father named", {NOTICE: "2025-09-01", YEAR: "07-01", PAID: True},
         [("2026-07-01", KNOWS), ("2042-03-10", OF_AGE)]),
        ("child, father named", {NOTICE: "2025-09-01", YEAR: "09-01", PAID: True},
         [("2026-09-01", KNOWS), ("2042-03-10", OF_AGE)]),
        ("child, father named", {NOTICE: "2026-04-01", YEAR: "07-01", PAID: False},
         [("2026-04-01", "f knows of the court order"), ("2042-03-10", OF_AGE)]),
        ("child, father named", {NOTICE: "2026-04-01", PAID: True},
         [("2026-04-02", "a plan year of f may begin that knows of the court order"),
          ("2027-04-02", "a plan year of f has begun that knows of the court order"), ("2042-03-10", OF_AGE)]),
    ],
    ids=written,
)  # fmt: skip
def test_days_on_which_a_verdict_changes_by_itself(name, facts, days):
    case = {**CASES, **MORE}[name]
    for path, value in facts.items():
        case = set_to(case, path, value)

    assert [tuple(entry) for entry in determine(case).watch] == days
