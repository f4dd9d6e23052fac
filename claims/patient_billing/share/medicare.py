"""Medicare first, Medicare second, and the beneficiary who may not be billed at all."""

from __future__ import annotations

from claims.patient_billing.share.facts import Found, PayerFacts, Reason, Said, Situation
from cob.cents import dollars, pct
from cob.rules.payment.medicare import LIMITING, assigned_patient, unassigned_patient
from cob.rules.payment.numbers import percent

MEDICARE, ADVANTAGE, MEDIGAP, MEDICAID = "medicare", "medicare_advantage", "medigap", "medicaid"
ABN, VOLUNTARY, EXCLUDED, NO_ABN = "GA", "GX", "GY", "GZ"
SEQUESTRATION = "253"
NOT_NECESSARY = frozenset({"50", "57", "150", "151", "152", "153"})


def qualified_beneficiary(at: Situation) -> Found | None:
    """A Qualified Medicare Beneficiary owes no cost sharing of what Medicare covers, whoever the provider is."""
    if not _is_remarked_qmb(at) and not _is_qmb_of_medicare(at):
        return None
    return Found(
        "qmb",
        state_copay(at),
        (
            Reason(
                "The patient is a Qualified Medicare Beneficiary: no deductible, coinsurance or copay of what Medicare "
                "covers may be billed, by any provider; at most a copay that the state charges.",
                "42 USC 1396a(n)(3)(B); 42 USC 1395w-4(g)(3)",
            ),
        ),
        adds_sent=False,
    )


def _is_remarked_qmb(at: Situation) -> bool:
    """The remark says what the patient is, on whichever line it stands and whatever kind its payer is on file as."""
    return at.line.is_of_a_qmb or any(said.is_remarked_qmb for _, said in at.answered)


def _is_qmb_of_medicare(at: Situation) -> bool:
    """Medicare covers the line, and its answer or the patient's facts say it. Raises Unknown."""
    mine = at.first_of(MEDICARE, ADVANTAGE)
    if mine is None or not (mine[1].covers or mine[1].says_qmb):
        return False
    return any(said.says_qmb for _, said in at.answered) or bool(at.told.get("qmb"))


def state_copay(at: Situation) -> int:
    """What Medicaid's own answer names as its copay, within what the state charges, and within what plans leave of
    Medicaid's amount (42 CFR 447.20(a)). Raises Unknown."""
    mine = at.first_of(MEDICAID)
    if mine is None:
        return 0
    payer, its = mine
    said, allowed = its.copay_cents, at.allowed(payer, its)
    if allowed is not None and at.before(payer.rank) and at.first_of(MEDICARE, ADVANTAGE) is None:
        said = min(said, max(0, allowed - at.received_before(payer.rank)))
    return min(said, int(at.told.get("state_copay_cents", (0, said)))) if said > 0 else 0


def second(at: Situation) -> Found | None:
    """Medicare behind another payer: what the earlier payer paid goes against Medicare's own share first."""
    mine = at.first_of(MEDICARE, ADVANTAGE)
    if mine is None or not at.before(mine[0].rank):
        return None
    payer, said = mine
    if not said.covers and not said.left:
        return None  # it refused at somebody else's cost or for order: the other payers' rule holds
    received = at.received_before(payer.rank)
    beside, why = not_covered_part(at, said)
    share, reason = _assigned(at, payer, said, received) if at.is_assigned else _unassigned(at, payer, said)
    later = sum(s.paid_cents for _, s in at.after(payer.rank))
    return Found("medicare_second", max(0, share + beside - later), (reason, *why))


def _assigned(at: Situation, payer: PayerFacts, said: Said, received: int) -> tuple[int, Reason]:
    share = said.cost_share_cents
    owed = share if share and received and _is_gross(at, payer, said, received) else share + received
    left = assigned_patient(owed=owed, prior_paid=received, otaf=_otaf(at, payer), msp=_payment_of(said))
    return left, Reason(
        f"With Medicare second only its own deductible and coinsurance can be owed, and the ${dollars(received)} paid "
        "before counts against them first; what the earlier plan left does not matter.",
        "42 CFR 411.35(c)(2), (d); NGS article 891730",
        is_unconfirmed=True,
    )


def _otaf(at: Situation, payer: PayerFacts) -> int:
    """What the provider must take as payment in full: the charge less what the earlier payers' contracts take off."""
    before = at.before(payer.rank)
    off = max((sum(a.amount_cents for a in s.of_group("CO", "PI")) for _, s in before if s.covers), default=0)
    return at.line.charge_cents - off


def _payment_of(said: Said) -> int:
    """Medicare's payment before what the law withholds of it (CO-253), which is never the patient's."""
    withheld = sum(a.amount_cents for a in said.of_group("CO") if a.reason == SEQUESTRATION)
    return said.paid_cents + said.sent_to_patient_cents + withheld


def _is_gross(at: Situation, payer: PayerFacts, said: Said, received: int) -> bool:
    """Whether Medicare states its share before what was paid earlier; its allowed amount tells, where it is stated."""
    allowed = at.allowed(payer, said)
    if allowed is not None:
        return _payment_of(said) + said.cost_share_cents + received > allowed
    return bool(at.told.get("medicare_share_is_gross"))


