"""An audit as jobs: a run is cut into stretches of patient ids, each stretch a job of its own, so that every worker
takes part and a killed one costs a chunk.

A chunk's differences and how far its part is are written in one transaction, under compare-and-set on the place the
part was at: whoever is taken for dead and lives on writes nothing, and no claim is on a run twice.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from claims.auditing.asking import Asker
from claims.auditing.finding import differences
from claims.auditing.reading import CHUNK, Chunk, Scope, chunks
from claims.models import Claim, OrderAudit, OrderAuditPart, OrderDifference
from claims.order_audit import Kind
from cob.accounts.models import Site, User
from cob.audit.models import record
from cob.coverage.supposing import AsIf, BadSupposition, suppose
from cob.jobs.actions import open_job
from cob.jobs.kinds import JobStopped
from cob.jobs.models import State
from cob.jobs.progress import Lost, Progress
from cob.patients.models import Patient
from cob.rules.order.determination import rules_version
from cob.turns import Turn, wait_for

JOB = "claims.audit_order"
# Patients a job: some seconds of work, so that a run over a large practice is shared out evenly.
PART = 100_000
SPAN = 2**128
# A part whose job is in one of these gets done; any other waits for a person.
AT_WORK = (State.QUEUED, State.RUNNING)
# Runs that are kept, newest first; what an older one found is forgotten with it.
KEPT = 20


class AlreadyRunning(ValueError):
    """The same audit was started before and is not over."""

    def __init__(self, run: OrderAudit) -> None:
        super().__init__("This audit is running already. This page follows it.")
        self.run = run


def start(
    *,
    by: User | None,
    sites: Collection[Site] = (),
    since: date | None = None,
    until: date | None = None,
    as_if: AsIf | None = None,
) -> OrderAudit:
    """Open a run and its jobs; nothing but the run's own rows is ever written. Raises AlreadyRunning to a person who
    asks for the same again.
    """
    with transaction.atomic():
        wait_for(Turn.AUDITS)
        scope = Scope(frozenset(site.pk for site in sites), since, until)
        if by is not None and (same := _same_still_running(by, scope, as_if or AsIf())):
            raise AlreadyRunning(same)
        run = OrderAudit.objects.create(
            by=by,
            since=since,
            until=until,
            as_if=list((as_if or AsIf()).written),
            claims=scope.narrow(Claim.objects.all()).count(),
            rules_version=rules_version(),
        )
        run.sites.set(sites)
        count = Patient.objects.count()
        cuts = max(-(-count // PART), 2 if count > CHUNK else 1)
        only = next(iter(sites)) if len(sites) == 1 else None
        for number in range(cuts):
            part = OrderAuditPart(run=run, number=number + 1, first=_cut(number, cuts), last=_cut(number + 1, cuts, -1))
            part.save()
            title = "Audit the payer order" + (f", part {number + 1} of {cuts}" if cuts > 1 else "")
            part.job = open_job(JOB, by=by, site=only, title=title, part=str(part.pk))
            part.save(update_fields=["job"])
        record("order audit asked", run, after={"as_if": run.as_if, "parts": cuts})
        _forget_old()
    return run


def _same_still_running(by: User, scope: Scope, as_if: AsIf) -> OrderAudit | None:
    """The person's own run over the same claims that jobs are still at; one whose jobs failed is not waited for."""
    at_work = OrderAuditPart.objects.filter(run=OuterRef("pk"), done_at=None, job__state__in=AT_WORK)
    asked = OrderAudit.objects.filter(Exists(at_work), by=by, since=scope.since, until=scope.until)
    runs = asked.filter(finished_at=None).prefetch_related("sites")
    alike = (
        run for run in runs if run.as_if == list(as_if.written) and {site.pk for site in run.sites.all()} == scope.sites
    )
    return next(alike, None)


