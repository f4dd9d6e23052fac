"""Every edit as a table: what is on file, which edit speaks, how hard, and in which words."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims import edits
from claims.edits import EDITS, Order, Place, Sending, objections
from claims.filing import Clock
from claims.submissions.decided import Answer, AnsweredLine, net
from cob.env import ROOT
from cob.x12.check837p import check_837p
from cob.x12.parts import Adjustment, Procedure
from tests.x12 import claims as x12

TODAY = date(2026, 2, 20)
DAY = x12.DAY
DECIDED = x12.DECIDED


def answer(**changes):
    lines = (
        AnsweredLine(1, Procedure("99214"), 150_00, 90_00, adjustments=(Adjustment("PR", "2", 60_00),)),
        AnsweredLine(2, Procedure("36415"), 30_00, 30_00),
    )
    return Answer("1", DECIDED, 180_00, 120_00, "LHP770001", lines=changes.pop("lines", lines), **changes)


LAKESIDE = Place(
    place=1,
    payer="Lakeside Health",
    payer_id="88001",
    kind="employer",
    state="adjudicated",
    coverage="A",
    member_id="LH5550101",
    relationship="self",
    subscriber="Oakes",
    effective_on=date(2020, 1, 1),
    submitted_on=date(2026, 1, 13),
    answered_on=DECIDED,
    decided=net([answer()], 180_00),
)
NORTHERN = replace(
    LAKESIDE,
    place=2,
    payer="Northern Benefit",
    payer_id="77005",
    coverage="B",
    member_id="NP300200",
    state="expected",
    submitted_on=None,
    answered_on=None,
    decided=None,
)
ORDER = Order("determined", ("A", "B"))


def sending(*, to=None, first=None, order=ORDER, claim=None, **changes):
    """Everything as it should be, but for what is named."""
    first, to = first or LAKESIDE, to or NORTHERN
    claim = claim or x12.secondary()
    fields = {
        "today": TODAY,
        "claim": claim,
        "to": to,
        "payers": (first, to),
        "service_from": DAY,
        "service_to": DAY,
        "charge_cents": 180_00,
        "coverages_in_force": 2,
        "order": order,
        "clock": Clock("secondary_filing", DECIDED + timedelta(days=180), "because"),
        "findings": tuple(check_837p(claim, changes.get("today", TODAY))),
    }
    return Sending(**fields | changes)


def said(asked):
    return [(o.edit, o.severity.value) for o in objections(asked)]


def test_nothing_is_said_of_a_claim_that_is_as_it_should_be():
    assert objections(sending()) == []


def place(base=NORTHERN, **changes):
    return replace(base, **changes)


def clock(days):
    return Clock("secondary_filing", TODAY + timedelta(days=days), "because")


def without_type(claim):
    return replace(claim, subscriber=replace(claim.subscriber, msp_type=""))


EARLY = replace(
    x12.secondary(),
    lines=tuple(replace(line, service_on=date(2026, 2, 14)) for line in x12.secondary().lines),
)
CASES = {
    "set aside for this date": (sending(to=place(state="not_billable")), "payer_is_billable", "stop", "set aside"),
    "sent and not rejected": (
        sending(to=place(state="submitted", submitted_on=date(2026, 2, 14), sent_by="Ben Baker")),
        "not_sent_before",
        "stop",
        "sent to Northern Benefit on 02/14/2026 by Ben Baker",
    ),
    "answered, sent again as an original": (
        sending(to=place(state="adjudicated")),
        "not_sent_before",
        "stop",
        "has answered this claim already",
    ),
    "no order determined": (sending(order=None), "order_settled", "stop", "Nobody has determined who pays first"),
    "order still open": (
        sending(order=Order("needs_facts", question="How many people does Acme employ?")),
        "order_settled",
        "stop",
        "How many people does Acme employ?",
    ),
    "order out of date": (
        sending(order=replace(ORDER, is_stale=True, stale_because="a coverage was added since")),
        "order_settled",
        "stop",
        "out of date: a coverage was added since",
    ),
    "order only likely": (sending(order=replace(ORDER, status="likely")), "order_settled", "warn", "likely"),
    "billed in another order": (
        sending(order=Order("determined", ("B", "A"))),
        "order_as_billed",
        "stop",
        "the order determined is Northern Benefit, Lakeside Health",
    ),
    "on the claim, not in the order": (
        sending(order=Order("determined", ("A",))),
        "order_as_billed",
        "stop",
        "Northern Benefit is on the claim but not in the order",
    ),
    "crossover pending on its last day": (
        sending(to=place(state="forwarded", crossover_until=TODAY)),
        "crossover_not_pending",
        "stop",
        "forwarded to Northern Benefit; its answer is awaited until 02/20/2026",
    ),
    "primary has not answered": (
        sending(first=place(LAKESIDE, decided=None, state="submitted")),
        "earlier_payers_answered",
        "stop",
        "Lakeside Health (primary) has not answered",
    ),
    "primary passed over": (
        sending(first=place(LAKESIDE, decided=None, state="not_billable", is_passed_over=True)),
        "earlier_payers_answered",
        "warn",
        "was not billed",
    ),
    "answer taken back": (
        sending(first=place(LAKESIDE, decided=None, taken_back_on=date(2026, 2, 18))),
        "earlier_answers_stand",
        "stop",
        "took its answer back on 02/18/2026",
    ),
    "reversal of something unknown": (
        sending(first=place(LAKESIDE, unexplained_reversals=1)),
        "earlier_answers_stand",
        "stop",
        "reversed something on this claim that is not on file",
    ),
    "answer on file but not posted": (
        sending(first=place(LAKESIDE, unposted=1)),
        "earlier_answers_stand",
        "stop",
        "on file but not posted",
    ),
    "figures corrected after it was sent": (
        sending(
            to=place(state="rejected", submitted_on=date(2026, 2, 10)),
            first=place(LAKESIDE, decided=replace(LAKESIDE.decided, was_corrected=True)),
        ),
        "answers_not_newer",
        "warn",
        "corrected its answer on 02/13/2026, after this claim went out",
    ),
    "answered service on no line": (
        sending(
            first=place(LAKESIDE, decided=net([answer(lines=(AnsweredLine(None, Procedure("99999"), 0, 0),))], 180_00))
        ),
        "services_tied",
        "stop",
        "answered service 99999, which fits no line",
    ),
    "a cent missing on a line": (
        sending(
            claim=replace(
                x12.secondary(),
                other_coverages=(x12.lakeside(paid_cents=112_49),),
            )
        ),
        "amounts_balance",
        "stop",
        "AMT*D is 112.49",
    ),
    "decided before the service": (sending(claim=EARLY), "decision_dates", "stop", "before the service"),
    "decided in the future": (sending(today=date(2026, 2, 12)), "decision_dates", "stop", "still to come"),
    "filing limit passed yesterday": (sending(clock=clock(-1)), "filing_limit_open", "stop", "passed on 02/19/2026"),
    "filing limit today": (sending(clock=clock(0)), "filing_limit_open", "warn", "today"),
    "filing limit in 30 days": (sending(clock=clock(30)), "filing_limit_open", "warn", "in 30 days"),
    "coverage began the day after": (
        sending(to=place(effective_on=DAY + timedelta(days=1))),
        "coverage_active",
        "stop",
        "began on 01/13/2026",
    ),
    "coverage ended the day before": (
        sending(to=place(ended_on=DAY - timedelta(days=1))),
        "coverage_active",
        "stop",
        "ended on 01/11/2026",
    ),
    "coverage of unknown start": (sending(to=place(effective_on=None)), "coverage_active", "warn", "when Northern"),
    "coverage refused": (sending(to=place(is_enrolled=False)), "coverage_active", "stop", "refused it"),
    "no member id": (sending(to=place(member_id="")), "coverage_complete", "stop", "lacks the member id"),
    "no relationship at the other payer": (
        sending(first=place(LAKESIDE, relationship="", subscriber="")),
        "coverage_complete",
        "stop",
        "(primary) the claim lacks the patient's relationship to the subscriber and the subscriber's name",
    ),
    "Medicare second without a reason": (
        sending(to=place(kind="medicare"), claim=without_type(x12.msp())),
        "msp_type_given",
        "stop",
        "does not say why",
    ),
    "two payers before Medicare": (
        sending(to=place(kind="medicare", place=3), claim=x12.msp()),
        "medicare_on_paper",
        "stop",
        "on paper only",
    ),
    "replacement without a number": (
        sending(to=place(state="adjudicated"), frequency="7"),
        "replacement_names_its_claim",
        "stop",
        "number of the claim to replace is not on file",
    ),
    "replacement to Medicare": (
        sending(
            to=place(kind="medicare", state="adjudicated"),
            frequency="7",
            claim=replace(x12.msp(), frequency="7", references=x12.replacement().references),
        ),
        "replacement_names_its_claim",
        "warn",
        "does not take replacement claims",
    ),
    "no diagnosis": (
        sending(claim=replace(x12.secondary(), diagnoses=())),
        "file_complete",
        "stop",
        "no diagnosis",
    ),
    "wrong check digit": (
        sending(
            claim=replace(
                x12.secondary(), billing=replace(x12.CLINIC, party=replace(x12.CLINIC.party, id="1679576721"))
            )
        ),
        "numbers_check",
        "stop",
        "NPI of NM1*85 has a wrong check digit",
    ),
    "place of service unknown": (
        sending(claim=replace(x12.secondary(), place="00")),
        "file_checks",
        "stop",
        "no place of service",
    ),
}


@pytest.mark.parametrize(("asked", "edit", "severity", "words"), CASES.values(), ids=CASES.keys())
def test_an_edit_objects(asked, edit, severity, words):
    found = {o.edit: o for o in objections(asked)}

    assert edit in found, found
    assert (found[edit].severity.value, words in found[edit].message) == (severity, True), found[edit].message
    assert found[edit].fix


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
}


@pytest.mark.parametrize(("asked", "edit"), HOLDS.values(), ids=HOLDS.keys())
def test_an_edit_has_nothing_to_say(asked, edit):
    assert edit not in [o.edit for o in objections(asked)]


def test_every_edit_is_in_the_table():
    assert {edit for _, edit, *_ in CASES.values()} == {edit.__name__ for edit in EDITS}


def test_every_edit_is_one_question_in_a_file_of_its_name():
    for edit in EDITS:
        assert edit.__module__ == f"claims.edits.{edit.__name__}"
        assert edit.__doc__


def test_all_are_read_and_stops_come_first():
    found = objections(sending(order=None, clock=clock(5), to=place(effective_on=None, member_id="")))

    assert [o.severity.value for o in found] == ["stop", "stop", "warn", "warn"]


def test_a_waived_edit_still_speaks_but_only_warns():
    assert said(sending(order=None)) == [("order_settled", "stop")]
    waived = objections(sending(order=None), waived=["order_settled"])
    assert [(o.edit, o.severity) for o in waived] == [("order_settled", edits.Severity.WARN)]


def test_edits_need_no_framework():
    """They can be read, run and reviewed without a database or a web server."""
    code = "import sys, claims.edits, claims.next_step; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
