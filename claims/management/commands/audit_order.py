"""`audit_order`: which claims are in another order than today's rules give, and what it adds up to.

`--as-if NAME=VALUE` asks instead which claims another number of the law or another choice would change. Nothing is
stored. The page "Order audit" does the same as a job and keeps what it found.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.auditing.asking import Asker
from claims.auditing.finding import differences
from claims.auditing.reading import Chunk, Scope, chunks
from claims.management.given import given_day
from claims.presenters.order_audit import DifferenceLine, lines
from cob.accounts.models import Site
from cob.audit.acting import acting
from cob.audit.reads import record_view
from cob.cents import dollars
from cob.coverage.supposing import BadSupposition, suppose

MOST_NAMED = 20
_NAMED = ("site", "person", "payer", "rule")


class Command(BaseCommand):
    help = (
        "Hold the order of every claim (not void) against today's rules for its date of service. Lists each claim that "
        "differs or that nobody can tell, and adds them up. In JSON amounts are whole cents: at_stake = take_back "
        "(paid by payers billed too early or not due) + open (still expected from insurers) + patient (left to the "
        "patient). With --as-if: which claims would change, `billed` being the order due as the law is and `due` the "
        "one that would be. Stores nothing. Exit status 2: a bad argument."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", action="append", default=[], metavar="CODE", help="Only this site; repeatable.")
        parser.add_argument("--since", default="", metavar="YYYY-MM-DD", help="First day of service.")
        parser.add_argument("--until", default="", metavar="YYYY-MM-DD", help="Last day of service.")
        form = parser.add_mutually_exclusive_group()
        form.add_argument(
            "--json", action="store_true", help="Print one JSON object: `claims`, and what they add up to."
        )
        form.add_argument(
            "--jsonl", action="store_true", help="Print one JSON object a claim; the summary goes to standard error."
        )
        parser.add_argument("--limit", type=int, default=0, metavar="N", help="Ask about N claims at most.")
        parser.add_argument(
            "--as-if",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="Suppose a number of the law (msp.working_aged.employees=25) or a choice "
            "(medigap_vs_retiree=RETIREE_FIRST, payer:60054:term_date_is_last_day=false, state:NJ:…); repeatable.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        scope = Scope(
            _sites(options["site"]), given_day("--since", options["since"]), given_day("--until", options["until"])
        )
        if scope.since and scope.until and scope.until < scope.since:
            raise CommandError("--until lies before --since: give the first day and the last.", returncode=2)
        if options["limit"] < 0:
            raise CommandError("--limit: expected a number of claims from 1.", returncode=2)
        try:
            asker = Asker(suppose(options["as_if"]))
        except BadSupposition as bad:
            raise CommandError(f"--as-if {bad}", returncode=2) from bad
        total = _Total(is_supposed=bool(asker.as_if))
        found = self._found(asker, _limited(chunks(scope), options["limit"]), total)
        with acting("audit_order command"):
            if options["json"]:
                self._as_object(found, total)
                return
            for line in found:
                self.stdout.write(json.dumps(line.as_json()) if options["jsonl"] else _in_words(line))
        for text in total.table():
            (self.stderr if options["jsonl"] else self.stdout).write(text)

    def _found(self, asker: Asker, some: Iterator[Chunk], total: _Total) -> Iterator[DifferenceLine]:
        for chunk in some:
            found = lines(differences(asker.ask(chunk)))
            record_view("order audit", {line.claim.patient_id for line in found})
            total.add(len(chunk.claims), found)
            yield from found

    def _as_object(self, found: Iterator[DifferenceLine], total: _Total) -> None:
        """One object, written as it is found: a practice may have more claims than fit into memory."""
        self.stdout.write('{"claims": [', ending="")
        for place, line in enumerate(found):
            self.stdout.write(("," if place else "") + "\n" + json.dumps(line.as_json()), ending="")
        rest = json.dumps(total.as_json(), indent=1).removeprefix("{")
        self.stdout.write(f"\n],{rest}")


def _in_words(line: DifferenceLine) -> str:
    claim, cents = line.claim, line.row.at_stake_cents
    instead = f"ask {line.asks or 'for a look at the chart'}" if line.is_open else f"due {' > '.join(line.due)}"
    differs = f"{line.kinds}: billed {' > '.join(line.billed)}, {instead}"
    about = (
        claim.control_number,
        claim.site.code,
        f"{claim.service_from:%m/%d/%Y}",
        differs,
        line.rule,
        dollars(cents),
    )
    return "  ".join(filter(None, about))


def _sites(codes: list[str]) -> frozenset[Any]:
    known = dict(Site.objects.values_list("code", "pk"))
    for code in codes:
        if code not in known:
            raise CommandError(f"--site {code}: no such site. Known: {', '.join(sorted(known))}.", returncode=2)
    return frozenset(known[code] for code in codes)


def _limited(found: Iterator[Chunk], limit: int) -> Iterator[Chunk]:
    """The chunks as far as the first `limit` claims; all of them without a limit."""
    left = limit
    for chunk in found:
        if limit and len(chunk.claims) >= left:
            yield chunk._replace(claims=list(islice(chunk.claims, left)))
            return
        left -= len(chunk.claims)
        yield chunk


class _Total:
    """What the lines add up to, by whom they concern."""

    def __init__(self, *, is_supposed: bool) -> None:
        self.is_supposed = is_supposed
        self.claims = self.differ = self.open = self.cents = self.take_back = 0
        self.by: dict[str, Counter[str]] = defaultdict(Counter)
        self.cents_by: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, claims: int, found: list[DifferenceLine]) -> None:
        self.claims += claims
        for line in found:
            if line.is_open:
                self.open += 1
                self.by["needs"][line.asks or "a look at the chart"] += 1
                continue
            self.differ += 1
            self.cents += line.row.at_stake_cents
            self.take_back += line.row.take_back_cents
            named = {"site": line.claim.site.name, "person": line.person, "payer": line.payer, "rule": line.rule or "—"}
            for what, name in named.items():
                self.by[what][name] += 1
                self.cents_by[what][name] += line.row.at_stake_cents

    def as_json(self) -> dict[str, Any]:
        """For a machine: counts, and amounts in whole cents, by whom they concern."""
        parts = {
            f"by_{what}": {
                name: {"claims": count, "at_stake_cents": self.cents_by[what][name]}
                for name, count in self.by[what].most_common()
            }
            for what in _NAMED
        }
        return {
            "asked": self.claims,
            "differ": self.differ,
            "open": self.open,
            "at_stake_cents": self.cents,
            "take_back_cents": self.take_back,
            **parts,
            "to_be_asked": dict(self.by["needs"].most_common()),
        }

    def table(self) -> Iterator[str]:
        differ = "would change" if self.is_supposed else "in another order"
        yield f"{self.claims} claims asked, {self.differ} {differ}, {self.open} cannot be told before facts are known."
        yield f"At stake {dollars(self.cents)}, of it paid and to be taken back {dollars(self.take_back)}."
        for what in _NAMED:
            yield from self._part(f"By {what}", self.by[what], self.cents_by[what])
        yield from self._part("To be asked", self.by["needs"], Counter())

    def _part(self, head: str, counts: Counter[str], cents: Counter[str]) -> Iterator[str]:
        if counts:
            yield f"{head}:"
        for name, count in counts.most_common(MOST_NAMED):
            yield f"  {count:>8}  {dollars(cents[name]) if cents else '':>14}  {name}"
        if len(counts) > MOST_NAMED:
            yield f"  and {len(counts) - MOST_NAMED} more"
