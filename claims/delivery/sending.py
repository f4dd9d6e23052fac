"""One file into its mailbox, at least once by us and once for whoever takes it there.

It is written under a passing name, and that its own name comes next is on file before it is given. So a later try can
tell what an interruption left: its own name is there with the same contents (delivered), neither name is there although
it was about to be named (the clearinghouse has taken it), or it never had its name (write it again).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from claims.delivery.models import Delivery, DeliveryState, How, Mailbox, OutgoingFile
from claims.delivery.transports.opening import mailbox_for, outbox_of, transport_of
from claims.delivery.transports.protocol import Found, Transport, TransportError
from cob.audit.models import record
from cob.jobs.progress import Progress

# Longer than any one try may take; after that whoever held it is taken for dead.
LEASE = timedelta(minutes=15)
LONGEST_WAIT_MINUTES = 60
# So many failures in a row open work for a person; before that it is the weather.
PATIENCE = 3


class _Lost(Exception):
    """Another worker has taken this delivery over."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One attempt: the delivery as it was before, and the number that says it is ours."""

    row: Delivery
    attempt: int

    def move(self, **values: Any) -> None:
        """Write to the row, if it is still ours. Raises _Lost."""
        if not Delivery.objects.filter(pk=self.row.pk, attempts=self.attempt).update(**values):
            raise _Lost


def deliver_due(progress: Progress | None = None, *, now: datetime | None = None) -> dict[str, int]:
    """Try every file whose time has come, oldest number first. Counts of `delivered` and `failed`."""
    now = now or timezone.now()
    due = list(_due(now).order_by("file__interchange").values_list("pk", flat=True))
    if progress:
        progress.of(len(due), "Files out")
    counts = {"delivered": 0, "failed": 0}
    for pk in due:
        found = deliver(pk)
        if found is not None:
            counts["delivered" if found.state == DeliveryState.DELIVERED else "failed"] += 1
        if progress:
            progress.step()
    return counts


def deliver(pk: UUID) -> Delivery | None:
    """One try. None when it is delivered already or somebody else is at it. Never raises for what a mailbox does."""
    turn = _take(pk)
    if turn is None:
        return None
    mailbox = mailbox_for(turn.row.file.receiver)
    try:
        turn.move(mailbox=mailbox)
        data = _as_kept(turn.row.file)
        with transport_of(mailbox) as transport:
            how = _put(turn, transport, mailbox, data)
        _note_delivered(turn, mailbox, how)
    except TransportError as error:
        _note_failed(turn, error)
    except _Lost:
        return None
    return Delivery.objects.select_related("file", "mailbox").get(pk=pk)


def try_now(pk: UUID) -> Delivery | None:
    """A person has seen to it: the wait is over, and one try is made at once."""
    Delivery.objects.filter(pk=pk).exclude(state=DeliveryState.DELIVERED).update(try_after=timezone.now())
    return deliver(pk)


def is_troubled() -> Q:
    """Which deliveries are a person's business."""
    return ~Q(state=DeliveryState.DELIVERED) & (Q(needs_person=True) | Q(failures__gte=PATIENCE))


def _due(now: datetime) -> Any:
    waiting = Q(state=DeliveryState.QUEUED, try_after__lte=now)
    left_behind = Q(state=DeliveryState.TRYING, started_at__lt=now - LEASE)
    return Delivery.objects.filter(waiting | left_behind)


def _take(pk: UUID) -> _Turn | None:
    """Compare and set: of two workers one gets it."""
    now = timezone.now()
    row = _due(now).select_related("file").filter(pk=pk).first()
    if row is None:
        return None
    held = Delivery.objects.filter(pk=pk, attempts=row.attempts).exclude(state=DeliveryState.DELIVERED)
    if not held.update(state=DeliveryState.TRYING, attempts=row.attempts + 1, started_at=now):
        return None
    return _Turn(row, row.attempts + 1)


def _put(turn: _Turn, transport: Transport, mailbox: Mailbox | None, data: bytes) -> str:
    folder, name = outbox_of(mailbox), turn.row.file.name
    final, passing = f"{folder}/{name}", f"{folder}/.{name}.part"
    if mailbox is None:
        transport.make_folder(folder)
    found = transport.look(final)
    if found is not None:
        return _found_there(turn.row.file, found)
    if turn.row.is_written and transport.look(passing) is None:
        return How.TAKEN
    turn.move(is_written=False)
    transport.write(passing, data)
    there = transport.look(passing)
    if there is None or not _is_same(turn.row.file, there):
        raise TransportError("What arrived is not what was sent: the file is shorter or other. It is tried again.")
    turn.move(is_written=True)
    transport.rename(passing, final)
    return How.PUT


def _found_there(file: OutgoingFile, found: Found) -> str:
    if _is_same(file, found):
        return How.FOUND
    raise TransportError(
        f"Another file named {file.name} lies in the mailbox: find out whose it is and move it away.", needs_person=True
    )


def _is_same(file: OutgoingFile, found: Found) -> bool:
    return found.size == file.size and found.sha256 in (None, file.sha256)


def _as_kept(file: OutgoingFile) -> bytes:
    """The bytes on file; a disk that lost them must not send half a file."""
    try:
        with file.kept.open("rb") as kept:
            data: bytes = kept.read()
    except OSError as error:
        raise TransportError("The file kept here cannot be read: look at the disk.", needs_person=True) from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        sentence = "The file kept here is damaged: restore it from the backup; nothing was sent."
        raise TransportError(sentence, needs_person=True)
    return data


def _note_delivered(turn: _Turn, mailbox: Mailbox | None, how: str) -> None:
    file = turn.row.file
    where = f"{outbox_of(mailbox)}/{file.name}"
    turn.move(
        state=DeliveryState.DELIVERED,
        delivered_at=timezone.now(),
        remote_name=where,
        how=how,
        trouble="",
        failures=0,
        needs_person=False,
    )
    after = {"interchange": file.interchange, "to": str(mailbox or "outbox"), "how": how, "sha256": file.sha256}
    record("file delivered", file, patients=_patients(file), site_id=file.site_id, after=after)


def _note_failed(turn: _Turn, error: TransportError) -> None:
    """Back to the queue for a while, longer each time."""
    failures = turn.row.failures + 1
    wait = timedelta(minutes=min(2 ** (failures - 1), LONGEST_WAIT_MINUTES))
    turn.move(
        state=DeliveryState.QUEUED,
        failures=failures,
        try_after=timezone.now() + wait,
        trouble=str(error)[:300],
        needs_person=error.needs_person,
    )
    first_needs = error.needs_person and not turn.row.needs_person
    if first_needs or failures == PATIENCE:
        file = turn.row.file
        after = {"interchange": file.interchange, "why": str(error)[:300]}
        record("file not delivered", file, patients=_patients(file), site_id=file.site_id, after=after)


def _patients(file: OutgoingFile) -> list[UUID]:
    """Whose claims wait in it, for whoever follows their work."""
    return list(file.submissions.values_list("claim__patient", flat=True))
