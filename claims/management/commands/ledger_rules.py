"""`manage.py ledger_rules`: hold everything on file against the rules of the ledger, now, and print what is broken."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from claims.invariants import CREDITS, Broken
from claims.ledger_check import check_all
from claims.ledger_rules import RULES
from claims.management.commands.import_edi import Terminal


class Command(BaseCommand):
    help = (
        "Hold every claim, answer and payment against the rules of the ledger. Prints one line for each thing broken "
        "and a summary on standard error; stores nothing. Exit status: 0 every rule holds (credits are no fault), 1 "
        "some rule is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="One JSON object for each thing broken.")

    def handle(self, *_args: Any, **options: Any) -> None:
        terminal = Terminal("ledger")
        found = check_all(terminal)
        terminal.end()
        for one in found.found:
            self.stdout.write(json.dumps(as_json(one)) if options["json"] else _line(one))
        self.stderr.write(
            f"{found.claims} claims looked at: {sum(one.rule not in CREDITS for one in found.found)} faults on "
            f"{len(found.broken)} claims or payments, credits on {found.credits} claims. "
            f"{sum(rule.is_asked for rule in RULES.values())} of {len(RULES)} rules asked."
        )
        if found.broken:
            sys.exit(1)


def as_json(one: Broken) -> dict[str, Any]:
    """Ids of rows, never numbers of claims."""
    return {
        "rule": int(one.rule),
        "name": RULES[int(one.rule)].name,
        "is_fault": one.rule not in CREDITS,
        "claim": str(one.claim) if one.claim else None,
        "remittance": str(one.remittance) if one.remittance else None,
        "why": one.why,
    }


def _line(one: Broken) -> str:
    about = f"claim {one.claim}" if one.claim else f"remittance {one.remittance}" if one.remittance else "the ledger"
    return f"{one.rule:>2} {RULES[int(one.rule)].name}, {about}: {one.why}"
