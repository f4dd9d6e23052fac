"""The command's body: one case or a stream of them, and what comes of a malformed one."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cob.rules import BadCase, determine
from cob.rules.door import answer_lines, answer_one, as_line, read_json

CASE = {"id": "d", "claim": {"dos": "2026-03-10"}, "patient": "P", "people": {"P": {}}, "coverages": []}
WRONG = {**CASE, "id": "w", "claim": {}}


def line(value):
    return json.dumps(value).encode() + b"\n"


def test_one_case_gives_the_verdict_the_library_gives():
    out, err = io.StringIO(), io.StringIO()

    assert answer_one(line(CASE), out, err) == 0
    assert json.loads(out.getvalue()) == determine(CASE).as_json()
    assert err.getvalue() == ""


@pytest.mark.parametrize("text", [line(WRONG), b"{", b"", b"\xff", b"[1]", b'{"id": NaN}', b"[" * 100_000, b'"text"'])
def test_a_malformed_case_gives_two_and_one_line(text):
    out, err = io.StringIO(), io.StringIO()

    assert answer_one(text, out, err) == 2
    assert out.getvalue() == ""
    assert err.getvalue().count("\n") == 1


def test_a_malformed_line_is_answered_in_its_place_and_the_run_goes_on():
    out = io.StringIO()

    status = answer_lines([line(CASE), line(WRONG), b"\n", b"{\n", line({**CASE, "id": "last"})], out)

    answers = [json.loads(answer) for answer in out.getvalue().splitlines()]
    assert status == 1
    assert [answer["id"] for answer in answers] == ["d", "w", None, "last"]
    assert [("error" in answer) for answer in answers] == [False, True, True, False]
    assert "claim.dos" in answers[1]["error"]


def test_each_answer_is_written_before_the_next_case_is_read():
    out = io.StringIO()
    seen = []

    def cases():
        for _ in range(3):
            seen.append(out.getvalue().count("\n"))
            yield line(CASE)

    assert answer_lines(cases(), out) == 0
    assert seen == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (b'{"id": "a", "id": "b"}', "id"),
        (b'{"people": {"mom": {}, "dad": {}, "mom": {}}}', "people.mom"),
        (b'{"coverages": [{}, {"employer": {"size": "<20", "size": "100+"}}]}', "coverages.1.employer.size"),
    ],
)
def test_a_key_that_stands_twice_is_refused_where_it_stands(text, where):
    with pytest.raises(BadCase, match=f"^{where}: this key stands twice"):
        read_json(text)


WRITTEN = st.text(st.characters(codec="utf-8")) | st.sampled_from(
    ["\x7f", "\x00\x1f\b\f\n\r\t", 'a"\\/b', "é", "\u2028", "§", "\\§ ¶"]
)


@given(WRITTEN)
def test_a_line_is_written_as_json_writes_it(name):
    verdict = determine({**CASE, "id": name})

    assert as_line(verdict.as_json()) == json.dumps(verdict.as_json(), separators=(",", ":"))


@pytest.mark.parametrize("name", ["é", "ñandú", "ééx世界", "\x7f", "日\u2028本", "§", "§6é §§¶"])
def test_letters_beyond_ascii_are_escaped_one_by_one(name):
    assert as_line({"name": name}) == json.dumps({"name": name}, separators=(",", ":"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (rb'{"id": "\ud800"}', r"\\ud800 is half of a letter"),
        (rb'{"id": "a", "\uDC00x": 1}', r"\\uDC00 is half of a letter"),
        (b'{"id": 9' + b"0" * 5_000 + b"}", "a number has 5001 digits"),
        (b'{"id": 1e999}', "1e999 is larger than any number"),
        (b'{"id": -1e999, "id": 1}', "-1e999 is larger than any number"),
    ],
)
def test_what_no_line_could_say_again_is_refused_and_the_next_line_is_answered(text, why):
    with pytest.raises(BadCase, match=why):
        read_json(text)
    out = io.StringIO()

    assert answer_lines([text, json.dumps(CASE).encode()], out) == 1
    assert next(map(list, map(json.loads, out.getvalue().splitlines()))) == ["id", "error"]


def test_a_letter_of_two_halves_is_whole():
    assert read_json(rb'{"id": "\ud83d\ude00"}') == {"id": "\U0001f600"}


@pytest.mark.parametrize("case", [[], {**CASE, "claim": 5}, {**CASE, "people": {"P": 5}}])
def test_no_refusal_names_a_class_of_ours(case):
    with pytest.raises(BadCase, match=r"Input should be a valid dictionary; expected an object in braces"):
        determine(case)
