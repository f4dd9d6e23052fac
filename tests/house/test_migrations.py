"""The tables follow the models, forwards and back, on the engine the suite runs on."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = (
    "accounts",
    "audit",
    "jobs",
    "patients",
    "coverage",
    "claims",
    "delivery",
    "patient_billing",
    "denials",
    "workqueues",
    "kpi",
)


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_migration_is_named_for_what_it_does():
    names = [name for app, name in MigrationLoader(None).disk_migrations if app in OURS]

    assert [name for name in names if "auto" in name] == []


def test_every_app_with_models_has_migrations():
    migrated = {app for app, _ in MigrationLoader(None).disk_migrations}

    assert {label for label in OURS if list(apps.get_app_config(label).get_models())} <= migrated


@pytest.mark.django_db
def test_every_table_ever_made_append_only_still_refuses_changes():
    """SQLite changes a table by making it anew, which loses its triggers."""
    operations = [operation for one in MigrationLoader(None).disk_migrations.values() for operation in one.operations]
    tables = {
        operation.hints["append_only"] for operation in operations if "append_only" in getattr(operation, "hints", ())
    }
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT event_object_table FROM information_schema.triggers")
        guarded = {table for (table,) in cursor.fetchall()}

    assert len(tables) > 20
    assert sorted(tables - guarded) == []


THERE_AND_BACK = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", check_unapplied=True)
call_command("migrate", "accounts", "zero", verbosity=0)
call_command("migrate", verbosity=0)
call_command("migrate", check_unapplied=True)
"""


@pytest.mark.slow
def test_every_migration_goes_back_and_forward_again(desk):
    desk.run("-c", THERE_AND_BACK)
