"""One run of an audit as its page shows it: what was asked, how far it is, what it found at one's own sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from claims.auditing import totals
from claims.auditing.running import AT_WORK, added_up
from claims.auditing.totals import Line
from claims.models import OrderAudit, OrderAuditPart
from claims.presenters.order_audit import because, fact_in_words, person_in_words
from cob.accounts.models import Site, User
from cob.coverage.models import Payer
from cob.coverage.option_catalogue import SPECS, in_words
from cob.jobs.models import State
from cob.rules.parameters import parameters


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One line of a table: what it is called, what it comes to, where its claims are."""

    name: str
    detail: str
    claims: int
    take_back_cents: int
    at_stake_cents: int
    url: str


@dataclass(frozen=True, slots=True)
class TotalTable:
    """A table of a run's page."""

    id: str
    title: str
    head: str
    rows: list[TotalRow]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is: the whole of it in hundredths, the claims of one's own sites by number. `is_stopped`: what is
    left of it no job is at.
    """

    is_over: bool
    is_stopped: bool
    percent: int
    done: int
    failed: tuple[Any, ...]

    @property
    def is_running(self) -> bool:
        return not self.is_over and not self.is_stopped

    @property
    def text(self) -> str:
        return f"{self.done:,} claims asked"


@dataclass(frozen=True, slots=True)
class RunPage:
    """What templates/claims/order_audit_run.html shows."""

    run: OrderAudit
    standing: Standing
    sites: str
    supposed: list[str]
    counts: dict[str, int]
    stakes: dict[str, int]
    tables: list[TotalTable]
    questions: TotalTable
    differ_url: str
    open_url: str


def standing(run: OrderAudit, user: User) -> Standing:
    """From its parts: each says after every chunk how many claims it has asked at each site."""
    parts = list(run.parts.select_related("job"))
    done = added_up([of_site for part in parts for of_site in part.counts.values()])["claims"]
    failed = tuple(part.job for part in parts if part.job and part.job.state == State.FAILED and not part.done_at)
    is_over = run.finished_at is not None
    percent = 100 if is_over else min(99, 100 * done // run.claims) if run.claims else 0
    return Standing(is_over, _is_stopped(run, parts), percent, totals.counts(user, run)["claims"], failed)


def _is_stopped(run: OrderAudit, parts: Iterable[OrderAuditPart]) -> bool:
    left = [part for part in parts if part.done_at is None]
    at_work = (part for part in left if part.job and part.job.state in AT_WORK)
    return run.finished_at is None and bool(left) and not any(at_work)


def _sites(run: OrderAudit, user: User) -> str:
    """The sites asked about, as far as they are the person's own."""
    own = None if user.sees_all_sites else user.site_ids()
    names = [str(site) for site in run.sites.all() if own is None or site.pk in own]
    return ", ".join(names) or ("All sites" if own is None else "All my sites")


def run_page(run: OrderAudit, user: User) -> RunPage:
    """The run with everything it found at the person's sites."""
    rows = totals.seen_by(user, run)
    by_site, by_person = totals.by(rows, "site"), totals.by(rows, "entered", "person")
    by_payer, by_rule = totals.by(rows, "payer"), totals.by(rows, "rule")
    sites = Site.objects.in_bulk(totals.names(by_site))
    people = User.objects.in_bulk(totals.names(by_person, place=1))
    payers = Payer.objects.in_bulk(totals.names(by_payer))
    tables = [
        _table(run, "site", "Site", by_site, lambda line: (_named(sites, line.key[0]), "")),
        _table(run, "person", "Person who entered the order", by_person, lambda line: _entered(line, people)),
        _table(run, "payer", "Payer out of its place", by_payer, lambda line: (str(payers.get(line.key[0], "—")), "")),
        _table(run, "rule", "Rule that decides", by_rule, lambda line: (line.key[0] or "—", because(line.key[0]))),
    ]
    asked = totals.by_question(rows)
    return RunPage(
        run=run,
        standing=standing(run, user),
        sites=_sites(run, user),
        supposed=[supposed_in_words(text) for text in run.as_if],
        counts=totals.counts(user, run),
        stakes=totals.stakes(rows),
        tables=[table for table in tables if table.rows],
        questions=_table(run, "asks", "To be asked first", asked, lambda line: (_asked(line.key[0]), "")),
        differ_url=claims_url(run, {}),
        open_url=claims_url(run, {"kind": "open"}),
    )


HEADS = {"site": "Site", "person": "Person", "payer": "Payer", "rule": "Rule", "asks": "Fact"}
Called = Callable[[Line], tuple[str, str]]


def _table(run: OrderAudit, name: str, title: str, found: list[Line], called: Called) -> TotalTable:
    rows = []
    for line in found[: totals.MOST_SHOWN]:
        word, detail = called(line)
        url = claims_url(run, line.wanted)
        rows.append(TotalRow(word, detail, line.claims, line.take_back_cents, line.at_stake_cents, url))
    return TotalTable(name, title, HEADS[name], rows, len(found) > totals.MOST_SHOWN)


def _named(known: Mapping[Any, Any], pk: Any) -> str:
    return str(known.get(pk, "—"))


def _entered(line: Line, people: dict[Any, User]) -> tuple[str, str]:
    entered, person = line.key
    said = person_in_words(entered, people.get(person))
    return said[:1].upper() + said[1:], ENTERED[entered]


ENTERED = {
    "determined": "determined by the rules of that day",
    "person": "decided with a reason and evidence",
    "file": "as billed, in a file",
    "hand": "as billed, no file",
}


def _asked(key: str) -> str:
    return fact_in_words(key) or "A look at the chart: what is on file contradicts itself"


def claims_url(run: OrderAudit, wanted: dict[str, str]) -> str:
    """The claims behind a figure."""
    return reverse("claims:order-audit-claims", args=[run.pk]) + (f"?{urlencode(wanted)}" if wanted else "")


def supposed_in_words(text: str) -> str:
    """A supposition as people say it; as it is written where there are no words for it any more."""
    name, _, value = text.partition("=")
    if name in parameters():
        known = parameters()[name]
        return f"{known.label}: {value} {known.unit}"
    *whose, option = name.split(":")
    if option not in SPECS:
        return text
    said = in_words(option, {"true": True, "false": False}.get(value, value))
    return f"{SPECS[option].label}: {said}" + (f" ({' '.join(whose)})" if whose else "")


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the list."""

    run: OrderAudit
    what: str
    by: str
    sites: str
    counts: dict[str, int]
    is_stopped: bool


def run_rows(runs: Iterable[OrderAudit], user: User) -> list[RunRow]:
    """Runs with their counts at the person's sites; `runs` come with parts, their jobs, sites and author."""
    mine = None if user.sees_all_sites else {str(pk) for pk in user.site_ids()}
    return [
        RunRow(
            run=run,
            what="; ".join(supposed_in_words(text) for text in run.as_if) or "The order in force",
            by=str(run.by) if run.by else "a command",
            sites=_sites(run, user),
            counts=added_up(
                [one for part in run.parts.all() for site, one in part.counts.items() if mine is None or site in mine]
            ),
            is_stopped=_is_stopped(run, run.parts.all()),
        )
        for run in runs
    ]
