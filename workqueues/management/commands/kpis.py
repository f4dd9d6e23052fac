"""`manage.py kpis --week 2026-W46 --json`: every measure of a week with the ids of the rows behind it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from types import SimpleNamespace
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from cob.accounts.models import Site
from cob.coverage.models import Payer
from workqueues.kpi import presenters, queries
from workqueues.kpi.measures import MEASURES, Measure, Slice, Unit
from workqueues.kpi.periods import BadWeek, Week


class Command(BaseCommand):
    help = "Prints each measure of one week: numerator, denominator, value, and the rows behind it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--week", required=True, help="year and ISO week, like 2026-W46")
        parser.add_argument("--site", help="a site's code; all sites when left out")
        parser.add_argument("--payer", help="a payer's EDI id; all payers when left out")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            week = Week.parse(options["week"])
        except BadWeek as bad:
            self._refuse(str(bad))
        everyone = SimpleNamespace(sees_all_sites=True)
        part = Slice(everyone, self._site(options["site"]), self._payer(options["payer"]))
        answers = [self._answer(measure, part, week) for measure in MEASURES]
        if options["json"]:
            self.stdout.write(json.dumps({"week": str(week), "measures": answers}, indent=2))
            return
        for answer in answers:
            self.stdout.write(f"{answer['id']}  {answer['name']:<32} {answer['written']:>14}   {answer['basis']}")

    def _answer(self, measure: Measure, part: Slice, week: Week) -> dict[str, Any]:
        (figure,) = queries.figures(measure, part, week, 1)
        counted = queries.behind(measure, part, week, only_counted=True).values_list("pk", flat=True)
        return {
            "id": measure.id,
            "name": measure.name,
            "numerator": figure.numerator,
            "denominator": figure.denominator,
            "value": None if figure.value is None else round(figure.value, 4),
            "unit": measure.unit.value,
            "written": presenters.written(figure),
            "basis": presenters.basis(figure),
            "rows": [str(pk) for pk in queries.behind(measure, part, week).values_list("pk", flat=True)],
            "counted_rows": [str(pk) for pk in counted] if measure.unit is Unit.PERCENT else None,
        }

    def _site(self, code: str | None) -> Site | None:
        if code is None:
            return None
        site: Site | None = Site.objects.filter(code=code).first()
        return site or self._refuse(f"No site has the code “{code}”. See `people/sites`.")

    def _payer(self, edi_id: str | None) -> Payer | None:
        if edi_id is None:
            return None
        payer: Payer | None = Payer.objects.filter(edi_id=edi_id).first()
        return payer or self._refuse(f"No payer has the EDI id “{edi_id}”.")

    def _refuse(self, why: str) -> NoReturn:
        self.stderr.write(why)
        sys.exit(2)
