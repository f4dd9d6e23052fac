"""`manage.py triage FILE|- [--jsonl]`: what a payer's codes mean, one JSON answer for one JSON question."""

from __future__ import annotations

import json
import sys
from functools import cached_property
from typing import IO, Any

from django.core.management.base import CommandError

from cob.management.cases import CaseCommand
from cob.rules import BadCase
from cob.rules.door import SOME_MALFORMED, read_json
from denials.answer import AnswerWrong, read_answer
from denials.codebook import CodeBook
from denials.queries import desk_code_book
from denials.triage import triage


class Command(CaseCommand):
    """Reads JSON questions and writes what the triage makes of them; a list of them is answered by a list."""

    help = "Say what a payer's codes mean: kind, category, playbook, queue and next steps, as JSON."
    name = "triage"

    @cached_property
    def book(self) -> CodeBook:
        """The desk's tables, read once for all questions."""
        return desk_code_book()

    def answer(self, text: bytes) -> dict[str, Any]:
        """What one payer's codes mean."""
        return self._meaning(read_json(text))

    def _meaning(self, case: Any) -> dict[str, Any]:
        try:
            asked = read_answer(case)
        except AnswerWrong as wrong:
            raise BadCase(str(wrong)) from None
        return _own_id(case) | triage(asked, self.book).as_json()

    def reply(self, cases: IO[bytes], options: dict[str, Any]) -> int:
        """Write the answers; the exit status. A question that is refused is answered with the reason."""
        if options["jsonl"]:
            return super().reply(cases, options)
        said = self._said(cases.read(), options["file"])
        sys.stdout.write(json.dumps(said, indent=1) + "\n")
        return SOME_MALFORMED if any("error" in each for each in (said if isinstance(said, list) else [said])) else 0

    def _said(self, text: bytes, file: str) -> Any:
        try:
            text.decode()
        except UnicodeDecodeError:
            said = f"{file} cannot be read: it is not text in UTF-8. Name a text file, or - for standard input."
            raise CommandError(said, returncode=2) from None
        try:
            asked = read_json(text)
        except BadCase as refused:
            return {"error": str(refused)}
        return [self._one(each) for each in asked] if isinstance(asked, list) else self._one(asked)

    def _one(self, case: Any) -> dict[str, Any]:
        try:
            return self._meaning(case)
        except BadCase as refused:
            return _own_id(case) | {"error": str(refused)}


def _own_id(case: Any) -> dict[str, Any]:
    return {"id": case["id"]} if isinstance(case, dict) and "id" in case else {}
