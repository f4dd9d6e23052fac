"""`ledger_check`: a case a line or one alone, what is wrong said in words, and the exit status that goes with it."""

from __future__ import annotations

import io
import json
import sys

import pytest
from django.core.management import call_command

GOOD = json.dumps(
    {
        "kind": "patient_credit",
        "inputs": {"patient_paid": "30.00", "final_patient_responsibility": "0.00"},
        "expect": {},
    }
)


def run(capsys, monkeypatch, said, *options):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
    try:
        call_command("ledger_check", "-", *options)
        status = 0
    except SystemExit as ended:
        status = ended.code
    return status, *capsys.readouterr()


def test_the_command_answers_one_case_without_a_database(capsys, monkeypatch):
    status, out, err = run(capsys, monkeypatch, GOOD)

    assert (status, json.loads(out), err) == (0, {"refund_patient": "30.00"}, "")


def test_the_command_goes_on_after_a_bad_line_and_says_which(capsys, monkeypatch):
    bad = '{"id": "X1", "kind": "patient_credit", "inputs": {"patient_paid": "1"}}'
    status, out, _ = run(capsys, monkeypatch, f"{GOOD}\n\n{bad}\n{{\n{GOOD}", "--jsonl")
    first, second, third, fourth = (json.loads(line) for line in out.splitlines())

    assert status == 1
    assert first == fourth == {"refund_patient": "30.00"}
    assert second["id"] == "X1"
    assert "inputs.final_patient_responsibility: missing" in second["error"]
    assert "not JSON" in third["error"]


@pytest.mark.parametrize(("said", "named"), [("{", "not JSON"), ('{"kind": "x"}', "kind: found")])
def test_the_command_refuses_what_it_cannot_read(capsys, monkeypatch, said, named):
    status, out, err = run(capsys, monkeypatch, said)

    assert (status, out) == (2, "")
    assert named in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_said(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("ledger_check", "/nowhere/at.all")

    assert ended.value.code == 2
    assert "No such file" in capsys.readouterr().err
