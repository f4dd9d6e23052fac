"""Settings are read once, with their type, and what cannot be is said by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from cob.env import Env


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in Env.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_a_laptop_needs_no_setting():
    env = Env()

    assert env.embedded
    assert (env.database_url, env.cob_production, env.cob_idle_minutes) == ("", False, 15)


def test_redis_ends_the_embedded_way(monkeypatch):
    monkeypatch.setenv("COB_REDIS_URL", "redis://127.0.0.1:6379/0")

    assert not Env().embedded


@pytest.mark.parametrize(
    ("told", "hosts"),
    [("desk.example", ["desk.example"]), ("a.example, b.example,", ["a.example", "b.example"])],
)
def test_lists_are_separated_by_commas(monkeypatch, told, hosts):
    monkeypatch.setenv("COB_ALLOWED_HOSTS", told)

    assert Env().cob_allowed_hosts == hosts


@pytest.mark.parametrize("name", list(Env.model_fields))
def test_an_empty_setting_means_its_default(monkeypatch, name):
    """An empty folder would otherwise be the one the desk happens to be started in."""
    monkeypatch.setenv(name.upper(), "")

    assert getattr(Env(), name) == Env.model_fields[name].default


@pytest.mark.parametrize("minutes", ["1", "480"])
def test_the_session_may_idle_a_minute_to_eight_hours(monkeypatch, minutes):
    monkeypatch.setenv("COB_IDLE_MINUTES", minutes)

    assert Env().cob_idle_minutes == int(minutes)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("COB_IDLE_MINUTES", "0"),
        ("COB_IDLE_MINUTES", "481"),
        ("COB_UPLOAD_MIB", "0"),
        ("COB_UPLOAD_MIB", "2049"),
        ("COB_WEB_WORKERS", "-1"),
        ("COB_PRODUCTION", "perhaps"),
    ],
)
def test_what_cannot_be_is_named(monkeypatch, name, told):
    monkeypatch.setenv(name, told)

    with pytest.raises(ValidationError, match=name.lower()):
        Env()


def test_all_mistakes_are_told_at_once(monkeypatch):
    monkeypatch.setenv("COB_IDLE_MINUTES", "never")
    monkeypatch.setenv("COB_UPLOAD_MIB", "huge")

    with pytest.raises(ValidationError) as refused:
        Env()

    assert refused.value.error_count() == 2


def test_a_secret_may_be_a_file_of_the_same_name(tmp_path):
    (tmp_path / "cob_secret_key").write_text("from a file\n")

    assert Env(_secrets_dir=tmp_path).cob_secret_key == "from a file"


def test_folders_are_paths(monkeypatch):
    monkeypatch.setenv("COB_DATA_DIR", "/var/lib/desk")

    assert Env().cob_data_dir == Path("/var/lib/desk")
