"""Fills an empty desk: people, what the front desk typed, then every file in the order it would have come."""

from __future__ import annotations

import io
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.db import transaction

from claims import exchange
from claims.models import Claim
from cob.accounts import demo_people
from cob.accounts.models import Site, User
from cob.audit import subscribers
from cob.audit.acting import acting
from cob.coverage import actions as coverage_actions
from cob.patients.models import Patient
from workqueues import ladder
from workqueues.demo import (
    bank,
    choices,
    crossover,
    eligibility,
    mail,
    misfits,
    patients_money,
    staff,
    taken_back,
    unplaced,
)
from workqueues.demo.claims_out import claims_file
from workqueues.demo.people import DemoPatient, population
from workqueues.demo.practice import Answered, Happened, Sent, fourteen_months
from workqueues.demo.records import FrontDesk, captured
from workqueues.demo.remits_in import remittance_file

Say = Callable[[str], None]
SITE_CODES = ("main", "north", "east")


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file of the practice with the last day it speaks of; files come in by that day, claims before answers."""

    on: date
    name: str
    content: bytes


def fill(*, today: date, patients: int, seed: int, say: Say) -> dict[str, int]:
    """Fill an empty desk and return how many of each thing there are. Raises NotForProduction in production."""
    people = demo_people.create()
    sites = [Site.objects.get(code=code) for code in SITE_CODES]
    with acting("demo practice"):
        invented = population(today, patients, seed)
        say(f"{len(invented)} invented patients")
        rows = _front_desk(invented, sites, people["dana"], today)
        choices.choose(people["sol"], today)
        crossover.settle(people["sol"], today)
        happened = fourteen_months(invented, today, seed)
        files = list(_files(happened, sites, today))
        _bring_in(files, say)
        say("deposits and a paper EOB")
        bank.fill(sites[0], people["pat"], today)
        say("verdicts")
        _determine(rows, today, people["dana"])
        say("money taken back")
        taken_back.happen(people["pat"], today)
        eligibility.ask_and_answer(today, people["dana"])
        crossover.happen(people["ben"], today)
        say("claims out, acknowledgements in")
        mail.happen(people, today)
        unplaced.come_in(people["ben"], today)
        say("queues")
        subscribers.tell_now()
        patients_money.billed(people, today)
        subscribers.tell_now()
        ladder.escalate()
        staff.worked(people, today)
    return {
        "patients": len(invented),
        "claims": len({e.visit.control_number for e in happened.sent}),
        "files": len(files),
    }


@transaction.atomic
def _front_desk(invented: list[DemoPatient], sites: list[Site], desk: User, today: date) -> dict[int, Patient]:
    front_desk = FrontDesk(sites, desk, today)
    rows = {demo.number: front_desk.capture(demo) for demo in captured(invented)}
    front_desk.write_facts()
    return rows


def _files(happened: Happened, sites: list[Site], today: date) -> Iterator[DemoFile]:
    """A claim file and a remittance file a week, then the misfits every practice gets."""
    weeks: dict[date, tuple[list[Sent], list[Answered]]] = {}
    for sent in happened.sent:
        weeks.setdefault(_week_end(sent.on), ([], []))[0].append(sent)
    for answered in happened.answered:
        weeks.setdefault(_week_end(answered.on), ([], []))[1].append(answered)
    number = 0
    for end in sorted(weeks):
        claims, answers = weeks[end]
        # A claim answered in the week it was resent must be on file by then, so each day's claims come as one file.
        for on, events in groupby(claims, key=lambda event: event.on):
            number += 1
            yield DemoFile(on, f"claims-{on:%Y%m%d}.837", claims_file(list(events), sites, made_on=on, number=number))
        if answers:
            number += 1
            yield DemoFile(end, f"remits-{end:%Y%m%d}.835", remittance_file(answers, sites, number=number))
    yield from (DemoFile(today, name, content) for name, content in misfits.files(sites, today))


def _week_end(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


def _bring_in(files: list[DemoFile], say: Say) -> None:
    for count, file in enumerate(files, start=1):
        received, _created = exchange.receive(file.name, io.BytesIO(file.content), by=None)
        exchange.import_file(received, counted=False)
        if count % 20 == 0 or count == len(files):
            say(f"{count} of {len(files)} files imported")


def _determine(rows: dict[int, Patient], today: date, desk: User) -> None:
    """The desk has asked for the order of nine in ten patients with more than one coverage, for today and for the days
    of their open claims; the others still wait."""
    rng = random.Random(len(rows))  # noqa: S311
    open_days: dict[UUID, set[date]] = defaultdict(set)
    for patient, day in Claim.objects.filter(insurer_open_cents__gt=0).values_list("patient", "service_from"):
        open_days[patient].add(day)
    for patient in rows.values():
        if patient.coverages.count() > 1 and rng.random() < 0.9:
            for day in sorted({today, *open_days[patient.pk]}):
                coverage_actions.determine(patient=patient, service_on=day, by=desk)
