"""A finished file is handed over to be delivered: kept on the disk, on file with its hash, and queued, in the
transaction that makes its claims sent. After the commit it goes; a crash there leaves it queued."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from uuid import UUID

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from claims.delivery.models import Delivery, OutgoingFile
from claims.delivery.sending import deliver
from claims.delivery.transports.opening import is_near, mailbox_for
from cob.accounts.models import Site, User
from cob.audit.acting import acting

log = structlog.get_logger(__name__)


def hand_over(
    *,
    interchange: str,
    kind: str,
    data: bytes,
    site: Site,
    receiver: str,
    items: int,
    by: User | None,
    charge_cents: int = 0,
) -> OutgoingFile:
    """Keep it and queue it. Call it in the transaction that marks what is inside as sent.

    A near mailbox has it right after the commit; a far one at the next turn of the mail job.
    """
    kept = f"out/{timezone.localdate():%Y/%m}/{interchange}.{kind}"
    _to_disk(Path(default_storage.path(kept)), data)
    file = OutgoingFile(
        interchange=interchange,
        kind=kind,
        site=site,
        receiver=receiver,
        items=items,
        charge_cents=charge_cents,
        kept=kept,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        by=by,
    )
    file.save(force_insert=True)
    Delivery.objects.create(file=file, mailbox=mailbox_for(receiver))
    transaction.on_commit(lambda: _go(file.pk))
    return file


def _go(pk: UUID) -> None:
    """Never the sender's trouble: what fails here is on the delivery, and tried again by the job."""
    try:
        with acting("mail"):
            row = Delivery.objects.select_related("mailbox").get(pk=pk)
            if is_near(row.mailbox):
                deliver(pk)
    except Exception as failure:
        log.warning("delivery_failed", code=type(failure).__name__)


def _to_disk(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
