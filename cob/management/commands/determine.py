"""`manage.py determine FILE`: who pays first, for one case or for a file of them, without the database."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cob.rules.door import MALFORMED, answer_lines, answer_one
from cob.ui.explaining import explained_case


class Command(BaseCommand):
    """Reads JSON cases and writes JSON verdicts; the contract of both is docs/rules.md."""

    help = "Say who pays first: one JSON case in, one verdict out; with --jsonl one a line, with --explain in words."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """A file, or - for standard input."""
        parser.add_argument("file", metavar="FILE", help="a file with a JSON case, or - for standard input")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--jsonl", action="store_true", help="one case a line in, one verdict a line out")
        how.add_argument("--explain", action="store_true", help="say the verdict in words instead of JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 0, 1 (some lines were malformed) or 2 (the case or the file cannot be read)."""
        try:
            status = _answer(options["file"], jsonl=options["jsonl"], in_words=options["explain"])
        except BrokenPipeError:
            status = 0
        except OSError as unreadable:
            sys.stderr.write(f"determine: {options['file']}: {unreadable.strerror}; name a file that can be read\n")
            status = MALFORMED
        if status:
            sys.exit(status)


def _answer(name: str, *, jsonl: bool, in_words: bool) -> int:
    source = nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")
    with source as cases:
        if jsonl:
            return answer_lines(cases, sys.stdout)
        if not in_words:
            return answer_one(cases.read(), sys.stdout, sys.stderr)
        return _explained(cases.read())


def _explained(text: bytes) -> int:
    """The library first: what cannot be read is refused in its words and with its status."""
    answer = StringIO()
    status = answer_one(text, answer, sys.stderr)
    if status == 0:
        sys.stdout.write(explained_case(json.loads(text.decode("utf-8-sig")))["text"]["answer"] + "\n")
    return status
