"""One verdict said four ways: each text says what its listener needs, and none a word of the contract."""

from __future__ import annotations

import json
import re

import pytest

from cob.rules.checked import checked_cases
from cob.ui.explaining import explained_case
from cob.ui.sample_cases import CASES, card, overridden
from cob.ui.saying import STYLES, as_text, say, texts
from tests.reading_ease import grade, sentences, words

STATUSES = sorted(CASES)
# A word of the contract, a path, an id, a brace, a day written the machine's way, a Python value.
RAW = re.compile(
    r"[{}<>]|\b\w+_\w+\b|\b(coverages|people|claim|medicare|child)\.[a-z]|\bcid\d|\bkey\d|\b20-99\b|100\+"
    r"|\b\d{4}-\d{2}-\d{2}\b|\b(None(?! of)|True|False|null|(?<!be )true|false)\b|\(\)|  |\.\.|: \.|“”"
)


def _why(name):
    return overridden() if name == "override" else card(name)


def _renamed(case):
    """The case with ids nobody would say aloud, and no payer named: what leaks is then seen."""
    ids = {entry["id"]: f"cid{at}" for at, entry in enumerate(case["coverages"])}
    keys = {key: f"key{at}" for at, key in enumerate(case["people"])}
    case = json.loads(json.dumps(case))
    for entry in case["coverages"]:
        entry["id"] = ids[entry["id"]]
        del entry["payer"]
        for name in ("carve_out_of", "supplements"):
            if entry.get(name):
                entry[name] = ids[entry[name]]
        if "subscriber" in entry:
            entry["subscriber"] = keys[entry["subscriber"]]
    case["patient"] = keys[case["patient"]]
    case["people"] = {keys[key]: person for key, person in case["people"].items()}
    for person in case["people"].values():
        if person.get("spouse"):
            person["spouse"] = keys[person["spouse"]]
    child = case.get("child") or {}
    for holder, name in ((child, "custodial_parent"), (child.get("decree") or {}, "responsible_parent")):
        if holder.get(name) in keys:
            holder[name] = keys[holder[name]]
    return case


@pytest.mark.parametrize("story", checked_cases(), ids=lambda story: story["id"])
def test_no_text_of_any_checked_case_says_a_word_of_the_contract_and_a_patient_can_read_theirs(story):
    said = explained_case(_renamed(story["case"]))

    assert said["verdict"]["status"] == story["expect"]["status"]
    assert set(said["text"]) == set(STYLES)
    for style, text in said["text"].items():
        assert text.strip()
        assert (style, RAW.findall(text)) == (style, [])
    _is_easy(said["text"]["patient"], said["verdict"]["questions"])


def _is_easy(text, questions):
    """All but the question itself, which is the rules' own and is read out by staff."""
    for question in questions:
        text = text.replace(question["ask"], "")

    assert max(len(words(one)) for one in sentences(text)) <= 26
    assert grade(text) <= 6
    assert not re.search(r"CFR|USC|§|secondary|tertiary|\[", text)


