"""`manage.py audit_order`: the claims in another order, what they add up to, nothing stored."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import OrderAudit
from cob.audit.models import EventPatient
from tests.claims import stories
from tests.claims.auditing.conftest import with_two_plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]


def printed(*args):
    out, err = StringIO(), StringIO()
    call_command("audit_order", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def audit_order(*args):
    out, summary = printed("--jsonl", *args)
    return [json.loads(line) for line in out.splitlines()], summary


@pytest.fixture
def practice(main, north, as_task):
    for site, number in ((main, "M0"), (north, "N0")):
        patient = with_two_plans(site, chart_number=number)
        stories.claim_of(patient, [patient.his, patient.own], number=number)
        stories.claim_of(patient, [patient.own, patient.his], number=f"{number}-RIGHT")


@pytest.mark.usefixtures("practice")
def test_a_claim_in_another_order_is_a_line_and_the_summary_adds_up():
    lines, summary = audit_order("--site", "main")

    (line,) = lines
    assert (line["claim"], line["site"], line["kinds"], line["rule"]) == ("M0", "main", ["swapped"], "NAIC-6D1a")
    assert line["billed"] == ["Northern Benefit", "Lakeside Health"]
    assert line["due"] == ["Lakeside Health", "Northern Benefit"]
    assert line["at_stake_cents"] == line["take_back_cents"] + line["open_cents"] + line["patient_cents"] == 180_00
    assert summary.startswith("2 claims asked, 1 in another order, 0 cannot be told")
    assert "180.00  Main Street" in summary
    assert "Northern Benefit" in summary


@pytest.mark.usefixtures("practice")
def test_in_one_object_stand_the_same_claims_and_what_they_add_up_to():
    out, err = printed("--json")
    said = json.loads(out)

    assert not err
    assert said["claims"] == audit_order()[0]
    assert (said["asked"], said["differ"], said["open"]) == (4, 2, 0)
    assert said["at_stake_cents"] == sum(line["at_stake_cents"] for line in said["claims"]) == 360_00
    assert said["take_back_cents"] == sum(line["take_back_cents"] for line in said["claims"])
    assert said["by_site"]["Main Street"] == {"claims": 1, "at_stake_cents": 180_00}
    assert said["by_rule"] == {"NAIC-6D1a": {"claims": 2, "at_stake_cents": 360_00}}
    assert said["to_be_asked"] == {}


def test_one_object_where_nothing_differs_is_an_empty_list():
    said = json.loads(printed("--json")[0])

    assert (said["claims"], said["asked"], said["at_stake_cents"]) == ([], 0, 0)


@pytest.mark.usefixtures("practice")
def test_without_either_it_is_for_reading():
    out, err = printed("--site", "main")

    assert not err
    first, second, *_ = out.splitlines()
    assert first.startswith("M0  main  ")
    assert "billed Northern Benefit > Lakeside Health, due Lakeside Health > Northern Benefit  NAIC-6D1a" in first
    assert second == "2 claims asked, 1 in another order, 0 cannot be told before facts are known."


@pytest.mark.usefixtures("practice")
def test_nothing_is_stored_and_what_was_read_is_on_the_trail():
    audit_order()

    assert not OrderAudit.objects.exists()
    assert EventPatient.objects.filter(event__verb="saw").count() == 2


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(("limit", "asked"), [("1", 1), ("3", 3), ("99", 4), ("0", 4)])
def test_a_limit_is_of_claims_asked(limit, asked):
    assert audit_order("--limit", limit)[1].startswith(f"{asked} claims asked")


@pytest.mark.usefixtures("practice")
def test_a_supposition_lists_what_would_change():
    lines, summary = audit_order("--as-if", "msp.aged.years=70")

    assert lines == []
    assert summary.startswith("4 claims asked, 0 would change")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--site", "nowhere"], "no such site. Known: main"),
        (["--since", "03/10/2026"], "expected a day written YYYY-MM-DD"),
        (["--until", "2026-02-29"], "--until 2026-02-29: expected a day written YYYY-MM-DD, such as 2026-03-10"),
        (["--since", "2026-03-10", "--until", "2026-03-09"], "--until lies before --since"),
        (["--limit", "-1"], "expected a number of claims"),
        (["--as-if", "term_date_is_last_day=" + "[" * 20_000], "Expected one of"),
        (["--as-if", "luck=7"], "there is no such number or option"),
    ],
)
def test_a_bad_argument_is_status_2_with_what_was_expected(main, args, said):
    with pytest.raises(CommandError, match=said) as refused:
        audit_order(*args)

    assert refused.value.returncode == 2
