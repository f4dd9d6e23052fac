"""Visits because of an accident: who of its payers has to answer, what the worksheet lacks, and day 120."""

from __future__ import annotations

from datetime import date

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


@pytest.mark.parametrize(
    ("related", "lacks"),
    [
        (["black_lung"], "who answers for it"),
        (["wtc"], "who answers for it"),
        (["black_lung", "work"], "the day of the accident, who answers for it"),
        (["crime"], "the day of the accident, who answers for it"),
    ],
    ids="+".join,
)
def test_a_disease_of_work_has_no_day_of_an_accident(related, lacks):
    seen = picture(card(), case={"claim": {"related_to": related}})

    assert the("ACCIDENT", seen).sign.saw.endswith(f"; not known: {lacks}.")


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


@pytest.mark.parametrize(
    ("related", "payers", "filed", "last"),
    [
        ("auto", (), "never", None),
        ("auto", (FAULT,), "never", "2026-06-29"),
        ("other_accident", (), "never", "2026-06-29"),
        ("other_accident", (MEDPAY,), "never", None),
        ("other_accident", (MEDPAY,), "2026-04-01", "2026-07-30"),
        ("other_accident", (MEDPAY, FAULT), "2026-04-01", "2026-06-29"),
        ("work", (FAULT,), "never", None),
    ],
)
def test_day_120_is_that_of_the_payers_on_file_or_where_none_is_of_the_cause(related, payers, filed, last):
    seen = picture(card(), *payers, case={"accident": {"no_fault": {"claim_filed_on": filed}}})

    assert last_prompt_day(seen, [related], date(2026, 3, 1)) == (date.fromisoformat(last) if last else None)


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
