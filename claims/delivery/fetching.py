"""A mailbox's answers come in: each fetched once, kept as it is, imported like any other file, then set aside there.

Killed anywhere, the next look goes on: a file without its row is fetched again and found to be here by its hash, one
with a row that still lies there is only set aside.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.delivery.models import After, Fetched, Mailbox, MailboxLook
from claims.delivery.sending import LONGEST_WAIT_MINUTES, PATIENCE
from claims.delivery.transports.opening import transport_of
from claims.delivery.transports.protocol import Entry, NameTaken, Transport, TransportError
from claims.exchange.keeping import receive
from claims.exchange.opening import open_import
from claims.models.edi_file import Outcome
from cob.audit.models import record

# How programs name what they are still writing.
_PASSING = (".part", ".partial", ".filepart", ".tmp", ".temp")
# Clocks differ; what was changed this recently by the mailbox's own clock may still be growing.
SETTLED_SECONDS = 5


@dataclass(slots=True)
class Looked:
    """What one look brought: files fetched, and the mailboxes that could not be looked into."""

    fetched: int = 0
    failed: int = 0


def fetch_all(*, now: datetime | None = None) -> Looked:
    """Look into every mailbox that has an inbox and whose time has come."""
    now, looked = now or timezone.now(), Looked()
    for mailbox in Mailbox.objects.filter(is_active=True).exclude(inbox="").select_related("look"):
        look = getattr(mailbox, "look", None)
        if look is None or look.try_after <= now:
            found = fetch(mailbox)
            looked.fetched += found or 0
            looked.failed += found is None
    return looked


def fetch(mailbox: Mailbox) -> int | None:
    """Fetch what is new; how many files, or None when the mailbox could not be looked into (its look says why). A file
    that needs a person, because we may not read or move it, is said there too and holds up none of the others.
    """
    count, held = 0, None
    try:
        with transport_of(mailbox) as transport:
            for entry in transport.files(mailbox.inbox):
                if _is_passing(entry.name):
                    continue
                try:
                    row, is_new = _taken(mailbox, transport, entry)
                    count += is_new
                    if row and not row.is_settled:
                        _set_aside(mailbox, transport, entry, row)
                except TransportError as error:
                    if not error.needs_person:
                        raise
                    held = held or error
    except TransportError as error:
        _note_failed(mailbox, error)
        return None
    _note_looked(mailbox, held)
    return count


def _is_passing(name: str) -> bool:
    return name.startswith((".", "~")) or name.lower().endswith(_PASSING)


def _taken(mailbox: Mailbox, transport: Transport, entry: Entry) -> tuple[Fetched | None, bool]:
    """One file, its import opened; None where it cannot be had yet. True when it was new here."""
    # Letters no column holds stay told apart: two files that differ in nothing else are two.
    name = entry.name.encode(errors="backslashreplace").decode()[:200]
    mark = {"mailbox": mailbox, "name": name, "size": entry.size, "changed_at": entry.changed_at}
    row = Fetched.objects.filter(**mark).select_related("file").first()
    is_new = row is None
    if row is None:
        row = _fetched(mailbox, transport, entry, mark)
    if row is None:
        return None, False
    if row.file.outcome == Outcome.WAITING:
        open_import(row.file, by=None)
    return row, is_new


def _fetched(mailbox: Mailbox, transport: Transport, entry: Entry, mark: dict[str, object]) -> Fetched | None:
    """None when it is still being written there, or another worker has just fetched it."""
    data = transport.read(f"{mailbox.inbox}/{entry.name}")
    # A stamp of the future is another clock's, not a file still growing.
    age = timezone.now().timestamp() - entry.changed_at
    if len(data) != entry.size or 0 <= age < SETTLED_SECONDS:
        return None
    file, _ = receive(entry.name, io.BytesIO(data), by=None)
    try:
        with transaction.atomic():
            row: Fetched = Fetched.objects.create(**mark, file=file)
    except IntegrityError:
        return None
    return row


def _set_aside(mailbox: Mailbox, transport: Transport, entry: Entry, row: Fetched) -> None:
    path = f"{mailbox.inbox}/{entry.name}"
    match mailbox.after_fetch:
        case After.DELETE:
            transport.remove(path)
        case After.MOVE:
            _move(transport, path, f"{mailbox.fetched_folder or 'fetched'}/{entry.name}", row)
    Fetched.objects.filter(pk=row.pk).update(is_settled=True)


def _move(transport: Transport, path: str, target: str, row: Fetched) -> None:
    """Another file of that name lies there already: this one gets the beginning of its hash."""
    transport.make_folder(target.rpartition("/")[0])
    try:
        transport.rename(path, target)
    except NameTaken:
        transport.rename(path, f"{target}.{row.file.sha256[:8]}-{row.changed_at}")


def _note_looked(mailbox: Mailbox, held: TransportError | None) -> None:
    """The next look is in its usual time; a file that needs a person is on the trail when that is new."""
    before = MailboxLook.objects.filter(mailbox=mailbox).first()
    now, trouble = timezone.now(), str(held or "")[:300]
    values = {"looked_at": now, "failures": 0, "trouble": trouble, "needs_person": bool(held), "try_after": now}
    MailboxLook.objects.update_or_create(mailbox=mailbox, defaults=values)
    if held and not (before and before.needs_person):
        record("answer not fetched", mailbox, after={"why": trouble})


def _note_failed(mailbox: Mailbox, error: TransportError) -> None:
    """Tried again later, each time after a longer wait; said on the trail when it becomes a person's business."""
    before = MailboxLook.objects.filter(mailbox=mailbox).first()
    failures = (before.failures if before else 0) + 1
    wait = timedelta(minutes=min(2 ** (failures - 1), LONGEST_WAIT_MINUTES))
    values = {"failures": failures, "trouble": str(error)[:300], "needs_person": error.needs_person}
    MailboxLook.objects.update_or_create(mailbox=mailbox, defaults=values | {"try_after": timezone.now() + wait})
    if (error.needs_person and not (before and before.needs_person)) or failures == PATIENCE:
        record("mailbox not reached", mailbox, after={"why": str(error)[:300]})
