"""The 837P (005010X222A1) as data, the same for reading and for writing: a claim as addressed to one destination payer.

A claim happens once; its `subscriber` and `payer` say to whom this sending goes, and `other_coverages` (loop 2320)
carry every other payer with what it decided. Amounts are cents; None means the segment is absent, which is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cob.x12.errors import X12Error
from cob.x12.parts import NO_ADDRESS, Address, Adjustment, NamedDate, Party, Procedure, Reference, reference
from cob.x12.parts import Contact as Contact
from cob.x12.parts import Envelope as Envelope

GUIDES = frozenset({"005010X222", "005010X222A1", "005010X222A2"})
RANKS = "PSTABCDEFGH"
UNKNOWN_RANK = "U"
MSP_TYPES = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
MEDICARE_FILING_CODES = frozenset({"MA", "MB"})


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of any loop: 85 billing, 82 rendering, DN referring, 77 facility, DQ supervising, 87 pay-to."""

    party: Party
    taxonomy: str = ""
    address: Address = NO_ADDRESS
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def npi(self) -> str:
        """The NPI, when NM108 is XX."""
        return self.party.id if self.party.id_qualifier == "XX" else ""

    @property
    def tax_id(self) -> str:
        """REF*EI (employer) or REF*SY (a person's)."""
        return reference(self.references, "EI") or reference(self.references, "SY")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """The person in whose name a coverage stands, with the SBR segment that describes it.

    `relationship` is SBR02: 18 or empty in 2000B (empty means loop 2000C names the patient), any code in 2320.
    """

    rank_code: str
    party: Party
    relationship: str = ""
    group_number: str = ""
    plan_name: str = ""
    msp_type: str = ""
    filing_code: str = ""
    address: Address = NO_ADDRESS
    born_on: date | None = None
    sex: str = ""
    died_on: date | None = None
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Payer:
    """NM1*PR: the destination (2010BB) or another payer (2330B); `adjudicated_on` is 2330B's DTP*573."""

    party: Party
    address: Address = NO_ADDRESS
    references: tuple[Reference, ...] = ()
    adjudicated_on: date | None = None

    @property
    def control_number(self) -> str:
        """2330B REF*F8: that payer's own claim number."""
        return reference(self.references, "F8")


@dataclass(frozen=True, slots=True)
class Patient:
    """Loop 2000C: present only when the patient is not the subscriber."""

    party: Party
    relationship: str
    address: Address = NO_ADDRESS
    born_on: date | None = None
    sex: str = ""
    died_on: date | None = None
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One composite of an HI segment; ABK principal, ABF other, BG condition, BP anesthesia procedure."""

    code: str
    qualifier: str = "ABF"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PWK segment: report type (EB = explanation of benefits), how it travels, our number for it."""

    report_type: str
    transmission: str
    control_number: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """A CN1 segment; type 09 with an amount is what the provider must accept as payment in full (OTAF)."""

    type_code: str
    amount_cents: int | None = None


@dataclass(frozen=True, slots=True)
class OutpatientAdjudication:
    """An MOA segment: rate, HCPCS amount, remark codes, ESRD amount, professional component."""

    remarks: tuple[str, ...] = ()
    rate: Decimal | None = None
    hcpcs_payable_cents: int | None = None
    esrd_cents: int | None = None
    professional_component_cents: int | None = None


@dataclass(frozen=True, slots=True)
class LineAdjudication:
    """Loop 2430: what one earlier payer decided on one line. `bundled_into` is the LX number of the paid line."""

    payer_id: str
    paid_cents: int
    procedure: Procedure
    units: Decimal | None
    adjudicated_on: date | None = None
    bundled_into: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    patient_liability_cents: int | None = None
    segment_no: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class OtherCoverage:
    """Loop 2320 with 2330A-G: another payer, and once it has adjudicated its claim-level money."""

    subscriber: Subscriber
    payer: Payer | None = None
    adjustments: tuple[Adjustment, ...] = ()
    paid_cents: int | None = None
    non_covered_cents: int | None = None
    patient_liability_cents: int | None = None
    has_benefit_flags: bool = True
    benefits_assigned: str = ""
    patient_signature: str = ""
    release: str = ""
    outpatient: OutpatientAdjudication | None = None
    providers: tuple[Provider, ...] = ()
    segment_no: int = field(default=0, compare=False)

    @property
    def payer_id(self) -> str:
        """2330B NM109, the value SVD01 must repeat."""
        return self.payer.party.id if self.payer else ""


