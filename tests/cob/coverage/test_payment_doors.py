"""Expected payment through its three doors: the library, the command and the API say the same, or refuse alike."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command

from cob.accounts.models import ApiKey
from cob.rules import BadCase, expect
from cob.rules.door import answer_lines, answer_one, read_json
from cob.rules.payment.checked import checked_cases

PREVIEW = "/api/v1/expected-payments/preview"


def library(text):
    try:
        return expect(json.loads(text)).as_json()
    except BadCase as refused:
        return str(refused)


def payment(text):
    return expect(read_json(text)).as_json()


def command(text):
    out, err = io.StringIO(), io.StringIO()
    status = answer_one(text, out, err, payment, "expect")
    return err.getvalue().removeprefix("expect: ").strip() if status else json.loads(out.getvalue())


def by_lines(text):
    out = io.StringIO()
    answer_lines([text], out, payment)
    said = json.loads(out.getvalue())
    return said.get("error", said)


def test_every_checked_case_and_every_refusal_is_the_same_at_every_door(client, ana):
    _, secret = ApiKey.issue(user=ana, name="machine")
    rows = [row["inputs"] for row in checked_cases()]
    spoilt = [{**rows[0], "billed": wrong} for wrong in ("-1.00", "1.005", "1000000000000", 175)]
    for inputs in [*rows, *spoilt, [], "text"]:
        text = json.dumps(inputs).encode()
        headers = {"Authorization": f"Key {secret}"}
        answer = client.post(PREVIEW, data=text, content_type="application/json", headers=headers)
        said = library(text)
        assert answer.status_code == (200 if isinstance(said, dict) else 422)
        assert command(text) == by_lines(text) == answer.json().get("error", answer.json()) == said
        if isinstance(said, str):
            assert answer.json()["field"] == said.partition(":")[0]


def test_the_command_answers_line_by_line_and_says_by_its_status_what_was_refused(tmp_path, capsys):
    file = tmp_path / "cases.jsonl"
    rows = [json.dumps(row["inputs"]) for row in checked_cases()[:2]]
    file.write_text("\n".join([rows[0], '{"billed": "x"}', rows[1]]))

    with pytest.raises(SystemExit) as some:
        call_command("expect", str(file), jsonl=True)
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    with pytest.raises(SystemExit) as none:
        call_command("expect", str(tmp_path / "nowhere"))

    assert (some.value.code, none.value.code) == (1, 2)
    assert ["error" in answer for answer in answers] == [False, True, False]
    assert "nowhere: No such file" in capsys.readouterr().err
