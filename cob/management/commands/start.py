"""`manage.py start`: migrate, fill an empty desk with a made-up practice, say where and who, and serve."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from cob import statistics
from cob.accounts import demo_people
from cob.accounts.models import User
from cob.env import ROOT, env
from cob.jobs import embedded

WAIT_FOR_EARLIER_SECONDS = 20.0


class Command(BaseCommand):
    help = "Migrate, fill an empty desk with a made-up practice, and serve it with its worker."
    requires_system_checks: list[str] = []  # run below, once the database can be asked

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="default 8000")
        parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1: this machine only")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty desk empty")
        parser.add_argument("--fill-only", action="store_true", help="migrate and fill, then stop without serving")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["fill_only"]:
            self._migrate()
            self._fill_here()
            return
        refuse_taken_port(options["host"], options["port"])
        lock = self._wait_for_earlier()
        wants_demo = not options["no_demo"] and not settings.PRODUCTION
        if wants_demo and connection.vendor == "sqlite" and not _has_people():
            self._fill_aside(lock)
        self._migrate()
        if wants_demo and not _has_people():
            self._fill_here()
        statistics.gather()
        self._prepare_production()
        self._show_sign_ins()
        connection.close()
        lock.close()
        serve(options["host"], options["port"])

    def _migrate(self) -> None:
        self.stdout.write("Bringing the database up to date…")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as failure:
            where = "DATABASE_URL" if env.database_url else f"the folder {settings.DATA_DIR}"
            raise CommandError(f"The database cannot be opened: {failure}. Check {where}.") from failure

    def _wait_for_earlier(self) -> TextIOWrapper:
        """The data folder's lock. An earlier server may still be ending, and two would do every job twice."""
        until = time.monotonic() + WAIT_FOR_EARLIER_SECONDS
        while (lock := embedded.take_lock()) is None:
            if time.monotonic() > until:
                raise CommandError(
                    f"COB Desk already runs from the data folder {settings.DATA_DIR}. Stop it first, or give this one "
                    "a folder of its own with COB_DATA_DIR."
                )
            time.sleep(0.2)
        return lock

    def _fill_aside(self, lock: TextIOWrapper) -> None:
        """Fill a folder beside, then move it into place: stopped half-way, there is no half-filled desk.

        The filling process holds the lock too, so that should this one be killed, the next start waits for it.
        """
        self.stdout.write("Filling the desk with a made-up practice…")
        aside, target = settings.DATA_DIR / "filling", Path(settings.DATABASES["default"]["NAME"])
        shutil.rmtree(aside, ignore_errors=True)
        command = [sys.executable, str(ROOT / "manage.py"), "start", "--fill-only"]
        own = {"COB_DATA_DIR": str(aside), "DATABASE_URL": "", "COB_INBOX_DIR": ""}
        filling = subprocess.run(  # noqa: S603  our own interpreter, no shell
            command, env=os.environ | own, stdout=subprocess.DEVNULL, pass_fds=[lock.fileno()], check=False
        )
        if filling.returncode:
            raise CommandError("The made-up practice could not be filled in; see above. `--no-demo` starts without it.")
        connection.close()
        _move_into_place(aside, target)

    def _fill_here(self) -> None:
        """The whole made-up practice where the command for it is there, else its people."""
        if "demo" in get_commands():
            call_command("demo")
        else:
            demo_people.create()
        connection.close()

    def _prepare_production(self) -> None:
        if not settings.PRODUCTION:
            return
        call_command("check", deploy=True, fail_level="ERROR", databases=["default"])
        call_command("collectstatic", interactive=False, verbosity=0)

    def _show_sign_ins(self) -> None:
        """The demo's people and their public passphrase; never in production, where they may not exist."""
        people = {user.username: user for user in demo_people.present()}
        if settings.PRODUCTION or not people:
            return
        self.stdout.write(f"\nEverybody's passphrase is   {demo_people.PASSPHRASE}\n\n")
        for person in demo_people.PEOPLE:
            if user := people.get(person.username):
                self.stdout.write(f"  {person.username:<5} {person.role_label:<18} {user.site_label}")
        self.stdout.write("")


def _has_people() -> bool:
    """Whether anybody can sign in here; a database without tables has nobody."""
    if User._meta.db_table not in connection.introspection.table_names():
        return False
    return User.objects.exists()


def _move_into_place(aside: Path, target: Path) -> None:
    """The database last: while it is missing, the desk is still empty and the next start fills it anew."""
    made = aside / "cobdesk.sqlite3"
    for item in aside.iterdir():
        kept = settings.DATA_DIR / item.name
        if item.is_dir() and not kept.exists():
            item.rename(kept)
        elif item.is_dir():
            shutil.copytree(item, kept, dirs_exist_ok=True)
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, target)
    shutil.rmtree(aside, ignore_errors=True)


def refuse_taken_port(host: str, port: int) -> None:
    """Say in one sentence that something else serves there."""
    if not 0 < port < 65536:
        raise CommandError(f"Port {port} is none: they go from 1 to 65535.")
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as failure:
        raise CommandError(f"'{host}', port {port} is no address to serve on.") from failure
    with socket.socket(family, kind, proto) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError as failure:
            raise CommandError(f"Port {port} needs root. Choose one above 1023: make run PORT=8080") from failure
        except OSError as failure:
            raise CommandError(
                f"Port {port} on {host} is taken. Stop what serves there, or choose another: make run PORT={port + 1}"
            ) from failure


def serve(host: str, port: int) -> None:
    """Become gunicorn: signals go straight to it, and nothing of this process stays behind."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(  # noqa: S606  our own interpreter, no shell
        sys.executable, [sys.executable, "-m", "gunicorn", "--config", "python:cob.gunicorn", "--bind", bind]
    )
