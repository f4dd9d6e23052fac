"""The invented payers of the demo and how each of them pays."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DemoPayer:
    """Rates are shares of the charge (allowed) and of the allowed amount (coinsurance); copay in cents."""

    key: str
    name: str
    edi_id: str
    kind: str
    filing: str
    allowed: Decimal
    coinsurance: Decimal = Decimal(0)
    copay_cents: int = 0
    sequesters: bool = False
    crosses_over: bool = False
    limit_days: int = 180
    days_to_answer: tuple[int, int] = (9, 24)

    @property
    def is_large(self) -> bool:
        """Large payers pay every other week."""
        return self.key in ("bluestem", "cascade", "meridian", "medicare", "medicaid", "medigap")


def _p(key: str, name: str, edi_id: str, kind: str, filing: str, allowed: str, **more: object) -> DemoPayer:
    return DemoPayer(key, name, edi_id, kind, filing, Decimal(allowed), **more)  # type: ignore[arg-type]


PAYERS: dict[str, DemoPayer] = {
    payer.key: payer
    for payer in (
        _p("bluestem", "Bluestem Health", "BLST1", "employer", "BL", "0.72", copay_cents=3000),
        _p("cascade", "Cascade Mutual", "CASC1", "employer", "CI", "0.68", copay_cents=2500),
        _p("meridian", "Meridian Benefit", "MERD1", "employer", "12", "0.75", coinsurance=Decimal("0.20")),
        _p("union", "Trades Welfare Fund", "TRWF1", "union_multiemployer", "CI", "0.70", coinsurance=Decimal("0.10")),
        _p(
            "retiree",
            "Statewide Retiree Plan",
            "SWRP1",
            "government_employer",
            "CI",
            "0.74",
            coinsurance=Decimal("0.15"),
        ),
        _p("individual", "Prairie Individual", "PRIN1", "individual", "CI", "0.66", copay_cents=4000),
        _p(
            "medicare",
            "Medicare Part B",
            "MEDB1",
            "medicare",
            "MB",
            "0.58",
            coinsurance=Decimal("0.20"),
            sequesters=True,
            limit_days=365,
            days_to_answer=(14, 16),
        ),
        _p(
            "advantage",
            "Evergreen Advantage",
            "EVAD1",
            "medicare_advantage",
            "16",
            "0.58",
            copay_cents=2000,
            limit_days=365,
        ),
        _p("medigap", "Anchor Medigap", "ANCM1", "medigap", "CI", "0.58", crosses_over=True, days_to_answer=(6, 12)),
        _p("medicaid", "State Medicaid", "STMCD", "medicaid", "MC", "0.45", limit_days=365, days_to_answer=(12, 30)),
        _p("tricare", "TRICARE East", "TRIE1", "tricare", "CH", "0.58", coinsurance=Decimal("0.20"), limit_days=365),
        _p("autofirst", "Lakeside Auto", "LKAU1", "no_fault", "AM", "0.95", days_to_answer=(20, 40)),
        _p("comp", "Prairie Workers Fund", "PRWC1", "workers_comp", "WC", "0.80", days_to_answer=(20, 40)),
    )
}
