"""What is asked: a line's charge, how its first payer answered, the terms of those that come later, what binds us."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from cob.rules.order.case import Day
from cob.rules.payment.amounts import Cents, Rate, SignedCents

Method = Literal[
    "msp_part_a", "msp_part_b", "standard", "standard_pr", "basic", "mob", "carve_out", "wraparound",
    "pays_remaining_pr", "flat", "medicaid", "medigap", "tricare", "champva", "fehb", "none", "unknown",
]  # fmt: skip
CapRule = Literal[
    "lowest_contracted", "highest_contracted", "primary_allowed", "secondary_allowed", "billed", "zero"
]  # fmt: skip
ExpenseRule = Literal[
    "highest_contracted", "lowest_contracted", "highest_ucr", "primary_allowed", "secondary_allowed", "billed",
    "primary_cost_share",
]  # fmt: skip
Policy = Literal["lesser_of", "full", "none"]
Letter = Literal["A", "B", "C", "D", "F", "G", "K", "L", "M", "N"]
Waiver = Literal["none", "coinsurance", "all"]

# Other names in use for the same formula.
SAME_METHOD = {"non_dup": "carve_out", "gap": "wraparound", "traditional": "standard", "tfl": "pays_remaining_pr"}
# The formula that belongs to a kind of payer, where no plan can choose another.
METHOD_OF_KIND: dict[str, Method] = {
    "medicare_part_a": "msp_part_a",
    "medicare_part_b": "msp_part_b",
    "medicaid": "medicaid",
    "medigap": "medigap",
    "tricare": "tricare",
    "tfl": "pays_remaining_pr",
    "champva": "champva",
    "none": "none",
}

# The day of service by the names in use.
NAMES_OF_DAY = ("service_on", "date_of_service", "service_date", "dos", "date")

Carc = Annotated[str, StringConstraints(pattern=r"^[A-Z]{0,2}[0-9]{1,3}$")]
Kind = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
SameMethod = BeforeValidator(lambda value: SAME_METHOD.get(value, value) if isinstance(value, str) else value)


class Shape(BaseModel):
    """Strict in type. A key that is not read is kept, so that the answer can say which were not."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, populate_by_name=True)


class Adjustment(Shape):
    """One CAS amount: group, reason, money."""

    group: Literal["CO", "PR", "OA", "PI", "CR"]
    carc: Carc
    amount: SignedCents


class Primary(Shape):
    """The first payer's answer on the line."""

    payer_type: Kind
    allowed: Cents
    paid: Cents
    in_network: bool | None = None
    cas: list[Adjustment] | None = None
    paid_to_patient: Cents | None = None
    qmb: bool = False


class Later(Shape):
    """A later payer's terms. What is left out is unknown; where that matters both ends are shown."""

    payer_type: Kind
    method: Annotated[Method | None, SameMethod] = None
    allowed: Cents | None = None
    in_network: bool | None = None
    deductible_remaining: Cents | None = None
    plan_pct: Rate | None = None
    copay: Cents = 0
    benefit_max_remaining: Cents | None = None
    reserve_balance: Cents | None = None
    flat_payment: Cents | None = None
    covers: dict[Carc, Cents] | None = None
    # Medicare
    patient_coinsurance: Rate | None = None
    assigned: bool = True
    limiting_charge: Cents | None = None
    gross_payable: Cents | None = None
    deductible_plus_coinsurance: Cents | None = None
    sequestration: Rate | bool | None = Field(
        default=None, validation_alias=AliasChoices("sequestration", "sequestration_rate", "sequestration_pct")
    )
    otaf_when_zero_paid: bool | None = None
    # Medicaid
    policy: Policy | None = None
    enrolled: bool = True
    qmb: bool = False
    full_medicaid: bool = True
    level: Literal["line", "claim"] = "line"
    # Medigap
    medigap_letter: Letter | None = Field(
        default=None, validation_alias=AliasChoices("medigap_letter", "letter", "plan_letter")
    )
    covers_part_b_coinsurance: Rate | None = None
    covers_part_b_deductible: bool | None = None
    covers_excess: bool | None = None
    visit_copay: Cents | None = None
    yearly_limit_met: bool = False
    # TRICARE, CHAMPVA, FEHB
    patient_cost_share: Rate | None = None
    participating: bool | None = None
    fehb_waiver: Waiver | None = None
    # Which of these amounts are the claim's, to be used up by its lines in turn; set by `intake`, not by a case.
    shared: tuple[str, ...] = ()

    @property
    def formula(self) -> Method:
        """The method, by the kind of payer where none is named."""
        return self.method or METHOD_OF_KIND.get(self.payer_type, "unknown")


class Obligations(Shape):
    """What contracts and law bind the provider to, beyond what the payers' answers show."""

    patient_cap_rule: CapRule | None = None
    allowable_expense_rule: ExpenseRule | None = None
    otaf: Cents | None = None
    otaf_when_zero_paid: bool = True
    limiting_charge: Cents | None = None
    sequestration: Rate | bool | None = Field(
        default=None, validation_alias=AliasChoices("sequestration", "sequestration_rate", "sequestration_pct")
    )
    patient_prepaid: Cents | None = None
    qmb: bool = False


class Terms(Shape):
    """One line, or a claim of several: then `lines` holds the lines and what stands here holds for each of them."""

    billed: Cents
    primary: Primary
    secondary: Later = Later(payer_type="none", method="none")
    tertiary: Later | None = None
    obligations: Obligations = Obligations()
    service_on: Day | None = Field(default=None, validation_alias=AliasChoices(*NAMES_OF_DAY))
    lines: tuple[Terms, ...] = ()

    @property
    def later(self) -> tuple[Later, ...]:
        """Those that come after the first, in order."""
        return (self.secondary, self.tertiary) if self.tertiary is not None else (self.secondary,)

    @property
    def day(self) -> date | None:
        """The day of service, where it was said."""
        return self.service_on


def rate_of(value: Rate | bool | None) -> Decimal | None:
    """A rate that was written as one."""
    return value if isinstance(value, Decimal) else None


PLACES = ("secondary", "tertiary")
Raw = dict[str, Any]
