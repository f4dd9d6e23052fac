"""Every edit as a table: what is on file, which edit speaks, how hard, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims.edits import EDITS, Order, objections
from claims.submissions.decided import AnsweredLine, net
from cob.x12.parts import Procedure, Reference
from tests.claims.edits.sendings import (
    DAY,
    LAKESIDE,
    ORDER,
    TODAY,
    answer,
    at_place,
    clock,
    place,
    refused,
    sending,
    twin,
    with_remark,
)
from tests.x12 import claims as x12


def without_type(claim):
    return replace(claim, subscriber=replace(claim.subscriber, msp_type=""))


def with_other_authorization():
    claim = x12.secondary()
    [other] = claim.other_coverages
    given = replace(other.payer, references=(*other.payer.references, Reference("G1", "PA-77")))
    return replace(claim, other_coverages=(replace(other, payer=given),))


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
        "forwarded to Northern Benefit. Its answer is awaited until 02/20/2026",
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
        "codes_published",
        "stop",
        "no place of service",
    ),
    "a remark code that is none": (
        sending(claim=with_remark("X99")),
        "codes_published",
        "stop",
        "is no remark code",
    ),
    "a claim number payers do not take": (
        sending(claim=replace(x12.secondary(), control_number="bsc_1")),
        "file_checks",
        "warn",
        "our claim number",
    ),
    "two payers first": (
        sending(claim=replace(x12.secondary(), subscriber=replace(x12.secondary().subscriber, rank_code="P"))),
        "one_primary",
        "stop",
        "share a place",
    ),
    "filing limit nobody has confirmed": (
        sending(clock=replace(clock(-1), is_firm=False)),
        "filing_limit_open",
        "warn",
        "may have passed on 02/19/2026",
    ),
    "telehealth modifier at an office": (
        sending(claim=at_place("11", "95")),
        "telehealth_place",
        "warn",
        "Line 1 has modifier 95 (telehealth) at place of service 11",
    ),
    "telehealth place without a modifier": (
        sending(claim=at_place("02")),
        "telehealth_place",
        "warn",
        "without 95, 93 or GT",
    ),
    "telehealth at home the day before there was such a place": (
        sending(claim=at_place("10", "95"), service_from=date(2021, 12, 31)),
        "telehealth_place",
        "stop",
        "did not exist on 12/31/2021",
    ),
    "refused over its authorization": (
        sending(to=place(state="rejected", decided=refused("197"))),
        "authorization_given",
        "stop",
        "refused this claim over its authorization (197)",
    ),
    "the first payer had an authorization": (
        sending(claim=with_other_authorization()),
        "authorization_given",
        "warn",
        "PLAN 88001 was given an authorization number",
    ),
    "the same service on another claim": (
        sending(twins=(twin("99214", "25"),)),
        "not_on_another_claim",
        "stop",
        "Line 1 (99214) is on claim BSC-9 too",
    ),
}


@pytest.mark.parametrize(("asked", "edit", "severity", "words"), CASES.values(), ids=CASES.keys())
def test_an_edit_objects(asked, edit, severity, words):
    found = {o.edit: o for o in objections(asked)}

    assert edit in found, found
    assert (found[edit].severity.value, words in found[edit].message) == (severity, True), found[edit].message
    assert found[edit].fix


def test_every_edit_is_in_the_table():
    assert {edit for _, edit, *_ in CASES.values()} == {edit.__name__ for edit in EDITS}
