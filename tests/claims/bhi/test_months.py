"""Months of integrated behavioral care: which codes the minutes reach, what was not billed, what stands in the way."""

from __future__ import annotations

import io
import json
import sys

import pytest
from django.core.management import call_command

from claims.bhi.door import answer
from cob.rules import BadCase

FIRST = {"month": "2025-04", "program": "cocm", "first_month": True, "consent": True}
LATER = FIRST | {"first_month": False}
GENERAL = {"month": "2025-04", "program": "bhi", "consent": True}
APCM = {"month": "2026-02", "minutes": 40, "apcm": "G0557", "apcm_same_practitioner": True}


def codes_of(case, **changes):
    said = answer(case | changes)
    return {one["code"]: one["units"] for one in said["codes"]}, said["amount_cents"]


@pytest.mark.parametrize(
    ("case", "minutes", "codes", "cents"),
    [
        (FIRST, 15, {}, 0),
        (FIRST, 16, {"G2214": 1}, 0),
        (FIRST, 35, {"G2214": 1}, 0),
        (FIRST, 36, {"99492": 1}, 145_24),
        (FIRST, 85, {"99492": 1}, 145_24),
        (FIRST, 86, {"99492": 1, "99494": 1}, 201_20),
        (FIRST, 115, {"99492": 1, "99494": 1}, 201_20),
        (FIRST, 116, {"99492": 1, "99494": 2}, 257_16),
        (FIRST, 146, {"99492": 1, "99494": 2}, 257_16),
        (LATER, 15, {}, 0),
        (LATER, 30, {"G2214": 1}, 0),
        (LATER, 31, {"99493": 1}, 133_59),
        (LATER, 75, {"99493": 1}, 133_59),
        (LATER, 76, {"99493": 1, "99494": 1}, 189_55),
        (LATER, 106, {"99493": 1, "99494": 2}, 245_51),
        (LATER, 136, {"99493": 1, "99494": 2}, 245_51),
        (GENERAL, 19, {}, 0),
        (GENERAL, 20, {"99484": 1}, 53_05),
    ],
)
def test_minutes_reach_codes(case, minutes, codes, cents):
    assert codes_of(case, minutes=minutes) == (codes, cents)


