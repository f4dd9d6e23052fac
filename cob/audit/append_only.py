"""Triggers that refuse UPDATE and DELETE, on both engines: what is written here stays written."""

from __future__ import annotations

from typing import Any

from cob.migrating import RunOnTables, nothing


def sqlite_triggers(table: str) -> dict[str, str]:
    """Trigger name → its SQL."""
    return {
        f"{table}_no_{act.lower()}": (
            f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for act in ("UPDATE", "DELETE")
    }


def append_only(table: str) -> RunOnTables:
    """A migration operation that makes `table` append-only; reversible."""

    def forwards(editor: Any) -> None:
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

    def backwards(editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            for name in sqlite_triggers(table):
                editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            return
        editor.execute(f'DROP TRIGGER IF EXISTS {table}_append_only ON "{table}"')
        editor.execute(f"DROP FUNCTION IF EXISTS {table}_append_only()")

    return RunOnTables(forwards, backwards, hints={"append_only": table})


def triggers_again(table: str) -> tuple[RunOnTables, RunOnTables]:
    """The first and the last operation of a migration that changes an append-only `table`: SQLite changes one by
    making it anew, which loses its triggers, forwards and backwards."""

    def put_back(editor: Any) -> None:
        if editor.connection.vendor == "sqlite":
            for name, sql in sqlite_triggers(table).items():
                editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                editor.execute(sql)

    return RunOnTables(nothing, put_back), RunOnTables(put_back, nothing)
