"""`manage.py bhi_months FILE`: which codes months of integrated behavioral care support, without the database."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from claims.bhi.door import answer
from cob.rules.door import MALFORMED, answer_lines, answer_one


class Command(BaseCommand):
    """Reads JSON cases and writes JSON answers; the shape of both is docs/care-months.md."""

    help = (
        "Say which codes a month of integrated behavioral care supports, and what of them was not billed: one JSON "
        "case in, one answer out; with --jsonl one a line."
    )
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
                    status = answer_lines(cases, sys.stdout, answer)
                else:
                    status = answer_one(cases.read(), sys.stdout, sys.stderr, answer, "bhi_months")
        except BrokenPipeError:
            status = 0
        except OSError as unreadable:
            sys.stderr.write(f"bhi_months: {name}: {unreadable.strerror}; name a file that can be read\n")
            status = MALFORMED
        if status:
            sys.exit(status)
