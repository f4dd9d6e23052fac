"""A file to be delivered, a mailbox of either kind, and a real SFTP server with its troubles."""

from __future__ import annotations

import asyncssh
import pytest
from django.db import transaction

from claims.delivery.handing import hand_over
from claims.delivery.models import Mailbox
from claims.delivery.numbers import CLAIMS, take
from cob.audit.acting import acting
from simulator.sftp import PASSWORD, USER, SftpServer

DATA = b"ISA*" + b"x" * 200_000


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.MAILBOX_DIR = tmp_path / "mailboxes"
    settings.MAILBOX_SECRETS_DIR = tmp_path / "secrets"
    settings.MAILBOX_SECRETS_DIR.mkdir()


@pytest.fixture
def remote(tmp_path):
    """The clearinghouse's disk."""
    root = tmp_path / "remote"
    for folder in ("to", "from"):
        (root / folder).mkdir(parents=True)
    return root


@pytest.fixture
def server(remote, settings):
    """A server that knows our key; `server.trouble` is what goes wrong."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(settings.MAILBOX_SECRETS_DIR / "clearing_key")
    (settings.MAILBOX_SECRETS_DIR / "clearing_password").write_text(PASSWORD + "\n")
    with SftpServer(remote, client_key=key) as running:
        yield running


@pytest.fixture
def by_sftp(server, main):
    with acting("test task"):
        return Mailbox.objects.create(
            name="Clearing",
            kind="sftp",
            outbox="to",
            inbox="from",
            host="127.0.0.1",
            port=server.port,
            username=USER,
            host_key=server.public_key,
            key_file="clearing_key",
        )


@pytest.fixture
def by_folder(settings, main):
    for folder in ("to", "from"):
        (settings.MAILBOX_DIR / folder).mkdir(parents=True)
    with acting("test task"):
        return Mailbox.objects.create(name="Folder", kind="folder", outbox="to", inbox="from")


@pytest.fixture
def leaving(main, monkeypatch):
    """`leaving()` puts a file on the road and leaves it at the start of it."""

    def _leaving(data=DATA, receiver="CLEARHOUSE"):
        monkeypatch.setattr("claims.delivery.handing.deliver", lambda _pk: None)
        number = take(CLAIMS)
        with acting("test task"), transaction.atomic():
            return hand_over(interchange=number, kind="837", data=data, site=main, receiver=receiver, items=1, by=None)

    return _leaving
