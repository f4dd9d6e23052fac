"""The pages of payment terms: what holds for each payer today, and everything that was kept before, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from cob.cents import dollars
from cob.coverage.models import Contract, Fee, Payer, PlanTerms
from cob.coverage.payment_forms import CAPS, EXPENSES, METHODS, POLICIES, WAIVERS
from cob.coverage.payment_terms import DEFAULT_TOLERANCE, OnFile, latest


@dataclass(frozen=True, slots=True)
class PayerLine:
    """One payer in the list."""

    payer: Payer
    says: str
    contract: str
    fees: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Kept:
    """One dated row as the pages show it."""

    whose: str
    says: str
    effective_on: date
    stands: str
    source: str
    set_by: str
    set_at: Any

    @property
    def tone(self) -> str:
        """Of the word that says how it stands."""
        return {"in force": "good", "to come": "info"}.get(self.stands, "")


def payer_lines(today: date) -> list[PayerLine]:
    """Every payer with what holds today; four queries however many there are."""
    terms: dict[Any, list[PlanTerms]] = {}
    for row in PlanTerms.objects.filter(plan_name=""):
        terms.setdefault(row.payer_id, []).append(row)
    contracts: dict[Any, list[Contract]] = {}
    for contract in Contract.objects.filter(site=None):
        contracts.setdefault(contract.payer_id, []).append(contract)
    fees = dict(Fee.objects.values_list("payer").annotate(n=Count("pk")).values_list("payer", "n"))
    lines = []
    for payer in Payer.objects.all():
        row_now = latest(terms.get(payer.pk, ()), today)
        contract_now = latest(contracts.get(payer.pk, ()), today)
        says = in_words(OnFile.model_validate(row_now.terms)) if row_now else ""
        network = "" if contract_now is None else _network(contract_now)
        lines.append(PayerLine(payer, says, network, fees.get(payer.pk, 0), row_now.effective_on if row_now else None))
    return lines


def _network(row: Contract) -> str:
    return "In network" if row.is_in_network else "No contract"


def in_words(terms: OnFile) -> str:
    """Terms in one line: only what is known or unlike everybody else's."""
    said = [
        METHODS[terms.method] if terms.method else "",
        f"pays {terms.plan_percent} %" if terms.plan_percent is not None else "",
        f"copay ${dollars(terms.copay_cents)}" if terms.copay_cents else "",
        f"${dollars(terms.flat_payment_cents)} a claim" if terms.flat_payment_cents is not None else "",
        f"fills {_fills(terms)}" if terms.covers else "",
        f"at most ${dollars(terms.most_cents)} a claim" if terms.most_cents is not None else "",
        "deductible taken as met" if terms.deductible_is_met else "",
        f"counts {EXPENSES[terms.allowable_expense_rule].lower()}" if terms.allowable_expense_rule else "",
        f"collected at most {CAPS[terms.patient_cap_rule].lower()}" if terms.patient_cap_rule else "",
        f"Medicaid: {POLICIES[terms.medicaid_policy].lower()}" if terms.medicaid_policy else "",
        "by claim" if terms.medicaid_by_claim else "",
        f"Medicaid copay ${dollars(terms.medicaid_copay_cents)}" if terms.medicaid_copay_cents else "",
        "" if terms.medicaid_enrolled else "we are not enrolled",
        f"Medigap {terms.medigap_letter}" if terms.medigap_letter else "",
        f"copay of a visit ${dollars(terms.visit_copay_cents)}" if terms.visit_copay_cents is not None else "",
        _participating(terms.tricare_participating),
        f"waives after Medicare: {WAIVERS[terms.fehb_waiver].lower()}" if terms.fehb_waiver else "",
        "" if terms.otaf_when_zero_paid else "no contract amount where the first plan paid nothing",
        f"tolerance ${dollars(terms.tolerance_cents)}" if terms.tolerance_cents != DEFAULT_TOLERANCE else "",
    ]
    words = "; ".join(filter(None, said))
    return words[:1].upper() + words[1:] if words else "Nothing known yet"


_SHARES = {"1": "deductible", "2": "coinsurance", "3": "copays"}


def _fills(terms: OnFile) -> str:
    return ", ".join(f"{_SHARES[carc]} up to ${dollars(cents)}" for carc, cents in terms.covers.items())


def _participating(value: bool | None) -> str:
    return "" if value is None else ("we participate" if value else "we do not participate")


def terms_history(payer: Payer, today: date) -> list[Kept]:
    """Every row of terms of a payer, newest first within each plan."""
    rows = payer.plan_terms.select_related("set_by").newest_first()
    return history(
        [(row.plan_name or "All plans", in_words(OnFile.model_validate(row.terms)), row) for row in rows], today
    )


def contract_history(payer: Payer, today: date) -> list[Kept]:
    """Every row about a contract with a payer, newest first within each site."""
    rows = payer.contracts.select_related("set_by", "site").newest_first()
    return history([(str(row.site or "All sites"), _network(row), row) for row in rows], today)


def fee_rows(payer: Payer, today: date, most: int) -> list[Kept]:
    """The newest fees of a payer."""
    rows = payer.fees.select_related("set_by", "site").newest_first()[:most]
    told = []
    for row in rows:
        cents = "withdrawn" if row.amount_cents is None else f"${dollars(row.amount_cents)}"
        share = "" if row.coinsurance_percent is None else f", coinsurance {row.coinsurance_percent} %"
        whose = f"{row.procedure} {row.modifiers}".strip() + (f" at {row.site}" if row.site else "")
        told.append((whose, f"{cents}{share}", row))
    return history(told, today)


def history(rows: list[tuple[str, str, Any]], today: date) -> list[Kept]:
    """Newest first; of each owner the newest begun row is in force, older ones are replaced."""
    told, settled = [], set()
    days: set[tuple[str, date]] = set()
    for whose, says, row in sorted(rows, key=lambda one: one[0]):
        corrected = (whose, row.effective_on) in days
        days.add((whose, row.effective_on))
        if row.effective_on > today and not corrected:
            stands = "to come"
        elif row.effective_on > today or whose in settled:
            stands = "replaced"
        else:
            settled.add(whose)
            stands = "in force"
        by = str(row.set_by or "the system")
        told.append(Kept(whose, says, row.effective_on, stands, row.source, by, row.created_at))
    return told
