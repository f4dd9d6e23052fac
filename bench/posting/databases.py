"""Databases that live as long as one measurement: copies of one practice on file, so that every run starts alike."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parents[2]


def measure(what: str, *arguments: object, **environment: str) -> dict[str, Any]:
    """One measurement in a process of its own."""
    run = [sys.executable, "-m", "bench.posting.measuring", what, *map(str, arguments)]
    done = subprocess.run(run, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class Sqlite:
    """Files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self) -> str:
        return f"sqlite:///{self._folder / uuid.uuid4().hex}.sqlite3"

    def copy(self, url: str) -> str:
        made = self.new()
        shutil.copy(self.path(url), self.path(made))
        return made

    def drop(self, url: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{self.path(url)}{end}").unlink(missing_ok=True)

    @staticmethod
    def path(url: str) -> str:
        return url.removeprefix("sqlite:///")


class PostgreSQL:
    """Databases on a server; `url` names any database on it from which others may be made."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self._url = url

    def _do(self, sql: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql.encode())  # names are made here

    def _made(self, sql: str) -> str:
        name = f"cob_bench_{uuid.uuid4().hex[:12]}"
        self._do(sql.format(name=name))
        return f"{self._url.rpartition('/')[0]}/{name}"

    def new(self) -> str:
        return self._made("CREATE DATABASE {name}")

    def copy(self, url: str) -> str:
        return self._made(f"CREATE DATABASE {{name}} TEMPLATE {url.rpartition('/')[2]}")

    def drop(self, url: str) -> None:
        self._do(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")
