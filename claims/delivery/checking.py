"""Whether a mailbox works, before anything depends on it."""

from __future__ import annotations

from claims.delivery.models import After, Mailbox
from claims.delivery.transports.opening import transport_of
from claims.delivery.transports.protocol import TransportError

_PROBE = ".cob-desk-check.part"


def check(mailbox: Mailbox) -> str:
    """Sign in, write and remove a hidden file where ours go, look where answers lie. The trouble in words, or empty."""
    probe = f"{mailbox.outbox}/{_PROBE}"
    try:
        with transport_of(mailbox) as transport:
            transport.write(probe, b"")
            transport.remove(probe)
            if mailbox.inbox:
                transport.files(mailbox.inbox)
                if mailbox.after_fetch == After.MOVE:
                    transport.make_folder(mailbox.fetched_folder or "fetched")
    except TransportError as error:
        return str(error)
    return ""
