"""Arguments that several programs take on the command line, with what was expected when one cannot be read."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date


def day(text: str) -> date:
    """A day written YYYY-MM-DD; fits as the `type` of an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text}: expected a day written YYYY-MM-DD, such as 2026-03-10.") from None
