"""What the commands that answer JSON cases share: a file or standard input, one case or one a line."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any, ClassVar

from django.core.management.base import BaseCommand, CommandParser

from cob.rules.door import MALFORMED, answer_lines, answer_one


class CaseCommand(ABC, BaseCommand):
    """JSON cases in, JSON answers out. A command names itself, and says what it answers."""

    requires_system_checks = ()
    name: ClassVar[str]

    @abstractmethod
    def answer(self, text: bytes) -> dict[str, Any]:
        """The answer to one case, a JSON text. Raises BadCase."""

    def add_arguments(self, parser: CommandParser) -> None:
        """A file, or - for standard input."""
        parser.add_argument("file", metavar="FILE", help="a file with a JSON case, or - for standard input")
        parser.add_argument("--jsonl", action="store_true", help="one case a line in, one answer a line out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exit status 0, 1 (some lines were malformed) or 2 (the case or the file cannot be read)."""
        file = options["file"]
        try:
            with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as cases:
                status = self.reply(cases, options)
        except BrokenPipeError:
            status = 0
        except OSError as unreadable:
            sys.stderr.write(f"{self.name}: {file}: {unreadable.strerror}; name a file that can be read\n")
            status = MALFORMED
        if status:
            sys.exit(status)

    def reply(self, cases: IO[bytes], options: dict[str, Any]) -> int:
        """Write the answers; the exit status."""
        if options["jsonl"]:
            return answer_lines(cases, sys.stdout, self.answer)
        return answer_one(cases.read(), sys.stdout, sys.stderr, self.answer, self.name)
