"""`manage.py control_numbers`: the last interchange number taken of each series, and `--skip-to` after a restore.

A restored backup does not know the numbers used since; whoever restores one raises them above the last file the
clearinghouse has seen. Exit status 2: a number outside its series.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.delivery.numbers import CLAIMS, QUESTIONS, skip_to, unsecured


class Command(BaseCommand):
    help = "Shows the interchange numbers taken so far, or lets some never be taken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--skip-to", type=int, help="let no number up to this one be taken any more")

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted = options["skip_to"]
        if wanted is not None:
            try:
                skip_to(QUESTIONS if wanted >= QUESTIONS.first else CLAIMS, wanted)
            except ValueError as error:
                raise CommandError(str(error), returncode=2) from error
        for series in (CLAIMS, QUESTIONS):
            self.stdout.write(f"{series.name}: the next is {unsecured(series)}")
