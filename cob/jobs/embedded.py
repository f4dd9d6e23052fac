"""Without Redis the one server process also does the jobs: a Celery worker and its clock, each a thread of it.

Both speak through a broker in this process's memory, so exactly one process may do this for one data folder: a lock
on a file there says which. What memory forgets at the end of the process, the Job rows remember.
"""

from __future__ import annotations

import fcntl
import threading
from io import TextIOWrapper
from pathlib import Path

import structlog
from celery import beat
from celery.worker import WorkController
from celery.worker import state as worker_state
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from cob.celery import app
from cob.jobs import sweep, worker

log = structlog.get_logger(__name__)

RESTART_AFTER_SECONDS = 2.0
_is_over = threading.Event()
_thread: threading.Thread | None = None
_lock: TextIOWrapper | None = None


def lock_path() -> Path:
    """The file whose lock says which process does the jobs of this data folder."""
    return Path(settings.DATA_DIR) / "worker.lock"


def take_lock() -> TextIOWrapper | None:
    """The open, locked file; None while another process holds it. The lock ends with the process, however it ends."""
    file = lock_path().open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def start() -> None:
    """Start the worker and the clock in threads and return at once."""
    global _thread
    _is_over.clear()
    worker_state.should_stop = None
    _thread = threading.Thread(target=_live, name="embedded-worker", daemon=True)
    _thread.start()


def stop(*, wait_seconds: float = 2.5) -> None:
    """Ask both to end. A job that is not over soon stops at its next step, waits for the next start, and the try does
    not count; one that takes no step in time either is cut off with the process, as if that had been killed.
    """
    _is_over.set()
    # Read between two looks for messages, which are two seconds apart at most.
    worker_state.should_stop = 0  # type: ignore[assignment]  # typed by what it is at first
    if _thread is not None and worker.is_busy():  # idle, both may end with the process: nothing is under way
        _thread.join(wait_seconds)
        worker.drop_all()
        _thread.join(wait_seconds)
    if _lock is not None:
        _release()
    connection.close()


def _release() -> None:
    """On SQLite a job cut off in its transaction holds the only pen; waiting for it would only delay the end."""
    try:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA busy_timeout = 500")
        if left := sweep.release_mine():
            log.warning("jobs_left_for_next_start", count=left)
    except DatabaseError:
        log.warning("jobs_cut_off")


def _live() -> None:
    """Wait for an earlier life to be over, pick up what it left, then work until told to stop."""
    global _lock
    while (_lock := take_lock()) is None:
        if _is_over.wait(0.5):
            return
    _pick_up()
    # What runs by the clock is planned when the app is whole. A clock quicker than the worker would have no plan, ever.
    app.finalize()
    clock = beat.Service(app, max_interval=1, scheduler_cls=app.conf.beat_scheduler)
    threading.Thread(target=clock.start, name="embedded-clock", daemon=True).start()
    while not _is_over.is_set():
        _work()
        if not _is_over.wait(RESTART_AFTER_SECONDS):
            log.error("embedded_worker_restarts")
    clock.stop()


def _work() -> None:
    """One life of the worker; whatever ends it, the next one begins two seconds later."""
    try:
        controller = WorkController(app=app, pool="solo", concurrency=1, hostname="embedded@desk")
        controller.start()
        controller.stop()
    except Exception:
        log.exception("embedded_worker_failed")


def _pick_up() -> None:
    """Nobody else lives, so whatever runs is abandoned. (The clock catches up with the day when it starts.)"""
    close_old_connections()
    try:
        sweep.requeue_abandoned(all_running=True)
    except Exception:
        log.exception("pick_up_failed")
    finally:
        connection.close()
