"""The pages of edits: those built in, those staff wrote with their versions, and what one would have stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from claims.editing.trying import DAYS
from claims.editing.waiving import title_of
from claims.edits import EDITS
from claims.edits.waivable import WAIVABLE
from claims.edits.written import from_stored, in_words
from claims.models import StaffEdit


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """One edit of the program."""

    title: str
    sentence: str
    waivable: str


@dataclass(frozen=True, slots=True)
class EditRow:
    """One version of a staff-written edit."""

    row: StaffEdit
    when: str
    scope: str
    stands: str
    tone: str
    tried: str

    @property
    def can_switch_on(self) -> bool:
        return self.row.on_from is None and self.row.tried_at is not None

    @property
    def can_switch_off(self) -> bool:
        return self.stands == "on"


def built_in() -> list[BuiltIn]:
    """Every edit of the program, in the order they are read in."""
    return [
        BuiltIn(title_of(edit.__name__, {}), " ".join((edit.__doc__ or "").split()), WAIVABLE.get(edit.__name__, ""))
        for edit in EDITS
    ]


def newest_of_each(today: date) -> list[EditRow]:
    """The newest version of each staff-written edit, by name: one query."""
    newest: dict[UUID, StaffEdit] = {}
    for row in StaffEdit.objects.select_related("payer", "site", "by").order_by("family", "version"):
        newest[row.family] = row
    return sorted((edit_row(row, today) for row in newest.values()), key=lambda one: one.row.name.casefold())


def versions_of(family: UUID, today: date) -> list[EditRow]:
    """Every version, newest first."""
    rows = StaffEdit.objects.filter(family=family).select_related("payer", "site", "by").order_by("-version")
    return [edit_row(row, today) for row in rows]


def edit_row(row: StaffEdit, today: date) -> EditRow:
    """A version in words."""
    stands, tone = _stands(row, today)
    scope = ", ".join([str(row.payer or "every payer"), str(row.site or "every site")])
    return EditRow(row, in_words(from_stored(row.when)), scope, stands, tone, _tried(row))


def _stands(row: StaffEdit, today: date) -> tuple[str, str]:
    if row.on_from is None:
        return ("tried, not on", "info") if row.tried_at else ("not tried", "")
    if row.off_from is not None and row.off_from <= today:
        return "off", ""
    return "on", "good"


def _tried(row: StaffEdit) -> str:
    if row.tried_at is None:
        return ""
    verb = "stopped" if row.severity == "stop" else "warned of"
    return f"Would have {verb} {row.tried_hits} of the {row.tried_count} claims sent in the {DAYS} days before."
