"""What comes next for a claim, with whom and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims.edits.facts import Order, Place
from claims.next_step import next_step
from claims.submissions.decided import Answer, net
from cob.x12.parts import Adjustment

TODAY = date(2026, 2, 20)
FIRST = Place(place=1, payer="Lakeside", payer_id="88001", kind="employer", state="adjudicated", coverage="A")
SECOND = replace(FIRST, place=2, payer="Northern", payer_id="77005", state="expected", coverage="B")
ORDER = Order("determined", ("A", "B"))


def denied_for(reason):
    answer = Answer("1", TODAY, 100_00, 0, adjustments=(Adjustment("CO", reason, 100_00),))
    return replace(FIRST, state="denied", decided=net([answer], 100_00))


# CLP02 23: it refused, and no answer of it decides anything.
NOT_ITS_CLAIM = replace(FIRST, state="denied")


def ask(*places, order=ORDER, open_cents=30_00, **more):
    fields = {"coverages_in_force": 2, "insurer_open_cents": open_cents, "today": TODAY}
    return next_step(places or (FIRST, SECOND), order, **fields | more)


FLIPPED = replace(FIRST, decided=net([Answer("1", TODAY, 100_00, 70_00)], 100_00))
CASES = {
    "primary answered, an amount is open": (ask(), "submit", "Northern", "an amount is open"),
    "nothing is left": (ask(open_cents=0), "none", "Northern", "Nothing is left for Northern"),
    "primary not answered": (ask(replace(FIRST, state="submitted"), SECOND), "hold", "Lakeside", "is awaited"),
    "primary never got it": (ask(replace(FIRST, state="expected"), SECOND), "submit", "Lakeside", "first payer"),
    "primary rejected it": (ask(replace(FIRST, state="rejected"), SECOND), "submit", "Lakeside", "rejected"),
    "order not determined": (ask(order=None), "hold", "Northern", "not determined"),
    "order out of date": (ask(order=replace(ORDER, is_stale=True)), "hold", "Northern", "not determined"),
    "crossover, last day of waiting": (
        ask(FIRST, replace(SECOND, state="forwarded", crossover_until=TODAY)),
        "wait_crossover",
        "Northern",
        "until 02/20/2026",
    ),
    "crossover, the day after": (
        ask(FIRST, replace(SECOND, state="forwarded", crossover_until=TODAY - timedelta(days=1))),
        "submit",
        "Northern",
        "No answer of Northern came",
    ),
    "answer taken back": (
        ask(replace(FIRST, state="reversed", taken_back_on=TODAY), SECOND),
        "hold",
        "Lakeside",
        "took its answer back",
    ),
    "answer taken back, and the payer now before it has answered since": (
        ask(FLIPPED, replace(SECOND, state="reversed", taken_back_on=TODAY - timedelta(days=1))),
        "submit",
        "Northern",
        "send it a correction",
    ),
    "answer taken back on the day the payer before it answered": (
        ask(FLIPPED, replace(SECOND, state="reversed", taken_back_on=TODAY)),
        "hold",
        "Northern",
        "corrected one is awaited",
    ),
    "what it had answered as the first payer, taken back after the new first one answered": (
        ask(FLIPPED, replace(SECOND, state="reversed", taken_back_on=TODAY, taken_back_as=1)),
        "submit",
        "Northern",
        "send it a correction",
    ),
    "what it had answered as the first payer, wrongly: it was sent the claim as the second": (
        ask(FLIPPED, replace(SECOND, state="reversed", taken_back_on=TODAY, taken_back_as=1, submitted_on=TODAY)),
        "hold",
        "Northern",
        "corrected one is awaited",
    ),
    "what it had answered in the same place": (
        ask(FLIPPED, replace(SECOND, state="reversed", taken_back_on=TODAY, taken_back_as=2)),
        "hold",
        "Northern",
        "corrected one is awaited",
    ),
    "a payer before it took its answer back and said something else": (
        ask(FIRST, replace(SECOND, state="reopened")),
        "submit",
        "Northern",
        "changed its answer since Northern decided",
    ),
    "answer not posted": (ask(replace(FIRST, unposted=1), SECOND), "hold", "Lakeside", "not posted"),
    "refused over the order": (ask(denied_for("22"), SECOND), "hold", "Lakeside", "another payer comes first"),
    "refused for another reason": (ask(denied_for("16"), SECOND), "hold", "Lakeside", "refused the whole claim"),
    "refused, a cent of it open": (ask(denied_for("16"), open_cents=1), "hold", "Lakeside", "refused the whole claim"),
    "refused and written off": (ask(denied_for("16"), open_cents=0), "none", None, "Every payer has answered"),
    "not its claim and passed on, last day of waiting": (
        ask(NOT_ITS_CLAIM, replace(SECOND, state="forwarded", crossover_until=TODAY)),
        "wait_crossover",
        "Northern",
        "until 02/20/2026, then settle the order",
    ),
    "not its claim and passed on, the day after": (
        ask(NOT_ITS_CLAIM, replace(SECOND, state="forwarded", crossover_until=TODAY - timedelta(days=1))),
        "hold",
        "Lakeside",
        "not its own and passed it on: settle the order",
    ),
    "not its claim and passed on to nobody we know": (ask(NOT_ITS_CLAIM), "hold", "Lakeside", "settle the order"),
    "the claim is another payer's under status 19, last day of waiting for the copy": (
        ask(denied_for("109"), replace(SECOND, state="forwarded", crossover_until=TODAY)),
        "wait_crossover",
        "Northern",
        "until 02/20/2026, then settle the order",
    ),
    "the claim is another payer's under status 19, the day after": (
        ask(denied_for("109"), replace(SECOND, state="forwarded", crossover_until=TODAY - timedelta(days=1))),
        "hold",
        "Lakeside",
        "another payer comes first: settle the order",
    ),
    "refused over the order, its answer not posted, and a copy under way": (
        ask(replace(denied_for("22"), unposted=1), replace(SECOND, state="forwarded", crossover_until=TODAY)),
        "hold",
        "Lakeside",
        "not posted",
    ),
    "refused for another reason, and a copy is under way": (
        ask(denied_for("16"), replace(SECOND, state="forwarded", crossover_until=TODAY)),
        "hold",
        "Lakeside",
        "refused the whole claim",
    ),
    "refused, and the payer behind it has decided": (
        ask(denied_for("16"), replace(SECOND, state="adjudicated"), open_cents=0),
        "none",
        None,
        "Every payer has answered",
    ),
    "not its claim, the copy was paid, and a third payer is left": (
        ask(NOT_ITS_CLAIM, replace(SECOND, state="adjudicated"), replace(SECOND, place=3, payer="Third")),
        "submit",
        "Third",
        "an amount is open",
    ),
    "refused, and the payer behind it refused too": (
        ask(denied_for("16"), replace(denied_for("18"), place=2, payer="Northern")),
        "hold",
        "Lakeside",
        "refused the whole claim",
    ),
    "refused, an answer not posted, and the payer behind it has decided": (
        ask(replace(denied_for("16"), unposted=1), replace(SECOND, state="adjudicated")),
        "hold",
        "Lakeside",
        "not posted",
    ),
    "filing limit passed yesterday": (
        ask(limits={2: TODAY - timedelta(days=1)}),
        "hold",
        "Northern",
        "passed on 02/19/2026",
    ),
    "filing limit today": (ask(limits={2: TODAY}), "submit", "Northern", "an amount is open"),
    "all have answered": (ask(FIRST, replace(SECOND, state="adjudicated")), "none", None, "Every payer has answered"),
    "all have answered and too much was paid": (
        ask(FIRST, replace(SECOND, state="adjudicated"), open_cents=-1),
        "none",
        None,
        "$0.01 was paid too much and goes back",
    ),
    "a payer set aside is passed by": (
        ask(replace(FIRST, state="not_billable", is_passed_over=True), SECOND),
        "submit",
        "Northern",
        "an amount is open",
    ),
    "void": (ask(is_void=True), "none", None, "void"),
    "no payer": (
        next_step((), None, coverages_in_force=0, insurer_open_cents=1, today=TODAY),
        "none",
        None,
        "No payer",
    ),
}


@pytest.mark.parametrize(("step", "action", "payer", "words"), CASES.values(), ids=CASES.keys())
def test_the_first_payer_that_is_not_done_decides(step, action, payer, words):
    assert (step.action.value, step.place.payer if step.place else None) == (action, payer), step.because
    assert words in step.because
