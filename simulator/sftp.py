"""An SFTP server over the simulator's folders, for rehearsals and tests: on 127.0.0.1 only, with a key made anew at
each start, and with the failures a real one has on request."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncssh

USER, PASSWORD = "clinic", "rehearsal"


@dataclass(slots=True)
class Trouble:
    """What the server does wrong now. `dies_after_bytes`: it drops the connection once so many bytes of a file came or
    went; `dies_after_rename`: it renames and then drops the connection before it says so."""

    dies_after_bytes: int | None = None
    dies_after_rename: bool = False
    is_full: bool = False
    forbids_writing: bool = False
    times: int = 1
    happened: int = 0

    def happens(self) -> bool:
        """Whether it still goes wrong; so many times and no more."""
        if self.happened >= self.times:
            return False
        self.happened += 1
        return True


@dataclass(slots=True)
class SftpServer:
    """The server, running inside the `with` in a thread of its own; `port` is known then."""

    root: Path
    trouble: Trouble = field(default_factory=Trouble)
    port: int = 0
    client_key: asyncssh.SSHKey | None = None
    host_key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    sessions: list[asyncssh.SSHServerConnection] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _thread: threading.Thread | None = None
    _listener: asyncssh.SSHAcceptor | None = None

    def __enter__(self) -> Self:
        ready: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        self.port = ready.result(timeout=20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(timeout=20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread:
            self._thread.join(timeout=20)
        self._loop.close()

    @property
    def public_key(self) -> str:
        """As a clearinghouse tells it: one line."""
        return self.host_key.export_public_key().decode().strip()

    def drop(self) -> None:
        """Every connection breaks now, as when the machine loses its power."""
        for session in self.sessions:
            session.abort()

    def _run(self, ready: Future[int]) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            port = self._loop.run_until_complete(self._start())
        except BaseException as error:
            ready.set_exception(error)
            return
        ready.set_result(port)
        self._loop.run_forever()

    async def _start(self) -> int:
        self._listener = await asyncssh.create_server(
            lambda: _Door(self),
            "127.0.0.1",
            self.port,
            server_host_keys=[self.host_key],
            sftp_factory=lambda channel: _Files(self, channel),
        )
        found: int = self._listener.get_port()
        return found

    async def _stop(self) -> None:
        if self._listener:
            self._listener.close()
            await self._listener.wait_closed()
        self.drop()
        await asyncio.sleep(0.05)


class _Door(asyncssh.SSHServer):
    """Lets the one user in, by key or password."""

    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.sessions.append(conn)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002  the protocol's signature
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = self._server.client_key
        return username == USER and known is not None and key.public_data == known.public_data


class _Files(asyncssh.SFTPServer):
    """The folders, with the troubles of the day."""

    def __init__(self, server: SftpServer, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        self._server = server
        self._moved = 0
        self._is_dead = False
        super().__init__(channel, chroot=str(server.root).encode())

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> Any:
        if pflags & asyncssh.FXF_WRITE and self._server.trouble.forbids_writing:
            raise asyncssh.SFTPPermissionDenied("read-only")
        return super().open(path, pflags, attrs)

    async def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        trouble = self._server.trouble
        if self._is_dead:  # Writes already on their way reach nobody.
            raise asyncssh.SFTPConnectionLost("gone")
        if trouble.is_full:
            raise asyncssh.SFTPFailure("No space left on device")
        self._moved += len(data)
        if trouble.dies_after_bytes is not None and self._moved > trouble.dies_after_bytes and trouble.happens():
            super().write(file_obj, offset, data[: len(data) // 2])
            file_obj.flush()
            self._is_dead = True
            self._server.drop()
            raise asyncssh.SFTPConnectionLost("gone")
        return super().write(file_obj, offset, data)  # type: ignore[return-value]

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        trouble = self._server.trouble
        data: bytes = super().read(file_obj, offset, size)  # type: ignore[assignment]
        self._moved += len(data)
        if trouble.dies_after_bytes is not None and self._moved > trouble.dies_after_bytes and trouble.happens():
            self._server.drop()
        return data

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        if self._server.trouble.dies_after_rename and self._server.trouble.happens():
            self._server.drop()


def serve_for_ever(root: Path, port: int, work: Callable[[], None]) -> None:
    """Serve while `work` runs, and say what a mailbox must be told."""
    with SftpServer(root, port=port) as server:
        sys.stdout.write(f"SFTP on 127.0.0.1:{server.port}, user {USER}, host key {server.public_key}\n")
        sys.stdout.flush()
        work()
