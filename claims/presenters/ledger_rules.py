"""The rules of the ledger as a page shows them: what holds each, how much breaks it, and how the last look went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet

from claims.ledger_check import LEDGER_LOOK
from claims.ledger_rules import RULES, Rule
from claims.models import LedgerBreach
from cob.jobs.models import Job, State
from cob.jobs.progress import seen


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: `count` claims or payments break it, the first since `since`."""

    rule: Rule
    count: int
    since: Any
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class Look:
    """The newest look at the ledger, and whether one runs now."""

    job: Job | None
    last: Job | None
    is_running: bool
    done: int
    total: int
    doing: str

    @property
    def failed(self) -> Job | None:
        """The newest look, where it stopped before its end."""
        return self.job if self.job and self.job.state == State.FAILED else None


def rule_rows(rows: QuerySet[LedgerBreach], *, has_looked: bool) -> list[RuleRow]:
    """All rules by number, with what of `rows` breaks each. One query."""
    counted = rows.order_by().values_list("rule").annotate(Count("pk"), Min("since"))
    found = {number: (count, since) for number, count, since in counted}
    return [_row(rule, *found.get(rule.number, (0, None)), has_looked) for rule in RULES.values()]


def _row(rule: Rule, count: int, since: Any, has_looked: bool) -> RuleRow:
    if count:
        state, tone = ("Credits", "warn") if rule.is_credit else ("Broken", "bad")
    elif rule.is_asked and has_looked:
        state, tone = "Holds", "good"
    else:
        state, tone = "Not looked at yet" if rule.is_asked else "Not asked here", ""
    return RuleRow(rule, count, since, state, tone)


def look_now() -> Look:
    """From the two newest jobs of the kind: the newest at all, and the newest that ended well."""
    looks = Job.objects.filter(kind=LEDGER_LOOK).select_related("by")
    job = looks.first()
    last = job if job and job.state == State.DONE else looks.filter(state=State.DONE).first()
    running = job is not None and not job.is_over
    said = seen(job.pk) if running and job else {}
    return Look(
        job, last, running, said.get("done", 0), said.get("total", 0), said.get("what") or "waiting for its turn"
    )
