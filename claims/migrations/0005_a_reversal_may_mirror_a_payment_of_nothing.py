from __future__ import annotations

from typing import Any

from django.db import migrations, models

from cob.audit.append_only import sqlite_triggers


def put_triggers_back(_apps: Any, editor: Any) -> None:
    """SQLite changes a constraint by making the table anew, which loses its triggers."""
    if editor.connection.vendor == "sqlite":
        for name, sql in sqlite_triggers("claims_posting").items():
            editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_outcomes_and_posted_at")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, put_triggers_back),
        migrations.RemoveConstraint(model_name="posting", name="posting_moves_something"),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=~models.Q(amount_cents=0) | models.Q(kind__in=["payment", "reversal"]),
                name="posting_moves_something",
            ),
        ),
        migrations.RunPython(put_triggers_back, migrations.RunPython.noop),
    ]
