"""How large tables are and how their values lie, for the planner of SQLite.

PostgreSQL gathers that by itself. SQLite guesses until it is told, and takes an index of unique values for a narrow one
although nearly all of them are null: one page then takes minutes instead of a moment.
"""

from __future__ import annotations

from django.db import connection

# Rows looked at of each index: enough to choose, and quick however large the desk is.
_LOOKED_AT = 1_000


def gather() -> None:
    """Look at every table; nothing on another database."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {_LOOKED_AT}")
            cursor.execute("ANALYZE")