@dataclass(frozen=True, slots=True)
class Line837P:
    """Loop 2400: one service at its full charge, whoever the destination is.

    `carried` are segments that mean nothing here and everything to some payer (drug, ambulance), as "*" and ":" text.
    """

    number: int
    procedure: Procedure
    charge_cents: int
    units: Decimal | None
    unit_basis: str = "UN"
    place: str = ""
    pointers: tuple[int, ...] = ()
    is_emergency: bool = False
    epsdt: str = ""
    family_planning: str = ""
    copay_status: str = ""
    service_on: date | None = None
    service_until: date | None = None
    dates: tuple[NamedDate, ...] = ()
    references: tuple[Reference, ...] = ()
    note: str = ""
    contract: Contract | None = None
    providers: tuple[Provider, ...] = ()
    adjudications: tuple[LineAdjudication, ...] = ()
    carried: tuple[str, ...] = ()
    segment_no: int = field(default=0, compare=False)

    @property
    def control_number(self) -> str:
        """REF*6R, which the 835 repeats."""
        return reference(self.references, "6R")


@dataclass(frozen=True, slots=True)
class Claim837P:
    """Loop 2300 together with the loops above it: one claim, to one payer. `carried` as on the line.

    `patient_facts` are PAT07 to PAT09 (weight, pregnancy) of whichever loop the patient stands in.
    """

    control_number: str
    charge_cents: int
    billing: Provider
    subscriber: Subscriber
    payer: Payer
    lines: tuple[Line837P, ...]
    patient: Patient | None = None
    patient_facts: tuple[str, ...] = ()
    pay_to: Provider | None = None
    place: str = "11"
    facility_qualifier: str = "B"
    frequency: str = "1"
    provider_signature: str = "Y"
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    accident_country: str = ""
    delay_reason: str = ""
    special_program: str = ""
    dates: tuple[NamedDate, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    contract: Contract | None = None
    patient_paid_cents: int | None = None
    references: tuple[Reference, ...] = ()
    note: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()
    providers: tuple[Provider, ...] = ()
    other_coverages: tuple[OtherCoverage, ...] = ()
    carried: tuple[str, ...] = ()
    segment_no: int = field(default=0, compare=False)
    raw: tuple[str, ...] = field(default=(), compare=False)
    unread: tuple[str, ...] = field(default=(), compare=False)

    @property
    def payer_control_number(self) -> str:
        """2300 REF*F8: the destination payer's number of the claim being replaced or voided."""
        return reference(self.references, "F8")

    @property
    def prior_authorization(self) -> str:
        """REF*G1."""
        return reference(self.references, "G1")

    @property
    def referral(self) -> str:
        """REF*9F."""
        return reference(self.references, "9F")

    @property
    def medical_record_number(self) -> str:
        """REF*EA."""
        return reference(self.references, "EA")

    @property
    def accident_on(self) -> date | None:
        """DTP*439."""
        return next((d.on for d in self.dates if d.qualifier == "439"), None)

    def provider(self, role: str) -> Provider | None:
        """The claim-level provider of a role: 82, DN, 77, DQ."""
        return next((p for p in self.providers if p.party.role == role), None)


@dataclass(frozen=True, slots=True)
class Batch837P:
    """One ST: the submitter's claims for one receiver."""

    envelope: Envelope | None
    transaction_control: str
    reference: str
    made_on: date
    submitter: Party
    submitter_contacts: tuple[Contact, ...]
    receiver: Party
    claims: tuple[Claim837P, ...] = ()
    made_time: str = "0000"
    purpose: str = "00"
    kind: str = "CH"
    guide: str = "005010X222A1"
    errors: tuple[X12Error, ...] = field(default=(), compare=False)
