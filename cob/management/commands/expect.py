"""`manage.py expect FILE`: what later payers should pay, for one case or for a file of them, without the database."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cob.rules import expect
from cob.rules.door import MALFORMED, answer_lines, answer_one


def _answer(case: Any) -> dict[str, Any]:
    return expect(case).as_json()


class Command(BaseCommand):
    """Reads JSON cases and writes JSON answers; the shape of both is docs/expected-payment.md."""

    help = "Say what later payers should pay: one JSON case in, one answer out; with --jsonl one a line."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """A file, or - for standard input."""
        parser.add_argument("file", metavar="FILE", help="a file with a JSON case, or - for standard input")
        parser.add_argument("--jsonl", action="store_true", help="one case a line in, one answer a line out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 0, 1 (some lines were malformed) or 2 (the case or the file cannot be read)."""
        name = options["file"]
        status = 0
        try:
            with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as cases:
                if options["jsonl"]:
                    status = answer_lines(cases, sys.stdout, _answer)
                else:
                    status = answer_one(cases.read(), sys.stdout, sys.stderr, _answer, "expect")
        except BrokenPipeError:
            status = 0
        except OSError as unreadable:
            sys.stderr.write(f"expect: {name}: {unreadable.strerror}; name a file that can be read\n")
            status = MALFORMED
        if status:
            sys.exit(status)
