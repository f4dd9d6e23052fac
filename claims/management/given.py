"""What a command was given, read so that a bad argument is exit status 2 however the command was called."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import CommandError

from cob.arguments import day


def given_day(option: str, text: str) -> date | None:
    """The day an option names; None when it was left out."""
    try:
        return day(text) if text else None
    except ArgumentTypeError as bad:
        raise CommandError(f"{option} {bad}", returncode=2) from None
