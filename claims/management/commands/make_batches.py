"""`manage.py make_batches`: sends every claim whose turn it is, in one file for each receiver, or shows them.

Exit status 0: all that was due was sent; 1: something was held back, with the edit that stops it; 2: bad arguments.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims.delivery import queries
from claims.delivery.batching import make_batches
from claims.delivery.tasks import outcome_of
from cob.accounts.models import Site
from cob.audit.acting import acting


class Command(BaseCommand):
    help = "Sends the claims whose turn it is, one file for each receiver."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", default="", help="code of one site; all sites when left out")
        parser.add_argument("--list", action="store_true", help="only show whose turn it is, by payer")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        sites = [_site(options["site"]).pk] if options["site"] else None
        if options["list"]:
            self._list(sites, as_json=options["json"])
            return
        with acting("make_batches command"):
            made = make_batches(sites, by=None)
        said = outcome_of(made)
        if options["json"]:
            self.stdout.write(json.dumps(said))
        else:
            named = f" in {', '.join(said['files'])}" if said["files"] else ""
            self.stdout.write(f"{said['sent']} claims sent{named}; {said['held_back']} held back.")
        if made.held:
            raise CommandError(f"{len(made.held)} claims were held back; see the batches page.", returncode=1)

    def _list(self, sites: Any, *, as_json: bool) -> None:
        turns = queries.turns(sites, timezone.localdate())
        if as_json:
            rows = [
                {
                    "payer": one.payer,
                    "claims": one.claims,
                    "charge_cents": one.charge_cents,
                    "oldest": str(one.oldest_on),
                }
                for one in turns
            ]
            self.stdout.write(json.dumps(rows))
            return
        for one in turns:
            self.stdout.write(f"{one.payer}: {one.claims} claims, the oldest of {one.oldest_on:%m/%d/%Y}")


def _site(code: str) -> Site:
    found: Site | None = Site.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"There is no site {code}.", returncode=2)
    return found
