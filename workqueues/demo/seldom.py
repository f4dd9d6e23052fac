"""What happens seldom, so that chance alone would often leave it out: months of collaborative care of which one was
never billed, and two payers that each say the other comes first."""

from __future__ import annotations

from datetime import date, timedelta

from cob.dates import add_months, last_day, month_of
from workqueues.demo.people import DemoPatient

IN_CARE, POINTED_AT = 3, 1
FIRST_MONTH, LATER_MONTH = ("99492", 22000), ("99493", 20500)
# How long the care has gone on, and which month from today back was forgotten: closed, and not too long ago.
MONTHS, FORGOTTEN = 6, 2
JOB_PLANS = frozenset({"employer", "union_multiemployer"})


def care_months(patients: list[DemoPatient], today: date) -> list[tuple[DemoPatient, date, tuple[str, int]]]:
    """Collaborative care of some adults of one plan, billed on the month's last business day."""
    found: list[tuple[DemoPatient, date, tuple[str, int]]] = []
    for patient in _in_care(patients, today)[:IN_CARE]:
        for back in range(MONTHS, 0, -1):
            if back != FORGOTTEN or found[0][0] is not patient:
                day = last_day(month_of(today) - back)
                day -= timedelta(days=max(0, day.weekday() - 4))
                found.append((patient, day, FIRST_MONTH if back == MONTHS else LATER_MONTH))
    return found


def pointed_at(patients: list[DemoPatient], today: date) -> list[tuple[DemoPatient, date]]:
    """Visits of patients with two job plans, four months ago: time enough for two refusals."""
    two = [one for one in patients if len(one.coverages) == 2 and {c.payer.kind for c in one.coverages} <= JOB_PLANS]
    day = add_months(today, -4)
    return [(patient, day - timedelta(days=max(0, day.weekday() - 4))) for patient in two[:POINTED_AT]]


def _in_care(patients: list[DemoPatient], today: date) -> list[DemoPatient]:
    adults = [one for one in patients if one.person.born_on.year <= today.year - 19 and len(one.coverages) == 1]
    return [one for one in adults if one.coverages[0].payer.kind in JOB_PLANS | {"medicare"}]
