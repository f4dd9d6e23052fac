"""Which facts about a family's plans make another kind of case, in corners `test_kinds.py` leaves out."""

from __future__ import annotations

from itertools import combinations

import pytest

from cob.rules.bulk import by_law
from cob.rules.order.partition import day_of_service, partition
from cob.rules.parameters import trying
from tests.cob.rules.order.kinds import PARENTS, adult, apart, child, job, letters, set_to, two
from tests.cob.rules.order.test_kinds import CASES as OTHERS

PAIRS = list(combinations(["mother", "step", "father", "new"], 2))
KNOWN_END = {"last_covered_day": "2030-01-01"}
LEAP = {"P": {"birth_date": "2000-02-29"}, **PARENTS}
UNKNOWN_STARTS = [job(name, patient_covered_since=None, effective="1995-01-01") for name in ("a", "b")]
TIED = adult(job("a"), job("b"), job("c"))

CASES = {
    "couple of unknown kin, no end by age": adult(
        job(**KNOWN_END), job("s", "S", **KNOWN_END), people={"P": {"birth_date": "1985-06-01"}, "S": {}}
    ),
    "cobra of a plan without the rule": two(continuation="cobra", has_continuation_rule=False),
    "own job of unknown continuation": adult(job(continuation=None, has_continuation_rule=False), job("s", "S")),
    "born on 29 February, END_OF_MONTH": child(options={"dependent_age_end": "END_OF_MONTH"}, people=LEAP),
    "two plans since 1995, starts unknown": adult(*UNKNOWN_STARTS),
    "three plans since 1995, starts unknown": adult(*UNKNOWN_STARTS, job("c", patient_covered_since=None,
                                                                         effective="1995-01-01")),
    "three plans": TIED,
    "couple with a wish about something else": adult(options={"dependent_age_end": "END_OF_MONTH"}),
    "child": child(),
    "child, father named": apart(
        job("m", "mother"),
        job("f", "father", decree_notified_on="2026-03-10", paid_before_notice=True),
        terms="one_parent", responsible_parent="father",
    ),
    "child, father named and nobody said when the plan knew": apart(
        job("m", "mother"), job("f", "father", paid_before_notice=True),
        terms="one_parent", responsible_parent="father",
    ),
}  # fmt: skip

ROWS = {
    # Past 26 nobody is on a plan as a child; under 16 nobody is anybody's spouse.
    "couple of unknown kin, no end by age": [
        ("people.P.birth_date",
         [None, "1985-06-01", "1999-03-10", "1999-03-11", "2000-03-10", "2009-03-11", "2010-03-10", "2010-03-11",
          "2012-01-01"], "ABBCCCCDD"),
    ],
    # Where the plan may be a dependent's or the employee's, its length may be read.
    "cobra of a plan without the rule": [
        ("coverages.0.patient_covered_since", ["2017-12-31", "2018-01-01", "2018-01-02", "2019-01-01"], "ABCC"),
    ],
    "own job of unknown continuation": [
        ("coverages.0.patient_covered_since", ["2017-12-31", "2018-01-01", "2018-01-02", "2019-01-01"], "ABCC"),
    ],
    # Two readings of the day on which 26 is reached, and so of the month.
    "born on 29 February, END_OF_MONTH": [
        ("claim.dos", ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-15", "2026-03-31", "2026-04-01",
                       "2027-03-31", "2027-04-01"], "AABBBCCD"),
    ],
    # Starts a year apart are tried from 2000 on, one for each plan; so early no day of service stands for another.
    "two plans since 1995, starts unknown": [
        ("claim.dos", ["2002-05-01", "2002-05-02", "2003-12-30", "2003-12-31", "2004-01-02", "2004-12-30"], "ABCDEE"),
    ],
    "three plans since 1995, starts unknown": [
        ("claim.dos", ["2004-12-30", "2004-12-31", "2005-01-02", "2005-12-30"], "ABCC"),
    ],
    "couple with a wish about something else": [
        ("coverages.0.last_covered_day", ["2026-03-09", "2026-03-10", "2026-03-11"], "ABB"),
    ],
    "three plans": [
        ("coverages.2.carve_out_of", [None, "a", "b"], "ABC"),
        ("coverages.2.supplements", [None, "a", "b"], "ABC"),
    ],
    "child": [
        ("people.father.birth_date",
         [None, "1980-01-31", "1980-05-04", "1980-05-05", "1980-05-06", "1980-12-01"], "ABBCDD"),
    ],
    "child, father named": [
        ("coverages.1.plan_year_start", [None, "01-01", "03-10", "03-11"], "AAAA"),
    ],
    "child, father named and nobody said when the plan knew": [
        ("coverages.1.paid_before_notice", [None, True, False], "ABC"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "path", "values", "kinds"),
    [(name, *row) for name, rows in ROWS.items() for row in rows],
    ids=[f"{name}: {row[0]}" for name, rows in ROWS.items() for row in rows],
)
def test_values_of_one_letter_are_one_kind_and_decided_alike(name, path, values, kinds):
    case = CASES[name]
    if name == "child":
        case = set_to(case, "people.father", {"relation": "father"})
    if name == "cobra of a plan without the rule":
        case = set_to(case, "coverages.0.continuation_was", None)
    assert letters(case, path, values) == kinds


