"""The two Celery tasks there are: do a job by its id, and open the job of a slot."""

from __future__ import annotations

from celery import shared_task
from django.db import close_old_connections

from cob.jobs import actions, schedule


@shared_task(name="cob.jobs.run")
def run_job(job_id: str) -> None:
    """A message carries a row id and nothing else."""
    close_old_connections()
    try:
        actions.run(job_id)
    finally:
        close_old_connections()


@shared_task(name="cob.jobs.tick")
def tick(kind: str) -> None:
    """Beat's only message: it is time for this kind."""
    close_old_connections()
    try:
        schedule.open_slot(kind)
    finally:
        close_old_connections()
