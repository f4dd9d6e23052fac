"""Ask today's rules about every verdict on file and list where they would say something else.

One JSON object a line for each difference; exit status 1 when there is one. Run it before an upgrade: what it lists is
what the upgrade would change. Nothing is changed; whose verdicts were shown is on the trail.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import QuerySet

from cob.audit.acting import acting
from cob.audit.reads import record_view
from cob.coverage.models import Determination
from cob.coverage.rulebook import Malformed, verdict_on

CHUNK = 500
# The rule book's own mark changes with every edit of it; a difference is a difference in what is said.
UNTOLD = frozenset({"rules_version", "facts_used"})


def differences(determination: Determination) -> dict[str, Any] | None:
    """What today's rules say otherwise; None when nothing."""
    was = determination.verdict
    found: dict[str, Any] = {"determination": str(determination.pk), "rules_then": determination.rules_version}
    try:
        now = verdict_on(determination.case)
    except Malformed as wrong:
        return found | {"differs": ["case"], "error": str(wrong)}
    differs = [name for name in now if name not in UNTOLD and now[name] != was.get(name)]
    if not differs:
        return None
    return found | {
        "rules_now": now["rules_version"],
        "differs": differs,
        "was": {name: was.get(name) for name in differs},
        "now": {name: now[name] for name in differs},
    }


class Command(BaseCommand):
    help = "Recompute the verdicts on file with today's rules; list differences as JSON lines, exit 1 if there are any."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which verdicts."""
        parser.add_argument("--all", action="store_true", help="Superseded ones too.")

    def handle(self, **options: Any) -> None:
        """What a person decided is not the rules' to repeat, so it is left out."""
        rows = Determination.objects.all() if options["all"] else Determination.objects.current()
        asked = found = 0
        for chunk in _chunks(rows.filter(decided_how="rules")):
            told = [(row, difference) for row in chunk if (difference := differences(row)) is not None]
            asked, found = asked + len(chunk), found + len(told)
            with acting("replay command"):
                record_view("replay", [row.patient_id for row, _ in told])
            for _, difference in told:
                self.stdout.write(json.dumps(difference, sort_keys=True))
        self.stderr.write(f"{asked} verdicts asked again, {found} would be different.")
        if found:
            sys.exit(1)


def _chunks(rows: QuerySet[Determination]) -> Iterator[list[Determination]]:
    """Every row by its id, holding one chunk at a time: one long reading would make the engine keep all of them."""
    columns = rows.order_by("pk").only("patient_id", "case", "verdict", "rules_version")
    chunk = list(columns[:CHUNK])
    while chunk:
        yield chunk
        chunk = list(columns.filter(pk__gt=chunk[-1].pk)[:CHUNK])
