"""What load balancers ask, without signing in, and what they learn when something is missing."""

from __future__ import annotations

import pytest

from cob import health

pytestmark = pytest.mark.django_db


def test_the_process_says_that_it_lives(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_desk_in_order_is_ready(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in ("database", "migrations", "cache")} == {
        "database": True,
        "migrations": True,
        "cache": True,
    }


class _Broken:
    def __getattr__(self, name):
        raise ConnectionError


@pytest.mark.parametrize(
    ("broken", "failed"),
    [
        pytest.param("cache", {"cache"}, id="no cache"),
        pytest.param("connection", {"database", "migrations"}, id="no database"),
    ],
)
def test_what_is_missing_is_named_with_503(client, monkeypatch, broken, failed):
    monkeypatch.setattr(health, broken, _Broken())

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert {name for name, is_right in answer.json().items() if is_right is False and name != "embedded"} == failed


def test_a_migration_not_yet_run_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "_migrated", lambda: False)

    assert client.get("/readyz").status_code == 503
