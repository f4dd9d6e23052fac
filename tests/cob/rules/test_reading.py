"""How facts are read: what is handed out is remembered, what nobody knows is tried, and what decides nothing costs
nothing. The laws here are small ones of the test's own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import cob.rules.reading as reading
from cob.rules.reading import Choice, Facts, Rule, Unknown, hearing, rule


@pytest.fixture
def facts():
    return Facts()


@pytest.fixture
def book(monkeypatch):
    """A book that forgets what a test enters."""
    monkeypatch.setattr(reading, "BOOK", {})
    return reading


def sure(facts, *paths, might_be=(1, 2)):
    """A law that needs some facts nobody knows and says what they came to."""
    return lambda: tuple(facts.fact(path, None, might_be) for path in paths)


def test_a_known_fact_is_handed_out_and_remembered(facts):
    assert facts.fact("a", 0, ()) == 0
    assert facts.fact("b", False, ()) is False
    assert list(facts.trace.used) == ["a", "b"]


def test_an_unknown_fact_names_itself_and_what_it_might_be(facts):
    with pytest.raises(Unknown, match=r"^a$") as unknown:
        facts.fact("a", None, (1, 2))

    assert (unknown.value.path, unknown.value.might_be) == ("a", (1, 2))


def test_what_is_assumed_is_handed_out_instead_even_where_it_is_nothing(facts):
    facts.assumed = {"a": 7, "b": None}

    assert (facts.fact("a", None, ()), facts.fact("b", None, ())) == (7, None)
    assert facts.fact("a", 3, ()) == 3


def test_a_glance_never_asks_and_is_kept_apart_from_what_was_used(facts):
    facts.assumed = {"b": 7}

    assert (facts.glance("a", None), facts.glance("b", None), facts.glance("c", 0)) == (None, 7, 0)
    assert (list(facts.trace.glanced), list(facts.trace.used)) == (["a", "b"], ["c"])


def test_every_way_is_tried_depth_first_with_what_was_assumed_for_it(facts):
    leaves = facts.explore(lambda: "2" if facts.fact("a", None, (1, 2)) == 2 else facts.fact("b", None, "xy"))

    assert [(leaf.result, leaf.assumed) for leaf in leaves] == [
        ("x", {"a": 1, "b": "x"}),
        ("y", {"a": 1, "b": "y"}),
        ("2", {"a": 2}),
    ]
    assert [list(leaf.trace.used) for leaf in leaves] == [["a", "b"], ["a", "b"], ["a"]]


def test_exploring_leaves_no_trace_of_its_own(facts):
    facts.assumed, before = {"z": 1}, facts.trace

    leaves = facts.explore(sure(facts, "a"))

    assert facts.trace is before
    assert not before.used
    assert facts.assumed == {"z": 1}
    assert [leaf.assumed for leaf in leaves] == [{"z": 1, "a": 1}, {"z": 1, "a": 2}]


def test_a_law_that_knows_everything_has_one_way(facts):
    leaves = facts.explore(lambda: facts.fact("a", 5, ()))

    assert [(leaf.result, leaf.assumed) for leaf in leaves] == [(5, {})]


def test_a_fact_outside_is_left_to_whoever_asked(facts):
    with pytest.raises(Unknown, match=r"^b$"):
        facts.explore(sure(facts, "a", "b"), within=frozenset({"a"}))
    with pytest.raises(Unknown, match=r"^b$"):
        facts.explore(sure(facts, "b"), within=frozenset({"a"}))
    assert len(facts.explore(sure(facts, "a"), within=frozenset({"a"}))) == 2


def many(facts, count, *, differ):
    """A law of so many ways, that say something else each or all the same; and what `same` was asked of."""
    return lambda: facts.fact("a", None, range(count)) if differ else facts.fact("a", None, range(count)) and 0


@pytest.mark.parametrize(
    ("count", "most_ways", "most_runs", "found"),
    [
        (10, 5, 100, 5), (5, 5, 100, 5), (4, 5, 100, 4), (10, 100, 5, 5), (5, 100, 5, 5), (10, 100, 100, 10),
        (6, 5, 100, 5), (6, 100, 5, 5),
    ],
)  # fmt: skip
def test_exploring_stops_at_its_bounds_once_two_ways_differ(facts, monkeypatch, count, most_ways, most_runs, found):
    monkeypatch.setattr(reading, "MOST_WAYS", most_ways)
    monkeypatch.setattr(reading, "MOST_RUNS", most_runs)

    assert len(facts.explore(many(facts, count, differ=True), same=lambda said: said)) == found
    assert facts.cut == ({None} if found < count else set())
    facts.start_again()
    assert len(facts.explore(many(facts, count, differ=False), same=lambda said: said)) == count
    assert len(facts.explore(many(facts, count, differ=True))) == count


def test_ways_that_differ_only_beyond_the_bound_end_the_search_there(facts, monkeypatch):
    monkeypatch.setattr(reading, "MOST_WAYS", 3)

    leaves = facts.explore(many(facts, 10, differ=True), same=lambda said: said == 9)

    assert [leaf.result for leaf in leaves] == [0, 1, 9]
    facts.start_again()
    assert len(facts.explore(many(facts, 10, differ=True), same=lambda said: said == 7)) == 5


def test_towards_the_bound_ways_are_tried_from_the_other_end(facts, monkeypatch):
    monkeypatch.setattr(reading, "MOST_WAYS", 4)

    leaves = facts.explore(many(facts, 10, differ=True), same=lambda said: said)

    assert [leaf.result for leaf in leaves] == [0, 1, 2, 9]


def test_what_was_spent_on_one_exploration_counts_for_the_next(facts, monkeypatch):
    monkeypatch.setattr(reading, "MOST_RUNS", 6)

    facts.explore(many(facts, 4, differ=True), same=lambda said: said)
    assert facts.spent == 4
    assert len(facts.explore(many(facts, 9, differ=True), same=lambda said: said)) == 2


def test_a_law_asked_once_is_not_run_again_under_the_same_assumptions(facts):
    runs = []

    def law():
        runs.append(1)
        facts.note(NOTED)
        facts.doubt("D")
        return facts.fact("a", None, (1, 2)), facts.glance("b", None)

    facts.assumed = {"a": 1}
    assert facts.once("law", law) == facts.once("law", law) == (1, None)
    assert len(runs) == 1
    facts.trace = type(facts.trace)()
    facts.once("law", law)
    assert (list(facts.trace.used), list(facts.trace.glanced)) == (["a"], ["b"])
    assert (facts.trace.notes, list(facts.trace.doubts)) == ({"NOTED": "A note."}, ["D"])

    facts.assumed = {"a": 2}
    assert facts.once("law", law) == (2, None)
    facts.assumed = {"a": 2, "b": 9}
    assert facts.once("law", law) == (2, 9)
    assert len(runs) == 3


def test_what_an_answer_looked_for_in_vain_is_remembered_with_it(facts):
    assert facts.once("law", lambda: facts.glance("a", None)) is None

    facts.assumed = {"a": 7}
    assert facts.once("law", lambda: facts.glance("a", None)) == 7


def test_assumed_lists_and_objects_are_told_apart_too(facts):
    for value in ([1], [2], {"x": 1}, {"x": 2}, [1]):
        facts.assumed = {"a": value}
        assert facts.once("law", lambda: facts.fact("a", None, ())) == value


def test_a_law_that_did_not_finish_leaves_the_trace_alone(facts):
    before = facts.trace

    with pytest.raises(Unknown):
        facts.once("law", sure(facts, "a"))

    assert facts.trace is before
    assert not before.used


def noted():
    """A note."""


NOTED = Rule(noted, "NOTED", (), "read in full")


def test_a_note_keeps_its_first_text_and_falls_back_on_the_rules_sentence(facts):
    facts.note(NOTED)
    facts.note(NOTED, "Another.")

    assert facts.trace.notes == {"NOTED": "A note."}


def test_the_latest_doubts_can_be_taken_back(facts):
    for name in "abc":
        facts.doubt(name)

    facts.doubt_no_more_than(1)

    assert list(facts.trace.doubts) == ["a"]


def test_facts_that_lead_to_one_place_are_settled_without_a_question(facts):
    law = lambda: facts.fact("a", None, (1, 2)) > 0  # noqa: E731

    assert facts.settle("?law", law, lambda: frozenset({"a"}), same=lambda said: said) is True
    assert "?law" in facts.trace.glanced
    assert "a" in facts.trace.used


def test_facts_tried_together_come_as_one_question_with_a_choice_for_each_result(facts):
    law = lambda: facts.fact("a", None, (1, 2, 3)) > 1  # noqa: E731

    with pytest.raises(Unknown, match=r"^\?law$") as unknown:
        facts.settle("?law", law, lambda: frozenset({"a"}), same=lambda said: said)

    no, yes = unknown.value.might_be
    assert (no.key, no.assumed, yes.key, yes.assumed) == (False, (("a", 1),), True, (("a", 2),))
    assert [how for _, how in yes.ways] == [False, True, True]
    facts.assumed = {"?law": yes}
    assert facts.settle("?law", law, lambda: frozenset({"a"}), same=lambda said: said) is True
    assert isinstance(yes, Choice)


def test_of_several_ways_to_one_result_the_one_that_assumes_least_stands_for_it(facts):
    law = lambda: facts.fact("a", None, (1, 2)) == 2 or facts.fact("b", None, (True, False))  # noqa: E731

    with pytest.raises(Unknown) as unknown:
        facts.settle("?law", law, lambda: frozenset({"a", "b"}), same=lambda said: said)

    assert {choice.key: choice.assumed for choice in unknown.value.might_be} == {
        True: (("a", 2),),
        False: (("a", 1), ("b", False)),
    }


def test_what_a_law_said_before_it_met_the_unknown_is_taken_back(facts):
    facts.note(NOTED)
    facts.doubt("before")

    def law():
        facts.doubt("within")
        facts.trace.notes["X"] = "x"
        return facts.fact("a", None, (1, 2)) > 1

    with pytest.raises(Unknown):
        facts.settle("?law", law, lambda: frozenset({"a"}), same=lambda said: said)

    assert (list(facts.trace.doubts), list(facts.trace.notes)) == (["before"], ["NOTED"])


def test_a_law_that_needs_nothing_unknown_is_simply_asked(facts):
    assert facts.settle("?law", lambda: 7, lambda: frozenset(), same=lambda said: said) == 7
    assert not facts.trace.glanced


def test_what_the_law_might_say_is_found_without_a_question(facts):
    facts.assumed = {"z": 1}
    before = facts.trace

    assert facts.maybe(lambda: facts.fact("a", None, (1, 2)) > 0) == {True}
    assert facts.maybe(lambda: facts.fact("a", None, (1, 2, 3)) > 2) == {True, False}
    assert facts.maybe(lambda: facts.fact("z", None, ())) == {1}
    assert (facts.trace, facts.assumed) == (before, {"z": 1})
    assert list(before.glanced) == ["a", "z"]
    assert not before.used


def test_the_search_for_what_might_be_said_ends_at_two_answers_and_at_its_bound(facts, monkeypatch):
    runs = []

    def law():
        value = facts.fact("a", None, range(9))
        runs.append(value)
        return value

    assert facts.maybe(law) == {0, 1}
    assert runs == [0, 1]
    monkeypatch.setattr(reading, "MOST_RUNS", 3)
    assert facts.maybe(law) == {0, 1}
    monkeypatch.setattr(reading, "MOST_RUNS", 2)
    assert facts.maybe(law) == {0}


def test_an_id_stands_in_the_book_once(book):
    @rule("X-1", "cite a", "cite b", sure="read in part")
    def law():
        """One sentence
        on two lines."""

    entered = book.BOOK["X-1"]
    assert entered is law
    assert (law.cites, law.cite, law.sure, law.sentence, law.where) == (
        ("cite a", "cite b"), "cite a; cite b", "read in part", "One sentence on two lines.", __name__
    )  # fmt: skip
    with pytest.raises(ValueError, match="X-1 is already in the rule book"):
        rule("X-1")(lambda: None)


def test_a_rule_without_a_sentence_says_nothing(book):
    assert rule("X-2")(lambda: None).sentence == ""


def test_asked_rules_are_heard_inside_the_block_alone(book):
    law = rule("X-3")(lambda: 1)
    other = rule("X-4")(lambda: 2)
    last = rule("X-6")(lambda: 3)

    with hearing() as heard:
        assert law() == 1
        law()
        with hearing() as nested:
            other()
        last()
    other()

    assert (list(heard), list(nested)) == (["X-3", "X-6"], ["X-4"])


def test_another_thread_is_not_heard(book):
    law = rule("X-5")(lambda: 1)

    with hearing() as heard, ThreadPoolExecutor(1) as pool:
        pool.submit(law).result()

    assert not heard
