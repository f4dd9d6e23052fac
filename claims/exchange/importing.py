"""A kept file made into rows: read once, checked and stored in one transaction, or not at all.

Most files are sound, so each is stored while it is checked. One that is not is rolled back, and then read through once
more to say everything that is wrong with it.

Killed anywhere, it is done again from the start and ends the same: before the commit nothing was written, after it the
file's outcome says so. Of two workers on one file one posts; the other finds the outcome and reports it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from claims.exchange import acks_in, claims_in, eligibility_in, remits_in
from claims.exchange.outcomes import Nobody, Quarantined, Refused, Tells, outcome_counts, result_of, sentence
from claims.models import EdiFile
from claims.models.edi_file import Outcome
from cob.audit.acting import doing
from cob.audit.subscribers import tell_now
from cob.turns import Turn, wait_for
from cob.x12.errors import X12Error
from cob.x12.sniff import Sniffed, sniff

# A file in one of these states may be tried again; nothing of it was stored.
_OPEN = (Outcome.WAITING, Outcome.QUARANTINED, Outcome.REFUSED)


class Kind(Protocol):
    """How one kind of file is imported."""

    def check(self, source: IO[bytes]) -> None:
        """Read it through, storing nothing. Raises X12Error, or Quarantined with all there is to say."""

    def store(self, edi_file: EdiFile, source: IO[bytes]) -> dict[str, Any]:
        """Check and store it, inside a transaction: the outcome and what the result says of it. Raises X12Error or
        Quarantined at the first thing that stops it."""


KINDS: dict[str, Kind] = {"835": remits_in, "837P": claims_in, "271": eligibility_in, **acks_in.KINDS}
_NAMES = {
    "270": "an eligibility question",
    "276": "a claim status question",
    "277": "a claim status answer",
    "837D": "a batch of dental claims",
    "837I": "a batch of institutional claims",
    "997": "an acknowledgement of the older form",
}
# What says the same and is read.
_INSTEAD = {"997": "999"}


def import_file(edi_file: EdiFile, progress: Tells | None = None, *, counted: bool = True) -> dict[str, Any]:
    """Read, check and store one kept file; the contract's result. Never raises for what a file holds.

    `counted=False` leaves the work items uncounted, so that the queues are asked once after many files.
    """
    edi_file.refresh_from_db()
    if edi_file.outcome not in _OPEN:
        return _already(edi_file)
    tells = progress or Nobody()
    tells.of(edi_file.size, "reading")
    try:
        kind = _kind(edi_file)
        result = _store(edi_file, kind, tells)
    except Refused as found:
        return _turn_away(edi_file, found)
    except (Quarantined, X12Error) as found:
        return _turn_away(edi_file, _everything_wrong(edi_file, kind, tells) or found)
    if result is None:
        edi_file.refresh_from_db()
        return _already(edi_file)
    return _with_counts(edi_file, result) if counted else result


def _kind(edi_file: EdiFile) -> Kind:
    """Recognise the file by its contents, and refuse by name what is not read here."""
    try:
        with edi_file.kept.open("rb") as source:
            found = sniff(source)
    except X12Error as error:
        raise Refused(str(error)) from error
    edi_file.kind, edi_file.interchange = found.kind[:8], found.interchange_control[:20]
    if found.release != "5010" and found.kind != "TA1":
        raise Refused(_other_version(found))
    if found.kind not in KINDS:
        what, ask = _NAMES.get(found.kind, "of a kind unknown here"), _ask_instead(found.kind)
        raise Refused(f"This file is a {found.kind}, {what}; it is not read yet, and nothing of it was stored.{ask}")
    return KINDS[found.kind]


def _other_version(found: Sniffed) -> str:
    named = "version 4010" if found.is_4010 else f'version "{found.release or found.guide or "unknown"}"'
    this = f"This file is a {found.kind} of {named}"
    if found.kind in KINDS:
        return f"{this}; only 5010 is read. Ask the sender for the 5010 file."
    # In 5010 it would be refused too: nobody should be sent for it.
    return f"{this}; a {found.kind} is not read in any version, and nothing of it was stored.{_ask_instead(found.kind)}"


def _ask_instead(kind: str) -> str:
    return f" Ask the sender for a {_INSTEAD[kind]} instead." if kind in _INSTEAD else ""


def _everything_wrong(edi_file: EdiFile, kind: Kind, tells: Tells) -> Exception | None:
    try:
        with _Watched(edi_file, tells, "checking") as source:
            kind.check(source)
    except (Quarantined, X12Error) as found:
        return found
    return None


def _store(edi_file: EdiFile, kind: Kind, tells: Tells) -> dict[str, Any] | None:
    """None when another worker was faster."""
    with _old_objects_left_alone(), transaction.atomic(), doing("imported"):
        wait_for(Turn.POSTINGS)
        _check_keys_as_rows_come()
        if not _take(edi_file):
            return None
        with _Watched(edi_file, tells, "posting") as source:
            said = kind.store(edi_file, source)
        result = result_of(edi_file, **said)
        _finish(edi_file, said["outcome"], "", result)
    return result


def _check_keys_as_rows_come() -> None:
    """PostgreSQL keeps a note of every foreign key to be looked up at the commit, in memory: hundreds of megabytes for
    a large file."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def _old_objects_left_alone() -> Iterator[None]:
    """An import makes objects by the million; Python would look through all of Django for rubbish again and again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _take(edi_file: EdiFile) -> bool:
    """Compare and set: the second worker waits for the first to commit and then finds nothing to take."""
    taken = EdiFile.objects.filter(pk=edi_file.pk, outcome__in=_OPEN).update(imported_at=timezone.now())
    return bool(taken)


def _turn_away(edi_file: EdiFile, found: Exception) -> dict[str, Any]:
    """Nothing was stored: say why on the file, unless somebody else got it in meanwhile."""
    is_refused = isinstance(found, Refused)
    advice = "" if is_refused or isinstance(found, Quarantined) else "nothing of this file was stored"
    reason = sentence(found if isinstance(found, X12Error) else str(found), advice)
    outcome = Outcome.REFUSED if is_refused else Outcome.QUARANTINED
    transactions = [t.as_json() for t in found.transactions] if isinstance(found, Quarantined) else []
    result = result_of(edi_file, outcome.value, reason=reason, transactions=transactions)
    with transaction.atomic(), doing("imported"):
        if not _take(edi_file):
            edi_file.refresh_from_db()
            return _already(edi_file)
        _finish(edi_file, outcome, reason, result)
    return _with_counts(edi_file, result)


def _finish(edi_file: EdiFile, outcome: str, reason: str, result: dict[str, Any]) -> None:
    edi_file.outcome, edi_file.reason, edi_file.result = outcome, reason, result
    edi_file.imported_at = timezone.now()
    edi_file.save(update_fields=["kind", "interchange", "outcome", "reason", "result", "imported_at"])


def _with_counts(edi_file: EdiFile, result: dict[str, Any]) -> dict[str, Any]:
    """What the subscribers opened: they are told now rather than at the end of the act."""
    tell_now()
    result["work_items"] = outcome_counts(edi_file)
    if result["work_items"]:
        edi_file.result = result
        edi_file.save(update_fields=["result"])
    return result


def _already(edi_file: EdiFile) -> dict[str, Any]:
    """What a file says that was imported before: the same, except that nothing was posted now."""
    before = edi_file.result or {}
    if edi_file.outcome in (Outcome.QUARANTINED, Outcome.REFUSED):
        return before
    transactions = [t | {"posted": 0, "already_posted": True} for t in before.get("transactions", [])]
    return result_of(edi_file, Outcome.ALREADY_IMPORTED.value, transactions=transactions)


@dataclass(slots=True)
class _Watched:
    """The kept file as a stream that tells how far it was read."""

    edi_file: EdiFile
    tells: Tells
    what: str
    _source: Any = None

    def __enter__(self) -> IO[bytes]:
        self._source = self.edi_file.kept.open("rb")
        return self  # type: ignore[return-value]

    def __exit__(self, *_: object) -> None:
        self._source.close()

    def read(self, size: int = -1) -> bytes:
        """As a file's."""
        chunk: bytes = self._source.read(size)
        self.tells.at(self._source.tell(), self.what)
        return chunk
