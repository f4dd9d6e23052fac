"""Indexes that say what a longer one says already, or that nobody asks, go: each of them costs every row a write."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT

# By table, the columns; and the text index that PostgreSQL gets for LIKE, of a key that is only ever compared whole.
GONE = {
    "claims_adjudicatedline": ["adjudication_id"],
    "claims_adjudication": ["claim_id", "remittance_id"],
    "claims_claim": ["patient_id", "site_id"],
    "claims_claimpayer": ["claim_id", "payer_id"],
    "claims_line": ["claim_id"],
    "claims_posting": ["by_id", "claim_id", "payer_id", "key"],
}


def drop(_apps: Any, editor: Any) -> None:
    """By what they are, not by name. Done here because SQLite would make each table anew for it, without triggers."""
    connection = editor.connection
    for table, columns in GONE.items():
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, table)
        for name, what in found.items():
            is_plain = what["index"] and not what["unique"] and not what["primary_key"]
            # The index of Adjudication that covers only the answers not posted stays.
            is_whole = name not in {"adjudication_not_posted", "adjudication_unmatched"}
            if is_plain and is_whole and len(what["columns"]) == 1 and what["columns"][0] in columns:
                editor.execute(f"DROP INDEX {editor.quote_name(name)}")


def put_back(_apps: Any, editor: Any) -> None:
    for table, columns in GONE.items():
        for column in columns:
            if column != "key":
                quoted = editor.quote_name(f"{table}_{column}_again")
                editor.execute(f"CREATE INDEX {quoted} ON {editor.quote_name(table)} ({editor.quote_name(column)})")


def key(to: str, related_name: str, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(db_index=False, on_delete=PROTECT, related_name=related_name, to=to, **options)


OPTIONAL = {"blank": True, "null": True}


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0009_submission_on_paper"),
        ("coverage", "0008_determination_expires_on"),
        ("patients", "0002_marital_and_employment_status"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, put_back)],
            state_operations=[
                migrations.AlterField("adjudicatedline", "adjudication", key("claims.adjudication", "lines")),
                migrations.AlterField("adjudication", "claim", key("claims.claim", "adjudications", **OPTIONAL)),
                migrations.AlterField("adjudication", "remittance", key("claims.remittance", "adjudications")),
                migrations.AlterField("claim", "patient", key("patients.patient", "claims")),
                migrations.AlterField("claim", "site", key("accounts.site", "claims")),
                migrations.AlterField("claimpayer", "claim", key("claims.claim", "payers")),
                migrations.AlterField("claimpayer", "payer", key("coverage.payer", "claim_payers")),
                migrations.AlterField("line", "claim", key("claims.claim", "lines")),
                migrations.AlterField("posting", "by", key(settings.AUTH_USER_MODEL, "+", **OPTIONAL)),
                migrations.AlterField("posting", "claim", key("claims.claim", "postings")),
                migrations.AlterField("posting", "payer", key("coverage.payer", "postings")),
            ],
        ),
    ]
