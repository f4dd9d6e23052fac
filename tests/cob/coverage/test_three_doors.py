"""One case, three doors: the library, the command and the API give every checked case the same answer."""

from __future__ import annotations

import io
import json

import pytest

from cob.accounts.models import ApiKey
from cob.rules import BadCase, determine
from cob.rules.door import answer_lines, answer_one
from tests.cob.rules.order.conftest import checked

PREVIEW = "/api/v1/determinations/preview"
CASES = [pytest.param(row["case"], row["expect"], id=row["id"]) for row in checked()]


@pytest.fixture
def doors(client, ana):
    """The answers of the library, the command, the command by lines, and the API, each as JSON or as the refusal."""
    _, secret = ApiKey.issue(user=ana, name="machine")

    def library(text):
        try:
            return determine(json.loads(text)).as_json()
        except BadCase as refused:
            return str(refused)

    def command(text):
        out, err = io.StringIO(), io.StringIO()
        if answer_one(text, out, err):
            return err.getvalue().removeprefix("determine: ").strip()
        return json.loads(out.getvalue())

    def by_lines(text):
        out = io.StringIO()
        answer_lines([text], out)
        said = json.loads(out.getvalue())
        return said.get("error", said)

    def api(text):
        headers = {"Authorization": f"Key {secret}"}
        said = client.post(PREVIEW, data=text, content_type="application/json", headers=headers).json()
        return said.get("error", said)

    return lambda text: [door(text) for door in (library, command, by_lines, api)]


@pytest.mark.parametrize(("case", "expect"), CASES)
def test_every_checked_case_has_one_answer_at_every_door(doors, case, expect):
    library, *others = doors(json.dumps(case).encode())

    assert library["status"] == expect["status"]
    assert others == [library] * 3


BAD = {
    "an unknown kind": ("coverages.0.kind", lambda case: case["coverages"][0].update(kind="hmo")),
    "fifty coverages": (
        "coverages",
        lambda case: case.update(coverages=[{"id": str(n), "kind": "discount_card"} for n in range(50)]),
    ),
    "one id twice": ("coverages", lambda case: case["coverages"].append(case["coverages"][0])),
    "ended before it began": (
        "coverages.0.last_covered_day",
        lambda case: case["coverages"][0].update(effective="2024-02-02", last_covered_day="2024-02-01"),
    ),
    "born after the visit": ("people.P.birth_date", lambda case: case["people"]["P"].update(birth_date="2026-03-11")),
    "no such day": ("claim.dos", lambda case: case["claim"].update(dos="2026-02-30")),
}


@pytest.mark.parametrize("what", BAD)
def test_every_door_refuses_in_the_same_words_and_names_the_field(doors, what):
    field, spoil = BAD[what]
    case = json.loads(json.dumps(next(row["case"] for row in checked() if row["id"] == "T1")))
    spoil(case)

    library, *others = doors(json.dumps(case).encode())

    assert library.startswith(f"{field}: ")
    assert "\n" not in library
    assert others == [library] * 3


def test_two_people_with_one_key_are_refused_wherever_text_comes_in(doors):
    text = b'{"id": "x", "claim": {"dos": "2026-03-10"}, "patient": "P", "people": {"P": {}, "P": {}}, "coverages": []}'

    _, *others = doors(text)

    assert others == ["people.P: this key stands twice; give everybody and everything a key of its own"] * 3