def _cut(number: int, cuts: int, back: int = 0) -> UUID:
    """Ids are random, so equal stretches of them hold about as many patients each."""
    return UUID(int=SPAN * number // cuts + back)


def do_part(part_id: str, progress: Progress) -> dict[str, Any]:
    """One stretch of a run, from where it was left; nothing for one that is done or whose run was forgotten."""
    part = OrderAuditPart.objects.select_related("run").filter(pk=part_id).first()
    if part is None:
        return {}
    if part.done_at:
        _end(part)  # whoever did it may have been killed before the run was ended
        return {}
    # Run again it is another job's, and that is the one to watch.
    OrderAuditPart.objects.filter(pk=part.pk).update(job=progress.job_id)
    run = part.run
    scope = Scope(frozenset(run.sites.values_list("pk", flat=True)), run.since, run.until)
    try:
        asker = Asker(suppose(run.as_if))
    except BadSupposition as bad:
        raise JobStopped(f"{bad} Start the audit again with another supposition.") from bad
    stretch = Patient.objects.filter(pk__gte=part.first, pk__lte=part.last)
    progress.of(stretch.count(), "patients")
    if part.at:
        progress.at(stretch.filter(pk__lte=part.at).count(), "patients")
    with _without_collecting():
        for chunk in chunks(scope, first=part.first, after=part.at, last=part.last):
            _keep(part, chunk, differences(asker.ask(chunk)))
            progress.step(chunk.patients, "patients")
    _end(part)
    return added_up(part.counts.values())


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A chunk is a hundred thousand small objects that hold no rings. Looking for rings in them, again and again, took
    a quarter of the time; a part lasts seconds, and what others leave is collected after it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _keep(part: OrderAuditPart, chunk: Chunk, rows: Sequence[OrderDifference]) -> None:
    """One chunk on file, once. Raises Lost when another worker was there first."""
    counts = counted(chunk, rows, part.counts)
    for row in rows:
        row.run_id = part.run_id
    with transaction.atomic():
        _need_not_wait()
        here = OrderAuditPart.objects.filter(pk=part.pk, at=part.at, done_at=None)
        if not here.update(at=chunk.last, counts=counts):
            raise Lost(str(part.pk))
        OrderDifference.objects.bulk_create(rows, batch_size=1000)
    part.at, part.counts = chunk.last, counts


def _need_not_wait() -> None:
    """The commit to come is on disk some moments later. A server that fails before takes the chunk's rows and how far
    the part was together, and the chunk is done again; waiting for the disk took a worker a tenth of its time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")


def _end(part: OrderAuditPart) -> None:
    """The part is done; whoever finds no other open part ends the run."""
    now = timezone.now()
    OrderAuditPart.objects.filter(pk=part.pk, done_at=None).update(done_at=now)
    open_parts = OrderAuditPart.objects.filter(run=OuterRef("pk"), done_at=None)
    OrderAudit.objects.filter(~Exists(open_parts), pk=part.run_id, finished_at=None).update(finished_at=now)


def counted(
    chunk: Chunk, rows: Sequence[OrderDifference], before: dict[str, dict[str, int]] | None = None
) -> dict[str, dict[str, int]]:
    """By site: claims asked about, claims that differ, claims nobody can tell; added to what was counted before."""
    counts = {site: dict(of_site) for site, of_site in (before or {}).items()}
    for claim in chunk.claims:
        of_site = counts.setdefault(claim.site, {"claims": 0, "differ": 0, "open": 0})
        of_site["claims"] += 1
    for row in rows:
        counts[str(row.site_id)]["open" if row.kinds == Kind.OPEN else "differ"] += 1
    return counts


def added_up(counts: Collection[dict[str, int]]) -> dict[str, int]:
    """Several counts as one."""
    return {name: sum(one[name] for one in counts) for name in ("claims", "differ", "open")}


def _forget_old() -> None:
    kept = list(OrderAudit.objects.order_by("-asked_at").values_list("pk", flat=True)[:KEPT])
    OrderAudit.objects.exclude(pk__in=kept).delete()
