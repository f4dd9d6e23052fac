"""The server that also does the jobs, as it starts."""

from __future__ import annotations

from django.conf import settings

from tests.real_desk import Desk

# A clock that is quicker than the worker beside it, which makes the app ready on its own way up.
QUICK_CLOCK = """
import django
django.setup()
from cob.jobs import embedded

class Clock:
    def __init__(self, app, **_):
        print(*app.conf.beat_schedule)
    def start(self): ...
    def stop(self): ...

embedded.beat.Service, embedded._pick_up, embedded._work = Clock, lambda: None, embedded._is_over.set
embedded._live()
"""


def test_the_clock_knows_all_that_runs_by_it_however_quick_it_is(tmp_path):
    told = Desk(tmp_path).run("-c", QUICK_CLOCK)

    assert set(told.split()) == set(settings.JOB_SCHEDULE)
