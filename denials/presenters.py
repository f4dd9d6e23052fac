"""A denial as its page shows it: each code with its meaning, the playbook, the limit."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from denials.clocks import OF_PAYERS, UNCONFIRMED
from denials.models import Denial, Kind
from denials.playbooks import PLAYBOOKS, Playbook
from denials.queries import desk_code_book

APPEAL = {
    "yes": "Yes",
    "no": "No",
    "correct": "Correct and send again first; appeal only if refused",
    "reopen": "Ask for a reopening rather than an appeal",
    "if_distinct": "Only if it is a distinct service",
    "rarely": "Rarely",
    "next_level": "At the next level",
    "by_remark": "As the remark says",
}
TONES = {Kind.REJECTION: "bad", Kind.DENIAL: "bad", Kind.PEND: "warn"}


@dataclass(frozen=True, slots=True)
class DenialPage:
    """What the template prints."""

    denial: Denial

    @property
    def category(self) -> str:
        found = desk_code_book().categories.get(self.denial.category)
        return found.label if found else self.denial.category

    @property
    def kind(self) -> tuple[str, str]:
        kind = Kind(self.denial.kind)
        return kind.label, TONES.get(kind, "")

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Each code with our short label: CO-22, another payer may come first."""
        book = desk_code_book()
        found = []
        for code in self.denial.codes:
            row = book.reasons.get(code.partition("-")[2]) or book.remarks.get(code)
            found.append((code, row.label if row else "in none of our tables"))
        return found

    @property
    def playbook(self) -> Playbook | None:
        return PLAYBOOKS.get(self.denial.playbook)

    @property
    def limit_days(self) -> int | None:
        return (self.denial.limit_on - timezone.localdate()).days if self.denial.limit_on else None

    @property
    def _limit_name(self) -> str:
        """Which limit; what the table assumes of this kind of payer says so, as the payers' own limits do."""
        name, limits = self.denial.limit_name, desk_code_book().limits
        assumed = [one for key, one in limits.items() if one.label == name and key not in OF_PAYERS]
        doubt = "" if all(one.is_certain(self.denial.payer.kind) for one in assumed) else UNCONFIRMED
        return f"{name.lower()}{doubt}"

    @property
    def facts(self) -> list[tuple[str, str]]:
        denial = self.denial
        limit = f"{denial.limit_on:%m/%d/%Y} ({self._limit_name})" if denial.limit_on else "none known"
        rows = [
            ("Payer", str(denial.payer)),
            ("Claim", denial.claim.control_number),
            ("Answered", f"{denial.answered_on:%m/%d/%Y}"),
            ("Limit", limit),
            ("Appeal", APPEAL.get(denial.appealable, denial.appealable)),
            ("Attempt", str(denial.attempt)),
        ]
        if denial.resolved_on:
            who = f" by {denial.resolved_by}" if denial.resolved_by else ""
            rows.append(("Resolved", f"{denial.resolved_on:%m/%d/%Y}{who}: {denial.resolution}"))
        return rows