@pytest.mark.parametrize(
    ("case", "changes", "codes", "cents"),
    [
        pytest.param(LATER, {"minutes": 75, "time_rule": "strict"}, {"99493": 1}, 133_59, id="no add-on before 90"),
        pytest.param(LATER, {"minutes": 90, "time_rule": "strict"}, {"99493": 1, "99494": 1}, 189_55, id="at 90"),
        pytest.param(FIRST, {"minutes": 60, "time_rule": "strict"}, {"G2214": 1}, 0, id="70 full minutes"),
        pytest.param(FIRST, {"minutes": 29, "time_rule": "strict"}, {}, 0, id="30 full minutes"),
        pytest.param(FIRST, {"minutes": 20, "payer": "commercial"}, {}, 0, id="a payer that need not take G2214"),
        pytest.param(
            FIRST, {"minutes": 20, "payer": "commercial", "takes_g2214": True}, {"G2214": 1}, 0, id="one that does"
        ),
        pytest.param(LATER, {"minutes": 45, "consultant_review": False}, {"99484": 1}, 53_05, id="general instead"),
        pytest.param(LATER, {"minutes": 45, "registry": False, "plan": False}, {}, 0, id="nor that"),
        pytest.param(LATER, {"minutes": 50, "months_since_last": 7}, {"99492": 1}, 145_24, id="a new episode"),
        pytest.param(LATER, {"minutes": 50, "months_since_last": 3}, {"99493": 1}, 133_59, id="the same episode"),
        pytest.param(GENERAL, {"minutes": 24, "practitioner": "clinical_social_worker"}, {"G0323": 1}, 53_05, id="led"),
        pytest.param(LATER, {"month": "2025-11", "setting": "fqhc", "minutes": 62}, {"G0512": 1}, 0, id="the bundle"),
        pytest.param(LATER, {"month": "2025-11", "setting": "fqhc", "minutes": 59}, {}, 0, id="not half of the bundle"),
        pytest.param(LATER, {"month": "2026-01", "setting": "fqhc", "minutes": 40}, {"99493": 1}, 0, id="its end"),
        pytest.param(GENERAL, {"month": "2025-12", "setting": "rhc", "minutes": 25}, {"99484": 1}, 53_05, id="later"),
        pytest.param(GENERAL, {"month": "2025-09", "setting": "rhc", "minutes": 25}, {"G0511": 1}, 54_67, id="G0511"),
        pytest.param(
            GENERAL, {"month": "2025-09", "setting": "rhc", "minutes": 25, "billed": ["99484"]}, {"99484": 1}, 0,
            id="99484 chosen instead",
        ),
        pytest.param(FIRST, {"month": "2026-02", "minutes": 5, "apcm": "G0557"}, {"G0568": 1}, 149_30, id="with APCM"),
        pytest.param(LATER, {"month": "2025-12", "minutes": 40, "apcm": "G0557"}, {"99493": 1}, 133_59, id="before it"),
        pytest.param(
            LATER, {"minutes": 50, "practitioner": "psychologist"}, {"G0323": 1}, 53_05, id="no prescriber bills 99493"
        ),
        pytest.param(
            LATER, APCM | {"consultant_review": False}, {"G0570": 1}, 0, id="with APCM and no consultant: general care"
        ),
        pytest.param(LATER, APCM | {"registry": False, "plan": False}, {}, 0, id="with APCM, nor that"),
        pytest.param(GENERAL, APCM | {"scale": False}, {}, 0, id="general care with APCM needs its scale too"),
        pytest.param(
            GENERAL, APCM | {"practitioner": "psychologist"}, {"G0323": 1}, 0, id="a psychologist has no APCM add-on"
        ),
        pytest.param(
            GENERAL,
            {"month": "2025-03", "setting": "rhc", "minutes": 25, "practitioner": "psychologist", "billed": ["G0323"]},
            {"G0323": 1},
            0,
            id="a clinic's psychologist chose G0323",
        ),
    ],
)  # fmt: skip
def test_payer_place_month_and_what_is_recorded_decide(case, changes, codes, cents):
    assert codes_of(case, **changes) == (codes, cents)


@pytest.mark.parametrize(
    ("case", "changes", "missed", "over", "cents"),
    [
        (LATER, {"minutes": 81, "billed": ["99493"]}, ["99494"], [], 55_96),
        (LATER, {"minutes": 24, "billed": ["99493"]}, ["G2214"], ["99493"], -133_59),
        (FIRST, {"minutes": 82, "billed": ["99493"]}, ["99492"], ["99493"], 11_65),
        (LATER, {"minutes": 50, "billed": ["99493", "90834"]}, [], [], 0),
        (FIRST, {"minutes": 42, "consent": False}, [], [], 0),
        (FIRST, {"minutes": 42, "consent": False, "billed": ["99492"]}, [], ["99492"], -145_24),
    ],
)
def test_what_was_billed_is_held_beside_it(case, changes, missed, over, cents):
    said = answer(case | changes)

    assert ([one["code"] for one in said["missed"]], [one["code"] for one in said["overbilled"]]) == (missed, over)
    assert said["amount_cents"] == cents
    assert ("compliance" in said["because"]) is bool(over)


