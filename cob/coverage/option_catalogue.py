"""Where the law leaves a choice: each option with who may choose, between what, and where that stands.

The names and the values are the determination contract's (`cob.rules`); a value no rule tells from another is not
offered, and an option no rule reads yet can be looked at and not set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from pydantic import ValidationError

from cob.coverage import concerns
from cob.coverage.concerns import Case, Entry, always
from cob.coverage.models import Kind, Scope
from cob.rules.codes import Sure
from cob.rules.order.case import Options

STATE_AGE: Final = "STATE_AGE"
OLDEST: Final = 99
_AGE = re.compile(r"STATE_AGE\((\d+)\)")


class Reach(StrEnum):
    """How an option that payers may set reaches a case with several of them."""

    EACH = "each plan by itself"
    PAIR = "two plans compared"


class Place(StrEnum):
    """Which state's choice counts."""

    PLAN = "the state the plan was issued in if that is on file, else the site’s"
    ACCIDENT = "the state the accident happened in"


class Effect(StrEnum):
    """What an option can change."""

    ORDER = "The order"
    NOTES = "What is said about the order or its billing"
    PAYMENT = "What a later payer is expected to pay"
    NOTHING = "No rule reads it yet"


@dataclass(frozen=True, slots=True)
class Spec:
    """One option in words.

    `against` names the kind each comparison has on one side, where it is not any plan against any other; `ask` is the
    value that makes the rules ask, where two payers differ; `is_told` says when their differing is worth a sentence.
    """

    label: str
    sentence: str
    choices: tuple[tuple[Any, str], ...]
    scopes: tuple[Scope, ...]
    cite: str
    sure: Sure
    concerns: Callable[[Case], list[Entry]]
    reach: Reach = Reach.PAIR
    place: Place = Place.PLAN
    effect: Effect = Effect.ORDER
    against: Kind | None = None
    ask: Any = None
    is_told: Callable[[Case], bool] = always

    @property
    def is_settable(self) -> bool:
        """Whether setting it would change anything."""
        return self.effect is not Effect.NOTHING and len(self.choices) > 1

    @property
    def has_age(self) -> bool:
        """Whether one of its values names an age."""
        return any(value == STATE_AGE for value, _ in self.choices)


PRACTICE, STATE, PAYER = Scope.PRACTICE, Scope.STATE, Scope.PAYER

