"""What is no case is refused in one line that names the field, and the published shape agrees."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from pydantic import ValidationError

from cob.rules import BadCase, determine
from cob.rules.order.case import Case
from tests.cob.rules.order.conftest import checked

SHAPE = jsonschema.Draft202012Validator(
    json.loads(files("cob.rules.order").joinpath("case.schema.json").read_text(encoding="utf-8"))
)
BACKWARDS = {"from": "2020-01-01", "to": "2019-01-01"}
NOT_SHAPES = [
    ("id", 7),
    ("patient", ""),
    ("people", {}),
    ("coverages", None),
    ("coverages.0.kind", "hmo"),
    ("coverages.0.id", ""),
    ("coverages.0.effective", "2018-13-01"),
    ("coverages.0.effective", 20180101),
    ("coverages.0.enrolled", 1),
    ("coverages.0.state", "Ny"),
    ("coverages.0.plan_year_start", "13-01"),
    ("coverages.0.employer", {"size": "50"}),
    ("coverages.0.employment", {"prior_year_net_cents": 1.5}),
    ("coverages.0.unheard_of", None),
    ("claim.dos", None),
    ("claim.related_to", []),
    ("claim.related_to", ["none", "work"]),
    ("claim.related_to", ["work", "work"]),
    ("medicare", None),
    ("accident", {"no_fault": {"paid_to_date_cents": -1}}),
    ("options", None),
    ("options", {"nf_order": None}),
    ("options", {"dependent_age_end": "STATE_AGE(25)"}),
    ("options", {"medicaid_cse_days": 60}),
    ("options", {"term_date_is_last_day": "TRUE"}),
]
SHAPES = [
    ("child", None),
    ("accident", {"no_fault": None}),
    ("medicare", {"part_a": {"from": "2024-01-01"}, "basis": {"age": None}}),
    ("claim.related_to", None),
    ("coverages.0.payer", None),
    ("options", {"dependent_age_end": "STATE_AGE(30)", "medicaid_cse_days": 30, "newborn_auto_days": 0}),
]


def changed(case, path, value):
    holder = case
    keys = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys[:-1]:
        holder = holder[key]
    holder[keys[-1]] = value
    return case


@pytest.mark.parametrize(("path", "value"), NOT_SHAPES, ids=lambda value: str(value))
def test_another_shape_is_refused_by_the_model_and_by_the_published_schema(case_of, path, value):
    raw = changed(case_of("T1"), path, value)

    assert list(SHAPE.iter_errors(raw)) != []
    with pytest.raises(BadCase) as refused:
        determine(raw)
    assert str(refused.value).startswith(path.split(".")[0])
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("path", "value"), SHAPES, ids=lambda value: str(value))
def test_a_shape_the_schema_allows_is_read(case_of, path, value):
    raw = changed(case_of("T1"), path, value)

    assert list(SHAPE.iter_errors(raw)) == []
    try:
        Case.model_validate(raw)
    except ValidationError as refused:
        pytest.fail(str(refused))


def test_every_checked_case_has_the_published_shape():
    assert [row["id"] for row in checked() if list(SHAPE.iter_errors(row["case"]))] == []


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        ("patient", "nobody", "patient"),
        ("coverages.0.subscriber", "nobody", "coverages.0.subscriber"),
        ("coverages.1.id", "own", "coverages"),
        ("coverages.0.supplements", "nothing", "coverages.0.supplements"),
        ("coverages.0.carve_out_of", "own", "coverages.0.carve_out_of"),
        ("people.spouse.spouse", "nobody", "people.spouse.spouse"),
        ("child", {"custodial_parent": "nobody"}, "child.custodial_parent"),
        ("child", {"decree": {"responsible_parent": "nobody"}}, "child.decree.responsible_parent"),
        ("medicare", {"basis": {"age": "2020-01"}}, "coverages"),
        ("coverages.0.kind", "medicare", "medicare"),
        ("claim.dos", "2026-02-30", "claim.dos"),
        ("claim.dos", "1890-01-01", "people.P.birth_date"),
        ("coverages.0.last_covered_day", "2001-01-01", "coverages.0.last_covered_day"),
        ("coverages.1.kind", "hmo", "coverages.1.kind"),
    ],
    ids=lambda value: str(value),
)
def test_what_leads_nowhere_is_refused_by_name(case_of, path, value, names):
    with pytest.raises(BadCase, match=f"^{names}:"):
        determine(changed(case_of("T1"), path, value))


def test_a_supplement_that_is_in_order_hides_no_missing_card(case_of):
    case = changed(changed(case_of("T1"), "coverages.1.supplements", "own"), "medicare", {})

    with pytest.raises(BadCase, match=r"^coverages: expected a medicare"):
        determine(case)


def test_of_several_loose_ends_names_are_told_before_days_and_days_before_what_belongs_together(case_of):
    loose = [
        ("people.spouse.spouse", "nobody", "people.spouse.spouse"), ("claim.dos", "1890-01-01", "people.P.birth_date"),
        ("coverages.0.last_covered_day", "2001-01-01", "coverages.0.last_covered_day"),
        ("medicare", {"part_a": BACKWARDS, "part_b": BACKWARDS}, "medicare.part_a.to"),
        ("medicare", {"part_b": BACKWARDS}, "medicare.part_b.to"),
        ("coverages.1.id", "own", "coverages: the id"), ("coverages.0.supplements", "none", "coverages.0.supplements"),
        ("medicare", {}, "coverages: expected a medicare"),
    ]  # fmt: skip
    for place, (path, value, told) in enumerate(loose):
        for other, wrong, _ in loose[place + 1 :]:
            if other != path:
                with pytest.raises(BadCase, match=f"^{told}"):
                    determine(changed(changed(case_of("T1"), path, value), other, wrong))


@pytest.mark.parametrize("word", ["equal", "none"])
def test_a_person_is_not_called_by_an_answer_about_custody(case_of, word):
    case = case_of("T1")
    case["people"][word] = {"relation": "mother"}

    with pytest.raises(BadCase, match=f"people.{word}: that word is an answer about custody"):
        determine(case)


def test_an_age_no_state_has_is_refused_with_what_may_be_chosen(case_of):
    case = case_of("T1") | {"options": {"dependent_age_end": "STATE_AGE(25)"}}

    with pytest.raises(BadCase, match=r"expected BIRTHDAY_EVE, END_OF_MONTH, END_OF_YEAR, or STATE_AGE\(n\)"):
        determine(case)


def test_plans_that_supplement_each_other_are_refused(case_of):
    raw = case_of("T1")
    raw["coverages"][0]["supplements"] = "spouse"
    raw["coverages"][1]["supplements"] = "own"

    with pytest.raises(BadCase, match="leads back"):
        determine(raw)


@pytest.mark.parametrize(("count", "is_read"), [(40, True), (41, False), (50, False)])
def test_more_cards_than_anybody_carries_are_refused(case_of, count, is_read):
    raw = case_of("T1")
    card = {"kind": "discount_card"}
    raw["coverages"] += [{**card, "id": f"card {n}"} for n in range(count - len(raw["coverages"]))]

    if is_read:
        assert len(determine(raw).order) == 2
    else:
        with pytest.raises(BadCase, match=f"^coverages: {count} are more than the 40"):
            determine(raw)


@pytest.mark.parametrize(("last", "is_read"), [("2018-01-01", True), ("2017-12-31", False)])
def test_a_coverage_may_last_one_day_but_not_end_before_it_begins(case_of, last, is_read):
    raw = changed(case_of("T1"), "coverages.0.effective", "2018-01-01")
    raw["coverages"][0]["last_covered_day"] = last

    if is_read:
        assert determine(raw).order
    else:
        with pytest.raises(BadCase, match=r"^coverages\.0\.last_covered_day: 2017-12-31 is before the start"):
            determine(raw)


def test_a_medicare_part_that_ends_before_it_begins_is_refused(case_of):
    raw = case_of("T67")
    raw["medicare"]["part_b"] = {"from": "2024-02-01", "to": "2024-01-31"}

    with pytest.raises(BadCase, match=r"^medicare\.part_b\.to: "):
        determine(raw)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"claim": {"dos": "nope"}}, "claim.dos: expected a date written YYYY-MM-DD; correct the value"),
        ({"claim": {"dos": "nope"}, "patient": 3}, "claim.dos: .* .and 1 more.$"),
        ({"claim": {"dos": "nope"}, "patient": 3, "people": 4}, "claim.dos: .* .and 2 more.$"),
    ],
    ids=["one", "two", "three"],
)
def test_of_several_wrong_values_the_first_is_named_and_the_others_counted(case_of, wrong, said):
    with pytest.raises(BadCase, match=said) as refused:
        determine(case_of("T1") | wrong)

    assert ("more" in str(refused.value)) == (len(wrong) > 1)
