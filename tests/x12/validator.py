"""The independent 5010 validator: its yes or no is what counts, and a crash of it is a failure of the check."""

from __future__ import annotations

import io
import json

import pyx12.params
import pyx12.x12n_document


def verdict(data: bytes) -> tuple[bool, str]:
    """Whether the validator takes a file, and what it says; its report leaves out some errors, its boolean does not."""
    report = io.StringIO()
    try:
        source = io.StringIO(data.decode("ascii"))
        ok = pyx12.x12n_document.x12n_document(pyx12.params.params(), source, None, None, fd_json=report)
    except Exception as crash:
        return False, f"the validator crashed: {crash!r}"
    return bool(ok), report.getvalue()


def assert_valid_837p(data: bytes) -> None:
    """Fails with the validator's own words unless `data` is a valid 005010X222A1 file."""
    ok, said = verdict(data)
    assert ok, f"{_errors(said)}\n{data.decode()}"


def assert_valid_835(data: bytes) -> None:
    """The same for an 835; the validator cannot take more than one PLB segment."""
    assert_valid_837p(data)


def _errors(report: str) -> str:
    try:
        return "\n".join(_walk(json.loads(report)))
    except ValueError:
        return report


def _walk(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [str(e) for e in node.get("errors", [])]
        return own + [text for value in node.values() for text in _walk(value)]
    return [text for item in node for text in _walk(item)] if isinstance(node, list) else []
