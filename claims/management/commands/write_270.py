"""`manage.py write_270`: asks the payers of a patient, or of one coverage, whether and since when they cover.

A patient is named by chart number or id: every payer known is asked, not only the primary, because each tells what it
knows of the others. Without `--send` nothing is recorded: the file is marked as a test. Exit status 1: somebody cannot
be asked, with the reasons (the others are in the file); 2: bad arguments.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.eligibility.sending import Asked, ask
from claims.management.given import given_day
from cob.audit.acting import acting
from cob.coverage.models import Coverage
from cob.patients.models import Patient


class Command(BaseCommand):
    help = "Writes the 270 that asks the payers of a patient, or of one coverage; says whom it cannot ask, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("about", help="chart number or id of a patient, or id of a coverage")
        parser.add_argument("--site", default="", help="code of the site, where two sites use the same chart number")
        parser.add_argument(
            "--on", default="", help="day of service, YYYY-MM-DD; without it the next visit, else today"
        )
        parser.add_argument("--out", type=Path, help="write the file there instead of to standard output")
        parser.add_argument("--send", action="store_true", help="record the questions and lay the file into the outbox")
        parser.add_argument("--json", action="store_true", help="print what was done as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        today = timezone.localdate()
        given = given_day("--on", options["on"])
        coverages = _coverages(options["about"], options["site"], given, today)
        on = given or _day(coverages[0].patient, today)
        with acting("write_270 command"):
            asked = ask(coverages, on, by=None, send=options["send"])
        if asked.data:
            self._hand_out(asked, on, options)
        elif options["json"]:
            self.stdout.write(json.dumps(_said(asked, on, options)))
        if asked.refused:
            head = "Not asked:" if asked.data else "Not written:"
            raise CommandError("\n".join([head, *(f"  {refusal}" for refusal in asked.refused)]), returncode=1)

    def _hand_out(self, asked: Asked, on: date, options: dict[str, Any]) -> None:
        data, out = b"".join(asked.data), options["out"]
        if out:
            try:
                out.write_bytes(data)
            except OSError as error:
                sent = f" {_sent_as(asked)}; do not send it again." if options["send"] else ""
                raise CommandError(f"{out} could not be written: {error.strerror}.{sent}", returncode=2) from error
        if options["json"]:
            where = {"file": str(out)} if out else {"x12": data.decode("ascii")}
            self.stdout.write(json.dumps(_said(asked, on, options) | where))
        elif out:
            what = _sent_as(asked) if options["send"] else "A projection, not sent"
            count = len(asked.questions)
            self.stdout.write(f"{out}: {count} question{'s' if count != 1 else ''} for {on:%m/%d/%Y}. {what}.")
        else:
            self.stdout.write(data.decode("ascii"))


def _sent_as(asked: Asked) -> str:
    return f"Sent under interchange {' and '.join(file.interchange for file in asked.files)}"


def _said(asked: Asked, on: date, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "asked": [{"coverage": str(q.coverage.pk), "payer": str(q.coverage.payer)} for q in asked.questions],
        "on": on.isoformat(),
        "sent": options["send"] and bool(asked.files),
        "interchanges": [file.interchange for file in asked.files],
        "refused": [
            {"coverage": str(r.coverage.pk), "payer": str(r.coverage.payer), "message": r.why, "fix": r.fix}
            for r in asked.refused
        ],
    }


def _day(patient: Patient, today: date) -> date:
    planned = patient.next_visit_on
    return planned if planned and planned >= today else today


def _coverages(about: str, site: str, on: date | None, today: date) -> list[Coverage]:
    """Whose payers are asked. Ends the command with status 2 when nobody is meant, or more than one."""
    rows = Coverage.objects.select_related("patient__site", "payer", "subscriber").order_by("created_at", "pk")
    try:
        pk = UUID(about)
    except ValueError:
        patient = _patient(about, site)
    else:
        if one := rows.filter(pk=pk).first():
            return [one]
        named = Patient.objects.filter(pk=pk).first()
        if named is None:
            raise CommandError(f"There is no patient and no coverage {about} on file.", returncode=2) from None
        patient = named
    found = list(rows.filter(patient=patient).in_force(on or _day(patient, today)))
    if not found:
        day = on or _day(patient, today)
        raise CommandError(f"Not written: no coverage on file is in force on {day:%m/%d/%Y}.", returncode=1)
    return found


def _patient(chart: str, site: str) -> Patient:
    found = list(Patient.objects.filter(chart_number__iexact=chart).select_related("site"))
    at_site = [row for row in found if not site or row.site.code == site]
    if not at_site:
        where = f" at site {site}" if site else ""
        raise CommandError(f"There is no chart {chart} on file{where}.", returncode=2)
    if len(at_site) > 1:
        codes = ", ".join(sorted(row.site.code for row in at_site))
        raise CommandError(f"Chart {chart} is on file at {codes}; name one with --site.", returncode=2)
    only: Patient = at_site[0]
    return only
