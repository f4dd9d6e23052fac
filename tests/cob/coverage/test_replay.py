"""Before an upgrade: what would today's rules say of every verdict on file?"""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from cob.audit.models import Event
from cob.coverage import actions
from cob.coverage.management.commands import replay
from cob.coverage.models import Determination
from tests.cob.coverage.conftest import DAY

pytestmark = pytest.mark.usefixtures("acted")


def _replay(*args):
    out, err, status = StringIO(), StringIO(), 0
    try:
        call_command("replay", *args, stdout=out, stderr=err)
    except SystemExit as left:
        status = left.code
    return status, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()


def _filed(row, **columns):
    """The same verdict as another rule book would have put it on file."""
    values = {name: getattr(row, name) for name in ("patient", "case", "verdict", "status", "rules_version")}
    return Determination.objects.create(**{**values, "service_on": DAY, "supersedes": row, **columns})


def test_nothing_different_is_exit_0(settled):
    actions.determine(patient=settled, service_on=DAY, by=None)

    assert _replay() == (0, [], "1 verdicts asked again, 0 would be different.\n")


def test_a_difference_is_a_line_and_exit_1(settled):
    row = actions.determine(patient=settled, service_on=DAY, by=None)
    old = _filed(row, verdict={**row.verdict, "order": row.order[::-1]}, rules_version="old")

    status, lines, _ = _replay()

    assert status == 1
    assert [(line["determination"], line["differs"], line["rules_then"]) for line in lines] == [
        (str(old.pk), ["order"], "old")
    ]
    assert lines[0]["now"]["order"] == row.order


def test_another_rule_book_that_says_the_same_is_no_difference(settled):
    row = actions.determine(patient=settled, service_on=DAY, by=None)
    _filed(row, verdict={**row.verdict, "rules_version": "old"}, rules_version="old")

    assert _replay()[0] == 0


def test_a_case_todays_rules_cannot_read_is_a_difference(settled):
    row = actions.determine(patient=settled, service_on=DAY, by=None)
    _filed(row, case={**row.case, "luck": 7})

    status, lines, _ = _replay()

    assert (status, lines[0]["differs"]) == (1, ["case"])
    assert lines[0]["error"].startswith("luck")


def test_superseded_verdicts_are_asked_only_on_demand_and_a_persons_never(settled, sol):
    row = actions.determine(patient=settled, service_on=DAY, by=None)
    told = {"reason": "Plan says so.", "evidence": [actions.Evidence("call", "77", DAY)], "confirmed": ["MSP-WA-20"]}
    actions.override(determination=row, order=row.order[::-1], by=sol, **told)

    assert _replay()[2].startswith("0 verdicts")
    assert _replay("--all")[2].startswith("1 verdicts")


def test_every_verdict_is_asked_once_however_they_fall_into_chunks(settled, monkeypatch):
    row = actions.determine(patient=settled, service_on=DAY, by=None)
    for _ in range(4):
        row = _filed(row)
    monkeypatch.setattr(replay, "CHUNK", 2)

    assert _replay("--all")[2].startswith("5 verdicts asked again, 0 would")


def test_the_whole_verdict_is_compared_and_not_only_its_order(settled):
    row = actions.determine(patient=settled, service_on=DAY, by=None)
    _filed(row, verdict={**row.verdict, "watch": [{"on": "2030-01-01", "because": "of old"}]})

    status, (line,), _ = _replay()

    assert (status, line["differs"]) == (1, ["watch"])


def test_whose_verdict_was_shown_is_on_the_trail(settled):
    row = actions.determine(patient=settled, service_on=DAY, by=None)
    _replay()
    assert not Event.objects.filter(actor_name="replay command").exists()
    _filed(row, verdict={**row.verdict, "order": row.order[::-1]})

    _replay()

    event = Event.objects.get(actor_name="replay command")
    assert (event.verb, [one.patient_id for one in event.patients.all()]) == ("saw", [settled.pk])
