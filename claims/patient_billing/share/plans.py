"""Plans without a program behind them: what the provider's contracts let the patient be asked for."""

from __future__ import annotations

from claims.patient_billing.share.facts import Found, PayerFacts, Reason, Said, Situation

OUT_OF_NETWORK = "Limits of the No Surprises Act are not checked here."
MEDICARE_AGE = 65
CAP_RULES = ("lowest_contracted", "highest_contracted", "primary_allowed", "secondary_allowed", "billed")


def retired_federal_employee(at: Situation) -> Found | None:
    """A federal plan alone, 65 and older: no more than Medicare's fee, though there is no Medicare."""
    payer, said = at.last
    age = at.line.patient_age
    is_old = age is not None and age >= MEDICARE_AGE
    if len(at.answered) > 1 or payer.kind != "fehb" or not is_old or not said.above_fee_cents:
        return None
    because = Reason(
        "A federal plan for somebody of 65 or older: what exceeds Medicare’s fee may not be billed, so what is above "
        "the plan’s fee is left out.",
        "5 USC 8904(b)",
        is_unconfirmed=True,
    )
    return Found("fehb_65", said.left_cents - said.above_fee_cents, (because,))


def one_plan(at: Situation) -> Found | None:
    """One payer answered: what it left, and without a contract also what exceeds its fee."""
    if len(at.answered) > 1:
        return None
    payer, said = at.last
    if not said.above_fee_cents or not at.is_contracted(payer, said):
        text = f"{payer.name} left this to the patient."
        because = Reason(
            f"{text} {OUT_OF_NETWORK}" if said.above_fee_cents else text,
            "Group code PR (X12)",
            bool(said.above_fee_cents),
        )
        return Found("one_plan", said.left_cents, (because,))
    because = Reason(
        f"The provider has a contract with {payer.name}: what exceeds its fee is written off, the rest of what it left "
        "is the patient’s.",
        "Provider contract; group code PR (X12)",
    )
    return Found("one_plan", said.left_cents - said.above_fee_cents, (because,))


def plans_together(at: Situation) -> Found:
    """Several plans: a cap by the contracts the provider has, less everything the plans paid."""
    covering = [(p, s) for p, s in at.answered if s.covers]
    if not covering:
        payer, said = at.last
        because = Reason(f"No plan covers it; what {payer.name} left is the patient’s.", "Group code PR (X12)")
        return Found("no_plan_covers", said.left_cents - _written_by_contract(at, payer, said), (because,))
    # Written off in the line already: what is left of the charge bounds every cap.
    if at.line.left_cents <= 0:
        because = Reason(
            "The plans’ payments and the write-offs account for the whole charge.",
            "42 CFR 411.32 by analogy; contracts",
        )
        return Found("plans_together", 0, (because,), adds_sent=False)
    cap, because = _cap(at, covering)
    return Found("plans_together", max(0, cap - at.line.paid_cents), (because,), adds_sent=False)


def _written_by_contract(at: Situation, payer: PayerFacts, said: Said) -> int:
    return said.above_fee_cents if said.above_fee_cents and at.is_contracted(payer, said) else 0


def _cap(at: Situation, covering: list[tuple[PayerFacts, Said]]) -> tuple[int, Reason]:
    rule = at.told.setting("patient_cap_rule", CAP_RULES[0])
    fees = [(p, _fee(at, p, s)) for p, s in covering if at.is_contracted(p, s)]
    if not fees or rule == "billed":
        text = f"The provider has no contract with any plan that covers it. {OUT_OF_NETWORK}"
        return at.line.charge_cents, Reason(text, "No contract limits the charge", is_unconfirmed=True)
    if len(fees) == 1:
        payer, fee = fees[0]
        text = f"Only {payer.name} has a contract with the provider: its fee, less everything the plans paid."
        return fee, Reason(text, "Provider contract; AAPC thread 73401", is_unconfirmed=True)
    by_rule = {
        "lowest_contracted": min(fees, key=lambda one: one[1]),
        "highest_contracted": max(fees, key=lambda one: one[1]),
        "primary_allowed": fees[0],
        "secondary_allowed": fees[-1],
    }
    payer, fee = by_rule.get(rule, by_rule["lowest_contracted"])
    word = {"lowest_contracted": "lower", "highest_contracted": "higher"}.get(rule, "chosen")
    text = f"Two contracts: the {word} fee, that of {payer.name}, less all payments; never both plans’ shares."
    return fee, Reason(
        text, f"Practice’s choice “{rule}”; AAPC thread 69621; the contracts decide", is_unconfirmed=True
    )


def _fee(at: Situation, payer: PayerFacts, said: Said) -> int:
    """The payer's fee; of a later payer that stated none, all it says the plans and the patient may come to."""
    allowed = at.allowed(payer, said)
    if allowed is not None:
        return allowed
    return at.received_before(payer.rank) + said.paid_cents + said.sent_to_patient_cents + said.left_cents
