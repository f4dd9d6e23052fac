"""What is asked: one visit, the people in it, what covers the patient. Shape only; a fact left out is unknown.

Two places tell "left out" from `null`, because there `null` is an answer: a last covered day of `null` is open-ended,
and a Medicare part of `null` was never enrolled in.

A JSON text is read in one go too (`read_at_once`). There a shape may refuse what it takes among values, in any words,
since what it refuses is then read value by value; it must take nothing else, and make nothing else of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    StringConstraints,
    ValidationInfo,
)
from pydantic_core.core_schema import json_or_python_schema, no_info_after_validator_function, str_schema

# Days from here on say "no end in sight" (9999-12-31), days up to there "since ever" (0001-01-01). They count as these
# two, between which years can be added and taken off.
EARLIEST, LATEST = date(100, 1, 1), date(9890, 12, 31)
_FIRST_MONTH, _LAST_MONTH = EARLIEST.isoformat()[:7], LATEST.isoformat()[:7]
_UNUSUAL = 10**15  # fewer digits than any text is refused for
_AGE_END = re.compile(r"(BIRTHDAY_EVE|END_OF_MONTH|END_OF_YEAR|STATE_AGE\((2[6-9]|[3-9]\d)\))\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z", re.ASCII)


@lru_cache(maxsize=50_000)  # most days of most cases have been read before
def read_day(text: str) -> date:
    """A day as a case writes it."""
    if not _DAY.match(text):
        raise ValueError("expected a date written YYYY-MM-DD")
    try:
        return _within(date.fromisoformat(text))
    except ValueError:
        raise ValueError("there is no such day in the calendar") from None


def _within(day: date) -> date:
    return min(max(day, EARLIEST), LATEST)


def _day(value: Any) -> Any:
    if type(value) is str:
        return read_day(value)
    if type(value) is date:
        return _within(value)
    raise ValueError("expected a date written YYYY-MM-DD")


def _day_or_never(value: Any) -> Any:
    return value if value == "never" else _day(value)


def _in_text(read: Callable[[str], Any]) -> GetPydanticSchema:
    """What stands in quotation marks in a JSON text needs no question what it is; a case has some fifteen days."""
    written = no_info_after_validator_function(read, str_schema(strict=True))
    return GetPydanticSchema(lambda source, others: json_or_python_schema(written, others(source)))


def _month(value: str) -> str:
    return min(max(value, _FIRST_MONTH), _LAST_MONTH)


def _whole(value: Any, where: ValidationInfo) -> Any:
    if where.mode == "json" and not (type(value) is int and abs(value) < _UNUSUAL):
        raise ValueError("expected a number that is read alike everywhere")
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _given(value: Any) -> Any:
    if value is None:
        raise ValueError("expected a value; leave the key out when there is none")
    return value


def _unlike(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("expected every value once")
    return values


def _related(values: list[str] | None) -> list[str] | None:
    if values and "none" in _unlike(values) and len(values) > 1:
        raise ValueError('expected "none" alone or the kinds of injury, not both')
    return values


def _age_end(value: str) -> str:
    if not _AGE_END.match(value):
        raise ValueError("expected BIRTHDAY_EVE, END_OF_MONTH, END_OF_YEAR, or STATE_AGE(n) with n from 26 to 99")
    return value


Day = Annotated[date, BeforeValidator(_day), _in_text(read_day)]
DayOrNever = Annotated[date | Literal["never"], BeforeValidator(_day_or_never), _in_text(_day_or_never)]
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"), AfterValidator(_month)]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Key = Annotated[str, StringConstraints(min_length=1)]
Whole = Annotated[int, BeforeValidator(_whole)]
Cents = Annotated[int, BeforeValidator(_whole), Field(ge=0)]

Category = Literal[
    "none", "preventive_pediatric", "prenatal", "labor_delivery", "school_iep", "early_intervention", "behavioral",
]  # fmt: skip
Terms = Literal["none", "one_parent", "both_parents", "joint_custody_silent", "financial_only", "expired"]
Capacity = Literal["adsm", "adfm", "retiree", "retiree_family", "survivor", "trs", "trr", "tya", "chcbp", "tfl"]
SizeBand = Literal["<20", "20-99", "100+"]
RelatedTo = Literal["none", "work", "auto", "other_accident", "crime", "black_lung", "wtc", "liability"]
Relation = Literal[
    "mother", "father", "parent", "stepparent", "guardian", "grandparent", "spouse", "common_law_spouse",
    "domestic_partner", "divorced_spouse", "child", "sibling", "other",
]  # fmt: skip
Relationship = Literal[
    "self", "spouse", "common_law_spouse", "divorced_spouse", "domestic_partner", "child", "stepchild", "foster_child",
    "adopted_child", "ward", "parent", "sibling", "other",
]  # fmt: skip
Kind = Literal[
    "employer", "union_multiemployer", "fehb", "government_employer", "individual", "student", "medicare",
    "medicare_advantage", "medigap", "medicaid", "chip", "tricare", "tricare_supplement", "champva",
    "champva_supplement", "va", "ihs", "tribal_self_funded", "workers_comp", "black_lung", "no_fault", "medpay",
    "liability", "ryan_white", "title_v", "crime_victim", "wtc", "school_program", "wic", "pace", "hra",
    "federal_grant", "accident_only", "fixed_indemnity", "specified_disease", "sharing_ministry", "discount_card",
]  # fmt: skip
EmploymentStatus = Literal[
    "working", "on_leave_job_held", "furlough", "seasonal_break", "hours_bank", "disability_pay", "terminated",
    "severance", "retired", "rehired_retiree", "self_employed", "clergy", "religious_order", "director", "deceased",
]  # fmt: skip


class Shape(BaseModel):
    """Strict: an unknown key or a value of another type is refused, never repaired."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Claim(Shape):
    """The visit."""

    dos: Day
    service: Literal["professional", "institutional", "excluded_by_medicare"] | None = None
    category: Category | None = None
    related_to: Annotated[Annotated[list[RelatedTo], Field(min_length=1)] | None, AfterValidator(_related)] = None
    as_of: Day | None = None
    plans_disagree_since: DayOrNever | None = None
    in_panel: bool | None = None
    emergency: bool | None = None


