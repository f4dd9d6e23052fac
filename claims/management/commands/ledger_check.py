"""`manage.py ledger_check FILE`: what the ledger makes of a case, or of a file of them, without the database."""

from __future__ import annotations

from typing import Any

from claims.ledger_cases import answer
from cob.management.cases import CaseCommand
from cob.rules.door import read_json


class Command(CaseCommand):
    """Reads JSON cases of {"kind", "inputs"} and writes what the ledger makes of them."""

    help = (
        "Work out balances, postings of a later payer, and refunds for a JSON case; with --jsonl one a line. Nothing "
        "is posted. Exit status: 0, 1 some lines could not be answered, 2 the case or the file could not be read."
    )
    name = "ledger_check"

    def answer(self, text: bytes) -> dict[str, Any]:
        """What the ledger makes of one."""
        return answer(read_json(text))
