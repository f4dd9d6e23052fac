"""Whatever the rules may ask has words, a way of being answered, and answers the desk can keep."""

from __future__ import annotations

import pytest

from cob.coverage import catalogue
from cob.coverage.answers import answer_field
from cob.coverage.catalogue import Way
from cob.coverage.facts import check
from cob.coverage.questionnaires import facts_for_kind
from cob.coverage.wording import answered, readable, say, within
from cob.rules.order.questions import ASK

PEOPLE = ("birth_month_day", "spouse")


def _key(asked):
    if asked == "patient.birth_date":
        return "people.birth_date"
    return f"people.{asked}" if asked in PEOPLE else asked


@pytest.mark.parametrize("asked", sorted(ASK))
def test_every_question_of_the_rules_has_a_field(asked):
    entry = catalogue.ENTRIES[_key(asked)]

    field = answer_field(entry, offered=(("P", "The patient"),), as_cards=True)

    assert field.label == entry.label


@pytest.mark.parametrize("asked", sorted(key for key, (_, _, choices) in ASK.items() if choices))
def test_every_answer_the_rules_offer_can_be_kept(amara, asked):
    own = f"coverages.{amara.job.pk}."
    path = asked if asked.partition(".")[0] in ("child", "medicare", "accident", "military", "va") else own + asked

    for choice in ASK[asked][2]:
        check(amara, path, choice)
        assert say(path, choice, {}) != str(choice) or catalogue.entry(path).way is Way.STATE


@pytest.mark.parametrize("kind", [value for value, _ in catalogue.ENTRIES["kind"].choices])
def test_the_facts_a_kind_brings_along_are_in_the_catalogue(kind):
    assert all(path.removeprefix("coverage.") in catalogue.ENTRIES for path in facts_for_kind(kind))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("medicare.part_a", {"from": "2024-06-01", "to": None}, "from 06/01/2024, no end date"),
        ("medicare.part_a", {"from": "2024-06-01"}, "from 06/01/2024, end not known"),
        ("medicare.part_a", {"to": "2025-01-31"}, "start not known until 01/31/2025"),
        ("medicare.part_a", "never", "Never enrolled"),
        ("medicare.basis", {"age": "2024-06", "esrd": None}, "Age 65 from 06/2024 and Kidney failure"),
        ("medicare.basis.age", "2024-06", "06/2024"),
        ("child.custodial_parent", "m", "Ines Castellane"),
        ("child.custodial_parent", "equal", "both parents equally"),
        ("claim.related_to", ["auto", "work"], "A vehicle, Work"),
        ("accident.no_fault.paid_to_date_cents", 125050, "$1,250.50"),
        ("coverages.A.employment.last_day", "never", "Still employed"),
        ("people.m.birth_month_day", "03-15", "03/15"),
        ("medicare.qmb", None, "not known any more"),
    ],
)
def test_a_fact_reads_as_it_is_said(path, value, said):
    assert say(path, value, {"m": "Ines Castellane"}) == said


def test_ids_inside_a_verdict_read_as_names_and_the_letter_of_the_first_payer_stays():
    verdict = {
        "order": ["u1"],
        "positions": [{"coverage": "u1", "responsibility": "P", "because": "u1 is in the name of u2"}],
        "branches": [{"assuming": [{"fact": "coverages.u1.subscriber", "value": "P"}], "order": ["u1"]}],
    }

    told = readable(verdict, {"P": "the patient", "u1": "Harbor", "u2": "Ines"})

    assert told["order"] == ["u1"]
    assert told["positions"][0] == {"coverage": "u1", "responsibility": "P", "because": "Harbor is in the name of Ines"}
    assert told["branches"][0]["assuming"][0] == {"fact": "coverages.u1.subscriber", "value": "the patient"}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("coverages.A.employer.size", "Employees at the employer"),
        ("coverages.A.1.employer.size", "Employees at the employer"),
        ("claim.dos", "Date of service"),
        ("people.mom.birth_date", "Date of birth"),
        ("medicare.esrd.first_dialysis", "First dialysis"),
        ("options.term_date_is_last_day", "Options term date is last day"),
    ],
)
def test_a_fact_is_named_in_words_asked_for_or_not(path, said):
    assert catalogue.label(path, ("A", "A.1", "mom")) == said


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("coverages.A.1.employer.size", "<20", "Fewer than 20"),
        ("coverages.A.1.employment.status", "rehired_retiree", "Retired and rehired"),
        ("coverages.A.1.subscriber", "mom", "the mother"),
        ("coverages.A.1.last_covered_day", None, "No end date"),
        ("coverages.A.1.supplements", "A.1", "Harbor"),
        ("child.custodial_parent", "none", "does not apply"),
        ("medicare.part_b", None, "Never enrolled"),
        ("medicare.part_b.from", "2024-06-01", "06/01/2024"),
        ("medicare.basis", {"age": "2024-06", "esrd": None}, "Age 65 from 06/2024 and Kidney failure"),
        ("claim.service", "excluded_by_medicare", "Never covered by Medicare"),
        ("claim.emergency", None, "not known"),
        ("nobody.knows_this", ["one_thing", True], "one thing, Yes"),
        ("nobody.knows_this", {"end_of": "2026-01-31"}, "end of 01/31/2026"),
    ],
)
def test_a_value_is_said_in_words_whatever_its_shape(path, value, said):
    assert answered(path, value, {"A.1": "Harbor", "mom": "the mother"}) == said


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("coverages.A.employer.size", "<20", "fewer than 20"),
        ("coverages.A.continuation", "cobra", "COBRA"),
        ("child.custodial_parent", "mom", "Maria Boateng"),
        ("claim.related_to", ["wtc"], "World Trade Center"),
        ("coverages.A.denial", "says_medicare_first", "says Medicare is first"),
    ],
)
def test_an_answer_inside_a_sentence_begins_small_unless_it_is_a_name(path, value, said):
    names = {"A": "Harbor", "mom": "Maria Boateng"}

    assert within(path, answered(path, value, names), names) == said
