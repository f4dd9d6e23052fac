"""`manage.py bhi_months FILE`: which codes months of integrated behavioral care support, without the database."""

from __future__ import annotations

from typing import Any

from claims.bhi.door import answer
from cob.management.cases import CaseCommand
from cob.rules.door import read_json


class Command(CaseCommand):
    """Reads JSON cases and writes JSON answers; the shape of both is docs/care-months.md."""

    help = (
        "Say which codes a month of integrated behavioral care supports, and what of them was not billed: one JSON "
        "case in, one answer out; with --jsonl one a line."
    )
    name = "bhi_months"

    def answer(self, text: bytes) -> dict[str, Any]:
        """Of one month."""
        return answer(read_json(text))
