"""What an import says at its end, in the contract's words, and who may add counts to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from claims.models import EdiFile
from cob.x12.errors import X12Error

# A file can hold a hundred thousand objections; a result that long would help nobody.
MOST_EXCEPTIONS = 200
MOST_WARNINGS = 20
REASON_LENGTH = 500

Counter = Callable[[EdiFile], dict[str, int]]
_counters: list[Counter] = []


class Tells(Protocol):
    """How far an import is: a job's Progress, a terminal, or nobody."""

    def of(self, total: int, what: str = "") -> None: ...

    def at(self, done: int, what: str = "") -> None: ...


class Nobody:
    """Progress that nobody watches."""

    def of(self, total: int, what: str = "") -> None:
        """Nothing."""

    def at(self, done: int, what: str = "") -> None:
        """Nothing."""


class Quarantined(Exception):
    """The file can be read as X12 but nothing of it may be stored; `str()` says where and what to do."""

    def __init__(self, reason: str, transactions: list[TransactionResult] | None = None) -> None:
        super().__init__(reason)
        self.transactions = transactions or []


class Refused(Exception):
    """No file for here: not X12, another version, a kind not read."""


@dataclass(slots=True)
class TransactionResult:
    """One transaction of the file. `already_posted`: another file brought it before, so nothing was posted now.
    `not_stored` counts the claims of an 837P that were left out; the exceptions say which and why."""

    trace: str = ""
    paid_cents: int = 0
    claims: int = 0
    lines: int = 0
    balanced: bool = True
    posted: int = 0
    unmatched: int = 0
    reversals: int = 0
    crossovers: int = 0
    denials: int = 0
    plb_cents: int = 0
    already_posted: bool = False
    not_stored: int = 0
    exceptions: list[dict[str, str]] = field(default_factory=list)
    exceptions_left_out: int = 0
    warnings: list[str] = field(default_factory=list)

    def object_to(self, claim: str, why: str) -> None:
        """Put one objection on the list, or count it when the list is long enough."""
        if len(self.exceptions) < MOST_EXCEPTIONS:
            self.exceptions.append({"claim": claim, "why": why})
        else:
            self.exceptions_left_out += 1

    def as_json(self) -> dict[str, Any]:
        """As the contract has it; what does not apply is left out."""
        said = asdict(self)
        for name in ("already_posted", "not_stored", "exceptions_left_out", "warnings"):
            if not said[name]:
                del said[name]
        return said


def result_of(
    edi_file: EdiFile,
    outcome: str,
    *,
    reason: str = "",
    transactions: list[dict[str, Any]] | None = None,
    claims: dict[str, int] | None = None,
    acknowledged: dict[str, int] | None = None,
    eligibility: dict[str, int] | None = None,
    notes: list[str] | None = None,
) -> dict[str, Any]:
    """The contract's object for one file. `claims` counts what a file of claims did, `acknowledged` the answers of an
    acknowledgement by what they say, `eligibility` those of a 271; `notes` are for a person."""
    said: dict[str, Any] = {
        "file": edi_file.name,
        "kind": edi_file.kind,
        "interchange": edi_file.interchange,
        "sha256": edi_file.sha256,
        "outcome": outcome,
        "reason": reason[:REASON_LENGTH] or None,
        "transactions": transactions or [],
        "work_items": {},
    }
    if claims is not None:
        said["claims"] = claims
    if acknowledged is not None:
        said["acknowledged"] = acknowledged
    if eligibility is not None:
        said["eligibility"] = eligibility
    if notes:
        said["notes"] = notes
    return said


def sentence(error: X12Error | str, advice: str) -> str:
    """One sentence with what to do, no longer than the column that keeps it."""
    text = str(error).rstrip(". ")
    end = f"; {advice}." if advice else "."
    return text[: REASON_LENGTH - len(end)] + end


def register_counter(fn: Counter) -> Counter:
    """Let a higher app say how many items it opened for a file, by queue. Asked once after the import committed and
    its subscribers ran; a function that was registered before is not added twice."""
    if fn not in _counters:
        _counters.append(fn)
    return fn


def outcome_counts(edi_file: EdiFile) -> dict[str, int]:
    """Items opened by queue, zero counts left out."""
    counted: dict[str, int] = {}
    for fn in _counters:
        for queue, count in fn(edi_file).items():
            counted[queue] = counted.get(queue, 0) + count
    return {queue: count for queue, count in sorted(counted.items()) if count}
