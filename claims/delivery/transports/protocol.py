"""What every mailbox can do, and how it says that it could not. Paths are relative to the mailbox's root."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True, slots=True)
class Found:
    """A file that lies there. `sha256` is None where the mailbox does not let us read back what we put."""

    size: int
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a folder; `changed_at` in seconds since 1970 by the mailbox's clock."""

    name: str
    size: int
    changed_at: int


class Transport(Protocol):
    """A mailbox while it is open. Every method raises TransportError with a sentence for the sending."""

    def __enter__(self) -> Self:
        """Connect."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""

    def write(self, path: str, data: bytes) -> None:
        """All of it, or an error; what lay there under that name is replaced."""

    def rename(self, old: str, new: str) -> None:
        """At once or not at all. Raises NameTaken where the new name is in use."""

    def look(self, path: str) -> Found | None:
        """What lies there under that name; None when nothing does."""

    def read(self, path: str) -> bytes:
        """The whole file."""

    def files(self, folder: str) -> Sequence[Entry]:
        """The files of a folder, oldest first; folders inside are left out."""

    def remove(self, path: str) -> None:
        """Gone; nothing when it is not there."""

    def make_folder(self, path: str) -> None:
        """It and those above it; nothing where they are."""


class TransportError(Exception):
    """`str()` is one sentence: what went wrong, and what to do where somebody must. `needs_person`: trying again alone
    will not help."""

    def __init__(self, sentence: str, *, needs_person: bool = False) -> None:
        self.needs_person = needs_person
        super().__init__(sentence)


class NameTaken(TransportError):
    """Another file bears the name already."""
