"""A denial given up for good: what it refused is written off on the ledger, and taken back when it is worked again."""

from __future__ import annotations

from collections import Counter

from claims import write_offs
from claims.ledger import LineKey
from cob.accounts.models import User
from denials import reading
from denials.codebook import REFUSING
from denials.models import Denial
from denials.queries import desk_code_book


def write_off(*, denial: Denial, because: str, by: User) -> int:
    """How many cents were written off: what the denial refused, as far as nothing else accounts for it by now."""
    return write_offs.write_off(answer=denial.adjudication, refused=refused_by_line(denial), because=because, by=by)


def take_back(*, denial: Denial, because: str, by: User) -> int:
    """How many cents stand open again."""
    lines = refused_by_line(denial).keys()
    return -write_offs.take_back(answer=denial.adjudication, lines=lines, because=because, by=by)


def refused_by_line(denial: Denial) -> dict[LineKey, int]:
    """What the denial refused of each line of ours in cents, None standing for the claim; as it was recorded where the
    code book reads the answer otherwise by now."""
    book, found = desk_code_book(), Counter[LineKey]()
    for answer in reading.load([denial.adjudication_id]):
        ours = {line.pk: line.line_id for line in answer.row.lines.all()}
        for unit, told in reading.triaged(answer, book):
            if told.kind in REFUSING and told.category == denial.category:
                found[ours[unit.line_id] if unit.line_id else None] += unit.refused_cents
    recorded = denial.line.line_id if denial.line else None
    return dict(found) or {recorded: denial.at_risk_cents}