def _unassigned(at: Situation, payer: PayerFacts, said: Said) -> tuple[int, Reason]:
    """Up to the limiting charge, less what was paid; without Medicare's amount no more than it left."""
    received, msp = at.received_before(payer.rank), _payment_of(said)
    allowed = at.allowed(payer, said)
    limit = (
        pct(allowed, percent(LIMITING, at.line.service_on)) if allowed is not None else received + msp + said.left_cents
    )
    return unassigned_patient(limit=limit, prior_paid=received, otaf=_otaf(at, payer), msp=msp), Reason(
        "Without assignment the patient may owe up to the limiting charge (115 %), less what the payers paid.",
        "42 USC 1395w-4(g); 42 CFR 414.48",
        is_unconfirmed=True,
    )


def not_covered_part(at: Situation, said: Said) -> tuple[int, tuple[Reason, ...]]:
    """What Medicare left as not covered and may be billed: by the notice the patient signed. Raises Unknown."""
    cents, why = 0, {}
    for one in said.not_covered:
        if NO_ABN in at.line.modifiers:
            why[NO_ABN] = Reason(
                "Modifier GZ: no notice was signed, so the provider bears it.", "Palmetto; CMS IOM 100-04 ch. 30"
            )
        elif EXCLUDED in at.line.modifiers or one.reason not in NOT_NECESSARY:
            cents += one.amount_cents
            told = " (a voluntary notice was given, GX)" if VOLUNTARY in at.line.modifiers else ""
            why["excluded"] = Reason(
                f"Medicare never covers this service{told}; it is the patient’s.",
                "42 USC 1395y(a); CMS IOM 100-04 ch. 30",
            )
        elif ABN in at.line.modifiers or at.told.get("abn_signed"):
            cents += one.amount_cents
            why[ABN] = Reason("The patient signed a notice (ABN) before the service.", "42 CFR 411.408; CMS CR 6563")
        else:
            why["none"] = Reason("No notice (ABN) was signed, so the provider bears it.", "42 CFR 411.400")
    return cents, tuple(why.values())


def first(at: Situation) -> Found | None:
    """Medicare before anybody else; behind it nobody, a Medigap policy, or another plan."""
    mine = at.first_of(MEDICARE)
    if mine is None or at.before(mine[0].rank):
        return None
    payer, said = mine
    later = at.after(payer.rank)
    if not said.covers and any(s.covers for _, s in later):
        return _next_as_first(at, payer)
    if not said.covers and not said.left:
        return None
    beside, why = not_covered_part(at, said)
    base = said.cost_share_cents + beside + _excess(at, payer, said)
    if not later:
        own = Reason("Medicare’s deductible and coinsurance are the patient’s.", "42 USC 1395l, 1395cc(a)(2)")
        return Found("medicare_alone", base, (own, *why))
    return _behind_medicare(at, payer, said, base, why)


def _excess(at: Situation, payer: PayerFacts, said: Said) -> int:
    """Without assignment what Medicare leaves above its amount (PR-45), up to the limiting charge."""
    if at.is_assigned:
        return 0
    allowed = at.allowed(payer, said)
    most = (
        pct(allowed, percent(LIMITING, at.line.service_on)) - allowed if allowed is not None else said.above_fee_cents
    )
    return min(said.above_fee_cents, most)


def _next_as_first(at: Situation, payer: PayerFacts) -> Found:
    last, said = at.last
    return Found(
        "next_as_first",
        said.left_cents if not at.is_contracted(last, said) else said.left_cents - said.above_fee_cents,
        (
            Reason(
                f"{payer.name} does not cover it, so {last.name} answered as if it came first; its share holds.",
                "CMS IOM 100-04 ch. 30; case of GY lines",
            ),
        ),
    )


def _behind_medicare(at: Situation, payer: PayerFacts, said: Said, base: int, why: tuple[Reason, ...]) -> Found:
    last, its = at.last
    paid = sum(s.paid_cents + s.sent_to_patient_cents for _, s in at.after(payer.rank))
    rest = max(0, base - paid)
    if last.kind == MEDIGAP:
        because = Reason(
            f"What Medicare left and the Medigap policy of {last.name} did not cover is the patient’s; never the "
            "sequestration (CO-253).",
            "42 CFR 403.205; Medigap plan letters",
        )
        return Found("medigap", rest, (because, *why))
    allowed = at.allowed(payer, said) if said.covers else None
    ceiling = max(0, allowed - at.line.paid_cents) if allowed is not None else rest
    because = Reason(
        f"{last.name} answered last, and what it left is the patient’s; together with all payments never more than "
        "Medicare allowed.",
        "42 CFR 424.55(b); 42 USC 1395u(b)(3)(B)(ii)",
    )
    # A plan that left nothing has settled what it covers; one that covers nothing leaves Medicare's share as it was.
    own = its.left_cents if its.covers or its.left else rest
    return Found("medicare_then_plan", min(own, rest, ceiling), (because, *why))
