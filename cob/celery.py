"""The Celery application: broker from the settings, schedule from `cob.jobs`."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cob.settings")

app = Celery("cob")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["cob.jobs"])


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Connected so that Celery leaves Django's logging alone."""


@app.on_after_finalize.connect
def plan(sender: Celery, **_: Any) -> None:
    from cob.jobs.schedule import beat_schedule

    sender.conf.beat_schedule = beat_schedule()


@worker_ready.connect
def wake_up(**_: Any) -> None:
    """A worker that starts looks for work left behind."""
    from cob.jobs import sweep

    sweep.requeue_abandoned()


@beat_init.connect
def catch_up(**_: Any) -> None:
    """A clock that starts does the day's missed work."""
    from django.db import connection

    from cob.jobs import schedule

    try:
        schedule.catch_up()
    finally:
        connection.close()
