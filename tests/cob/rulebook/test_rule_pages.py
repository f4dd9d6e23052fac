"""The book of rules on screen: found by a word, an id or a section; each rule with its sources, dates and cases."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cob.rules.entries import entries
from cob.rules.parameters import parameters

BOOK = reverse("rules:rule-list")


@pytest.fixture
def reader(sign_in, dee):
    return sign_in(dee)


def _ids(response):
    return [rule.id for chapter in response.context["chapters"] for rule in chapter.rules]


def test_the_book_shows_every_rule_once_and_every_number(reader):
    response = reader.get(BOOK)

    assert sorted(_ids(response)) == sorted(entries())
    assert {number.name for number in response.context["numbers"]} == set(parameters())
    assert response.context["found"].startswith(f"{len(entries())} rules, ")


@pytest.mark.parametrize(
    ("asked", "wanted", "unwanted"),
    [
        ({"q": "birthday same"}, "NAIC-6D2a-ii", "MSP-COBRA"),
        ({"q": "msp-cobra"}, "MSP-COBRA", "MSP-RETIREE"),
        ({"q": "411.172(d)"}, "MSP-CES-REHIRE", "MSP-CES"),
        ({"q": "last day at work"}, "MSP-RETIREE", "MSP-INDIV"),
        ({"sure": "unconfirmed"}, "GEN-ERISA", "GEN-MA"),
        ({"q": "medicare", "sure": "unconfirmed"}, "MSP-SURVIVOR", "GEN-ERISA"),
    ],
)
def test_a_word_an_id_a_section_or_a_certainty_finds_its_rules(reader, asked, wanted, unwanted):
    found = _ids(reader.get(BOOK, asked))

    assert wanted in found
    assert unwanted not in found


def test_a_number_is_found_by_its_words_and_rules_do_not_crowd_it(reader):
    response = reader.get(BOOK, {"q": "massachusetts"})

    assert [number.value for number in response.context["numbers"]] == ["$2,000.00"]


def test_what_is_not_in_the_book_is_said_and_the_way_back_shown(reader):
    response = reader.get(BOOK, {"q": "no such word"})

    assert response.context["found"] == "0 rules"
    assert "No rule holds these words" in response.content.decode()


def test_a_rule_shows_sentence_source_date_numbers_facts_and_cases(reader):
    text = reader.get(reverse("rules:rule-page", args=["MSP-ESRD-30"])).content.decode()

    assert entries()["MSP-ESRD-30"].rule.sentence in text
    assert 'href="https://www.law.cornell.edu/uscode/text/42/1395y"' in text
    assert "<dt>Since</dt><dd>08/05/1997" in text
    assert "30 months" in text
    assert "medicare.esrd.first_dialysis" in text
    assert "T124" in text


def test_a_case_tells_who_pays_or_what_it_hangs_on(reader):
    page = reader.get(reverse("rules:rule-page", args=["ACC-REL"])).context["page"]

    told = {case.id: (case.label, case.outcome) for case in page.cases}
    assert told["X23"] == (
        "Needs an answer",
        "workers' compensation, then Medicare, then own retiree plan; or Medicare, then own retiree plan",
    )


def test_a_case_that_cannot_be_ranked_names_nobody(reader):
    page = reader.get(reverse("rules:rule-page", args=["GEN-FEHB-DUAL"])).context["page"]

    assert [(case.label, case.outcome) for case in page.cases] == [("Facts contradict", "nobody on file")]


def test_every_rule_has_a_page(reader):
    answers = {rule_id: reader.get(reverse("rules:rule-page", args=[rule_id])).status_code for rule_id in entries()}

    assert set(answers.values()) == {200}


def test_a_rule_nobody_wrote_is_not_found(reader):
    assert reader.get(reverse("rules:rule-page", args=["MSP-NOTHING"])).status_code == 404


def test_the_book_asks_the_database_for_nothing_of_its_own(reader, queries_of):
    of_the_book = queries_of(lambda: reader.get(BOOK))

    assert of_the_book == queries_of(lambda: reader.get(reverse("rules:rule-page", args=["GEN-DOS"])))


def test_everybody_finds_the_book_from_every_page(reader):
    assert f'href="{BOOK}"' in reader.get(reverse("workqueues:my-work")).content.decode()
