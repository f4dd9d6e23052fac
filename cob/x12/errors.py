"""What can be wrong with a file: `X12Error` when it cannot be read, `Finding` when it can and something is off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_LONGEST_QUOTE = 40


class X12Error(Exception):
    """The one exception this package raises; `str()` is a sentence for the person who has the file in hand."""

    def __init__(
        self,
        *,
        segment_no: int = 0,
        segment_id: str = "",
        element: str = "",
        found: str = "",
        instead: str = "",
        expected: str = "",
        advice: str = "",
    ) -> None:
        """`segment_no` counts from 1 (0: the whole file); `element` reads like CLP04 or SVC01-2. `found` is the file's
        own text and is quoted; `instead` says in our words what is there, or that nothing is."""
        self.segment_no = segment_no
        self.segment_id = segment_id
        self.element = element
        self.found = found if len(found) <= _LONGEST_QUOTE else found[:_LONGEST_QUOTE] + "…"
        self.instead = "nothing" if found == "nothing" else instead
        self.expected = expected
        self.advice = advice
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        there = self.instead or (self._quoted() if self.found else "")
        parts = [self._place(), f"found {there}" if there else "", f"expected {self.expected}"]
        said = ", ".join(part for part in parts if part)
        return f"{said}; {self.advice}." if self.advice else f"{said}."

    def _place(self) -> str:
        if not self.segment_no:
            return f"In {self.element or self.segment_id or 'this file'}"
        where = f"Segment {self.segment_no} ({self.segment_id})" if self.segment_id else f"Segment {self.segment_no}"
        return f"{where}, element {self.element}" if self.element else where

    def _quoted(self) -> str:
        return '"' + "".join(c if c.isprintable() else "·" for c in self.found) + '"'


class Severity(StrEnum):
    """Whether work must stop on a finding, or a person should merely know."""

    STOP = "stop"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing off in a file that can be read; amounts in cents, `line` is the service line's place counted from 1."""

    rule: str
    severity: Severity
    message: str
    claim: str = ""
    line: int = 0
    segment_no: int = 0
    segment_id: str = ""
    expected_cents: int | None = None
    found_cents: int | None = None

    @property
    def stops(self) -> bool:
        """True when the transaction (835) or the claim (837P) must not go further."""
        return self.severity is Severity.STOP