def family(custody, *subscribers):
    """A child whose parents live apart, both married again; nobody's birthday is another's."""
    case = apart(*(job(f"plan of {name}", name) for name in subscribers))
    case["child"]["custodial_parent"] = custody
    case["people"]["new"] = {"relation": "stepparent", "spouse": "father", "birth_month_day": "12-31"}
    return case


@pytest.mark.parametrize("custody", ["mother", "father"])
@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_where_custody_puts_every_plan_in_its_place_no_birthday_makes_another_kind(custody, pair):
    case = family(custody, *pair)
    other = set_to(case, f"people.{pair[0]}.birth_month_day", "12-30")

    assert partition(case) == partition(other)
    assert by_law(case) == by_law(other)


def test_where_two_parents_are_alike_to_custody_their_birthdays_make_another_kind():
    case = family("mother", "father", "other")
    case["people"]["other"] = {"relation": "parent", "birth_month_day": "08-07"}
    earlier, later = case, set_to(case, "people.other.birth_month_day", "08-09")

    assert partition(earlier) != partition(later)


@pytest.mark.parametrize("facts", [{}, {"patient_covered_since": "2019-01-01"}])
def test_two_plans_of_one_parent_are_told_apart_by_their_length(facts):
    case = child(job("m", "mother"), job("n", "mother", patient_covered_since="2018-06-01"), job("f", "father"))
    case["coverages"][1] |= {"patient_covered_since": "2017-06-01"} | facts

    assert (partition(case) == partition(set_to(case, "coverages.1.patient_covered_since", "2020-01-01"))) is bool(
        facts
    )


def renamed(case, names):
    """The case with its people called otherwise."""
    people = {names[key]: dict(person) for key, person in case["people"].items()}
    for person in people.values():
        if person.get("spouse"):
            person["spouse"] = names[person["spouse"]]
    cards = [card | ({"subscriber": names[card["subscriber"]]} if card.get("subscriber") else {})
             for card in case["coverages"]]  # fmt: skip
    other = case | {"patient": names[case["patient"]], "people": people, "coverages": cards}
    if "child" in case:
        words = names | {"equal": "equal", "none": "none", None: None}
        decree = case["child"]["decree"] | {"responsible_parent": words[case["child"]["decree"]["responsible_parent"]]}
        other["child"] = case["child"] | {
            "custodial_parent": words[case["child"]["custodial_parent"]],
            "decree": decree,
        }
    return other


EVERY = OTHERS | CASES | {
    f"custody of the {custody}: {' and '.join(pair)}": family(custody, *pair)
    for custody in ("mother", "father")
    for pair in PAIRS
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("backward", [False, True], ids=["named forward", "named backward"])
def test_what_people_are_called_makes_no_kind_of_its_own(name, backward):
    case = EVERY[name]
    count = len(case["people"])
    names = {key: f"n{count - at if backward else at}" for at, key in enumerate(case["people"])}

    assert partition(renamed(case, names)) == partition(case)


def test_numbers_of_the_law_that_are_only_tried_are_not_remembered():
    name, day = "commercial.child.years", "2026-03-10"
    before = day_of_service(day)

    with trying({name: 30}):
        assert (day_of_service(day).numbers[name], day_of_service(day).version != before.version) == (30, True)
    assert (day_of_service(day).numbers[name], day_of_service(day).version) == (26, before.version)
