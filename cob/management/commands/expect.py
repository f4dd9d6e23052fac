"""`manage.py expect FILE`: what later payers should pay, for one case or for a file of them, without the database."""

from __future__ import annotations

from typing import Any

from cob.management.cases import CaseCommand
from cob.rules import expect
from cob.rules.door import read_json


class Command(CaseCommand):
    """Reads JSON cases and writes JSON answers; the shape of both is docs/expected-payment.md."""

    help = "Say what later payers should pay: one JSON case in, one answer out; with --jsonl one a line."
    name = "expect"

    def answer(self, text: bytes) -> dict[str, Any]:
        """What each later payer should pay."""
        return expect(read_json(text)).as_json()