class Person(Shape):
    """Somebody a plan is named after, and what that person is to the patient."""

    birth_date: Day | None = None
    birth_month_day: MonthDay | None = None
    relation: Relation | None = None
    spouse: Key | None = None


class Decree(Shape):
    """What a court order says about the child's health care."""

    terms: Terms | None = None
    responsible_parent: Key | None = None


class Child(Shape):
    """Where a child lives and what a court said."""

    parents_living_together: bool | None = None
    custodial_parent: Key | None = None
    disabled_dependent: bool | None = None
    decree: Decree | None = None


class Part(Shape):
    """One Medicare part: a `to` of null is open-ended, a `to` left out is unknown."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None


class Basis(Shape):
    """Why the patient has Medicare: the first month on each basis held; null is a month not known."""

    age: Month | None = None
    disability: Month | None = None
    esrd: Month | None = None


class Kidney(Shape):
    """The days the kidney rules count from."""

    first_dialysis: DayOrNever | None = None
    self_training_start: DayOrNever | None = None
    transplant: DayOrNever | None = None
    preop_admission: DayOrNever | None = None
    dialysis_end: DayOrNever | None = None
    new_period_from: DayOrNever | None = None


class Medicare(Shape):
    """Entitlement; the card itself is a coverage."""

    part_a: Part | None = None
    part_b: Part | None = None
    premium_free_part_a: bool | None = None
    basis: Basis | None = None
    esrd: Kidney | None = None
    retro_award_date: DayOrNever | None = None
    qmb: bool | None = None


class WorkersComp(Shape):
    """Where the work injury claim stands."""

    status: Literal["pending", "accepted", "denied", "settled"] | None = None
    provider_authorised: bool | None = None
    claim_filed_on: DayOrNever | None = None


class NoFault(Shape):
    """Where the car or premises benefits stand."""

    election: Literal["no_fault_first", "health_first"] | None = None
    paid_to_date_cents: Cents | None = None
    exhausted_on: DayOrNever | None = None
    claim_filed_on: DayOrNever | None = None


class Liability(Shape):
    """Where the case against somebody else stands."""

    status: Literal["none", "open", "settled"] | None = None
    claim_filed_on: DayOrNever | None = None


class Accident(Shape):
    """What happened, where, and who answered for it."""

    date: Day | None = None
    state: State | None = None
    workers_comp: WorkersComp | None = None
    no_fault: NoFault | None = None
    liability: Liability | None = None


class Military(Shape):
    """In which capacity the patient has TRICARE."""

    beneficiary: Capacity | None = None


class Veteran(Shape):
    """Whether the VA sent the patient."""

    authorised: bool | None = None


class Medicaid(Shape):
    """Facts that change only what is said about billing Medicaid."""

    child_support_case: bool | None = None
    other_payer_billed_on: DayOrNever | None = None
    unverified_other_cover: bool | None = None


class Employment(Shape):
    """The subscriber's standing with the employer behind the plan."""

    status: EmploymentStatus | None = None
    last_day: DayOrNever | None = None
    disability_pay_start: DayOrNever | None = None
    on_ssdi: bool | None = None
    prior_year_net_cents: Whole | None = None
    rehired_qualifies: bool | None = None


class Employer(Shape):
    """How many people the employer has; finer facts win over the band."""

    size: SizeBand | None = None
    meets_20_this_year: bool | None = None
    meets_20_last_year: bool | None = None
    twentieth_week_ends: DayOrNever | None = None
    meets_100_last_year: bool | None = None
    largest_member: SizeBand | None = None
    small_employer_exception: bool | None = None


class Predecessor(Shape):
    """The same sponsor's earlier plan."""

    covered_since: Day | None = None
    ended_on: Day | None = None


