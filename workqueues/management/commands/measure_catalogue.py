"""`manage.py measure_catalogue`: the page of measures, printed from the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from workqueues.kpi.catalogue import page


class Command(BaseCommand):
    help = "Prints what each measure counts, as Markdown."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(page(), ending="")
