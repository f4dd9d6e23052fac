"""Every rule has a sentence for patients, and a sixth grader could read it."""

from __future__ import annotations

import re

import pytest

import cob.rules  # noqa: F401 - reading the rules fills the book
from cob.rules.plain import plain_sentences, plainly
from cob.rules.reading import BOOK
from tests.reading_ease import grade, sentences, syllables, words

MOST_WORDS, HARDEST_GRADE = 22, 8


def test_every_rule_of_the_book_has_a_sentence_and_no_other_has():
    assert set(plain_sentences()) == set(BOOK)


@pytest.mark.parametrize("rule_id", sorted(plain_sentences()))
def test_a_sixth_grader_could_read_it(rule_id):
    said = plainly(rule_id)

    assert len(sentences(said)) == 1
    assert len(words(said)) <= MOST_WORDS
    assert grade(said) <= HARDEST_GRADE
    assert said[0].isupper()
    assert said.endswith(".")
    assert not re.search(r"CFR|USC|§|\[|payer|coordination|primary|secondary", said)


def test_a_rule_that_is_gone_says_nothing():
    assert plainly("OLD-RULE") == ""


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("plan", 1),
        ("before", 2),
        ("parent", 2),
        ("Medicare", 1),
        ("covered", 2),
        ("started", 2),
        ("people", 2),
        ("65", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_the_measure_tells_hard_from_easy():
    easy = "Medicare pays first. Then we bill the job plan."
    hard = "Coordination of benefits necessitates determination of the applicable primary insurance obligation."

    assert grade(easy) < 4 < 12 < grade(hard)