SPECS: Final[Mapping[str, Spec]] = {
    "term_date_is_last_day": Spec(
        "Day a plan ends",
        "Whether the end date a payer gives is the last day it covers, or the first it does not.",
        ((True, "The last covered day"), (False, "The first day without cover")),
        (PAYER, PRACTICE),
        "each payer’s own records", "read in part", concerns.with_a_last_day, Reach.EACH,
        is_told=concerns.ends_today,
    ),
    "dependent_age_end": Spec(
        "End of a child’s cover by age",
        "How long a plan keeps a child who reaches the age limit; never less than until the 26th birthday.",
        (
            ("BIRTHDAY_EVE", "To the eve of the 26th birthday"),
            ("END_OF_MONTH", "To the end of the month of that birthday"),
            ("END_OF_YEAR", "To the end of the year of that birthday"),
            (STATE_AGE, "To the eve of a later birthday"),
        ),
        (PAYER, STATE, PRACTICE),
        "45 CFR 147.120(a); plan contracts; state law beyond 26 unconfirmed", "read in part", concerns.ending_by_age,
        Reach.EACH,
        is_told=concerns.is_near_the_age,
    ),
    "child_noncustodial_spouse": Spec(
        "Last place in the custody order",
        "Whether the plan of the other parent’s spouse has a place of its own behind the other parent’s.",
        (("FOUR_TIER", "Yes, it comes fourth"), ("THREE_TIER", "Not named: the order says three places only")),
        (PAYER, STATE),
        "MDL-120 §6.D(2)(b)(iv); NJAC 11:4-28.6(c); Wis. Ins 3.40; several contracts", "read in part",
        concerns.of_a_child,
        effect=Effect.NOTES,
    ),
    "decree_rest": Spec(
        "Behind the plan a court named",
        "Which plan follows the one a court order put first.",
        (
            ("CUSTODIAL_ORDER", "The plans follow as custody puts them"),
            ("RESPONSIBLE_SPOUSE_SECOND", "The plan of the named parent’s spouse is second"),
            ("ASK", "Ask each time"),
        ),
        (PAYER, PRACTICE),
        "plan contracts; the spouse in second place is seen in practice and unconfirmed", "read in part",
        concerns.under_a_decree,
        ask="ASK",
    ),
    "decree_financial_only_counts": Spec(
        "A court order about money only",
        "Whether an order that makes one parent pay, and says nothing of health care, makes that parent’s plan first.",
        (("NO", "No, it counts as no order"), ("YES", "Yes, that parent is responsible")),
        (PAYER,),
        "contract forms that speak of primary financial responsibility", "read in part",
        concerns.under_a_money_decree,
    ),
    "gender_rule_fallback": Spec(
        "Father first",
        "Whether to warn that the other plan may still put the father’s plan first instead of the earlier birthday.",
        (("OFF", "No"), ("ON_IF_OTHER_PLAN_HAS_IT", "Yes, warn")),
        (PAYER, STATE),
        "NJAC 11:4-28.6(b)4; 18 Del. Admin. 1307-5.2.4; dropped from MDL-120", "read in full", concerns.of_a_child,
        effect=Effect.NOTES,
    ),
    "individual_policies_coordinate": Spec(
        "Individual policies beside group plans",
        "Whether a policy somebody bought takes its place in the order, or pays by itself beside the group plan.",
        (("YES", "It takes its place in the order"), ("NO", "It is set aside; the group plan pays as if alone")),
        (PAYER, STATE),
        "28 TAC 3.3502 (takes its place); former NC GS 135-45.14, NJAC 11:4-28 and Wis. Ins 3.40 (group plans only)",
        "read in part", concerns.individual_beside_group,
        against=Kind.INDIVIDUAL,
    ),
    "adult_child_spouse_rule": Spec(
        "A married child on a parent’s and a spouse’s plan",
        "Which text a plan follows; they differ only when both plans began on one day.",
        (("MDL2013", "Longer cover, then the earlier birthday"), ("PRE2013", "Longer cover only")),
        (PAYER, STATE),
        "MDL-120 §6.D(2)(d)", "unconfirmed", concerns.of_a_married_child,
    ),
    "nf_order": Spec(
        "Auto benefits and health plans",
        "Which of them pays first in a state. Unset, New Jersey, Michigan and Massachusetts follow their own law "
        "and auto benefits are first everywhere else.",
        (
            ("NF_FIRST", "Auto benefits first"),
            ("NJ_ELECTION", "As the driver chose on the policy"),
            ("MI_COORDINATED", "As the driver chose, but never ahead of a self-funded plan"),
            ("MA_2000_SPLIT", "Auto benefits to $2,000, then an insured health plan"),
        ),
        (STATE,),
        "NJSA 39:6A-4.3; MCL 500.3109a; MA Bulletin 2017-06", "read in part", concerns.of_an_accident, Reach.EACH,
        Place.ACCIDENT,
    ),
    "medicaid_peds_mode": Spec(
        "Children’s preventive visits under Medicaid",
        "When Medicaid may be billed although another plan owes first; the state chose.",
        (
            ("COST_AVOID_90", "After the other plan has had its days"),
            ("PAY_AND_CHASE_NOW", "At once; Medicaid recovers from the other plan"),
        ),
        (STATE,),
        "42 USC 1396a(a)(25)(E)", "read in full", concerns.of_medicaid, Reach.EACH, effect=Effect.NOTES,
    ),
    "medicaid_cse_days": Spec(
        "Days before Medicaid pays in a child-support case",
        "How long an absent parent’s plan has before Medicaid may be billed; the state chose.",
        ((100, "100 days"), (30, "30 days")),
        (STATE,),
        "42 USC 1396a(a)(25)(F)", "read in full", concerns.of_child_support, Reach.EACH, effect=Effect.NOTES,
    ),
    "medigap_vs_retiree": Spec(
        "Medigap and a retiree plan",
        "Which of two plans that both pay after Medicare comes first. No text settles it.",
        (("MEDIGAP_FIRST", "Medigap first"), ("RETIREE_FIRST", "The retiree plan first")),
        (PAYER, PRACTICE),
        "no rule found", "unconfirmed", concerns.medigap_beside_commercial,
        against=Kind.MEDIGAP,
    ),
    "liability_nonmedicare": Spec(
        "Liability without Medicare",
        "Whether somebody else’s liability insurer is billed first, or the health plan pays and recovers later.",
        (("RECOVERY_NOTE", "The health plan pays and recovers later"), ("RANK_FIRST", "The liability insurer first")),
        (STATE, PRACTICE),
        "state lien laws, contracts", "unconfirmed", concerns.of_liability, Reach.EACH, Place.ACCIDENT,
    ),
    "adsm_with_medicare": Spec(
        "Active duty and Medicare",
        "Who pays for somebody on active duty who has Medicare. Two federal texts differ.",
        (
            ("TRICARE_ONLY_THEN_MEDICARE", "TRICARE, then Medicare"),
            ("MEDICARE_FIRST", "Medicare, then TRICARE"),
        ),
        (PAYER, PRACTICE),
        "TRICARE Reimbursement Manual ch.4 §4 ¶1.1; Medicare.gov practice unconfirmed", "unconfirmed",
        concerns.on_active_duty, Reach.EACH,
    ),
    "auto_medical_is_plan": Spec(
        "Auto medical benefits as a plan",
        "Whether auto medical benefits count as a plan is each state’s law; there is nothing to choose.",
        (("BY_STATE", "As the state has it"),),
        (),
        "MDL-120 §3; WY Ins. Reg. ch.10", "unconfirmed", concerns.nobody, effect=Effect.NOTHING,
    ),
    "no_fault_states": Spec(
        "No-fault states",
        "States where a driver’s own policy pays first whoever was at fault.",
        (),
        (PRACTICE,),
        "a Medicare contractor’s help sheet", "read in part", concerns.nobody, effect=Effect.NOTHING,
    ),
    "wc_nf_liab_order": Spec(
        "Several accident payers",
        "Compensation, then auto benefits, then liability; no other order is known to the rules.",
        (("WC_NF_LIAB", "Compensation, auto benefits, liability"),),
        (),
        "state by state", "unconfirmed", concerns.nobody, effect=Effect.NOTHING,
    ),
    "newborn_auto_days": Spec(
        "Days a newborn is covered by itself",
        "How long a parent’s plan covers a newborn before the child is enrolled.",
        (),
        (PAYER, STATE),
        "state newborn acts; the number is unconfirmed", "unconfirmed", concerns.nobody, effect=Effect.NOTHING,
    ),
    "selffunded_own_rules": Spec(
        "Self-funded plans",
        "Whether a self-funded plan follows the model act or an order of its own.",
        (("NAIC_DEFAULT", "The model act"), ("PLAN_TEXT", "Its own text")),
        (PAYER,),
        "ERISA", "read in part", concerns.nobody, effect=Effect.NOTHING,
    ),
    "secondary_method": Spec(
        "How a later payer works out its share",
        "Up to the whole expense, or only up to what it would have paid as first. A payer’s own payment terms go "
        "before it. Where nobody has chosen, expected payment shows both ends.",
        (
            ("STANDARD_100", "Up to the whole allowed expense"),
            ("MAINTENANCE_OF_BENEFITS", "Its own benefit less what was paid"),
            ("CARVE_OUT", "Its own benefit, carved out"),
        ),
        (PAYER, STATE),
        "WAC 284-51-230 and other state texts", "read in full", concerns.nobody, Reach.EACH, effect=Effect.PAYMENT,
    ),
}  # fmt: skip


@cache
def default(name: str) -> Any:
    """The value that holds where nobody chose."""
    return Options.model_fields[name].get_default(call_default_factory=True)


def problem_with(name: str, value: Any) -> str:
    """What is wrong with a value, in words; empty for one the rules can read."""
    try:
        Options.model_validate({name: value})
    except ValidationError:
        spec = SPECS[name]
        if spec.has_age and isinstance(value, str) and value.startswith(STATE_AGE):
            return f"Expected an age from 26 to {OLDEST}; federal law keeps a child covered until 26."
        offered = "; ".join(words for _, words in spec.choices)
        return f"Expected one of: {offered}." if offered else "Expected a value the rules can read."
    return ""


def in_words(name: str, value: Any) -> str:
    """A value as the pages say it."""
    if value is None:
        return "As the law of the state has it" if name == "nf_order" else "Withdrawn"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, str) and (age := _AGE.fullmatch(value)):
        return f"To the eve of the {_ordinal(int(age[1]))} birthday"
    for offered, words in SPECS[name].choices:
        if offered == value and type(offered) is type(value):
            return words
    return str(value)


def _ordinal(number: int) -> str:
    last = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"
