"""What unknown facts leave open, worked out once more the plain way: every answer to every fact, two by two."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from itertools import combinations, product
from random import Random
from types import SimpleNamespace

import pytest

from cob.rules import determine, read_case
from cob.rules.bulk import Decider, decided
from cob.rules.order.line import Line
from cob.rules.order.unknowns import branches, flat, questions, telling
from cob.rules.order.verdict import Assumption
from cob.rules.reading import Choice, Leaf, Trace
from tests.cob.rules.order.kinds import adult, disabled, job

VALUES = {"a": (0, 1), "b": (0, 1, 2), "c": ("x", "y"), "d": ([1], [2])}


@dataclass
class Result:
    """What a run of the law comes to, as far as it is read here."""

    key: object
    order: SimpleNamespace = field(default_factory=lambda: line_up([]))
    pairs: tuple = ()


def line_up(groups, conflict=None, **aside):
    said = {name: SimpleNamespace(rule_id=rule) for name, rule in aside.items()}
    return SimpleNamespace(line=Line(groups), aside=said, conflict=conflict)


def leaf(key, notes=(), **assumed):
    """One way: an order of one letter for each plan, and what was assumed for it, `__` for a dot."""
    trace = Trace()
    trace.notes |= dict.fromkeys(notes, "said")
    facts = {name.replace("__", "."): value for name, value in assumed.items()}
    return Leaf(facts, Result(key, line_up([[name] for name in key])), trace)


def grown(random, outcomes, left=tuple(VALUES), assumed=None):
    """The ways of a tree grown at random, in which no way asks for a fact twice."""
    assumed = assumed or {}
    if not left or (assumed and random.random() < 0.35):
        return [(assumed, random.randrange(outcomes))]
    fact = random.choice(left)
    rest = tuple(name for name in left if name != fact)
    return [way for value in VALUES[fact] for way in grown(random, outcomes, rest, assumed | {fact: value})]


def outcome(ways, answers):
    (found,) = [said for assumed, said in ways if all(answers[fact] == value for fact, value in assumed.items())]
    return found


def told_apart(ways, differ):
    """Fact -> pairs of values between which, all other answers alike, the outcome turns."""
    every = [dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values())]
    found = {}
    for one, other in combinations(every, 2):
        changed = [fact for fact in VALUES if one[fact] != other[fact]]
        if len(changed) == 1 and differ(outcome(ways, one), outcome(ways, other)):
            (fact,) = changed
            found.setdefault(fact, set()).add((str(one[fact]), str(other[fact])))
    return found


def said_apart(ways, differ):
    return {
        fact: {
            (str(one), str(other))
            for one, other in combinations(VALUES[fact], 2)
            if test(*[repr(value) if isinstance(value, list) else value for value in (one, other)])
        }
        for fact, test in telling(ways, differ).items()
    }


def far(one, other):
    """Outcomes that differ only when they lie apart by more than one."""
    return abs(one - other) > 1


@pytest.mark.parametrize("differ", [operator.ne, far], ids=["any difference", "some differences"])
@pytest.mark.parametrize("outcomes", [1, 2, 3, 5, 40])
def test_a_fact_is_told_where_it_alone_turns_the_outcome_and_between_just_those_values(outcomes, differ):
    for seed in range(40):
        ways = grown(Random(seed), outcomes)

        assert said_apart(ways, differ) == told_apart(ways, differ), (seed, ways)


def test_facts_are_told_in_the_order_in_which_they_were_first_tried():
    ways = [
        ({"a": 0, "b": 0, "d": 0}, 1),
        ({"a": 0, "b": 0, "d": 1}, 2),
        ({"a": 0, "b": 1}, 3),
        ({"a": 1, "c": 0}, 4),
        ({"a": 1, "c": 1}, 4),
        ({"a": 1, "c": 2}, 5),
    ]

    assert list(telling(ways, operator.ne)) == ["a", "b", "c", "d"]


SIZE, STATUS, SINCE = "coverages.own.employer.size", "coverages.own.employment.status", "coverages.s.effective"
CASE = adult(job(payer="Acme"), job("s", "S"))


def asked(*leaves):
    return [question.fact for question in questions(read_case(CASE), leaves)]


def test_first_is_asked_what_leaves_the_fewest_orders_on_average():
    size, status = {"coverages__own__employer__size": "<20"}, {"coverages__own__employment__status": "working"}
    large, over = {"coverages__own__employer__size": "20-99"}, {"coverages__own__employment__status": "retired"}

    # The size first tried, after which the job leaves two orders of three; small, it leaves two, large, one.
    assert asked(leaf("abc", **size, **status), leaf("acb", **size, **over), leaf("bca", **large)) == [SIZE, STATUS]
    # The job settles it alone; the size was only tried first.
    assert asked(
        leaf("abc", **size, **status), leaf("acb", **size, **over),
        leaf("abc", **large, **status), leaf("acb", **large, **over),
    ) == [STATUS]  # fmt: skip
    # Both matter; each status leaves one order or two, each size two.
    assert asked(
        leaf("abc", **size, **status), leaf("acb", **size, **over),
        leaf("abc", **large, **status), leaf("bca", **large, **over),
    ) == [STATUS, SIZE]  # fmt: skip


def test_what_comes_out_without_a_fact_is_left_by_each_of_its_answers():
    working, over = ({"coverages__own__employment__status": said} for said in ("working", "retired"))
    small, middle, large = ({"coverages__own__employer__size": said} for said in ("<20", "20-99", "100+"))

    # A status leaves 3 or 1 orders, on average 2; a size 1 and the one that comes out without it, also 2.
    assert asked(
        leaf("abc", **working, **small), leaf("acb", **working, **middle), leaf("bac", **working, **large),
        leaf("bca", **over),
    ) == [STATUS, SIZE]  # fmt: skip
    # Two ways without it: a size leaves 1 + 2, a status 2 or 2, a start 1 and the four of the others.
    assert asked(
        leaf("abc", **working, **small), leaf("acb", **working, **middle),
        leaf("bac", **over, coverages__s__effective="2020-01-01"),
        leaf("bca", **over, coverages__s__effective="2021-01-01"),
    ) == [STATUS, SIZE, SINCE]  # fmt: skip


def test_what_can_be_answered_in_one_way_only_is_not_asked():
    size, large = {"coverages__own__employer__size": "<20"}, {"coverages__own__employer__size": "100+"}
    only = {"coverages__own__subscriber": "P"}

    assert asked(leaf("abc", **size, **only), leaf("acb", **large, **only)) == [SIZE]
    assert asked(leaf("abc", **only, **size), leaf("acb", **only, **large)) == [SIZE]


def test_a_question_offers_every_value_that_was_tried_once():
    tried = [
        ("abc", "05-04", "2020-01-01"),
        ("abc", "05-04", "2021-01-01"),
        ("acb", "05-05", None),
        ("bca", "05-06", None),
    ]
    leaves = [
        leaf(order, people__S__birth_month_day=day, **({"coverages__s__effective": since} if since else {}))
        for order, day, since in tried
    ]

    (question,) = questions(read_case(CASE), leaves)

    assert (question.fact, question.choices) == ("people.S.birth_month_day", ["05-04", "05-05", "05-06"])


def choice(key, ways, **assumed):
    facts = tuple((name.replace("__", "."), value) for name, value in assumed.items())
    return Choice(key, facts, leaf("x"), tuple(ways))


def test_of_facts_tried_together_those_are_asked_that_tell_what_matters():
    """Three results of the facts together; only the third leads to another order."""
    ways = [
        ({SIZE: "<20", STATUS: "working"}, "one"),
        ({SIZE: "<20", STATUS: "retired"}, "two"),
        ({SIZE: "100+"}, "three"),
    ]
    one, two, three = (choice(key, ways, coverages__own__employer__size=key) for key in ("one", "two", "three"))
    together = "?side.own"

    def ask(*orders):
        leaves = [leaf(order, **{together: way}) for order, way in zip(orders, (one, two, three), strict=True)]
        return [(question.fact, question.choices) for question in questions(read_case(CASE), leaves)]

    assert [fact for fact, _ in ask("abc", "abc", "bca")] == [SIZE]
    assert [fact for fact, _ in ask("abc", "bca", "bca")] == [SIZE, STATUS]
    assert [fact for fact, _ in ask("abc", "bca", "abc")] == [SIZE, STATUS]
    assert [fact for fact, _ in ask("abc", "acb", "bca")] == [SIZE, STATUS]


def test_facts_tried_together_are_written_one_by_one_in_their_place():
    inner = choice("in", [], b=2)
    outer = Choice("out", (("a", 1), ("?inner", inner)), leaf("x"), ())

    assert list(flat({"first": 0, "?outer": outer, "last": 9}).items()) == [("first", 0), ("a", 1), ("b", 2),
                                                                           ("last", 9)]  # fmt: skip


def ways_of(count):
    """So many ways to two orders; the last way to each assumes least."""
    long = [leaf("ab" if n % 2 else "ba", notes=[f"N{n}"], a=n, b=n) for n in range(count - 2)]
    return [*long, leaf("ba", a=-2), leaf("ab", a=-1)]


@pytest.mark.parametrize(("count", "listed"), [(32, 32), (33, 2)])
def test_up_to_thirty_two_ways_are_listed_and_of_more_the_shortest_to_each_order(count, listed):
    told = branches(ways_of(count))

    assert len(told) == listed
    if listed == 2:
        assert [branch.order for branch in told] == [["b", "a"], ["a", "b"]]
        assert [branch.assuming for branch in told] == [[Assumption("a", -2)], [Assumption("a", -1)]]
        assert set(told[0].rules) == {f"N{n}" for n in range(0, count - 2, 2)}
        assert set(told[1].rules) == {f"N{n}" for n in range(1, count - 2, 2)}


def test_a_way_tells_its_order_and_every_rule_that_had_a_part_in_it():
    order = line_up([["a", "b"], ["c"]], conflict="CONFLICT", gone="ASIDE")
    trace = Trace()
    trace.notes |= {"NOTE": "said"}
    way = Leaf({"coverages.own.last_covered_day": "2026-01-31"}, Result("k", order, (("a", "b", "PAIR"),)), trace)

    (told,) = branches([way])

    assert told.order == ["a", "b", "c"]
    assert told.rules == ["PAIR", "NOTE", "ASIDE", "CONFLICT"]
    assert told.assuming == [Assumption("coverages.own.last_covered_day", "2026-01-31")]


def test_a_code_that_an_unknown_fact_leaves_open_is_not_guessed():
    """Disabled or by now 65, the large employer's plan pays before Medicare, but for another reason."""
    case = disabled(job(employer={"size": "100+"}))
    known, case["people"]["P"] = case["people"]["P"], {}
    verdict = determine(case)

    assert (verdict.status, verdict.order, verdict.msp_type) == ("determined", ["own", "M"], None)
    assert verdict.watch == []
    assert decided(verdict) == Decider().decide(case)
    case["people"]["P"] = known
    assert determine(case).msp_type == "43"


def test_reasons_do_not_depend_on_which_way_was_tried_first():
    """Own or the spouse's, the plan of somebody working is first; by which rule nobody knows."""
    cards = [job("a", None), job("b", "S", work_status="retired")]
    told = []
    for keys in ("PS", "SP"):
        people = {"P": {"birth_date": "1985-06-01"}, "S": {"relation": "spouse"}}
        verdict = determine(adult(*cards, people={key: people[key] for key in keys}))
        told.append((verdict.status, verdict.order, verdict.pairs, {note.rule for note in verdict.notes}))

    assert told[0] == told[1]
    assert told[0][:2] == ("determined", ["a", "b"])