@pytest.mark.parametrize(
    ("name", "style", "parts"),
    [
        ("determined", "answer", ["Primary Acorn Health PPO, secondary Medicare Part B", "42 USC 1395y", "MSP-WA-20",
                                  "Source read in full", "20 to 99 [employer letter, 01/15/2026]",
                                  "If “Fewer than 20”: Primary Medicare Part B"]),
        ("determined", "phone", ["[member ID]", "03/10/2026", "“We determined this order: Primary", "42 CFR 411.172",
                                 "Which order do you show", "Since when", "From what source", "reference number"]),
        ("determined", "appeal", ["For the date of service 03/10/2026", "It places Acorn Health PPO and Medicare",
                                  "(read in full)", "employer letter, 01/15/2026", "How sure", "We ask you to"]),
        ("determined", "patient", ["We will bill Acorn Health PPO first", "Then we bill Medicare Part B",
                                   "After that, we bill State Medicaid", "Please call", "This is not a bill",
                                   "not legal advice"]),
        ("likely", "answer", ["Likely, not certain", "UNCONFIRMED", "NAIC-6D2b-i-SP", "ask which of them"]),
        ("likely", "phone", ["This is likely and not certain", "UNCONFIRMED"]),
        ("likely", "appeal", ["likely and not certain. UNCONFIRMED: rule NAIC-6D2b-i-SP"]),
        ("likely", "patient", ["We are not yet sure of this order"]),
        ("needs_facts", "answer", ["One answer settles the order", "Last in every case: State Medicaid",
                                   "If fewer than 20, then Medicare Part B, then Acorn Health PPO, then State"]),
        ("needs_facts", "phone", ["We cannot tell the order yet", "About how many people"]),
        ("needs_facts", "appeal", ["no ground before this is known"]),
        ("needs_facts", "patient", ["We do not know yet", "State Medicaid will come last", "About how many people"]),
        ("tie", "answer", ["Acorn Health PPO and Birch Mutual share equally", "Call each plan", "30 days"]),
        ("tie", "phone", ["each pays an equal share", "Do you agree to pay an equal share?"]),
        ("tie", "appeal", ["no rule of coordination of benefits puts one plan first", "pay its equal share"]),
        ("tie", "patient", ["Your plans share the cost", "Birch Mutual"]),
        ("cycle", "answer", ["Proposed: Primary Acorn", "Call each plan", "30 days"]),
        ("cycle", "phone", ["“We propose this order: Primary Acorn", "where is it written?"]),
        ("cycle", "appeal", ["contradict each other, and we propose this order: Primary", "pay in equal shares"]),
        ("cycle", "patient", ["Your plans do not agree", "We will call your plans"]),
        ("data_conflict", "answer", ["cannot both be true", "CHIP-XOR", "Do not bill before that"]),
        ("data_conflict", "phone", ["cannot both be right", "Medicaid and separate CHIP never go together"]),
        ("data_conflict", "appeal", ["no ground yet", "Check eligibility"]),
        ("data_conflict", "patient", ["do not fit together", "both Medicaid and CHIP", "bring all your cards"]),
        ("no_coverage", "answer", ["No coverage pays", "Not in this order".upper(), "12/31/2025"]),
        ("no_coverage", "phone", ["We find no coverage in force"]),
        ("no_coverage", "appeal", ["no ground yet"]),
        ("no_coverage", "patient", ["We did not find a plan", "please tell us soon"]),
        ("override", "answer", ["Decided by a person", "The employer had 14 people all year.", "Letter of 03/05/2026",
                                "The rules say of the same facts: Primary Acorn"]),
        ("override", "phone", ["We have this order on file: Primary Medicare Part B", "Letter of 03/05/2026"]),
        ("override", "appeal", ["we hold that the order of payment is", "Letter of 03/05/2026"]),
        ("override", "patient", ["We will bill Medicare Part B first", "Our staff looked at your plans"]),
    ],
)  # fmt: skip
def test_each_status_says_in_each_style_what_its_listener_needs(name, style, parts):
    text = as_text(say(_why(name), style))

    assert [part for part in parts if part not in text] == []


def test_the_staff_s_reason_is_not_for_the_patient():
    assert "14 people" not in texts(overridden())["patient"]


@pytest.mark.parametrize("name", [*STATUSES, "override"])
def test_the_phone_script_leaves_the_patient_to_the_screen(name):
    script = texts(_why(name))["phone"]

    for blank in ("[patient’s name]", "[date of birth]", "[member ID]", "[your name]"):
        assert blank in script


def test_the_patient_is_told_whom_to_call():
    assert (
        "Please call Main Street at (217) 555-0134." in texts(card("tie"), "Main Street at (217) 555-0134")["patient"]
    )
    assert "Please call our office." in texts(card("tie"))["patient"]


def test_a_list_is_written_with_numbers_where_its_order_counts():
    script = texts(card("tie"))["phone"]

    assert "1. Do you agree" in script
    assert "\n\nASK\n1. " in script


@pytest.mark.parametrize("name", STATUSES)
def test_every_sample_is_what_it_says(name):
    assert card(name).status == name
