"""Received files and remittances as rows and pages: how far an import is, what became of it, why it was turned away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from claims.exchange.acks_in import notes_now
from claims.models import EdiFile, Remittance
from claims.models.edi_file import Outcome
from claims.presenters import words
from cob.jobs.progress import seen

_TURNED_AWAY = (Outcome.QUARANTINED, Outcome.REFUSED)
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileRow:
    """One received file in the list; `is_running` while a worker has it or will take it, `is_waiting` while somebody
    looks at it first."""

    file: EdiFile
    outcome: str
    tone: str
    is_running: bool
    is_stuck: bool
    is_waiting: bool
    percent: int | None
    doing: str
    size: str
    summary: str


def file_row(file: EdiFile) -> FileRow:
    """The file as it stands now."""
    job = file.job
    failed = job is not None and job.is_over and file.outcome == Outcome.WAITING
    running = file.outcome == Outcome.WAITING and not failed and job is not None
    said = seen(job.pk) if running and job else {}
    total = said.get("total") or 0
    return FileRow(
        file=file,
        outcome="Stopped" if failed else file.get_outcome_display(),
        tone="bad" if failed else words.OUTCOME_TONES[Outcome(file.outcome)],
        is_running=running,
        is_stuck=failed,
        is_waiting=file.outcome == Outcome.WAITING and job is None,
        percent=100 * said["done"] // total if total else None,
        doing=said.get("what") or "waiting for its turn",
        size=size_words(file.size),
        summary=_summary(file),
    )


def size_words(size: int) -> str:
    """Bytes as people read them."""
    if size >= _MEBIBYTE:
        return f"{size / _MEBIBYTE:.1f} MiB".replace(".0 ", " ")
    return f"{max(size // 1024, 1)} KiB" if size >= 1024 else f"{size} bytes"


def _summary(file: EdiFile) -> str:
    """What it brought, in a few words."""
    result: dict[str, Any] = file.result or {}
    if file.outcome in _TURNED_AWAY:
        return file.reason
    if claims := result.get("claims"):
        return ", ".join(_counted(name, count) for name, count in claims.items() if count)
    if heard := result.get("acknowledged") or result.get("eligibility"):
        return ", ".join(f"{count} {said.replace('_', ' ')}" for said, count in heard.items())
    paid = result.get("transactions") or []
    counts = {name: sum(t.get(name, 0) for t in paid) for name in ("claims", "unmatched", "denials", "reversals")}
    return ", ".join(_counted(name, count) for name, count in counts.items() if count)


def _counted(name: str, count: int) -> str:
    """1 claim, 2 claims, 1 new patient, 3 answers matched."""
    words_ = name.replace("_", " ")
    return f"{count} {words_.removesuffix('s') if count == 1 else words_}"


@dataclass(frozen=True, slots=True)
class FilePage:
    """What templates/claims/file.html shows."""

    row: FileRow
    facts: list[tuple[str, object]]
    payments: list[dict[str, Any]]
    exceptions: list[tuple[str, list[dict[str, str]], int]]
    notes: list[str]
    work: list[tuple[str, int, str]]
    remittances: list[Remittance]
    can_import_again: bool


def file_page(file: EdiFile, *, may_import: bool) -> FilePage:
    """The file with everything the import said of it."""
    result: dict[str, Any] = file.result or {}
    facts: list[tuple[str, object]] = [
        ("Kind", file.kind or "not known"),
        ("Interchange", file.interchange),
        ("Size", size_words(file.size)),
        ("Brought by", str(file.by) if file.by else "the watched folder or a command"),
        ("Fingerprint", file.sha256[:16]),
    ]
    row = file_row(file)
    transactions: list[dict[str, Any]] = result.get("transactions") or []
    return FilePage(
        row=row,
        facts=facts,
        payments=transactions if file.kind == "835" else [],
        exceptions=[
            (t.get("trace", ""), t["exceptions"], t.get("exceptions_left_out", 0))
            for t in transactions
            if t.get("exceptions")
        ],
        notes=notes_now(file) if "acknowledged" in result else result.get("notes") or [],
        work=[
            (slug.replace("-", " "), count, _queue_url(slug))
            for slug, count in (result.get("work_items") or {}).items()
        ],
        remittances=list(file.remittances.select_related("payer")[:100]),
        can_import_again=may_import and (file.outcome in _TURNED_AWAY or row.is_stuck),
    )


def _queue_url(slug: str) -> str:
    """The queue's page, where an installation has queues."""
    try:
        return reverse("workqueues:queue-page", args=[slug])
    except NoReverseMatch:
        return ""
