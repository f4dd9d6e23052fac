"""The crossover settings as pages show them: what holds for each payer today, and everything kept before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cob.coverage.models import CrossoverTerms, Payer, Way
from cob.coverage.payment_presenters import Kept, history
from cob.coverage.payment_terms import latest

EVERYBODY = "Every payer before it"


@dataclass(frozen=True, slots=True)
class Line:
    """One payer in the list, with one row in force for each sender."""

    payer: Payer
    says: tuple[str, ...]


def payer_lines(today: date) -> list[Line]:
    """Every payer, those with a setting first; two queries however many there are."""
    rows: dict[UUID, list[CrossoverTerms]] = defaultdict(list)
    for row in CrossoverTerms.objects.select_related("sender"):
        rows[row.payer_id].append(row)
    lines = [Line(payer, tuple(_in_force(rows.get(payer.pk, []), today))) for payer in Payer.objects.all()]
    return sorted(lines, key=lambda line: (not line.says, line.payer.name))


def _in_force(rows: list[CrossoverTerms], today: date) -> list[str]:
    senders = {row.sender_id: str(row.sender) if row.sender else EVERYBODY for row in rows}
    held = {name: latest([r for r in rows if r.sender_id == pk], today) for pk, name in senders.items()}
    return [f"{name}: {in_words(row)}" for name, row in sorted(held.items()) if row]


def in_words(row: CrossoverTerms) -> str:
    """One row in a line."""
    how = Way(row.way).label[0].lower() + Way(row.way).label[1:] if row.way else ""
    said = [
        f"comes by itself, {how}" if row.is_on else "does not come; we send",
        f"id {row.coba_id}" if row.coba_id else "",
        "" if row.is_announced else "the remittance does not say so",
        f"ask after {row.check_business_days} business days, send after {row.wait_days} days",
        "rejects what comes earlier" if row.refuses_early else "",
    ]
    return "; ".join(filter(None, said))


def kept_of(payer: Payer, today: date) -> list[Kept]:
    """Every row of a payer, newest first within each sender."""
    rows = payer.crossover_terms.select_related("set_by", "sender").newest_first()
    return history([(str(row.sender) if row.sender else EVERYBODY, in_words(row), row) for row in rows], today)
