"""The facts a share may rest on: how each is asked, of whom it is known, and what its answers are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from claims.patient_billing.share import CONTRACTED
from cob.cents import dollars


@dataclass(frozen=True, slots=True)
class Asked:
    """`of`: the claim, the payer, or the patient. `yes` and `no` finish the sentence "if …"."""

    ask: str
    hint: str
    of: str
    yes: str
    no: str


FACTS: Final[dict[str, Asked]] = {
    "qmb": Asked(
        "Is the patient a Qualified Medicare Beneficiary?",
        "The eligibility answer (271) or the state’s Medicaid file says it, and Medicare’s remark N781 to N783.",
        "patient",
        "the patient is a Qualified Medicare Beneficiary",
        "the patient is not",
    ),
    CONTRACTED: Asked(
        "Does the practice have a contract with {payer}?",
        "Look into the contract file or the plan’s directory. Kept for every claim of this payer from that day on.",
        "payer",
        "the practice has a contract with {payer}",
        "it has none",
    ),
    "abn_signed": Asked(
        "Did the patient sign a notice (ABN) before the service?",
        "The signed form must be in the chart, and name this service.",
        "claim",
        "a notice was signed before the service",
        "none was",
    ),
    "written_agreement": Asked(
        "Did the patient agree in writing, before the service, to pay for it?",
        "A general consent does not do: it has to name the service and its price.",
        "claim",
        "the patient agreed in writing beforehand",
        "nothing was agreed",
    ),
    "full_medicaid": Asked(
        "Did the patient have full Medicaid on that day?",
        "The state’s eligibility answer (271) says it. Help with Medicare’s premiums alone (SLMB, QI) is none.",
        "claim",
        "the patient had full Medicaid",
        "the patient had none, or help with premiums only",
    ),
    "assigned": Asked(
        "Did the provider accept assignment on this claim?",
        "Box 27 of the claim form; the file left it open.",
        "claim",
        "the provider accepted assignment",
        "it did not",
    ),
    "medicare_share_is_gross": Asked(
        "Is Medicare’s deductible and coinsurance stated before what the first plan paid?",
        "Compare it with Medicare’s allowed amount on the remittance.",
        "claim",
        "it is stated before the first plan’s payment",
        "the first plan’s payment is taken off already",
    ),
    "state_copay_cents": Asked(
        "Which copay does the state charge for this service?",
        "The state’s Medicaid manual names it; 0 where it charges none. Kept for every claim from that day on.",
        "payer",
        "the state charges ${amount}",
        "the state charges none",
    ),
}


def asked(fact: str) -> Asked:
    """How a fact is asked; "contracted:2" is that of the payer in place 2."""
    return FACTS[fact.partition(":")[0]]


def place_of(fact: str) -> int | None:
    """The place of the payer a fact is about; None where it is about no payer in particular."""
    rank = fact.partition(":")[2]
    return int(rank) if rank else None


def question_words(fact: str, payer: str = "") -> str:
    return asked(fact).ask.format(payer=payer or "this payer")


def answer_words(fact: str, value: Any, payer: str = "") -> str:
    """As the end of "if …"."""
    words = asked(fact)
    text = words.yes if value else words.no
    amount = dollars(value) if isinstance(value, int) else ""
    return text.format(payer=payer or "this payer", amount=amount)
