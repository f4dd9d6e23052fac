"""The kinds of patient a practice meets: which coverages, which facts the desk knows, and in which order it bills.

Facts are named by the determination contract relative to their coverage (`employer.size`). `billed` is the order
in which the practice's own system sends; where it differs from the law a denial follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """One coverage of a story: whose, from which payer, and what is known of it."""

    payer: str
    holder: str = "self"
    relationship: str = "self"
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """`ages`: youngest and oldest on the day of the demo. `weight`: how many of every 600 patients."""

    name: str
    weight: int
    ages: tuple[int, int]
    plans: tuple[Plan, ...]
    facts: Facts = field(default_factory=dict)
    related_to: tuple[str, ...] = ()
    medicare: str = ""  # the basis: age, disability, esrd
    captured: bool = True  # False: known only from files, so nobody has said what the coverage is
    unasked: tuple[str, ...] = ()  # facts left unknown, for the desk to ask
    turns: int = 0  # reaches this age within the next weeks, instead of `ages`
    kidney_month: int = 10  # of the thirty, for those with kidney failure
    ends_in_days: int = 0  # the first plan has its last day then


WORKING: Facts = {
    "work_status": "active",
    "continuation": "none",
    "employment.status": "working",
    "employment.on_ssdi": False,
}
RETIRED: Facts = {
    "work_status": "retired",
    "continuation": "none",
    "employment.status": "retired",
    "employment.on_ssdi": False,
}
ON_COBRA: Facts = {
    "work_status": "none",
    "continuation": "cobra",
    "continuation_was": "employee",
    "employment.status": "terminated",
}
BIG: Facts = {"employer.size": "100+"}
MID: Facts = {"employer.size": "20-99"}
SMALL: Facts = {"employer.size": "<20"}


def own(payer: str, *known: Facts) -> Plan:
    return Plan(payer, facts={key: value for facts in known for key, value in facts.items()})


def of(holder: str, relationship: str, payer: str, *known: Facts) -> Plan:
    return Plan(payer, holder, relationship, {key: value for facts in known for key, value in facts.items()})


TOGETHER: Facts = {"child.parents_living_together": True, "child.decree.terms": "none"}

STORIES: tuple[Story, ...] = (
    Story("one employer plan", 150, (19, 63), (own("bluestem", WORKING, MID),)),
    Story("one employer plan at another payer", 60, (19, 63), (own("cascade", WORKING, BIG),)),
    Story("an individual policy", 20, (20, 62), (own("individual"),)),
    Story("Medicaid only", 40, (19, 60), (own("medicaid"),)),
    Story(
        "own plan and spouse's plan",
        55,
        (25, 62),
        (own("bluestem", WORKING, MID), of("spouse", "spouse", "meridian", WORKING, BIG)),
    ),
    Story(
        "own COBRA and spouse's active plan",
        12,
        (30, 60),
        (own("cascade", ON_COBRA, MID), of("spouse", "spouse", "bluestem", WORKING, BIG)),
    ),
    Story(
        "child of two plans, parents together",
        45,
        (1, 17),
        (of("mother", "child", "bluestem", WORKING, MID), of("father", "child", "cascade", WORKING, BIG)),
        TOGETHER,
    ),
    Story(
        "child of two plans, a birthday nobody asked",
        8,
        (1, 17),
        (of("mother", "child", "bluestem", WORKING, MID), of("father", "child", "meridian", WORKING, BIG)),
        TOGETHER,
        unasked=("people.father.birth_date",),
    ),
    Story(
        "child, decree names the father",
        12,
        (2, 17),
        (of("mother", "child", "cascade", WORKING, MID), of("father", "child", "meridian", WORKING, BIG)),
        {
            "child.parents_living_together": False,
            "child.custodial_parent": "mother",
            "child.decree.terms": "one_parent",
            "child.decree.responsible_parent": "father",
        },
    ),
    Story(
        "child, parents apart, no decree",
        10,
        (2, 17),
        (of("father", "child", "bluestem", WORKING, MID), of("mother", "child", "meridian", WORKING, BIG)),
        {
            "child.parents_living_together": False,
            "child.custodial_parent": "mother",
            "child.decree.terms": "none",
        },
    ),
    Story("Medicare and Medigap", 60, (67, 88), (own("medicare"), own("medigap")), medicare="age"),
    Story("Medicare alone", 12, (66, 85), (own("medicare"),), {"medicare.qmb": False}, medicare="age"),
    Story("Medicare Advantage", 12, (66, 85), (own("advantage"),), medicare="age"),
    Story(
        "works past 65 at a big employer",
        22,
        (65, 70),
        (own("bluestem", WORKING, BIG), own("medicare")),
        medicare="age",
    ),
    Story(
        "works past 65 at a small employer",
        10,
        (65, 70),
        (own("medicare"), own("cascade", WORKING, SMALL)),
        medicare="age",
    ),
    Story(
        "works past 65, nobody asked how big the employer is",
        10,
        (65, 71),
        (own("cascade", WORKING), own("medicare")),
        medicare="age",
        unasked=("employer",),
    ),
    Story(
        "retired with Medicare and the old employer's plan",
        18,
        (66, 84),
        (own("medicare"), own("retiree", RETIRED, BIG)),
        medicare="age",
    ),
    Story(
        "disabled under 65, spouse works at a big employer",
        8,
        (35, 62),
        (of("spouse", "spouse", "meridian", WORKING, BIG), own("medicare")),
        medicare="disability",
    ),
    Story(
        "kidney failure, in the coordination period",
        4,
        (30, 60),
        (own("bluestem", WORKING, BIG), own("medicare")),
        medicare="esrd",
    ),
    Story(
        "Medicare and Medicaid",
        18,
        (66, 85),
        (own("medicare"), own("medicaid")),
        {"medicare.qmb": True},
        medicare="age",
    ),
    Story("employer plan and Medicaid", 14, (19, 50), (own("cascade", WORKING, MID), own("medicaid"))),
    Story(
        "big employer, Medicare and Medicaid",
        3,
        (65, 70),
        (own("bluestem", WORKING, BIG), own("medicare"), own("medicaid")),
        medicare="age",
    ),
    Story(
        "union plan and spouse's plan",
        8,
        (28, 60),
        (own("union", WORKING, BIG), of("spouse", "spouse", "cascade", WORKING, MID)),
    ),
    Story(
        "employer plan and TRICARE",
        6,
        (30, 60),
        (own("meridian", WORKING, BIG), own("tricare")),
        {"military.beneficiary": "retiree"},
    ),
    Story("auto accident", 5, (20, 60), (own("autofirst"), own("bluestem", WORKING, MID)), related_to=("auto",)),
    Story("injury at work", 5, (20, 60), (own("comp"), own("cascade", WORKING, MID)), related_to=("work",)),
    Story("turns 65 and still works", 4, (64, 64), (own("bluestem", WORKING, MID),), turns=65),
    Story(
        "turns 26 on the mother's plan",
        4,
        (25, 25),
        (of("mother", "child", "cascade", WORKING, BIG),),
        {"child.parents_living_together": True},
        turns=26,
    ),
    Story(
        "kidney failure, the coordination period nearly over",
        2,
        (35, 60),
        (own("cascade", WORKING, BIG), own("medicare")),
        medicare="esrd",
        kidney_month=29,
    ),
    Story(
        "a plan that ends soon",
        4,
        (25, 60),
        (own("meridian", WORKING, MID),),
        ends_in_days=24,
    ),
    Story("two plans known only from files", 12, (22, 60), (own("bluestem"), own("meridian")), captured=False),
)
