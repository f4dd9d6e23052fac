"""What no edit minds, and what holds of them all."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims import edits
from claims.edits import EDITS, Order, objections
from cob.env import ROOT
from cob.x12.parts import Reference
from tests.claims.edits.sendings import (
    DAY,
    DECIDED,
    LAKESIDE,
    ORDER,
    TODAY,
    at_place,
    clock,
    place,
    refused,
    sending,
    twin,
    with_remark,
)
from tests.x12 import claims as x12


def said(asked):
    return [(o.edit, o.severity.value) for o in objections(asked)]


def test_nothing_is_said_of_a_claim_that_is_as_it_should_be():
    assert objections(sending()) == []


HOLDS = {
    "the first payer alone needs no order": (
        sending(to=place(LAKESIDE, state="expected"), order=None, coverages_in_force=1, payers=(LAKESIDE,)),
        "order_settled",
    ),
    "a likely order a person confirmed": (
        sending(order=replace(ORDER, status="likely", by_person=True)),
        "order_settled",
    ),
    "payers that share equally stand as they come": (
        sending(order=Order("tie", ("B", "A"))),
        "order_as_billed",
    ),
    "the day after the crossover wait": (
        sending(to=place(state="forwarded", crossover_until=TODAY - timedelta(days=1))),
        "crossover_not_pending",
    ),
    "a rejected claim may go again": (sending(to=place(state="rejected")), "not_sent_before"),
    "a replacement of an answered claim": (sending(to=place(state="adjudicated"), frequency="7"), "not_sent_before"),
    "31 days are no warning": (sending(clock=clock(31)), "filing_limit_open"),
    "no clock runs yet": (sending(clock=None), "filing_limit_open"),
    "the coverage's first day": (sending(to=place(effective_on=DAY)), "coverage_active"),
    "the coverage's last day": (sending(to=place(ended_on=DAY)), "coverage_active"),
    "Medicare second with a reason": (sending(to=place(kind="medicare"), claim=x12.msp()), "msp_type_given"),
    "decided on the day itself": (sending(today=DECIDED), "decision_dates"),
    "a remark code": (sending(claim=with_remark("MA01")), "codes_published"),
    "telehealth said twice": (sending(claim=at_place("10", "95")), "telehealth_place"),
    "telehealth at home from its first day": (
        sending(claim=at_place("10", "95"), service_from=date(2022, 1, 1)),
        "telehealth_place",
    ),
    "Medicare goes by the place alone": (
        sending(to=place(kind="medicare"), claim=at_place("02")),
        "telehealth_place",
    ),
    "refused for another reason": (
        sending(to=place(state="rejected", decided=refused("50"))),
        "authorization_given",
    ),
    "refused, and given since": (
        sending(
            to=place(state="rejected", decided=refused("197")),
            claim=replace(x12.secondary(), references=(Reference("G1", "PA-1"),)),
        ),
        "authorization_given",
    ),
    "another service on another claim": (sending(twins=(twin("99213", "25"),)), "not_on_another_claim"),
    "the same service with another modifier": (sending(twins=(twin("99214"),)), "not_on_another_claim"),
    "the same service on another day": (
        sending(twins=(twin("99214", "25", on=date(2026, 1, 13)),)),
        "not_on_another_claim",
    ),
    "done twice, and said so": (
        sending(claim=at_place("11", "25", "76"), twins=(twin("99214", "25", "76"),)),
        "not_on_another_claim",
    ),
}


@pytest.mark.parametrize(("asked", "edit"), HOLDS.values(), ids=HOLDS.keys())
def test_an_edit_has_nothing_to_say(asked, edit):
    assert edit not in [o.edit for o in objections(asked)]


def test_every_edit_is_one_question_in_a_file_of_its_name():
    for edit in EDITS:
        assert edit.__module__ == f"claims.edits.{edit.__name__}"
        assert edit.__doc__


def test_all_are_read_and_stops_come_first():
    found = objections(sending(order=None, clock=clock(5), to=place(effective_on=None, member_id="")))

    assert [o.severity.value for o in found] == ["stop", "stop", "warn", "warn"]


def test_a_void_is_asked_only_what_concerns_taking_a_claim_back():
    around = {"order": Order("determined", ("B", "A")), "clock": clock(-5), "twins": (twin("99214", "25"),)}
    answered = place(state="adjudicated")
    void = sending(to=answered, claim=replace(x12.replacement(), frequency="8"), frequency="8", **around)
    corrected = sending(to=answered, claim=x12.replacement(), frequency="7", **around)

    assert said(void) == []
    assert {edit for edit, _ in said(corrected)} == {"order_as_billed", "filing_limit_open", "not_on_another_claim"}


def test_a_protective_filing_is_named_where_the_earlier_payer_is_silent():
    silent = place(LAKESIDE, decided=None, state="submitted")
    [found] = [o for o in objections(sending(first=silent, clock=clock(90))) if o.edit == "earlier_payers_answered"]

    assert "Northern Benefit must have the claim by 05/21/2026 all the same" in found.fix


def test_a_waived_edit_still_speaks_but_only_warns():
    assert said(sending(order=None)) == [("order_settled", "stop")]
    waived = objections(sending(order=None), waived=["order_settled"])
    assert [(o.edit, o.severity) for o in waived] == [("order_settled", edits.Severity.WARN)]


def test_edits_need_no_framework():
    """They can be read, run and reviewed without a database or a web server."""
    code = "import sys, claims.edits, claims.next_step; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
