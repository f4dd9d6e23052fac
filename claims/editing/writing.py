"""Edits of the practice's own: written as a version, tried against recent claims, then switched on from a day."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from claims.editing.trying import Trial, try_out
from claims.edits.written import Groups, as_stored
from claims.models import StaffEdit
from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.coverage.models import Payer
from cob.turns import Turn, wait_for


class BadEdit(ValueError):
    """An edit that cannot be kept or switched; `field` names what is wrong with it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Wording:
    """What an edit is called and says, how hard, for whom, and why there is one."""

    name: str
    message: str
    fix: str
    severity: str
    source: str
    is_waivable: bool = True
    payer: Payer | None = None
    site: Site | None = None


def write_edit(*, wording: Wording, when: Groups, by: User, follows: StaffEdit | None = None) -> StaffEdit:
    """A new edit, or another version of one; it asks nothing before it was tried and switched on. Raises BadEdit."""
    if not when:
        raise BadEdit("conditions", "Give at least one condition; without one the edit would never speak.")
    stored = as_stored(when)
    with transaction.atomic(), doing("edit written"):
        wait_for(Turn.OPTIONS)
        if follows is not None and _is_same(follows, wording, stored):
            raise BadEdit("conditions", f"Nothing was changed; version {follows.version} says just this.")
        family = follows.family if follows else uuid.uuid4()
        newest = StaffEdit.objects.filter(family=family).aggregate(top=Max("version"))["top"] or 0
        edit = StaffEdit(family=family, version=newest + 1, when=stored, by=by, **vars_of(wording))
        edit.save(force_insert=True)
    return edit


def vars_of(wording: Wording) -> dict[str, object]:
    """As columns."""
    return {name: getattr(wording, name) for name in Wording.__slots__}


def _is_same(before: StaffEdit, wording: Wording, stored: object) -> bool:
    return before.when == stored and all(getattr(before, name) == value for name, value in vars_of(wording).items())


def try_edit(*, edit: StaffEdit, today: date | None = None) -> Trial:
    """Hold it against what was sent lately and keep the two numbers; nothing is stopped by it."""
    trial = try_out(edit, today or timezone.localdate())
    edit.tried_at, edit.tried_count, edit.tried_hits = timezone.now(), trial.count, trial.hits
    with doing("edit tried"):
        edit.save(update_fields=["tried_at", "tried_count", "tried_hits"])
    return trial


def switch_on(*, edit: StaffEdit, today: date | None = None) -> StaffEdit:
    """It asks from today on; the version before it ends. Raises BadEdit."""
    today = today or timezone.localdate()
    with transaction.atomic(), doing("edit switched on"):
        wait_for(Turn.OPTIONS)
        edit.refresh_from_db()
        if edit.tried_at is None:
            raise BadEdit("tried", "Try it against recent claims first, to see what it would have stopped.")
        if edit.on_from is not None:
            word = "is on already" if edit.off_from is None else "was switched off; write another version"
            raise BadEdit("on", f"Version {edit.version} {word}.")
        for before in StaffEdit.objects.filter(family=edit.family, off_from=None).exclude(on_from=None):
            before.off_from = today
            before.save(update_fields=["off_from"])
        edit.on_from = today
        edit.save(update_fields=["on_from"])
    return edit


def switch_off(*, edit: StaffEdit, today: date | None = None) -> StaffEdit:
    """It asks nothing from today on. Raises BadEdit."""
    with transaction.atomic(), doing("edit switched off"):
        wait_for(Turn.OPTIONS)
        edit.refresh_from_db()
        if edit.on_from is None or edit.off_from is not None:
            raise BadEdit("on", f"Version {edit.version} is not on.")
        edit.off_from = today or timezone.localdate()
        edit.save(update_fields=["off_from"])
    return edit