class Tribal(Shape):
    """What a tribe's own plan says about itself."""

    last_resort: bool | None = None
    ihs_may_bill: bool | None = None


class Coverage(Shape):
    """One plan covering the patient."""

    id: Key
    kind: Kind
    payer: str | None = None
    subscriber: Key | None = None
    relationship: Relationship | None = None
    enrolled: bool | None = None
    effective: Day | None = None
    last_covered_day: Day | None = None
    work_status: Literal["active", "laid_off", "retired", "survivor", "none"] | None = None
    continuation: Literal["none", "cobra", "state", "federal_tcc"] | None = None
    continuation_was: Literal["employee", "dependent"] | None = None
    employment: Employment | None = None
    employer: Employer | None = None
    patient_covered_since: Day | None = None
    subscriber_covered_since: Day | None = None
    group_join_date: Day | None = None
    predecessor: Predecessor | None = None
    carrier_changed_only: bool | None = None
    coordination: Literal["standard", "no_rules", "always_excess"] | None = None
    has_active_retired_rule: bool | None = None
    has_continuation_rule: bool | None = None
    funding: Literal["insured", "self_funded_erisa", "self_funded_government_or_church"] | None = None
    state: State | None = None
    closed_panel: bool | None = None
    carve_out_of: Key | None = None
    supplements: Key | None = None
    tribal: Tribal | None = None
    plan_year_start: MonthDay | None = None
    decree_notified_on: DayOrNever | None = None
    paid_before_notice: bool | None = None
    paid_after_medicare_before_esrd: bool | None = None
    denial: Literal["not_covered", "exhausted", "says_medicare_first", "untimely", "other"] | None = None


class Options(Shape):
    """What the practice, a payer or a state chose where the law leaves a choice."""

    child_noncustodial_spouse: Literal["FOUR_TIER", "THREE_TIER"] = "FOUR_TIER"
    decree_rest: Literal["CUSTODIAL_ORDER", "RESPONSIBLE_SPOUSE_SECOND", "ASK"] = "CUSTODIAL_ORDER"
    decree_financial_only_counts: Literal["NO", "YES"] = "NO"
    gender_rule_fallback: Literal["OFF", "ON_IF_OTHER_PLAN_HAS_IT"] = "OFF"
    individual_policies_coordinate: Literal["YES", "NO"] = "YES"
    adult_child_spouse_rule: Literal["MDL2013", "PRE2013"] = "MDL2013"
    auto_medical_is_plan: Literal["BY_STATE"] = "BY_STATE"
    nf_order: Annotated[
        Literal["NF_FIRST", "NJ_ELECTION", "MI_COORDINATED", "MA_2000_SPLIT", "CUSTOM"] | None, AfterValidator(_given)
    ] = None
    no_fault_states: Annotated[list[State], AfterValidator(_unlike)] = Field(
        default=["FL", "HI", "KS", "KY", "MA", "MI", "MN", "ND", "NJ", "NY", "PA", "UT", "PR"]
    )
    wc_nf_liab_order: Literal["WC_NF_LIAB"] = "WC_NF_LIAB"
    term_date_is_last_day: bool = True
    dependent_age_end: Annotated[str, AfterValidator(_age_end)] = "BIRTHDAY_EVE"
    newborn_auto_days: Annotated[Whole, Field(ge=0)] = 31
    medicaid_peds_mode: Literal["COST_AVOID_90", "PAY_AND_CHASE_NOW"] = "COST_AVOID_90"
    medicaid_cse_days: Annotated[Literal[100, 30], BeforeValidator(_whole)] = 100
    medigap_vs_retiree: Literal["MEDIGAP_FIRST", "RETIREE_FIRST", "EITHER"] = "MEDIGAP_FIRST"
    selffunded_own_rules: Literal["NAIC_DEFAULT", "PLAN_TEXT"] = "NAIC_DEFAULT"
    liability_nonmedicare: Literal["RECOVERY_NOTE", "RANK_FIRST"] = "RECOVERY_NOTE"
    adsm_with_medicare: Literal["TRICARE_ONLY_THEN_MEDICARE", "MEDICARE_FIRST"] = "TRICARE_ONLY_THEN_MEDICARE"
    secondary_method: Literal["STANDARD_100", "MAINTENANCE_OF_BENEFITS", "CARVE_OUT"] = "STANDARD_100"


_BUILT_IN = Options()


class Case(Shape):
    """Everything `determine` may rest on."""

    id: str
    claim: Claim
    patient: Key
    people: dict[str, Person] = Field(min_length=1)
    coverages: list[Coverage]
    child: Child | None = None
    medicare: Annotated[Medicare | None, AfterValidator(_given)] = None
    accident: Accident | None = None
    military: Military | None = None
    va: Veteran | None = None
    medicaid: Medicaid | None = None
    options: Options = Field(default_factory=lambda: _BUILT_IN)  # a default itself would be copied for each case
