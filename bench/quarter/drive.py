"""One practice, one clearinghouse, one mailbox between them, and the days going by.

Nobody works here but the jobs of the clock. Only the front desk is played: it puts the order of payers on file, as it
would at each visit. Everything else (import, batches, delivery, answers, crossovers waited for) is the desk's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from unittest import mock

import time_machine

from claims.delivery.models import Mailbox
from claims.models import Claim
from cob.accounts.models import User
from cob.audit.acting import acting
from cob.coverage import actions as coverage_actions
from cob.coverage.models import Coverage, Determination, Payer
from cob.jobs import actions as jobs
from cob.jobs.models import Job, State
from cob.jobs.schedule import open_slot
from simulator.clearinghouse import Clearinghouse
from simulator.faults import Faults
from simulator.practice import CROSSES_TO, PLANS, RECEIVER, Practice, Visit
from workqueues import membership, tasks

MORNING, EVENING = time(10, 50), time(23, 0)  # UTC: before six, and after work, in Duluth
ONE_DAY = timedelta(days=1)


@dataclass
class Quarter:
    """`root` is the disk that desk and clearinghouse share; `by` plays the front desk."""

    root: Path
    by: User
    faults: Faults
    seed: int = 1
    visits_a_day: int = 2
    patients: int = 24
    every: int = 1
    first_day: date = date(2026, 1, 5)
    visits: list[Visit] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.practice = Practice(self.seed, self.visits_a_day, self.patients, self.every)
        self.house = Clearinghouse(
            self.root / "to",
            self.root / "from",
            self.root / "books",
            seed=self.seed,
            faults=self.faults,
            crosses_to=CROSSES_TO,
        )

    def open(self) -> None:
        """What an administrator sets up: the payers' kinds and the mailbox."""
        with acting("quarter"), _clock(self.first_day, MORNING):
            for plan in PLANS:
                Payer.objects.create(
                    edi_id=plan.payer_id, name=plan.name.title(), kind=plan.kind, filing_indicator=plan.filing
                )
            Mailbox.objects.create(
                name="Clearinghouse",
                kind="folder",
                receivers=RECEIVER,
                outbox="to",
                inbox="from",
                sends_by_itself=True,
            )

    def run(self, days: int, *, with_visits: bool = True) -> Iterator[date]:
        """So many days, one after the other; `with_visits` False: only what is under way goes on."""
        start = self.first_day if not self.visits else self.today + ONE_DAY
        for today in (start + ONE_DAY * n for n in range(days)):
            self.today = today
            with _queues_asked_later():
                self._day(with_visits=with_visits)
            yield today

    def close(self) -> None:
        """The night: the queues are asked of everything, once."""
        with acting("quarter"), _clock(self.today, EVENING):
            membership.ask()

    def _day(self, *, with_visits: bool) -> None:
        with _clock(self.today, MORNING):
            self._tick("delivery.mail")
            self._tick("claims.end_crossovers")
            self._tick("delivery.make_batches")
            self._tick("delivery.mail")
        with _clock(self.today, EVENING):
            if with_visits:
                self._billing_system()
                self._tick("delivery.mail")
                self._front_desk()
            self.house.step(self.today)

    def _billing_system(self) -> None:
        """It sends its claims as it always did, and the desk sees a copy."""
        made = self.practice.day(self.today)
        if made is None:
            return
        data, visits = made
        self.visits += visits
        name = f"{self.today:%Y%m%d}-own.837"
        (self.root / "to" / name).write_bytes(data)
        copy = self.root / "from" / name
        copy.write_bytes(data)
        at = datetime.combine(self.today, time(12), UTC).timestamp()
        os.utime(copy, (at, at))

    def _front_desk(self) -> None:
        """The order of payers for each patient seen today: by the rules, else by the cards that were shown."""
        with acting(self.by):
            for coverage in Coverage.objects.filter(kind="").select_related("payer"):
                coverage.kind = coverage.payer.kind
                coverage.save(update_fields=["kind"])
            numbers = [visit.number for visit in self.visits if visit.on == self.today]
            for claim in Claim.objects.filter(control_number__in=numbers).select_related("patient"):
                self._determine(claim)

    def _determine(self, claim: Claim) -> None:
        found: Determination = coverage_actions.determine(
            patient=claim.patient, service_on=claim.service_from, by=self.by
        )
        order = [str(row.coverage_id) for row in claim.payers.order_by("rank")]
        if found.status == "determined" and list(found.order) == order:
            return
        card = coverage_actions.Evidence("other", "The patient's cards", claim.service_from)
        coverage_actions.override(
            determination=found, order=order, reason="As the plans' own terms say", evidence=[card], by=self.by
        )

    def _tick(self, kind: str) -> None:
        """The clock opens the job of the slot, a worker does it and what it opens."""
        open_slot(kind)
        while waiting := Job.objects.filter(state=State.QUEUED).order_by("created_at", "pk").first():
            done = jobs.run(waiting.pk)
            if done is None or done.state == State.FAILED:
                self.failed.append(f"{self.today} {waiting.kind}: {done.error if done else 'lost'}")


@contextmanager
def _queues_asked_later() -> Iterator[None]:
    """Asking the queues after each of thousands of events is most of the time and changes nothing here: a subscriber is
    safe to miss, the night gives the same."""
    with mock.patch.object(tasks.membership, "ask", return_value=membership.Changes()):
        yield


@contextmanager
def _clock(day: date, at: time) -> Iterator[None]:
    with time_machine.travel(datetime.combine(day, at, UTC), tick=False):
        yield
