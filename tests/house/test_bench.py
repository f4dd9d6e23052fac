"""What a benchmark writes by hand keeps up with the tables it writes to."""

from __future__ import annotations

import re

import pytest
from django.apps import apps

from bench.audit.practice import STATEMENTS

INSERT = re.compile(r"INSERT INTO (\w+) \(([^)]*)\)")
WRITTEN = [found.groups() for statement in STATEMENTS if (found := INSERT.match(statement))]
MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


@pytest.mark.parametrize(("table", "columns"), WRITTEN, ids=[table for table, _ in WRITTEN])
def test_the_practice_of_the_audit_fills_every_column_that_must_not_be_empty(table, columns):
    named = {column.strip(' "\n') for column in columns.split(",")}
    fields = MODELS[table]._meta.concrete_fields
    wanted = {
        field.column for field in fields if not field.null and not field.get_internal_type().endswith("AutoField")
    }

    assert wanted <= named <= {field.column for field in fields}
