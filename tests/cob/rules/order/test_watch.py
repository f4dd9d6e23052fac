"""The days a verdict says it changes on are just the days it does, found out by asking about every day."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cob.rules import read_case
from cob.rules.checked import checked_cases
from cob.rules.order.determination import determine, order_and_code
from cob.rules.order.visit import Visit
from tests.cob.rules.changes import changed

CASES = [row["case"] for row in checked_cases()]
DAYS = 800


def days_of_change(case):
    """The days on which the order or Medicare's code becomes another, or becomes open, asked one by one."""
    visit = Visit(case)

    def said(day):
        visit.move_to(day)
        return {leaf.result for leaf in visit.explore(lambda: order_and_code(visit))}

    before = said(case.claim.dos)
    days = [case.claim.dos + timedelta(days=count) for count in range(1, DAYS)]
    found = []
    for day in days:
        now = said(day)
        if now != before:
            found.append(day.isoformat())
        before = now
    return found


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.sampled_from(CASES), seed=st.integers(0, 1_000_000), times=st.integers(0, 4))
def test_a_verdict_names_every_day_on_which_it_changes_by_itself(case, seed, times):
    case = read_case(changed(case, Random(seed), times))
    verdict = determine(case)
    if verdict.status in ("needs_facts", "data_conflict") or follows_what_has_not_ended(case):
        return
    last = (case.claim.dos + timedelta(days=DAYS - 1)).isoformat()

    told = [entry.on for entry in verdict.watch if entry.on <= last and "prompt" not in entry.because]

    assert told == days_of_change(case)


def follows_what_has_not_ended(case):
    """A plan said to have taken over from one that still runs on the day of the visit. Seen from that day nobody was
    covered by it later than then; seen from a later day alone, somebody might have been."""
    ended = [card.predecessor.ended_on for card in case.coverages if card.predecessor]
    return any(day is not None and day >= case.claim.dos for day in ended)
