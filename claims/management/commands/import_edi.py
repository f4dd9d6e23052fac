"""`import_edi PATH…`: the same import as the page and the watched folder, one file after the other."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.exchange.importing import import_file
from claims.exchange.keeping import receive
from claims.exchange.opening import claims_first
from claims.exchange.outcomes import result_of
from claims.models import EdiFile
from claims.models.edi_file import Outcome
from cob.audit.acting import acting
from cob.cents import dollars

_TURNED_AWAY = frozenset({"quarantined", "refused"})


class Terminal:
    """Progress on standard error, in place, and only where somebody watches."""

    def __init__(self, name: str) -> None:
        """`name` of the file."""
        self._name, self._total, self._shown = name, 0, ""
        self._watched = sys.stderr.isatty()

    def of(self, total: int, what: str = "") -> None:
        """How much there is."""
        self._total = total
        self.at(0, what)

    def at(self, done: int, what: str = "") -> None:
        """How far it is."""
        if self._watched:
            said = f"{self._name}: {what} {100 * done // self._total if self._total else 0} %"
            if said != self._shown:
                self._shown = said
                print(f"\r\033[K{said}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave a clean line."""
        if self._watched:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class Command(BaseCommand):
    help = (
        "Import 835, 837P, 271, 277CA, 999 and TA1 files (5010). The kind is found from the contents. Each file is "
        "taken whole or not at all; importing it again changes nothing. A claim whose number is another patient's, or "
        "that contradicts what was posted, is left out and named. Exit status: 0 everything taken, 1 something "
        "quarantined, refused or left out, 2 bad arguments."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PATH", help="A file, or a folder whose files are all imported."
        )
        parser.add_argument("--json", action="store_true", help="Print a JSON list with one result per file.")

    def handle(self, *_args: Any, **options: Any) -> None:
        files = claims_first(_files(options["paths"]))
        if not files:
            raise CommandError("There is no file in what was given.", returncode=2)
        results = []
        for path in files:
            result = _import(path)
            results.append(result)
            if not options["json"]:
                for line in summary(result):
                    self.stdout.write(line)
        if options["json"]:
            self.stdout.write(json.dumps(results, indent=1))
        if not all(_is_taken(result) for result in results):
            sys.exit(1)


def _is_taken(result: dict[str, Any]) -> bool:
    """Whole: no claim of it was left out."""
    left_out = any(t.get("not_stored") for t in result["transactions"])
    return result["outcome"] not in _TURNED_AWAY and not left_out


def _files(paths: list[str]) -> Iterator[Path]:
    for text in paths:
        path = Path(text)
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.is_file())
            yield from (p for p in inside if not any(part.startswith(".") for part in p.relative_to(path).parts))
        elif path.is_file():
            yield path
        else:
            raise CommandError(f"There is no file or folder {text}.", returncode=2)


def _import(path: Path) -> dict[str, Any]:
    terminal = Terminal(path.name)
    try:
        with acting("import_edi command"), path.open("rb") as stream:
            edi_file, _ = receive(path.name, stream, by=None)
            result = import_file(edi_file, terminal)
    except OSError as error:
        why = f"The file cannot be read: {error.strerror}. Make it readable and import it again."
        result = result_of(EdiFile(name=path.name), Outcome.REFUSED, reason=why)
    finally:
        terminal.end()
    return {**result, "file": str(path).encode(errors="replace").decode()}


def summary(result: dict[str, Any]) -> Iterator[str]:
    """A result for people."""
    yield f"{result['file']}: {result['kind'] or 'unknown kind'}, {result['outcome'].replace('_', ' ')}"
    if result["reason"]:
        yield f"  {result['reason']}"
    for t in result["transactions"]:
        if result["kind"] == "835":
            counts = ", ".join(
                f"{t[name]} {name}" for name in ("claims", "posted", "unmatched", "denials", "reversals")
            )
            yield f"  {t['trace']}: {dollars(t['paid_cents'])}, {counts}{'' if t['balanced'] else ', DOES NOT BALANCE'}"
        for exception in t["exceptions"]:
            yield f"    {exception['claim'] or t['trace']}: {exception['why']}"
    if result.get("claims"):
        yield "  " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in result["claims"].items() if count)
    for note in result.get("notes", ()):
        yield f"  {note}"
