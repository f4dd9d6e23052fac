"""`manage.py demo`: fills an empty desk with the synthetic practice."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cob.accounts.demo_people import NotForProduction
from cob.patients.models import Patient
from workqueues.demo.fill import fill

PATIENTS = 600
SEED = 20260101


class Command(BaseCommand):
    help = (
        "Fills an empty desk with an invented practice: 3 sites, about 600 patients, 14 months of claims and answers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patients", type=int, default=PATIENTS, help="about how many (default 600)")
        parser.add_argument("--seed", type=int, default=SEED, help="another seed, another practice")

    def handle(self, *_args: Any, **options: Any) -> None:
        if Patient.objects.exists():
            self.stdout.write("There are patients here already, so nothing was added.")
            return
        began = time.monotonic()
        try:
            made = fill(today=timezone.localdate(), patients=options["patients"], seed=options["seed"], say=self._say)
        except NotForProduction as refused:
            self.stderr.write(str(refused))
            sys.exit(1)
        counts = ", ".join(f"{count:,} {what}" for what, count in made.items())
        self.stdout.write(
            f"Synthetic practice ready in {time.monotonic() - began:.0f} s: {counts}. Nobody in it is real."
        )

    def _say(self, what: str) -> None:
        self.stdout.write(f"  {what}")
        self.stdout.flush()
