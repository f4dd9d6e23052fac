"""The 835 (005010X221A1) as data: a header, claims with their lines, provider-level adjustments, a trailer.

Every amount is in cents as the payer signed it: a reversal (status 22) is negative, a positive PLB lowers the payment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cob.x12.errors import X12Error
from cob.x12.parts import (
    NO_ADDRESS,
    Address,
    Adjustment,
    Contact,
    NamedAmount,
    NamedDate,
    NamedQuantity,
    Party,
    Procedure,
    Reference,
    Remark,
    reference,
)

# The place a payer says it answers in, by CLP02.
PLACE_SAID = {"1": 1, "19": 1, "2": 2, "20": 2, "3": 3, "21": 3}
FORWARDED = frozenset({"19", "20", "21", "23"})
CROSSOVER_REMARKS = frozenset({"MA18", "MA07", "N89"})
BUNDLED = "97"
# BPR04 in words.
METHODS = {
    "ACH": "Transfer (ACH)",
    "BOP": "As the bank chose",
    "CHK": "Check",
    "FWT": "Wire",
    "NON": "No payment",
}
ESTIMATE = "25"  # CLP02 of a predetermination
STATUSES = frozenset({"1", "2", "3", "4", "19", "20", "21", "22", "23", "25"})


@dataclass(frozen=True, slots=True)
class Organisation:
    """The payer (N1*PR) or the payee (N1*PE) of the whole transaction."""

    name: str = ""
    id_qualifier: str = ""
    id: str = ""
    address: Address = NO_ADDRESS
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def has_technical_contact(self) -> bool:
        """PER*BL, which the guide wants of every payer."""
        return any(c.function == "BL" for c in self.contacts)

    @property
    def npi(self) -> str:
        """The NPI, when the organisation is named by one."""
        return self.id if self.id_qualifier == "XX" else reference(self.references, "HPI")

    @property
    def tax_id(self) -> str:
        """The federal tax number, from N104 or REF*TJ."""
        return self.id if self.id_qualifier == "FI" else reference(self.references, "TJ")


@dataclass(frozen=True, slots=True)
class Header835:
    """BPR, TRN, the two N1 loops and where in which envelope they stood.

    `paid_on` is BPR16; where the payer left that out it is the production date (DTM*405) and `is_paid_on_assumed`.
    """

    interchange_control: str
    group_control: str
    transaction_control: str
    guide: str
    handling: str
    paid_cents: int
    credit_or_debit: str
    method: str
    paid_on: date
    trace: str
    payer_trace_id: str
    payer: Organisation
    payee: Organisation
    produced_on: date | None = None
    receiver_id: str = ""
    currency: str = ""
    references: tuple[Reference, ...] = ()
    originator_id: str = ""
    is_paid_on_assumed: bool = False
    segment_no: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Line835:
    """One SVC and what hangs on it."""

    procedure: Procedure
    charge_cents: int
    paid_cents: int
    revenue_code: str = ""
    units: Decimal | None = None
    submitted: Procedure | None = None
    submitted_units: Decimal | None = None
    service_on: date | None = None
    service_until: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[NamedAmount, ...] = ()
    quantities: tuple[NamedQuantity, ...] = ()
    remarks: tuple[Remark, ...] = ()
    segment_no: int = field(default=0, compare=False)

    @property
    def is_recoded(self) -> bool:
        """SVC06 names another service than SVC01: the payer bundled or changed the code."""
        return self.submitted is not None and self.submitted != self.procedure

    @property
    def is_bundled_away(self) -> bool:
        """CARC 97: its payment is in another service's."""
        return any(a.reason == BUNDLED and a.amount_cents for a in self.adjustments)

    @property
    def control_number(self) -> str:
        """REF*6R: the number our 837 gave the line."""
        return reference(self.references, "6R")

    @property
    def policies(self) -> tuple[str, ...]:
        """REF*0K: the payer's policies that the decision rests on."""
        return tuple(r.value for r in self.references if r.qualifier == "0K")

    @property
    def allowed_cents(self) -> int | None:
        """AMT*B6, information only: it balances nothing."""
        return next((a.cents for a in self.amounts if a.qualifier == "B6"), None)

    @property
    def remark_codes(self) -> tuple[str, ...]:
        """The RARCs among the LQ segments."""
        return tuple(r.code for r in self.remarks if r.qualifier == "HE")


