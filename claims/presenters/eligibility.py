"""Tomorrow's visits, as the page lists them: whom was asked, what was answered, what failed and what to put right."""

from __future__ import annotations

from dataclasses import dataclass

from claims.eligibility.visits import Planned
from cob.coverage.eligibility import failures
from cob.coverage.eligibility.page import ASK_AGAIN, rejected_as, rejection_of, state_of
from cob.coverage.models import EligibilityAnswer


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One coverage of one visit."""

    plan: Planned
    says: str
    tone: str
    words: str
    fix: str

    @property
    def urgency(self) -> tuple[int, str, str]:
        """Whoever needs most comes first."""
        order = {"bad": 0, "warn": 1, "info": 2, "": 3, "good": 4}
        return order[self.tone], str(self.plan.coverage.patient), str(self.plan.coverage.payer)


def visit_rows(plans: list[Planned]) -> list[VisitRow]:
    """Rows for the page, the neediest first."""
    return sorted((_row(plan) for plan in plans), key=lambda row: row.urgency)


def counts(rows: list[VisitRow]) -> list[tuple[str, int]]:
    """How many stand how, in the order of the page."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.says] = found.get(row.says, 0) + 1
    return list(found.items())


def _row(plan: Planned) -> VisitRow:
    if plan.unaskable is not None and plan.is_due:
        return VisitRow(plan, "Cannot be asked", "bad", plan.unaskable.why, plan.unaskable.fix)
    turned_away = rejection_of(plan.last) if plan.last and plan.answer is None else None
    if turned_away:
        return VisitRow(plan, *rejected_as(turned_away), turned_away.words, ASK_AGAIN)
    if plan.last is not None:
        says, tone = state_of(plan.answer)
        words, fix = _words(plan.answer)
        return VisitRow(plan, says, tone, words, fix)
    if plan.is_due:
        return VisitRow(plan, "Not asked yet", "warn", "", "")
    verified = plan.coverage.verified_on
    return VisitRow(plan, "Not due", "good", f"Verified {verified:%m/%d/%Y}." if verified else "", "")


def _words(answer: EligibilityAnswer | None) -> tuple[str, str]:
    if answer is None:
        return "", ""
    if answer.is_failed:
        return failures.in_words(answer.hints)
    return ("Say on the chart whether what it tells is so.", "") if answer.has_news else ("", "")
