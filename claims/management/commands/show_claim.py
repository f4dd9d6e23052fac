"""`show_claim CONTROL_NUMBER`: everything the desk knows about one claim's money, as JSON or as text."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.models import Claim
from claims.showing import shown
from cob.audit.acting import acting
from cob.audit.models import record
from cob.cents import dollars


class Command(BaseCommand):
    help = (
        "Show one claim: its ledger by line, what comes next, and what holds the statement. patient_order lists payer "
        "ids in paying order (as determined, else as billed). Line 0 holds what could be tied to no line. A posting's "
        "`reverses` is the id of the posting it takes back. Exit status 2: no such claim."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("control_number", metavar="CONTROL_NUMBER", help="Our claim number (CLM01).")
        parser.add_argument("--site", default="", help="The site's code, where several sites use the number.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *_args: Any, **options: Any) -> None:
        claim = _claim(options["control_number"], options["site"])
        said = shown(claim)
        with acting("show_claim command"):
            record("viewed", claim, patients=[claim.patient_id], site_id=claim.site_id, reason="show_claim command")
        if options["json"]:
            self.stdout.write(json.dumps(said, indent=1))
        else:
            for line in _text(said):
                self.stdout.write(line)


def _claim(number: str, site: str) -> Claim:
    found = Claim.objects.filter(control_number=number).select_related("patient", "site")
    claims: list[Claim] = list(found.filter(site__code=site) if site else found)
    if len(claims) == 1:
        return claims[0]
    if not claims:
        raise CommandError(f"There is no claim {number}{f' at site {site}' if site else ''}.", returncode=2)
    codes = ", ".join(sorted(claim.site.code for claim in claims))
    raise CommandError(f"Claim number {number} is used at several sites; add --site with one of {codes}.", returncode=2)


def _text(said: dict[str, Any]) -> Iterator[str]:
    yield f"Claim {said['claim']}, payers in order: {', '.join(said['patient_order'])}"
    for line in said["lines"]:
        yield f"  line {line['line']}: charge {dollars(line['charge_cents'])}"
        for p in line["postings"]:
            code = f" {p['group']}-{p['carc']}" if p["carc"] else ""
            said_by, source = f"{p['rank']} {p['payer']}", p["remit"] or "no remittance"
            yield f"    {said_by} {p['kind']}{code} {dollars(p['amount_cents'])} ({source})"
        yield f"    open {dollars(line['insurer_open_cents'])}, patient {dollars(line['patient_cents'])}"
    step = said["next"]
    with_whom = f" {step['payer']}" if step["payer"] else ""
    yield f"  next: {step['action']}{with_whom}: {step['because']}"
    yield f"  statement {'held' if said['statement']['held'] else 'released'}: {said['statement']['because']}"
    for denial in said["denials"]:
        book = f", playbook {denial['playbook']}" if denial["playbook"] else ""
        yield f"  denied ({denial['status']}): {' '.join(denial['codes'])}, {denial['category']}{book}"
    for clock in said["clocks"]:
        yield f"  {clock['limit']} by {clock['on']}"
