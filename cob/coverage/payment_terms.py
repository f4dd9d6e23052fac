"""How a payer works out its share, as we have it on file: what is known of a plan, dated, and the row that holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from cob.cents import pct
from cob.coverage.models import Contract, Fee, PlanTerms
from cob.coverage.models.payment import Dated
from cob.coverage.options import OptionsOnFile
from cob.rules.payment.terms import CapRule, ExpenseRule, Letter, Policy, Waiver

DEFAULT_TOLERANCE = 100
# How the option of the payer-order contract names the methods.
METHOD_OF_OPTION = {"STANDARD_100": "standard", "MAINTENANCE_OF_BENEFITS": "mob", "CARVE_OUT": "carve_out"}
PlanMethod = Literal[
    "standard", "standard_pr", "basic", "mob", "carve_out", "wraparound", "flat", "pays_remaining_pr", "fehb", "none"
]  # fmt: skip
Percent = Annotated[int, Field(ge=0, le=100)]
Money = Annotated[int, Field(ge=0, le=9_999_999_999)]


class OnFile(BaseModel):
    """What is known of a plan. None: nobody has found out yet, and expected payment shows both ends."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: PlanMethod | None = None
    allowable_expense_rule: ExpenseRule | None = None
    patient_cap_rule: CapRule | None = None
    plan_percent: Percent | None = None
    copay_cents: Money = 0
    flat_payment_cents: Money | None = None
    covers_deductible_cents: Money | None = None
    covers_coinsurance_cents: Money | None = None
    covers_copay_cents: Money | None = None
    most_cents: Money | None = None
    deductible_is_met: bool = False
    medicaid_policy: Policy | None = None
    medicaid_by_claim: bool = False
    medicaid_copay_cents: Money = 0
    medicaid_enrolled: bool = True
    medigap_letter: Letter | None = None
    visit_copay_cents: Money | None = None
    tricare_participating: bool | None = None
    fehb_waiver: Waiver | None = None
    otaf_when_zero_paid: bool = True
    tolerance_cents: Money = DEFAULT_TOLERANCE

    @property
    def covers(self) -> dict[str, int]:
        """What a wraparound policy fills, by the reason the earlier payer gives, at most so much a claim."""
        said = {
            "1": self.covers_deductible_cents, "2": self.covers_coinsurance_cents, "3": self.covers_copay_cents,
        }  # fmt: skip
        return {carc: cents for carc, cents in said.items() if cents is not None}


@dataclass(frozen=True, slots=True)
class Held:
    """Terms that hold, and where they stand."""

    terms: OnFile
    source: str
    is_on_file: bool


D = TypeVar("D", bound=Dated)


def latest(rows: Iterable[D], day: date) -> D | None:
    """The row that holds on a day: the latest begun, of two with one day the later written."""
    begun = [row for row in rows if row.effective_on <= day]
    return max(begun, key=lambda row: (row.effective_on, row.created_at), default=None)


class Service(Protocol):
    """A service as a fee is looked up for it."""

    procedure: str
    modifiers: str
    charge_cents: int
    units: Decimal | None


class PaymentOnFile:
    """Terms, contracts and fees of some payers, held in memory: four queries however many claims are then asked."""

    def __init__(self, payers: Iterable[UUID]) -> None:
        ids = list(dict.fromkeys(payers))
        self._terms = _by_payer(PlanTerms.objects.filter(payer__in=ids))
        self._contracts = _by_payer(Contract.objects.filter(payer__in=ids))
        self._fees: dict[UUID, dict[str, list[Fee]]] = {}
        for row in Fee.objects.filter(payer__in=ids):
            self._fees.setdefault(row.payer_id, {}).setdefault(row.procedure, []).append(row)
        self._options = OptionsOnFile.read(payers=ids)

    def knows(self, payer: UUID) -> bool:
        """Whether anything at all was entered about how this payer pays."""
        return payer in self._terms or payer in self._fees

    def terms(self, payer: UUID, plan_name: str, day: date, state: str = "") -> Held:
        """The plan's own row goes before the payer's; without a method in it the practice's option holds."""
        rows: Sequence[PlanTerms] = self._terms.get(payer, ())
        own = latest([row for row in rows if row.plan_name and row.plan_name == plan_name], day)
        row = own or latest([row for row in rows if not row.plan_name], day)
        kept = OnFile.model_validate(row.terms) if row else OnFile()
        source = row.source if row else ""
        if kept.method is None:
            option = self._options.resolve("secondary_method", day, payer=str(payer), state=state)
            if option is not None:
                kept = kept.model_copy(update={"method": METHOD_OF_OPTION[option.value]})
                source = "; ".join(filter(None, (source, option.said())))
        return Held(kept, source, row is not None)

    def in_network(self, payer: UUID, site: UUID, day: date) -> bool | None:
        """The site's own contract goes before that of all sites; None: nothing on file."""
        rows: Sequence[Contract] = self._contracts.get(payer, ())
        own = latest([row for row in rows if row.site_id == site], day)
        row = own or latest([row for row in rows if row.site_id is None], day)
        return row.is_in_network if row else None

    def fee(self, payer: UUID, site: UUID, service: tuple[str, str], day: date) -> Fee | None:
        """The fee of a procedure with its modifiers, then without; the site's own before that of all sites."""
        procedure, modifiers = service
        rows: list[Fee] = self._fees.get(payer, {}).get(procedure, [])
        for wanted in dict.fromkeys((modifiers, "")):
            for where in (site, None):
                row: Fee | None = latest([one for one in rows if one.modifiers == wanted and one.site_id == where], day)
                if row is not None and row.amount_cents is not None:
                    return row
        return None

    def allows(self, payer: UUID, site: UUID, service: Service, day: date) -> tuple[int | None, Decimal | None]:
        """What the payer allows for the units of a service by the fees on file, in cents and at most the charge, and
        the share Medicare leaves of it; both None where no fee is on file."""
        fee = self.fee(payer, site, (service.procedure, service.modifiers), day)
        if fee is None or fee.amount_cents is None:
            return None, None
        cents = pct(fee.amount_cents, Decimal(1) if service.units is None else service.units)
        return min(service.charge_cents, cents), rate(fee.coinsurance_percent)


def _by_payer(rows: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.payer_id, []).append(row)
    return found


def rate(percent: int | None) -> Decimal | None:
    """80 as 0.80."""
    return None if percent is None else Decimal(percent) / 100