@pytest.mark.parametrize(
    ("case", "changes", "blocked", "says"),
    [
        (FIRST, {"consent": False}, ["consent"], "Nothing is supported: consent."),
        (FIRST, {"consent": None}, ["consent"], "consent"),
        (GENERAL, {"initiating_visit": False}, ["initiating_visit"], "initiating visit"),
        (LATER, {"consultant_review": False}, ["consultant_review"], "No consultant review is recorded"),
        (LATER, {"consultant_review": False}, ["consultant_review"], "40 minutes support 99484"),
        (LATER, {"practitioner": "clinical_social_worker"}, [], "social worker bills no collaborative care."),
        (
            GENERAL, {"month": "2026-02", "apcm": "G0557", "apcm_same_practitioner": False},
            ["apcm_of_another_practitioner"], "another practitioner",
        ),
        (FIRST, {"minutes": 14}, [], "14 minutes support nothing: 99492 needs 36."),
        (GENERAL, {"minutes": 19}, [], "99484 needs 20, 1 short"),
        (FIRST, {"minutes": 200}, [], "have the minutes reviewed"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_named(case, changes, blocked, says):
    said = answer({"minutes": 40} | case | changes)

    assert said["blocked_by"] == blocked
    assert says in said["because"]


@pytest.mark.parametrize(
    ("case", "unpriced", "unconfirmed"),
    [
        (FIRST | {"minutes": 40}, [], []),
        (FIRST | {"minutes": 20}, ["G2214"], []),
        (FIRST | {"minutes": 40, "month": "2024-04"}, ["99492"], []),
        (GENERAL | {"minutes": 20, "month": "2026-04"}, [], ["the fee of 99484"]),
        (GENERAL | {"minutes": 20, "month": "2025-12", "setting": "rhc"}, [], ["the fee of 99484"]),
        (FIRST | {"minutes": 150}, [], ["at most 2 units of 99494"]),
        (
            LATER | {"minutes": 40, "months_since_last": 6},
            [],
            ["a new episode where the last service was six months ago"],
        ),
        (LATER | APCM, ["G0569"], ["G0569 asks for no minutes"]),
        (
            LATER | APCM | {"apcm_same_practitioner": None},
            ["G0569"],
            ["G0569 asks for no minutes", "that whoever bills G0557 bills G0569"],
        ),
        (
            LATER | {"month": "2025-11", "setting": "rhc", "payer": "commercial", "minutes": 62},
            ["G0512"],
            ["that commercial follows Medicare's codes for clinics"],
        ),
    ],
)
def test_a_fee_nobody_has_and_a_figure_nobody_confirmed_are_told(case, unpriced, unconfirmed):
    said = answer(case)

    assert (said["unpriced"], said["unconfirmed"]) == (unpriced, unconfirmed)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"month": "2025-13"}, "month: expected a month such as 2025-04"),
        ({"minutes": 40.5}, "minutes: expected a whole number"),
        ({"minutes": -1}, "minutes: expected a whole number"),
        ({"minutes": True}, "minutes: expected a whole number"),
        ({"first_month": None}, "first_month: expected true or false"),
        ({"program": "ccm"}, "program: expected one of cocm, bhi"),
        ({"setting": "moon"}, "setting: expected one of non_facility, rhc, fqhc"),
        ({"consent": "yes"}, "consent: expected true or false"),
        ({"billed": "99493"}, "billed: expected a list of codes"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(changes, says):
    with pytest.raises(BadCase, match=says):
        answer(FIRST | {"minutes": 40} | changes)


def test_the_command_answers_each_line_and_goes_on_after_a_bad_one(tmp_path, monkeypatch):
    file, out = tmp_path / "months.jsonl", io.StringIO()
    lines = [FIRST | {"id": 7, "minutes": 82, "billed": ["99493"]}, {"id": 8, "month": "soon"}]
    file.write_text("\n".join(map(json.dumps, lines)))
    monkeypatch.setattr(sys, "stdout", out)

    with pytest.raises(SystemExit) as ended:
        call_command("bhi_months", str(file), "--jsonl")

    good, bad = map(json.loads, out.getvalue().splitlines())
    assert (good["id"], good["codes"], good["missed"]) == (7, [{"code": "99492", "units": 1}], good["codes"])
    assert bad == {"id": 8, "error": "month: expected a month such as 2025-04"}
    assert ended.value.code == 1


@pytest.mark.parametrize("content", [None, "{", '{"month": "soon"}'], ids=["missing", "no JSON", "no month"])
def test_a_file_or_a_case_the_command_cannot_read_ends_it_with_2(content, tmp_path, capsys):
    file = tmp_path / "month.json"
    if content:
        file.write_text(content)

    with pytest.raises(SystemExit) as ended:
        call_command("bhi_months", str(file))

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("bhi_months: ")
