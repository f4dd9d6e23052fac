"""The document names what the addresses really answer."""

from __future__ import annotations

import json
import uuid

import pytest
from django.conf import settings as project
from django.urls import reverse

from cob.accounts.models import ApiKey
from cob.rules import expect
from cob.rules.payment.checked import checked_cases
from tests.factories.claims import ClaimFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_task")]
PREVIEW = "/api/v1/determinations/preview"
STORING = "/api/v1/patients/{id}/determinations"
SENDING = "/api/v1/claims/{id}/sendings/{rank}"


@pytest.fixture
def key(ben):
    return {"Authorization": f"Key {ApiKey.issue(user=ben, name='machine')[1]}"}


@pytest.fixture
def document(client, key):
    return client.get(f"{reverse('api-schema')}?format=json", headers=key).json()


def test_every_refusal_an_address_gives_stands_in_it(client, key, document, main, settings, ira):
    """`said`: the address, the verb, and the status it answered."""
    claim, nobody = ClaimFactory(site=main), uuid.uuid4()
    sending = SENDING.format(id=claim.pk, rank=1)
    said = {
        (PREVIEW, "post", client.post(PREVIEW, "{}", content_type="application/json").status_code),
        (PREVIEW, "post", client.post(PREVIEW, "{", content_type="application/json", headers=key).status_code),
        (PREVIEW, "post", client.post(PREVIEW, "x", content_type="text/plain", headers=key).status_code),
        (STORING, "get", client.get(STORING.format(id=nobody), headers=key).status_code),
        (SENDING, "get", client.get(sending, {"frequency": "9"}, headers=key).status_code),
        (SENDING, "get", client.get(SENDING.format(id=nobody, rank=1), headers=key).status_code),
    }
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    large = client.post(sending, json.dumps({"x": "x" * 20}), content_type="application/json", headers=key)
    said.add((SENDING, "post", large.status_code))
    reads = {"Authorization": f"Key {ApiKey.issue(user=ira, name='machine')[1]}"}
    said.add((SENDING, "post", client.post(sending, headers=reads).status_code))

    assert {status for _, _, status in said} == {401, 403, 404, 413, 415, 422}
    for address, verb, status in said:
        assert str(status) in document["paths"][address][verb]["responses"], (address, verb, status)


def test_the_limit_of_calls_is_the_one_that_holds(document):
    rate, _, span = project.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"].partition("/")

    assert span == "min"
    assert f"At most {rate} calls a minute" in document["info"]["description"]
    assert all("429" in verb["responses"] for verbs in document["paths"].values() for verb in verbs.values())


def test_objections_to_a_sending_are_a_list_or_what_is_wrong_with_the_body(document):
    (schema,) = document["paths"][SENDING]["post"]["responses"]["422"]["content"].values()

    assert [one["type"] for one in schema["schema"]["oneOf"]] == ["array", "object"]


def test_whatever_is_asked_and_answered_of_expected_payment_stands_in_the_document(document):
    terms, answer = document["components"]["schemas"]["Terms"], document["components"]["schemas"]["Expected"]
    first = checked_cases()[0]["inputs"]
    alone = {"billed": "10.00", "primary": {"payer_type": "commercial", "allowed": "10.00", "paid": "10.00"}, "id": "a"}
    asked = [*(row["inputs"] for row in checked_cases()), alone, {"lines": [first, first]}]
    said = [expect(one).as_json() for one in asked]

    assert {name for one in asked for name in one} <= set(terms["properties"])
    assert set(terms.get("required", [])) <= set.intersection(*(set(one) for one in asked))
    assert {name for one in said for name in one} <= set(answer["properties"])
    assert set(answer["required"]) <= set.intersection(*(set(one) for one in said))
