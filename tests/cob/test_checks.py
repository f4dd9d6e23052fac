"""An installation that would go wrong is told so before it serves, with what to do."""

from __future__ import annotations

import pytest

from cob import checks
from cob.accounts import demo_people
from cob.accounts.models import User
from cob.env import env
from tests.real_desk import Desk

WHOLE = {
    "COB_PRODUCTION": "true",
    "COB_SECRET_KEY": "a-key-of-more-than-fifty-characters-0123456789-abcdefghij",
    "DATABASE_URL": "postgresql://desk@127.0.0.1/desk",
    "COB_REDIS_URL": "redis://127.0.0.1:6379/0",
    "COB_ALLOWED_HOSTS": "desk.example",
    "COB_TRUSTED_ORIGINS": "https://desk.example",
    "COB_BEHIND_PROXY": "true",
}


def _check(tmp_path, changes):
    desk = Desk(tmp_path)
    desk.environment |= WHOLE | changes
    return desk.try_to_run("manage.py", "check", "--deploy", "--fail-level", "WARNING")


@pytest.mark.slow
def test_a_whole_production_passes_djangos_deployment_check_without_a_warning(tmp_path):
    done = _check(tmp_path, {})

    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_production_names_everything_that_is_missing(tmp_path):
    lacking = {"DATABASE_URL": "", "COB_REDIS_URL": "", "COB_DEBUG": "true", "COB_SECRET_KEY": "short"}

    done = _check(tmp_path, lacking | {"COB_TRUSTED_ORIGINS": ""})

    assert done.returncode != 0
    for code in ("COB.E001", "COB.E002", "COB.E003", "COB.E004", "COB.W001"):
        assert code in done.stderr
    assert done.stderr.count("HINT") >= 5


@pytest.mark.slow
def test_production_without_a_key_says_so_and_makes_none(tmp_path):
    done = _check(tmp_path, {"COB_SECRET_KEY": ""})

    assert "COB_SECRET_KEY is empty" in done.stderr
    assert not (tmp_path / "secret_key").exists()


def test_a_laptop_passes():
    assert checks.production_is_whole() == []


@pytest.mark.parametrize(("processes", "found"), [(0, []), (1, []), (2, ["COB.E005"])])
def test_the_embedded_worker_lives_in_one_process_only(monkeypatch, settings, processes, found):
    settings.EMBEDDED = True
    monkeypatch.setattr(env, "cob_web_workers", processes)

    assert [message.id for message in checks.embedded_is_one_process()] == found


@pytest.mark.django_db
def test_demo_people_stop_a_production_start_until_their_accounts_are_closed(settings):
    demo_people.create()
    assert checks.production_has_no_demo_people(databases=["default"]) == []

    settings.PRODUCTION = True
    (found,) = checks.production_has_no_demo_people(databases=["default"])
    assert found.id == "COB.E007"
    assert "kit" in found.msg
    User.objects.update(is_active=False)
    assert checks.production_has_no_demo_people(databases=["default"]) == []


@pytest.mark.django_db
def test_demo_people_are_refused_in_production(settings):
    settings.PRODUCTION = True

    with pytest.raises(demo_people.NotForProduction):
        demo_people.create()

    assert not User.objects.exists()


@pytest.mark.django_db
def test_demo_people_made_twice_are_the_same_people():
    first = demo_people.create()
    kit = first["kit"]
    kit.first_name = "Kim"
    kit.save()

    again = demo_people.create()

    assert User.objects.count() == len(demo_people.PEOPLE)
    assert again["kit"].first_name == "Kim"
    assert [site.code for site in kit.sites.all()] == ["north"]
    assert kit.check_password(demo_people.PASSPHRASE)
