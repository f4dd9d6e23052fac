"""Each field of each model about patients is decided to be protected health information or not, and kept so."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.db import connection, models

from cob.audit.models import Audited, Event
from cob.audit.presenters import present
from cob.logging import ALLOWED_KEYS, only_allowed
from tests.house.addresses import every_address

APPS = ("patients", "coverage", "claims", "delivery", "patient_billing", "denials", "workqueues", "kpi")
TABLE = yaml.safe_load((Path(__file__).parent / "phi.yaml").read_text())


def _listed(label, which):
    return set((TABLE[label][which] or "").split())


def _models():
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def _fields(model):
    return {field.name for field in model._meta.concrete_fields if not field.primary_key}


PHI = {name for label in TABLE for name in _listed(label, "phi")}


@pytest.mark.parametrize("model", _models(), ids=lambda model: model._meta.label_lower)
def test_every_field_is_decided_about(model):
    label = model._meta.label_lower

    assert label in TABLE, f"{label} is in neither list of phi.yaml"
    assert not _listed(label, "phi") & _listed(label, "plain")
    assert _listed(label, "phi") | _listed(label, "plain") == _fields(model)


def test_the_list_names_no_model_that_is_gone():
    assert set(TABLE) == {model._meta.label_lower for model in _models()}


@pytest.mark.parametrize(
    "model",
    [model for model in _models() if _listed(model._meta.label_lower, "phi")],
    ids=lambda model: model._meta.label_lower,
)
@pytest.mark.django_db
def test_a_row_with_patient_data_is_audited_or_a_log_nobody_can_rewrite(model):
    assert issubclass(model, Audited) or _is_append_only(model._meta.db_table)


def _is_append_only(table):
    catalogue = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        if connection.vendor == "sqlite"
        else "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue, [table])
        return cursor.fetchone()[0] > 0


def test_logs_have_no_key_for_patient_data():
    of_something_else = {"path", "code", "state", "kind"}  # a request's path, a job's kind
    assert not (PHI - of_something_else) & ALLOWED_KEYS
    kept = only_allowed(None, "info", {"event": "saved", "last_name": "Rivera", "job_id": "1"})
    assert kept == {"event": "saved", "job_id": "1", "dropped": ["last_name"]}


def test_an_exception_is_logged_by_type_and_place_without_what_it_quotes():
    try:
        raise ValueError("Rivera, Rosa")
    except ValueError:
        kept = only_allowed(None, "error", {"event": "job_failed", "exc_info": True})

    assert kept["exc_type"] == "ValueError"
    assert "Rivera" not in str(kept)


def test_an_address_about_a_patient_carries_row_ids_and_nothing_else():
    """What a browser remembers and a proxy logs says nothing: text in a path is a queue, a measure, a week, an
    option or a rule."""
    with_text = {address.name for address in every_address() if "/sample/" in address.path}

    others = ("workqueues:", "terms:", "kpi:", "settings:", "rules:", "account_")
    assert {name for name in with_text if not name.startswith(others)} == set()


@pytest.mark.parametrize("label", [label for label in TABLE if _listed(label, "phi")])
def test_the_trail_shows_no_patient_data_to_those_who_may_not_see_patients(label):
    names = sorted(_listed(label, "phi"))
    event = Event(
        actor_name="Ana", verb="changed", subject_type=label, reason="secret", after=dict.fromkeys(names, "secret")
    )

    row = present(event, may_see_patients=False)

    assert "secret" not in str(row)


def _money(model):
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.DecimalField | models.FloatField)
        and any(word in field.name for word in ("amount", "cents", "charge", "paid", "balance", "price", "dollar"))
    ]


def test_money_is_whole_cents_in_every_model():
    everything = [model for config in apps.get_app_configs() for model in config.get_models()]

    assert [(model._meta.label, names) for model in everything if (names := _money(model))] == []
    for model in _models():
        for field in model._meta.concrete_fields:
            if field.name.endswith("_cents"):
                assert isinstance(field, models.BigIntegerField), f"{model._meta.label}.{field.name}"


@pytest.mark.parametrize("kind", [models.DecimalField, models.FloatField], ids=["decimal", "float"])
def test_only_quantities_and_rates_are_fractions(kind):
    """An amount that is no whole number of cents would make honest rows unequal on SQLite."""
    fractions = {
        f"{model._meta.label_lower}.{field.name}"
        for model in _models()
        for field in model._meta.concrete_fields
        if isinstance(field, kind)
    }

    assert {name for name in fractions if not name.endswith((".units", ".quantity", "_rate", "_percent"))} == set()
