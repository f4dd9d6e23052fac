"""What holds for every command, whatever it prints."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.real_desk import ROOT, Desk


@pytest.mark.slow
@pytest.mark.parametrize("command", ["queue_catalogue", "determine --jsonl cases.jsonl"])
def test_a_reader_that_has_enough_ends_a_command_without_a_trace(tmp_path, command):
    case = '{"id": "1", "claim": {"dos": "2026-03-10"}, "patient": "P", "people": {"P": {}}, "coverages": []}\n'
    (tmp_path / "cases.jsonl").write_text(case * 2_000)
    asked = [sys.executable, str(ROOT / "manage.py"), *command.split()]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}

    with subprocess.Popen(asked, cwd=tmp_path, env=Desk(tmp_path).environment, **pipes) as running:
        running.stdout.close()
        said = running.stderr.read()

    assert (running.returncode, said) == (0, b"")
