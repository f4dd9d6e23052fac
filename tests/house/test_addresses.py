"""Who may open which address: the table in permissions.yaml, and default deny for whatever is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from django.test import Client

from cob.accounts.models import ApiKey
from cob.accounts.roles import Role
from tests.house.addresses import every_address

TABLE = yaml.safe_load((Path(__file__).parent / "permissions.yaml").read_text())
OF_ALLAUTH = ("account_", "mfa_", "usersessions_")
BACKEND = "cob.accounts.backend.RoleBackend"


@dataclass(frozen=True)
class Row:
    """Who may use one address with one method."""

    who: frozenset[str]
    is_public: bool


def _rows(lines):
    """Method → who; a line is "GET/POST role role"."""
    rows = {}
    for line in [lines] if isinstance(lines, str) else lines:
        methods, *who = line.split()
        roles = {role.value for role in Role}
        allowed = roles if who in (["everybody"], ["public"]) else set(who)
        assert allowed <= roles, f"no such role in '{line}'"
        rows |= {method: Row(frozenset(allowed), who == ["public"]) for method in methods.split("/")}
    return rows


ROWS = {name: _rows(lines) for name, lines in TABLE.items()}


def _ask(client, method, address):
    """The answer, read to its end: a file would stay open otherwise."""
    body = {"data": "{}", "content_type": "application/json"} if address.is_api and method == "POST" else {}
    answer = getattr(client, method.lower())(address.path, **body)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def _in_table():
    return [address for address in every_address() if address.name in ROWS]


def test_every_address_has_a_name_and_a_row_in_the_table():
    assert [address.path for address in every_address() if not address.name] == []
    assert sorted({address.name for address in every_address()} - set(ROWS)) == []


def test_the_table_names_no_address_that_is_gone():
    assert sorted(set(ROWS) - {address.name for address in every_address()}) == []


@pytest.mark.django_db
def test_nobody_signed_in_gets_nowhere_but_to_the_public_pages(client):
    wrong = []
    for address in _in_table():
        for method, row in ROWS[address.name].items():
            client.logout()
            answer = _ask(client, method, address)
            sent_away = answer.status_code == 302 and answer.url.startswith("/accounts/login/")
            refused = answer.status_code in (401, 403) if address.is_api else sent_away
            if refused == row.is_public and not _leads_to_sign_in(address, answer):
                wrong.append(f"{method} {address.name}: {answer.status_code}")

    assert wrong == []


def _leads_to_sign_in(address, answer):
    """Some of allauth's public pages have nothing to do without a sign-in begun, and lead there."""
    return address.name.startswith(OF_ALLAUTH) and answer.status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role.value for role in Role])
def test_a_role_opens_what_the_table_grants_and_nothing_else(cast, role):
    person = next(person for person in cast.values() if person.role == role)
    client, wrong = Client(raise_request_exception=False), []
    client.force_login(person, backend=BACKEND)
    for address in _in_table():
        if address.name.startswith(OF_ALLAUTH):
            continue
        for method, row in ROWS[address.name].items():
            status = _ask(client, method, address).status_code
            if (status != 403) != (role in row.who) or status >= 500 or status == 405:
                wrong.append(f"{method} {address.name}: {status}")

    assert wrong == []


@pytest.mark.django_db
def test_a_method_the_table_does_not_name_is_refused(cast):
    client, wrong = Client(), []
    for address in _in_table():
        if address.name.startswith(OF_ALLAUTH):
            continue
        rows = ROWS[address.name]
        may_all = frozenset.intersection(*(row.who for row in rows.values()))
        client.force_login(next(person for person in cast.values() if person.role in may_all), backend=BACKEND)
        for method in {"GET", "POST", "PUT", "DELETE"} - set(rows):
            status = _ask(client, method, address).status_code
            if status != 405:
                wrong.append(f"{method} {address.name}: {status}")

    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "wrong", "two words"])
def test_a_machine_without_a_good_key_gets_nothing(client, secret):
    for address in _in_table():
        if address.is_api:
            for method in ROWS[address.name]:
                answer = getattr(client, method.lower())(address.path, headers={"authorization": f"Key {secret}"})
                assert answer.status_code == 401, address.name


@pytest.mark.django_db
def test_a_key_opens_no_page_made_for_people(client, cast):
    _, secret = ApiKey.issue(user=cast["ada"], name="reports")

    for address in _in_table():
        row = ROWS[address.name].get("GET")
        if row and not address.is_api and not row.is_public:
            answer = client.get(address.path, headers={"authorization": f"Key {secret}"})
            assert answer.status_code == 302, address.name