@dataclass(frozen=True, slots=True)
class Claim835:
    """One CLP and everything up to the next one.

    `patient_cents` is CLP05 (None: left out). The parties are NM1*QC, IL, 74, 82, TT, PR, GB in turn. The settlement's
    amounts and counts are those of MIA and MOA, each by its element (MIA04: the DRG amount). `billed_under` is TS301:
    the number of the provider in whose group of claims (LX) this one stands.
    """

    control_number: str
    status: str
    charge_cents: int
    paid_cents: int
    patient_cents: int | None = None
    filing_code: str = ""
    payer_control_number: str = ""
    place: str = ""
    frequency: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    patient: Party | None = None
    subscriber: Party | None = None
    corrected: Party | None = None
    rendering: Party | None = None
    crossover_carrier: Party | None = None
    corrected_payer: Party | None = None
    other_subscriber: Party | None = None
    outpatient_remarks: tuple[str, ...] = ()
    inpatient_remarks: tuple[str, ...] = ()
    reimbursement_rate: Decimal | None = None
    hcpcs_payable_cents: int | None = None
    settlement_amounts: tuple[NamedAmount, ...] = ()
    settlement_counts: tuple[NamedQuantity, ...] = ()
    drg: str = ""
    drg_weight: Decimal | None = None
    discharge_fraction: Decimal | None = None
    contacts: tuple[Contact, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[NamedDate, ...] = ()
    amounts: tuple[NamedAmount, ...] = ()
    quantities: tuple[NamedQuantity, ...] = ()
    lines: tuple[Line835, ...] = ()
    billed_under: str = field(default="", compare=False)
    follows_lx: bool = field(default=True, compare=False)
    segment_no: int = field(default=0, compare=False)
    raw: tuple[str, ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_reversal(self) -> bool:
        """CLP02 = 22: takes back an earlier payment, every amount negated."""
        return self.status == "22"

    @property
    def is_estimate(self) -> bool:
        """CLP02 = 25: a predetermination, which prices services and decides no claim."""
        return self.status == ESTIMATE

    @property
    def remark_codes(self) -> tuple[str, ...]:
        """Claim-level RARCs from MOA and MIA (line-level ones sit on the lines)."""
        return self.outpatient_remarks + self.inpatient_remarks

    @property
    def crossover_signals(self) -> tuple[str, ...]:
        """Each sign that the payer passed the claim on: status, carrier, remark. Any one is enough."""
        status = (f"CLP02 {self.status}",) if self.status in FORWARDED else ()
        carrier = ("NM1*TT",) if self.crossover_carrier else ()
        codes = self.remark_codes + tuple(c for line in self.lines for c in line.remark_codes)
        return status + carrier + tuple(dict.fromkeys(c for c in codes if c in CROSSOVER_REMARKS))

    @property
    def original_control_number(self) -> str:
        """REF*F8: the claim number that this one corrects or reverses."""
        return reference(self.references, "F8")

    @property
    def statement_from_on(self) -> date | None:
        """DTM*232."""
        return self.date_of("232")

    @property
    def statement_until(self) -> date | None:
        """DTM*233."""
        return self.date_of("233")

    @property
    def coverage_expired_on(self) -> date | None:
        """DTM*036: says the coverage had ended."""
        return self.date_of("036")

    @property
    def received_on(self) -> date | None:
        """DTM*050: proof of timely filing."""
        return self.date_of("050")

    def date_of(self, qualifier: str) -> date | None:
        """The first DTM of that kind."""
        return next((d.on for d in self.dates if d.qualifier == qualifier), None)

    def responsibility_cents(self) -> int:
        """The sum of the PR adjustments on both levels; CLP05 ought to say the same."""
        return sum(a.amount_cents for a in self.every_adjustment if a.group == "PR")

    @property
    def every_adjustment(self) -> tuple[Adjustment, ...]:
        """Of both levels, the claim's first."""
        return self.adjustments + tuple(a for line in self.lines for a in line.adjustments)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One pair out of a PLB: positive lowers the payment, negative raises it."""

    provider: str
    fiscal_period_on: date
    reason: str
    reference: str
    amount_cents: int
    segment_no: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Trailer835:
    """The end of a transaction, and whatever in it could not be read (then its claims are incomplete)."""

    transaction_control: str
    segment_count: int
    errors: tuple[X12Error, ...] = ()
    unread: tuple[str, ...] = ()
    segment_no: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Transaction835:
    """One ST to SE held whole; large files are better streamed."""

    header: Header835 | None
    claims: tuple[Claim835, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()
    errors: tuple[X12Error, ...] = field(default=(), compare=False)


Event835 = Header835 | Claim835 | ProviderAdjustment | Trailer835
