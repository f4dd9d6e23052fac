"""A mailbox that is a folder of this machine, which a program beside us keeps in step with the clearinghouse's."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from claims.delivery.transports.protocol import Entry, Found, NameTaken, TransportError

_WORDS = {
    errno.ENOSPC: ("The disk of {where} is full: make room there.", False),
    errno.EDQUOT: ("The quota of {where} is used up: make room there.", False),
    errno.EROFS: ("The disk of {where} is read-only: somebody must mount it for writing.", True),
    errno.EACCES: ("We may not write or read in {where}: give the desk's account the right to.", True),
    errno.EPERM: ("We may not write or read in {where}: give the desk's account the right to.", True),
    errno.ENOENT: ("{where} is not there: is its disk mounted?", True),
    errno.ENOTDIR: ("{where} is not a folder.", True),
}


class FolderTransport:
    """`root` exists already, or is made when `may_make` is given; a missing disk is not mistaken for an empty one."""

    def __init__(self, root: Path, *, may_make: bool = False) -> None:
        self._root = root
        self._may_make = may_make

    def __enter__(self) -> Self:
        with _in_words(self._root):
            if self._may_make:
                self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            elif not self._root.is_dir():
                raise FileNotFoundError(errno.ENOENT, "no such folder")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def write(self, path: str, data: bytes) -> None:
        """Written and on the disk when this returns; what was begun is taken away again when it fails."""
        target = self._root / path
        with _in_words(target.parent):
            try:
                with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
            except OSError:
                target.unlink(missing_ok=True)
                raise

    def rename(self, old: str, new: str) -> None:
        """The folder is on the disk too, so that the name is there after a power cut."""
        source, target = self._root / old, self._root / new
        with _in_words(target.parent):
            if target.exists():
                raise NameTaken(f"{target.name} lies in {target.parent} already.")
            source.rename(target)
            for folder in {source.parent, target.parent}:
                _sync_folder(folder)

    def look(self, path: str) -> Found | None:
        """With its hash: reading a folder of our own costs nothing."""
        target = self._root / path
        with _in_words(target.parent):
            if not target.is_file():
                return None
            data = target.read_bytes()
            return Found(len(data), hashlib.sha256(data).hexdigest())

    def read(self, path: str) -> bytes:
        """The whole file."""
        target = self._root / path
        with _in_words(target):
            return target.read_bytes()

    def files(self, folder: str) -> list[Entry]:
        """Plain files, oldest first; links are left alone."""
        where = self._root / folder
        with _in_words(where):
            found = [(path, path.stat()) for path in where.iterdir() if path.is_file() and not path.is_symlink()]
        entries = [Entry(path.name, stat.st_size, int(stat.st_mtime)) for path, stat in found]
        return sorted(entries, key=lambda entry: (entry.changed_at, entry.name))

    def remove(self, path: str) -> None:
        """Gone; nothing when it is not there."""
        target = self._root / path
        with _in_words(target.parent):
            target.unlink(missing_ok=True)

    def make_folder(self, path: str) -> None:
        """It and those above it, below the root."""
        where = self._root / path
        with _in_words(where):
            where.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _in_words(where: Path) -> Iterator[None]:
    """What the system says, as a sentence that names the folder and what to do."""
    try:
        yield
    except OSError as error:
        sentence, needs_person = _WORDS.get(error.errno or 0, ("{where}: " + (error.strerror or "failed") + ".", False))
        raise TransportError(sentence.format(where=where), needs_person=needs_person) from error
