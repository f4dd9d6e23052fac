"""What a packet is made of before it is drawn: parts, and in them words, facts, tables and pictures. Plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `is_head` names what follows, `is_small` says where it stands."""

    text: str
    is_head: bool = False
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered where the order counts."""

    items: Sequence[str]
    is_numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with their values; an empty value is left out."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `wide` are the relative widths of its columns, `numbers` those that hold amounts."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    wide: Sequence[int]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as PNG, with the line beneath it."""

    png: bytes
    beneath: str


Block = Words | Items | Facts | Grid | Picture


@dataclass(slots=True)
class Part:
    """One part of the packet; it begins on a page of its own and stands in the table of contents."""

    name: str
    title: str
    blocks: list[Block] = field(default_factory=list)
