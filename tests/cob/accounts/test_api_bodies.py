"""A body that cannot be read is answered alike at every address, to a key and to somebody signed in."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from cob.accounts.models import ApiKey
from tests.factories.claims import ClaimFactory

pytestmark = pytest.mark.django_db
ADDRESSES = {
    "preview": "/api/v1/determinations/preview",
    "explain": "/api/v1/determinations/explain",
    "expected payment": "/api/v1/expected-payments/preview",
    "storing": "/api/v1/patients/{claim.patient_id}/determinations",
    "sending": "/api/v1/claims/{claim.pk}/sendings/1",
}
TOKEN = "t" * 32
BROKEN = {
    "no JSON": b"{",
    "not UTF-8": b'{"id": "\xe9"}',
    "without end": b"[" * 20_000,
    "a number without end": b'{"id": ' + b"9" * 5_000 + b"}",
    "infinity": b'{"id": Infinity}',
    "a key twice": b'{"service_on": "2026-03-10", "service_on": "2026-03-11"}',
    "half a letter": b'{"id": "\\ud800"}',
}


@pytest.fixture(params=["key", "signed in"])
def post(request, main, ben, as_task):
    """`post(name, body)` as a machine with a key, or as a page of somebody signed in, with its form token."""
    claim = ClaimFactory(site=main)
    client = Client(enforce_csrf_checks=True)
    if request.param == "key":
        headers = {"Authorization": f"Key {ApiKey.issue(user=ben, name='machine')[1]}"}
    else:
        client.force_login(ben, backend="cob.accounts.backend.RoleBackend")
        client.cookies["csrftoken"] = TOKEN
        headers = {"X-CSRFToken": TOKEN}

    def do(name, body):
        address = ADDRESSES[name].format(claim=claim)
        return client.post(address, body, content_type="application/json", headers=headers)

    return do


def check(answer):
    said = answer.json()
    assert answer.status_code == 422
    assert set(said) == {"error", "field"}
    assert said["error"]
    assert "\n" not in said["error"]
    assert "sys." not in said["error"]


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_body_that_cannot_be_read_is_422_with_one_sentence(post, name, body):
    check(post(name, body))


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_body_larger_than_is_taken_says_so(post, name, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    answer = post(name, json.dumps({"id": "x" * 2_000}))

    assert (answer.status_code, answer.json()) == (
        413,
        {"error": "The body is larger than 1000 bytes. Send one case at a time.", "field": ""},
    )
