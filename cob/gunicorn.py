"""How gunicorn serves: one process that also does the jobs when embedded; several without in production.

`gunicorn --config python:cob.gunicorn cob.wsgi`; `manage.py start` runs exactly this.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path
from typing import Any

from cob.env import env

wsgi_app = "cob.wsgi"
worker_class = "gthread"
workers = 1 if env.embedded else env.cob_web_workers or 2 * multiprocessing.cpu_count() + 1
threads = 8 if env.embedded else 4
timeout = 120
graceful_timeout = 8
keepalive = 5
loglevel = "warning"
# The heartbeat file must not wait for a busy disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a memory disk, not a temp folder
# Claims files come by upload; request lines and headers stay small.
limit_request_line = 4094
forwarded_allow_ips = "*" if env.cob_behind_proxy else "127.0.0.1"
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Say where, once the port is open."""
    for listener in server.LISTENERS:
        sys.stdout.write(f"COB Desk is at {listener}  (Ctrl-C stops it)\n")
    sys.stdout.flush()


def post_worker_init(worker: Any) -> None:  # noqa: ARG001  gunicorn gives it
    if env.embedded:
        from cob.jobs import embedded

        embedded.start()


def worker_exit(server: Any, worker: Any) -> None:  # noqa: ARG001  gunicorn gives them
    if env.embedded:
        from cob.jobs import embedded

        embedded.stop()
