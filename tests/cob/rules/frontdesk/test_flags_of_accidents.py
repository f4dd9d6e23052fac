"""Visits because of an accident: who of its payers has to answer, what the worksheet lacks, and day 120."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cob.rules.frontdesk.accidents import last_prompt_day
from tests.cob.rules.frontdesk.pictures import card, ids, picture, the


@pytest.mark.parametrize(
    ("related", "accident", "stands"),
    [
        (["none"], {}, False),
        (None, {}, False),
        (["work"], {}, True),
        (["work"], {"workers_comp": {"status": "pending"}}, True),
        (["work"], {"workers_comp": {"status": "denied"}}, False),
        (["auto"], {"no_fault": {"exhausted_on": "never"}}, True),
        (["auto"], {"no_fault": {"exhausted_on": "2026-09-01"}}, False),
        (["work", "auto"], {"workers_comp": {"status": "denied"}}, True),
        (["liability"], {"liability": {"status": "settled"}}, False),
        (["wtc"], {}, True),
    ],
)
def test_an_accident_is_told_until_its_payer_has_answered(related, accident, stands):
    case = {"claim": {"related_to": related} if related else {}, "accident": accident}

    assert ("ACCIDENT" in ids(picture(card(), case=case))) is stands


MEDPAY, FAULT = card("Home", kind="medpay"), card("Fault", kind="liability")


@pytest.mark.parametrize(
    ("related", "payer", "accident", "stands"),
    [
        (["other_accident"], MEDPAY, {"liability": {"status": "none"}}, True),
        (
            ["other_accident"],
            MEDPAY,
            {"liability": {"status": "none"}, "no_fault": {"exhausted_on": "2026-09-01"}},
            False,
        ),
        (["auto"], FAULT, {"no_fault": {"exhausted_on": "2026-09-01"}}, True),
        (["auto"], FAULT, {"no_fault": {"exhausted_on": "2026-09-01"}, "liability": {"status": "settled"}}, False),
        (["work"], MEDPAY, {"workers_comp": {"status": "denied"}}, False),
    ],
)
def test_each_payer_on_file_for_the_accident_has_to_answer(related, payer, accident, stands):
    case = {"claim": {"related_to": related}, "accident": accident}

    assert ("ACCIDENT" in ids(picture(card(), payer, case=case))) is stands


def test_day_120_of_a_car_accident_runs_for_the_other_sides_insurer_on_file_too():
    service = date(2026, 3, 1)

    assert last_prompt_day(picture(card(), FAULT), ["auto"], service) == service + timedelta(days=120)
    assert last_prompt_day(picture(card()), ["auto"], service) is None


def test_the_worksheet_says_what_is_not_known():
    case = {"claim": {"related_to": ["auto"]}, "accident": {"date": "2026-10-01"}}

    assert "not known: the state, who answers for it." in the("ACCIDENT", picture(card(), case=case)).sign.saw


@pytest.mark.parametrize(
    ("related", "filed", "last"),
    [
        (["liability"], None, "2026-06-29"),
        (["liability"], "2026-06-01", "2026-06-29"),
        (["liability"], "2026-02-01", "2026-06-01"),
        (["work"], None, None),
        (["work"], "2026-03-01", "2026-06-29"),
    ],
)
def test_day_120_counts_from_service_or_claim_by_the_kind_of_payer(related, filed, last):
    part = {"liability": "liability", "work": "workers_comp"}[related[0]]
    seen = picture(card(), case={"accident": {part: {"claim_filed_on": filed or "never"}}})

    assert last_prompt_day(seen, related, date(2026, 3, 1)) == (date.fromisoformat(last) if last else None)
