"""`manage.py option_catalogue`: the page of options and codes, printed from their tables."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cob.coverage.option_book import page


class Command(BaseCommand):
    help = "Prints the options and the codes of a claim, as Markdown."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(page(), ending="")
