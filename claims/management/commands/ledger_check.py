"""`manage.py ledger_check FILE`: what the ledger makes of a case, or of a file of them, without the database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from claims.ledger_cases import BadLedgerCase, answer
from cob.rules import BadCase
from cob.rules.door import MALFORMED, SOME_MALFORMED, read_json


class Command(BaseCommand):
    """Reads JSON cases of {"kind", "inputs"} and writes what the ledger makes of them."""

    help = (
        "Work out balances, postings of a later payer, and refunds for a JSON case; with --jsonl one a line. Nothing "
        "is posted. Exit status: 0, 1 some lines could not be answered, 2 the case or the file could not be read."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """A file, or - for standard input."""
        parser.add_argument("file", metavar="FILE", help="a file with a JSON case, or - for standard input")
        parser.add_argument("--jsonl", action="store_true", help="one case a line in, one answer a line out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Nothing is read from or written to the database."""
        name = options["file"]
        try:
            with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as source:
                status = _lines(source) if options["jsonl"] else _one(source.read())
        except BrokenPipeError:
            status = 0
        except OSError as unreadable:
            sys.stderr.write(f"ledger_check: {name}: {unreadable.strerror}; name a file that can be read\n")
            status = MALFORMED
        if status:
            sys.exit(status)


def _one(text: bytes) -> int:
    try:
        said = answer(read_json(text))
    except (BadCase, BadLedgerCase) as refused:
        sys.stderr.write(f"ledger_check: {refused}\n")
        return MALFORMED
    sys.stdout.write(json.dumps(said, indent=2) + "\n")
    return 0


def _lines(lines: Iterable[bytes]) -> int:
    """Each answered before the next is read; blank lines are passed over."""
    status = 0
    for line in lines:
        if not line.strip():
            continue
        case: Any = None
        try:
            case = read_json(line)
            said = answer(case)
        except (BadCase, BadLedgerCase) as refused:
            status = SOME_MALFORMED
            said = {"id": case.get("id") if isinstance(case, dict) else None, "error": str(refused)}
        sys.stdout.write(json.dumps(said, separators=(",", ":")) + "\n")
        sys.stdout.flush()
    return status
