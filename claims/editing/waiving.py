"""Setting one edit aside for one claim, and taking that back: who, why, and which claim it was given for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.edits import WrittenEdit, ground, objections, version_of
from claims.edits.facts import WRITTEN
from claims.models import Claim, EditWaiver
from claims.submissions.folder import Folder, open_folder
from cob.accounts.models import User
from cob.audit.acting import doing

SHORTEST = 10


class CannotWaive(ValueError):
    """An edit that is not waived; `field` says whether its reason or the edit itself is in the way."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class ShownWaiver:
    """A waiver on the claim's page: `stands` says whether the claim is still the one it was given for."""

    row: EditWaiver
    title: str
    stands: str
    tone: str

    @property
    def is_standing(self) -> bool:
        return self.tone == "warn"


def waive_edit(
    *, claim: Claim, rank: int, edit: str, reason: str, by: User, frequency: str = "", today: date | None = None
) -> EditWaiver:
    """From now on that edit only warns, until anything about the claim changes. Raises CannotWaive, NoSuchPayer."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST:
        raise CannotWaive("reason", f"Say why, in {SHORTEST} characters or more: who allowed it, and where it stands.")
    with transaction.atomic():
        folder = open_folder(claim)
        sending = folder.sending(rank, today or timezone.localdate(), frequency)
        found = next((one for one in objections(sending) if one.edit == edit and one.stops), None)
        if found is None:
            raise CannotWaive("edit", "This edit does not stop the claim, so there is nothing to waive.")
        if not ground(found, sending):
            raise CannotWaive("edit", f"This cannot be waived, only put right: {found.fix}")
        waiver = EditWaiver(
            claim=claim,
            claim_payer=folder.rows[folder.index(rank)],
            edit=edit,
            said=found.message[:400],
            version=version_of(sending),
            reason=reason[:300],
            by=by,
        )
        _save(waiver)
    return waiver


def _save(waiver: EditWaiver) -> None:
    try:
        with transaction.atomic(), doing("edit waived", reason=waiver.reason):
            waiver.save(force_insert=True)
    except IntegrityError:
        raise CannotWaive("edit", "Somebody has just waived it.") from None


def withdraw_waiver(*, waiver: EditWaiver, by: User) -> bool:
    """The edit stops the claim again; False when somebody else had withdrawn it already."""
    with transaction.atomic(), doing("waiver withdrawn"):
        standing = EditWaiver.objects.standing().filter(pk=waiver.pk)
        return bool(standing.update(withdrawn_at=timezone.now(), withdrawn_by=by))


def waivers_of(folder: Folder, today: date) -> list[ShownWaiver]:
    """Every waiver ever given on the claim, newest first, with whether it holds now."""
    rows = list(
        EditWaiver.objects.filter(claim=folder.claim).select_related("by", "withdrawn_by", "claim_payer__payer")
    )
    if not rows:
        return []
    ranks = {row.pk: row.rank for row in folder.rows}
    versions = {pk: _versions(folder, rank, today) for pk, rank in ranks.items()}
    written = {one.name: one for edits in folder.written.values() for one in edits}
    return [_shown(row, versions.get(row.claim_payer_id, frozenset()), written) for row in rows]


def _versions(folder: Folder, rank: int, today: date) -> frozenset[str]:
    """An original and a correction are different claims; a waiver of either stands beside the other."""
    kinds = {folder.frequency(rank), "1", "7"}
    return frozenset(version_of(folder.sending(rank, today, kind)) for kind in kinds)


def _shown(row: EditWaiver, versions: frozenset[str], written: dict[str, WrittenEdit]) -> ShownWaiver:
    title = title_of(row.edit, written)
    if row.withdrawn_at:
        return ShownWaiver(row, title, f"withdrawn by {row.withdrawn_by}", "")
    if row.version not in versions:
        return ShownWaiver(row, title, "ended: the claim has changed since", "")
    return ShownWaiver(row, title, "waived", "warn")


def title_of(edit: str, written: dict[str, WrittenEdit]) -> str:
    """What people call an edit: the name staff gave it, else its own in words."""
    if edit.startswith(WRITTEN):
        return written[edit].title if edit in written else "A rule of the practice"
    words = edit.replace("_", " ")
    return words[:1].upper() + words[1:]
