"""Machines get the texts beside the verdict, and the verdict itself untouched."""

from __future__ import annotations

import json
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from cob.accounts.models import ApiKey
from cob.audit.models import EventPatient
from cob.coverage import actions
from cob.coverage.models import Determination
from cob.rules import determine
from cob.ui.sample_cases import CASES
from tests.cob.coverage.conftest import DAY, acted, amara, settled  # noqa: F401 - Amara is theirs

EXPLAIN = "/api/v1/determinations/explain"


@pytest.fixture
def call(client):
    def do(user, method, url, body=None):
        _, secret = ApiKey.issue(user=user, name="machine")
        data = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        headers = {"Authorization": f"Key {secret}"}
        return getattr(client, method)(url, data=data, content_type="application/json", headers=headers)

    return do


@pytest.fixture
def stored(settled, acted):  # noqa: F811
    return actions.determine(patient=settled, service_on=DAY, by=acted)


def _of(row):
    return reverse("api-determination", args=[row.pk])


@pytest.mark.parametrize("status", sorted(CASES))
def test_a_case_is_explained_and_nothing_stored(call, ana, status):
    answer = call(ana, "post", EXPLAIN, CASES[status])

    body = answer.json()
    assert answer.status_code == 200
    assert body["verdict"] == determine(CASES[status]).as_json()
    assert set(body["text"]) == {"answer", "phone", "appeal", "patient"}
    assert Determination.objects.count() == 0


@pytest.mark.parametrize(("body", "field"), [([], "the case"), ("{", "the case"), ({"id": "x"}, "claim")])
def test_a_malformed_case_is_refused_and_names_the_field(call, ana, body, field):
    answer = call(ana, "post", EXPLAIN, body)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_verdict_on_file_comes_with_its_texts(call, ana, stored):
    body = call(ana, "get", _of(stored)).json()

    assert (body["id"], body["verdict"]) == (str(stored.pk), stored.verdict)
    assert "Primary Harbor Health, secondary Medicare" in body["text"]["answer"]
    assert f"Please call {stored.patient.site}" in body["text"]["patient"]
    assert str(stored.order[0]) not in " ".join(body["text"].values())


@pytest.mark.parametrize(
    ("who", "explains", "reads"), [("ana", 200, 200), ("ira", 403, 200), ("ada", 403, 403), ("kit", 200, 404)]
)
def test_who_may_explain_and_read(call, cast, stored, who, explains, reads):
    assert call(cast[who], "post", EXPLAIN, CASES["tie"]).status_code == explains
    assert call(cast[who], "get", _of(stored)).status_code == reads


def test_a_verdict_that_is_not_there_is_404(call, ana, db):
    assert call(ana, "get", reverse("api-determination", args=[uuid4()])).status_code == 404


def test_reading_a_verdict_is_a_look_at_the_patient(call, ana, stored):
    call(ana, "get", _of(stored))

    assert EventPatient.objects.filter(event__verb="saw", patient_id=stored.patient_id, event__actor_id=ana.pk).exists()


def test_the_document_describes_both(call, ana):
    schema = call(ana, "get", f"{reverse('api-schema')}?format=json").json()

    assert set(schema["paths"]["/api/v1/determinations/{id}/"]) == {"get"}
    assert set(schema["components"]["schemas"]["Text"]["properties"]) == {"answer", "phone", "appeal", "patient"}
    assert EXPLAIN in schema["paths"]


def _run(monkeypatch, case, *options):
    out, err = StringIO(), StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    status = 0
    try:
        call_command("determine", case, *options)
    except SystemExit as ended:
        status = ended.code
    return status, out.getvalue(), err.getvalue()


def test_the_command_says_it_in_words_when_asked(monkeypatch, tmp_path):
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASES["determined"]))

    status, said, _ = _run(monkeypatch, str(file), "--explain")
    _, json_said, _ = _run(monkeypatch, str(file))

    assert status == 0
    assert said.startswith("WHO PAYS FIRST ON 03/10/2026\nPrimary Acorn Health PPO")
    assert json.loads(json_said) == determine(CASES["determined"]).as_json()


def test_the_command_refuses_what_it_cannot_read_in_either_way(monkeypatch, tmp_path):
    file = tmp_path / "case.json"
    file.write_text("{")

    assert _run(monkeypatch, str(file), "--explain") == _run(monkeypatch, str(file))
    assert _run(monkeypatch, str(file), "--explain")[0] == 2
