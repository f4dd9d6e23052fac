"""What surrounds the code says the same as the code: settings, README, compose, image, CI, licence."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest
import yaml

from cob.env import ROOT, Env

README = (ROOT / "README.md").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
CI = (ROOT / ".ci" / "run").read_text()
FIELDS = {name.upper(): field for name, field in Env.model_fields.items()}


def _readme_rows():
    return dict(re.findall(r"^\| `([A-Z_]+)` \|(.*?)\|", README, re.MULTILINE))


def test_every_setting_is_in_the_readme_and_the_readme_names_no_other():
    assert set(_readme_rows()) == set(FIELDS)


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in ("COB_DATA_DIR", "COB_ALLOWED_HOSTS")])
def test_the_readme_tells_the_default(name):
    default = FIELDS[name].default
    told = "" if default in ("", None, []) else str(default).lower() if isinstance(default, bool) else str(default)

    assert _readme_rows()[name].strip(" `") == told


def test_every_setting_has_a_comment_that_says_why():
    source = (ROOT / "cob" / "env.py").read_text().splitlines()
    lines = {match[1]: number for number, line in enumerate(source) if (match := re.match(r"    (\w+): ", line))}

    assert {name for name in Env.model_fields if not source[lines[name] - 1].strip().startswith("#")} == set()


def _environments():
    return {name: service.get("environment", {}) for name, service in COMPOSE["services"].items()}


def test_compose_has_the_five_services_each_with_a_health_check():
    assert set(COMPOSE["services"]) == {"web", "worker", "beat", "postgres", "redis"}
    assert [name for name, service in COMPOSE["services"].items() if not service["healthcheck"]["test"]] == []


def test_compose_sets_only_settings_that_exist():
    ours = {"web", "worker", "beat"}
    named = {key for name, values in _environments().items() if name in ours for key in values}
    secrets = {secret.upper() for name in ours for secret in COMPOSE["services"][name]["secrets"]}

    assert named | secrets <= set(FIELDS)


def test_compose_holds_no_secret_and_closes_what_is_not_for_the_network():
    everything = (ROOT / "docker-compose.yml").read_text()

    assert not re.search(r"(PASSWORD|SECRET_KEY): *['\"]?[^$\s{]", everything.replace("PASSWORD_FILE", ""))
    assert "ports" not in COMPOSE["services"]["postgres"]
    assert "ports" not in COMPOSE["services"]["redis"]
    assert COMPOSE["services"]["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_compose_services_wait_for_what_they_need():
    for name in ("worker", "beat"):
        needed = COMPOSE["services"][name]["depends_on"]
        assert needed["web"]["condition"] == "service_healthy"
    assert set(COMPOSE["services"]["web"]["depends_on"]) == {"postgres", "redis"}


def test_compose_documentation_and_readme_name_one_postgresql():
    major = COMPOSE["services"]["postgres"]["image"].partition(":")[2]

    assert f"PostgreSQL {major}" in README
    assert f"PostgreSQL {major}" in (ROOT / "docs" / "deployment.md").read_text()


@pytest.mark.django_db
def test_the_suite_runs_on_the_postgresql_it_names():
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("This run is on SQLite.")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        running = int(cursor.fetchone()[0]) // 10000

    assert running == int(COMPOSE["services"]["postgres"]["image"].partition(":")[2])


def test_the_image_is_not_root_checks_its_health_and_installs_from_the_lock():
    image = (ROOT / "Dockerfile").read_text()

    assert re.search(r"^USER desk$", image, re.MULTILINE)
    assert "HEALTHCHECK" in image
    assert "uv sync --frozen --no-dev" in image
    assert image.index("USER desk") < image.index('CMD ["python", "manage.py", "start"')


@pytest.mark.parametrize("kept_out", [".git", ".venv", "data", "secrets", "tests"])
def test_the_image_holds_nothing_it_does_not_need(kept_out):
    assert kept_out in (ROOT / ".dockerignore").read_text().split()


def test_ci_is_bash_that_parses_and_runs_the_readmes_commands():
    assert subprocess.run(["bash", "-n", ".ci/run"], cwd=ROOT, check=False).returncode == 0
    assert len(re.findall(r" make test$", CI, re.MULTILINE)) == 2
    assert "make check" in CI
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("command", sorted(set(re.findall(r"make ([a-z]+)", README))))
def test_every_make_command_of_the_readme_exists(command):
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text()

    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"] == "Apache-2.0"


def test_every_dependency_says_why_it_is_there():
    lines = (ROOT / "pyproject.toml").read_text().partition("dependencies = [")[2].partition("]\n")[0].splitlines()

    assert [line for line in lines if line.strip().startswith('"') and "#" not in line] == []


def _tracked_text():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and name not in ("uv.lock", "tests/house/test_packaging.py"):
            try:
                yield name, path.read_text()
            except UnicodeDecodeError:
                continue


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"pypi\.org|pythonhosted|npmjs|registry\.", id="a package registry's host"),
        pytest.param(r"/(home|Users|root)/\w|/(work)/|C:\\\\Users", id="a path of one machine"),
        pytest.param(r"BEGIN (RSA |EC |OPENSSH )?PRIVATE KEY", id="a private key"),
    ],
)
def test_no_tracked_file_names(pattern):
    assert [name for name, text in _tracked_text() if re.search(pattern, text)] == []
