"""`manage.py triage FILE|- [--jsonl]`: what a payer's codes mean, one JSON answer for one JSON question."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from denials.answer import AnswerWrong, read_answer
from denials.queries import desk_code_book
from denials.triage import triage


class Command(BaseCommand):
    help = "Say what a payer's codes mean: kind, category, playbook, queue and next steps, as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a JSON file, or - for standard input")
        parser.add_argument("--jsonl", action="store_true", help="one question on each line, one answer on each line")

    def handle(self, *_args: Any, file: str, jsonl: bool, **_options: Any) -> None:
        text = self._read(file)
        questions = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()] if jsonl else [(0, text)]
        refused = sum(self._answer(where, question) for where, question in questions)
        if refused:
            raise SystemExit(1)

    def _read(self, file: str) -> str:
        try:
            return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as wrong:
            why = wrong.strerror if isinstance(wrong, OSError) else "it is not text in UTF-8"
            said = f"{file} cannot be read: {why}. Name a text file, or - for standard input."
            raise CommandError(said, returncode=2) from wrong

    def _answer(self, line: int, question: str) -> bool:
        """Print the answer to one question; True when it was refused."""
        try:
            raw = json.loads(question)
            answers = [self._one(each) for each in raw] if isinstance(raw, list) and not line else self._one(raw)
        except json.JSONDecodeError as wrong:
            answers = {"error": f"Not JSON: {wrong.msg} at line {line or wrong.lineno}, column {wrong.colno}."}
        self.stdout.write(json.dumps(answers, ensure_ascii=False, indent=None if line else 1))
        return any("error" in each for each in (answers if isinstance(answers, list) else [answers]))

    @staticmethod
    def _one(raw: Any) -> dict[str, Any]:
        own = {"id": raw["id"]} if isinstance(raw, dict) and "id" in raw else {}
        try:
            return own | triage(read_answer(raw), desk_code_book()).as_json()
        except AnswerWrong as wrong:
            return own | {"error": str(wrong)}
