"""`python -m bench.quarter`: runs a quarter, says how long it took and where every claim ended.

Uses a data folder of its own (COB_DATA_DIR) and refuses one with patients. Exit status 1 when a claim ended elsewhere
than the clearinghouse's books say, or anything was sent twice.
"""

# ruff: noqa: E402  Django is set up before its models are imported
from __future__ import annotations

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from itertools import chain
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command

from bench.quarter import ends
from bench.quarter.drive import Quarter
from claims.models import Submission
from cob.accounts.models import Site, User
from cob.audit.acting import acting
from cob.patients.models import Patient
from simulator.faults import parsed

FAULTS = (
    "late=0.12,duplicate=0.12,reissued=0.08,out_of_order=0.15,truncated=0.06,rejected_claims=0.08,"
    "rejected_files=0.04,rejected_interchanges=0.02,denied=0.06,lost_crossover=0.25"
)


def main() -> int:
    asked = _arguments()
    call_command("migrate", verbosity=0)
    if Patient.objects.exists():
        print("This database has patients: set COB_DATA_DIR to an empty folder.")
        return 2
    quarter = Quarter(
        Path(settings.MAILBOX_DIR),
        _somebody(),
        asked.faults,
        seed=asked.seed,
        visits_a_day=asked.visits,
        patients=asked.patients,
        every=asked.every,
    )
    quarter.open()
    began = time.perf_counter()
    for day in chain(quarter.run(asked.days), quarter.run(asked.after, with_visits=False)):
        if day.day == 1:
            print(f"{day}: {len(quarter.visits)} visits, {len(quarter.house.book.decided)} answers", flush=True)
    quarter.close()
    return _said(quarter, time.perf_counter() - began)


def _said(quarter: Quarter, seconds: float) -> int:
    book = quarter.house.book
    wanted, found = ends.expected(book, quarter.visits), ends.found(quarter.visits)
    elsewhere = {number: (end, found.get(number)) for number, end in wanted.items() if found.get(number) != end}
    twice = [*book.sent_twice(), *ends.sent_twice()]
    ours = Submission.objects.filter(seen_in=None).count()
    print(f"{len(wanted)} claims, {ours} sent by the desk, {len(book.decided)} answers, {seconds:.0f} s")
    print(f"faults: {book.faults}")
    print(f"sent twice: {twice or 'none'}; jobs that failed: {quarter.failed or 'none'}")
    for number, (end, is_at) in elsewhere.items():
        print(f"{number} should have ended as {end} and is at {is_at}")
    return 1 if elsewhere or twice or quarter.failed else 0


def _somebody() -> User:
    """Who plays the front desk, at the site the claims name."""
    with acting("quarter"):
        site = Site.objects.create(name="Birch Street", code="birch", npi="1679576722", tax_id="421234567")
        user: User = User.objects.create(username="frontdesk", first_name="Fay", last_name="Desk", role="front_desk")
        user.sites.add(site)
    return user


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m bench.quarter", description=__doc__)
    parser.add_argument("--days", type=int, default=91, help="with visits")
    parser.add_argument("--after", type=int, default=120, help="without, until everything is answered")
    parser.add_argument("--visits", type=int, default=6, help="a weekday")
    parser.add_argument("--patients", type=int, default=60)
    parser.add_argument("--every", type=int, default=1, help="a day of visits each so many days")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=parsed, default=parsed(FAULTS))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
