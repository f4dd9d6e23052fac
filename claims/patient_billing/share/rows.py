"""Who may be billed what: one function for each mix of payers; the first that fits decides.

Sources are named on each reason. The order matters: what protects the patient is asked before what a plan left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from claims.patient_billing.share import medicare, plans, programs
from claims.patient_billing.share.facts import Found, Reason, Situation

# Refusals that are the provider's to bear under contract or law, whatever group a later payer puts its own share in.
PROVIDER_LIABLE: Final[dict[str, str]] = {
    "15": "the authorization number was missing or wrong",
    "29": "the filing limit had passed",
    "39": "authorization had been refused",
    "50": "it was held not medically necessary, and the patient had signed no notice",
    "95": "plan procedures were not followed",
    "97": "its payment is part of another service",
    "164": "the claim came too late",
    "197": "authorization was missing",
    "198": "authorization was exceeded",
    "210": "authorization came too late",
    "231": "it cannot be done together with another service",
    "236": "this combination of services is not paid",
    "243": "the network provider’s authorization was missing",
    "B4": "a late filing penalty applies",
}


def provider_liable(at: Situation) -> Found | None:
    """A refusal that is the provider's is nobody else's, also when a later payer leaves something."""
    for payer, said in at.answered:
        reason = next((a.reason for a in said.refused if a.reason in PROVIDER_LIABLE), "")
        if reason:
            because = Reason(
                f"{payer.name} refused it at the provider’s cost, because {PROVIDER_LIABLE[reason]}: neither the "
                "patient nor another payer may be asked for it.",
                "Group code CO (X12); provider contracts; 42 CFR 424.64 for Medicare",
            )
            return Found("provider_liable", 0, (because,), adds_sent=False)
    return None


Row = Callable[[Situation], Found | None]
ROWS: Final[tuple[Row, ...]] = (
    provider_liable,
    programs.workers_comp,
    medicare.qualified_beneficiary,
    programs.medicaid,
    programs.tricare_for_life,
    programs.tricare,
    programs.champva,
    medicare.second,
    medicare.first,
    plans.retired_federal_employee,
    plans.one_plan,
    plans.plans_together,
)
