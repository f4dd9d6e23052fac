"""The tables follow the models, forwards and back, on the engine the suite runs on."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from cob.env import env
from tests.real_desk import Desk, new_database, url_of

OURS = ("accounts", "audit", "jobs", "patients", "coverage", "claims", "denials", "workqueues", "kpi")


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_every_migration_is_named_for_what_it_does():
    from django.db.migrations.loader import MigrationLoader

    names = [name for app, name in MigrationLoader(None).disk_migrations if app in OURS]

    assert [name for name in names if "auto" in name] == []


def test_every_app_with_models_has_migrations():
    from django.db.migrations.loader import MigrationLoader

    migrated = {app for app, _ in MigrationLoader(None).disk_migrations}

    assert {label for label in OURS if list(apps.get_app_config(label).get_models())} <= migrated


@pytest.fixture
def desk(tmp_path):
    if not env.database_url:
        yield Desk(tmp_path)
        return
    with new_database() as name:
        yield Desk(tmp_path, url_of(name))


@pytest.mark.slow
def test_every_migration_goes_back_and_forward_again(desk):
    desk.run("manage.py", "migrate", "--verbosity", "0")
    desk.run("manage.py", "migrate", "accounts", "zero", "--verbosity", "0")
    desk.run("manage.py", "migrate", "--verbosity", "0")

    assert "[ ]" not in desk.run("manage.py", "showmigrations", "--plan")
