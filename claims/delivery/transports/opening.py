"""Which mailbox a file goes through, and the transport that opens it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from claims.delivery.models import Mailbox
from claims.delivery.transports.folder import FolderTransport
from claims.delivery.transports.protocol import Transport


def mailbox_for(receiver: str) -> Mailbox | None:
    """The one that names the receiver, else the one that takes all others, else None: the outbox of the data folder."""
    rows = list(Mailbox.objects.filter(is_active=True))
    named = [row for row in rows if row.takes(receiver)]
    return next(iter(named or [row for row in rows if not row.receivers.strip()]), None)


def transport_of(mailbox: Mailbox | None) -> Transport:
    """How that mailbox is reached; nothing is opened yet."""
    if mailbox is None:
        return FolderTransport(Path(settings.DATA_DIR), may_make=True)
    if mailbox.kind == "folder":
        return FolderTransport(Path(settings.MAILBOX_DIR))
    # SSH is a sixth of what the desk loads at its start, and most desks and commands never speak it.
    from claims.delivery.transports import sftp

    return sftp.SftpTransport(
        sftp.Server(
            host=mailbox.host,
            port=mailbox.port,
            username=mailbox.username,
            host_keys=mailbox.host_key,
            key_file=_secret(mailbox.key_file),
            password_file=_secret(mailbox.password_file),
        )
    )


def is_near(mailbox: Mailbox | None) -> bool:
    """A folder of this machine: delivering takes no longer than writing it."""
    return mailbox is None or mailbox.kind == "folder"


def outbox_of(mailbox: Mailbox | None) -> str:
    """The folder from which the clearinghouse takes."""
    return mailbox.outbox if mailbox else "outbox"


def _secret(name: str) -> Path | None:
    return Path(settings.MAILBOX_SECRETS_DIR) / name if name else None
