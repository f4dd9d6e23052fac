"""Triggers that refuse UPDATE and DELETE, on both engines: what is written here stays written."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def sqlite_triggers(table: str) -> dict[str, str]:
    """Trigger name → its SQL."""
    return {
        f"{table}_no_{act.lower()}": (
            f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for act in ("UPDATE", "DELETE")
    }


def append_only(table: str) -> migrations.RunPython:
    """A migration operation that makes `table` append-only; reversible."""

    def forwards(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            for sql in sqlite_triggers(table).values():
                editor.execute(sql)
            return
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        editor.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON "{table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
        )

    def backwards(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            for name in sqlite_triggers(table):
                editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            return
        editor.execute(f'DROP TRIGGER IF EXISTS {table}_append_only ON "{table}"')
        editor.execute(f"DROP FUNCTION IF EXISTS {table}_append_only()")

    return migrations.RunPython(forwards, backwards)
