"""`manage.py determine FILE`: who pays first, for one case or for a file of them, without the database."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cob.rules.door import MALFORMED, answer_lines, answer_one


class Command(BaseCommand):
    """Reads JSON cases and writes JSON verdicts; the contract of both is docs/rules.md."""

    help = "Say who pays first: one JSON case in, one verdict out; with --jsonl one a line."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """A file, or - for standard input."""
        parser.add_argument("file", metavar="FILE", help="a file with a JSON case, or - for standard input")
        parser.add_argument("--jsonl", action="store_true", help="one case a line in, one verdict a line out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 0, 1 (some lines were malformed) or 2 (the case or the file cannot be read)."""
        try:
            status = _answer(options["file"], jsonl=options["jsonl"])
        except BrokenPipeError:
            status = 0
        except OSError as unreadable:
            sys.stderr.write(f"determine: {options['file']}: {unreadable.strerror}; name a file that can be read\n")
            status = MALFORMED
        if status:
            sys.exit(status)


def _answer(name: str, *, jsonl: bool) -> int:
    source = nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")
    with source as cases:
        if jsonl:
            return answer_lines(cases, sys.stdout)
        return answer_one(cases.read(), sys.stdout, sys.stderr)
