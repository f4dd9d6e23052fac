"""A 271 comes in: each person answered is kept as the payer said it, tied to the question it answers.

A question that failed (AAA) is kept as a failed question and is never read as "no other coverage".
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import IO, Any

from claims.models import EdiFile
from cob.accounts.models import Site
from cob.coverage.eligibility.answering import Kept, keep_answers
from cob.x12.read271 import read_271

CHUNK = 200
MOST_NOTES = 5


def check(source: IO[bytes]) -> None:
    """Read it through, storing nothing. Raises X12Error."""
    for _ in read_271(source):
        pass


def store(edi_file: EdiFile, source: IO[bytes]) -> dict[str, Any]:
    """Every answer, inside the caller's transaction. Raises X12Error."""
    answers, parts, every = read_271(source), Counter[int](), Kept()
    while some := list(islice(answers, CHUNK)):
        kept = keep_answers(edi_file.pk, some, parts)
        every.counts.update(kept.counts)
        every.sites |= kept.sites
        every.notes += kept.notes
    edi_file.sites.add(*Site.objects.filter(pk__in=every.sites))
    return {"outcome": "stored", "eligibility": dict(every.counts), "notes": _notes(every)}


def _notes(every: Kept) -> list[str]:
    found = every.notes
    if not every.counts:
        return ["It answers nothing: nobody is answered about in this file."]
    left = len(found) - MOST_NOTES
    return [*found[:MOST_NOTES], *([f"{left} more like these."] if left > 0 else [])]
