"""`manage.py determine FILE`: who pays first, for one case or for a file of them, without the database."""

from __future__ import annotations

import json
import sys
from io import StringIO
from typing import IO, Any

from django.core.management.base import CommandParser

from cob.management.cases import CaseCommand
from cob.rules.door import answer_one, verdict
from cob.ui.explaining import explained_case


class Command(CaseCommand):
    """Reads JSON cases and writes JSON verdicts; the contract of both is docs/rules.md."""

    help = "Say who pays first: one JSON case in, one verdict out; with --jsonl one a line, with --explain in words."
    name = "determine"

    def answer(self, text: bytes) -> dict[str, Any]:
        """The verdict."""
        return verdict(text)

    def add_arguments(self, parser: CommandParser) -> None:
        """A file, or - for standard input; of two ways to say the verdict one."""
        parser.add_argument("file", metavar="FILE", help="a file with a JSON case, or - for standard input")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--jsonl", action="store_true", help="one case a line in, one verdict a line out")
        how.add_argument("--explain", action="store_true", help="say the verdict in words instead of JSON")

    def reply(self, cases: IO[bytes], options: dict[str, Any]) -> int:
        """Write the answers, in words where asked; the exit status."""
        return _explained(cases.read()) if options["explain"] else super().reply(cases, options)


def _explained(text: bytes) -> int:
    """The library first: what cannot be read is refused in its words and with its status."""
    answer = StringIO()
    status = answer_one(text, answer, sys.stderr)
    if status == 0:
        sys.stdout.write(explained_case(json.loads(text.decode("utf-8-sig")))["text"]["answer"] + "\n")
    return status
