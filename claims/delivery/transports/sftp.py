"""A mailbox reached by SFTP. Only the server whose key is on file is spoken to, and nothing of this machine's own SSH
settings is used: no agent, no configuration, no keys that happen to lie around."""

from __future__ import annotations

import asyncio
import hashlib
import stat
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import asyncssh

from claims.delivery.transports.protocol import Entry, Found, NameTaken, TransportError

T = TypeVar("T")
CONNECT_SECONDS = 20
STEP_SECONDS = 120
_SIGNING_IN = "signing in"


@dataclass(frozen=True, slots=True)
class Server:
    """Whom to speak to and as whom. `host_keys` are public keys, one a line; the files hold what is secret."""

    host: str
    port: int
    username: str
    host_keys: str
    key_file: Path | None = None
    password_file: Path | None = None


class SftpTransport:
    """One connection, open inside the `with`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._runner = asyncio.Runner()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    def __enter__(self) -> Self:
        keys, secrets = self._host_keys(), self._secrets()
        try:
            with self._in_words(_SIGNING_IN):
                self._run(self._open(keys, secrets), CONNECT_SECONDS)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def write(self, path: str, data: bytes) -> None:
        """Forced onto the server's disk where the server can do that."""
        with self._in_words(f"writing {path}"):
            self._run(self._write(path, data))

    def rename(self, old: str, new: str) -> None:
        """By SFTP's own rename, which does not replace; a server of the newer kind that would is asked first."""
        with self._in_words(f"naming {new}"):
            if self._run(self._sftp.exists(new)):
                raise NameTaken(f"{new} lies in the mailbox already.")
            self._run(self._sftp.rename(old, new))

    def look(self, path: str) -> Found | None:
        """Read back to be compared, where the server lets us."""
        with self._in_words(f"looking at {path}"):
            return self._run(self._look(path))

    def read(self, path: str) -> bytes:
        """The whole file."""
        with self._in_words(f"fetching {path}"):
            return self._run(self._read(path))

    def files(self, folder: str) -> list[Entry]:
        """Plain files, oldest first."""
        with self._in_words(f"looking into {folder}"):
            names = self._run(self._sftp.readdir(folder))
        entries = [
            Entry(str(name.filename), name.attrs.size or 0, int(name.attrs.mtime or 0))
            for name in names
            if name.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR or stat.S_ISREG(name.attrs.permissions or 0)
        ]
        return sorted(entries, key=lambda entry: (entry.changed_at, entry.name))

    def remove(self, path: str) -> None:
        """Gone; nothing when it is not there."""
        with self._in_words(f"removing {path}"):
            if self._run(self._sftp.exists(path)):
                self._run(self._sftp.remove(path))

    def make_folder(self, path: str) -> None:
        """It and those above it."""
        with self._in_words(f"making the folder {path}"):
            self._run(self._sftp.makedirs(path, exist_ok=True))

    @property
    def _sftp(self) -> asyncssh.SFTPClient:
        if self._client is None:
            raise RuntimeError("The mailbox is not open; use it inside `with`.")
        return self._client

    async def _open(self, keys: list[asyncssh.SSHKey], secrets: dict[str, Any]) -> None:
        self._connection = await asyncssh.connect(
            self._server.host,
            self._server.port,
            username=self._server.username,
            known_hosts=(keys, [], []),
            config=None,
            agent_path=None,
            gss_auth=False,
            host_based_auth=False,
            keepalive_interval=15,
            **secrets,
        )
        # A name in another encoding than UTF-8 comes and goes as it is, as a folder of this machine has it.
        self._client = await self._connection.start_sftp_client(path_errors="surrogateescape")

    async def _write(self, path: str, data: bytes) -> None:
        async with self._sftp.open(path, "wb") as out:
            await out.write(data)
            try:
                await out.fsync()
            except asyncssh.SFTPOpUnsupported:
                return

    async def _look(self, path: str) -> Found | None:
        try:
            size = (await self._sftp.stat(path)).size or 0
        except asyncssh.SFTPNoSuchFile:
            return None
        try:
            return Found(size, hashlib.sha256(await self._read(path)).hexdigest())
        except asyncssh.SFTPPermissionDenied:
            return Found(size, None)

    async def _read(self, path: str) -> bytes:
        async with self._sftp.open(path, "rb") as source:
            data: bytes = await source.read()
            return data

    def _run(self, work: Coroutine[Any, Any, T], seconds: int = STEP_SECONDS) -> T:
        return self._runner.run(asyncio.wait_for(work, seconds))

    def _close(self) -> None:
        """However it ended; a server that is gone is not waited for."""
        if self._connection is not None:
            self._connection.abort()
        self._runner.close()

    def _host_keys(self) -> list[asyncssh.SSHKey]:
        lines = [line.strip() for line in self._server.host_keys.splitlines() if line.strip()]
        try:
            found = [asyncssh.import_public_key(line) for line in lines]
        except asyncssh.KeyImportError as error:
            raise TransportError("The host key on file cannot be read: enter it again.", needs_person=True) from error
        if not found:
            sentence = f"No host key of {self._server.host} is on file: enter the one the clearinghouse tells."
            raise TransportError(sentence, needs_person=True)
        return found

    def _secrets(self) -> dict[str, Any]:
        """Key and password out of their files. The files are named in the sentence, what they hold never is."""
        said: dict[str, Any] = {"client_keys": None, "password": None}
        key, password = self._server.key_file, self._server.password_file
        try:
            if key is not None:
                said["client_keys"] = [asyncssh.read_private_key(key)]
            if password is not None:
                said["password"] = password.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError, asyncssh.KeyImportError) as error:
            named = " or ".join(str(path) for path in (key, password) if path)
            sentence = f"The secret in {named} cannot be read: put it there, readable for the desk."
            raise TransportError(sentence, needs_person=True) from error
        if key is None and password is None:
            raise TransportError("Neither a key file nor a password file is named.", needs_person=True)
        return said

    @contextmanager
    def _in_words(self, doing: str) -> Iterator[None]:
        """What went wrong as one sentence; only what no later try can mend needs a person."""
        host = self._server.host
        try:
            yield
        except asyncssh.HostKeyNotVerifiable as error:
            sentence = (
                f"{host} shows another host key than the one on file, so nothing was sent. Ask the clearinghouse "
                "whether it has a new key before you enter it."
            )
            raise TransportError(sentence, needs_person=True) from error
        except asyncssh.PermissionDenied as error:
            sentence = f"{host} does not let {self._server.username} in: check user name and key."
            raise TransportError(sentence, needs_person=True) from error
        except asyncssh.SFTPError as error:
            raise _of_server(error, host, doing) from error
        except UnicodeError as error:  # what Python says of two dots in a row
            raise TransportError(
                f"{host} is no name of a server: correct it in the settings.", needs_person=True
            ) from error
        except (asyncssh.Error, OSError) as error:  # TimeoutError is an OSError
            raise TransportError(_of_connection(host, doing)) from error


def _of_connection(host: str, doing: str) -> str:
    if doing == _SIGNING_IN:
        return f"{host} cannot be reached; it is tried again."
    return f"The connection to {host} broke while {doing}; it is tried again."


def _of_server(error: asyncssh.SFTPError, host: str, doing: str) -> TransportError:
    match error:
        case asyncssh.SFTPPermissionDenied() | asyncssh.SFTPWriteProtect():
            sentence = f"{host} does not permit {doing}: ask the clearinghouse for the right to."
            return TransportError(sentence, needs_person=True)
        case asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
            sentence = f"{host} knows no such folder or file while {doing}: check the folders."
            return TransportError(sentence, needs_person=True)
        case asyncssh.SFTPNoSpaceOnFilesystem() | asyncssh.SFTPQuotaExceeded():
            return TransportError(f"The disk of {host} is full while {doing}; it is tried again.")
        case asyncssh.SFTPFileAlreadyExists():
            return NameTaken(f"The name is taken at {host} while {doing}.")
        case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection():
            return TransportError(_of_connection(host, doing))
    # Servers of version 3 say no more than "failure", also for a full disk.
    return TransportError(f"{host} failed while {doing} (its disk may be full); it is tried again.")
