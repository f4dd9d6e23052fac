"""The three doors agree: what the API answers is what the library says, and what it refuses names the field."""

from __future__ import annotations

import json
import uuid

import pytest
from django.urls import reverse

from cob.accounts.models import ApiKey
from cob.audit.models import EventPatient
from cob.coverage.models import Determination
from cob.rules import determine
from tests.cob.coverage.conftest import DAY
from tests.factories.coverage import CoverageFactory

PREVIEW = "/api/v1/determinations/preview"
CASE = {
    "id": "T",
    "claim": {"dos": "2026-03-10", "related_to": ["none"]},
    "patient": "P",
    "people": {"P": {"birth_date": "1959-06-01"}},
    "medicare": {
        "part_a": {"from": "2024-06-01", "to": None},
        "part_b": {"from": "2024-06-01", "to": None},
        "basis": {"age": "2024-06"},
        "premium_free_part_a": True,
    },
    "coverages": [
        {
            "id": "A", "kind": "employer", "subscriber": "P", "effective": "2018-01-01", "last_covered_day": None,
            "work_status": "active", "continuation": "none", "employment": {"status": "working"},
        },
        {"id": "M", "kind": "medicare"},
    ],
}  # fmt: skip


@pytest.fixture
def call(client):
    """`call(user, method, url, body)`: with that person's key, as a machine does."""

    def do(user, method, url, body=None):
        _, secret = ApiKey.issue(user=user, name="machine")
        data = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        headers = {"Authorization": f"Key {secret}"}
        return getattr(client, method)(url, data=data, content_type="application/json", headers=headers)

    return do


def _of(patient):
    return reverse("api-patient-determinations", args=[patient.pk])


@pytest.mark.parametrize("size", [None, "<20", "20-99", "100+"])
def test_a_preview_is_the_librarys_own_answer_and_stores_nothing(call, ana, size):
    case = json.loads(json.dumps(CASE))
    case["coverages"][0]["employer"] = {"size": size}

    response = call(ana, "post", PREVIEW, case)

    assert response.status_code == 200
    assert response.json() == determine(case).as_json()
    assert Determination.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({**CASE, "claim": {"dos": "10 March"}}, "claim.dos", id="a date in words"),
        pytest.param({**CASE, "luck": 7}, "luck", id="a key nobody knows"),
        pytest.param(
            {key: CASE[key] for key in CASE if key != "medicare"}, "medicare", id="a card without entitlement"
        ),
        pytest.param([], "the case", id="a list"),
        pytest.param("{", "the case", id="no JSON"),
        pytest.param('{"people": {"P": {}, "P": {}}}', "people.P", id="two people with one key"),
    ],
)
def test_a_malformed_case_is_refused_and_names_the_field(call, ana, body, field):
    response = call(ana, "post", PREVIEW, body)

    assert response.status_code == 422
    assert response.json()["field"] == field
    assert "\n" not in response.json()["error"]


def test_a_verdict_is_put_on_file_once(call, ana, settled):
    first = call(ana, "post", _of(settled), {"service_on": "2026-03-10"})
    again = call(ana, "post", _of(settled), {"service_on": "2026-03-10"})

    row = Determination.objects.get()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["verdict"] == row.verdict == determine(row.case).as_json()
    assert (first.json()["service_on"], first.json()["case"], row.decided_by) == ("2026-03-10", row.case, ana)


def test_the_verdicts_of_a_patient_are_listed_newest_first(call, ana, amara, acted):
    from cob.coverage import actions

    first = actions.determine(patient=amara, service_on=DAY, by=acted)
    actions.tell_fact(patient=amara, path=amara.size, value="<20", told_by="employer", by=acted)
    second = actions.determine(patient=amara, service_on=DAY, by=acted)

    rows = call(ana, "get", _of(amara)).json()

    assert [row["id"] for row in rows] == [str(second.pk), str(first.pk)]
    assert [row["superseded_by"] for row in rows] == [None, str(second.pk)]
    assert rows[0]["supersedes"] == str(first.pk)


@pytest.mark.parametrize("body", [{}, {"service_on": "03/10/2026"}, {"service_on": None}, []])
def test_the_day_of_service_is_needed(call, ana, settled, body):
    response = call(ana, "post", _of(settled), body)

    assert (response.status_code, response.json()["field"]) == (422, "service_on")


@pytest.mark.parametrize(
    ("day", "status", "field"),
    [
        ("1899-12-31", 422, "service_on"),
        ("1900-01-01", 422, "people.P.birth_date"),
        ("2199-12-31", 201, None),
        ("2200-01-01", 422, "service_on"),
        ("9999-12-31", 422, "service_on"),
    ],
)
def test_a_day_no_visit_can_have_is_refused(call, ana, settled, day, status, field):
    answer = call(ana, "post", _of(settled), {"service_on": day})

    assert (answer.status_code, answer.json().get("field")) == (status, field)


def test_a_body_nested_without_end_is_refused_like_other_bad_json(call, ana, settled):
    body = '{"a":' * 20_000 + "1" + "}" * 20_000

    assert call(ana, "post", PREVIEW, body).status_code == 422
    assert call(ana, "post", _of(settled), body).status_code == 422


def test_a_kind_nobody_knows_is_refused_and_named(call, ana, amara, acted):
    nameless = CoverageFactory(patient=amara, kind="")

    response = call(ana, "post", _of(amara), {"service_on": "2026-03-10"})

    assert (response.status_code, response.json()["field"]) == (422, f"coverages.{nameless.pk}.kind")


@pytest.mark.parametrize(
    ("who", "preview", "store", "read"),
    [
        ("ana", 200, 201, 200),
        ("sol", 200, 201, 200),
        ("ira", 403, 403, 200),
        ("pat", 403, 403, 200),
        ("ada", 403, 403, 403),
        ("kit", 200, 404, 404),
    ],
)
def test_who_may_ask_store_and_read(call, cast, settled, who, preview, store, read):
    assert call(cast[who], "post", PREVIEW, CASE).status_code == preview
    assert call(cast[who], "post", _of(settled), {"service_on": "2026-03-10"}).status_code == store
    assert call(cast[who], "get", _of(settled)).status_code == read


def test_nobody_unknown_gets_in(client, settled):
    for url in (PREVIEW, _of(settled)):
        assert client.post(url, {}, content_type="application/json").status_code == 401
    for name in ("api-schema", "api-docs"):
        assert client.get(reverse(name)).status_code == 401


def test_a_patient_who_is_not_there_is_404(call, ana):
    assert call(ana, "get", reverse("api-patient-determinations", args=[uuid.uuid4()])).status_code == 404


def test_reading_verdicts_is_a_look_at_the_patient(call, ana, settled):
    call(ana, "get", _of(settled))

    assert EventPatient.objects.filter(event__verb="saw", patient_id=settled.pk, event__actor_id=ana.pk).exists()


def test_the_document_describes_the_routes(call, sign_in, ana):
    schema = call(ana, "get", f"{reverse('api-schema')}?format=json").json()

    assert "/api/v1/determinations/preview" in schema["paths"]
    assert set(schema["paths"]["/api/v1/patients/{id}/determinations"]) == {"get", "post"}


def test_the_reader_of_the_document_loads_from_our_own_host(sign_in, ana):
    page = sign_in(ana).get(reverse("api-docs"))

    assert page.status_code == 200
    assert b"https://" not in page.content
    assert "script-src 'self';" in page.headers["Content-Security-Policy"] + ";"
