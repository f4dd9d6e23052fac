"""A claim on file as the rules read it: earlier answers as the first payer's, one later payer with its terms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from claims.expecting.sheets import Sheet, added_up
from claims.ledger import Answer, LineKey
from claims.models import ClaimPayer
from cob.coverage.models import Kind
from cob.coverage.payment_terms import Held, OnFile, rate
from cob.rules import Terms
from cob.rules.payment.terms import Later

MEDICARE = frozenset({Kind.MEDICARE, Kind.MEDICARE_ADVANTAGE})
TYPES: dict[str, str] = {
    Kind.MEDICARE: "medicare_part_b",
    Kind.MEDICARE_ADVANTAGE: "medicare_advantage",
    Kind.MEDIGAP: "medigap",
    Kind.MEDICAID: "medicaid",
    Kind.CHIP: "medicaid",
    Kind.TRICARE: "tricare",
    Kind.CHAMPVA: "champva",
    Kind.FEHB: "fehb",
}
_FIXED = frozenset({"medicare_part_b", "medigap", "medicaid", "tricare", "tfl", "champva"})


def kind_of(row: ClaimPayer) -> str:
    """The payer's type in the words of the rules."""
    return TYPES.get(row.coverage.kind or row.payer.kind, "commercial")


def terms_of(sheet: Sheet, at: int) -> Terms:
    """What the payer at that place was up against. It and the payers before it have all decided."""
    decided = [one for one in sheet.decided[: at + 1] if one is not None]
    by_line = all(sheet.lies_on_lines(n) for n in range(at + 1)) and bool(sheet.lines)
    every: list[dict[LineKey, Answer]] = []
    for one in decided:
        every.append(sheet.answers(one, by_line=by_line, behind=every[-1] if every else None))
    *earlier, own = every
    held = held_for(sheet, at)
    keys: list[LineKey] = [line.pk for line in sheet.lines] if by_line else [None]
    lines = [_line(sheet, at, key, [answers[key] for answers in earlier], own[key], held) for key in keys]
    if len(lines) > 1:
        _share_the_claims(lines)
    obligations = {
        name: value
        for name in ("patient_cap_rule", "allowable_expense_rule")
        if (value := getattr(held.terms, name)) is not None
    }
    shared: dict[str, Any] = {
        "obligations": obligations | {"otaf_when_zero_paid": held.terms.otaf_when_zero_paid},
        "service_on": sheet.claim.service_from,
    }
    made = [Terms.model_validate(line | shared) for line in lines]
    if len(made) == 1:
        return made[0]
    billed = sum(line.billed for line in made)
    first = made[0].primary.model_copy(update={"paid": sum(line.primary.paid for line in made)})
    later = made[0].secondary.model_copy(update={"allowed": None})
    return made[0].model_copy(update={"billed": billed, "primary": first, "secondary": later, "lines": tuple(made)})


_OF_CLAIM = ("benefit_max_remaining", "copay", "visit_copay", "covers")


def _share_the_claims(lines: list[dict[str, Any]]) -> None:
    """What the terms say of a claim is used up by its lines in turn."""
    for line in lines:
        later = line["secondary"]
        later["shared"] = tuple(name for name in _OF_CLAIM if later.get(name) is not None)


def held_for(sheet: Sheet, at: int) -> Held:
    """The terms on file for the payer at that place."""
    row, claim = sheet.payers[at], sheet.claim
    return sheet.on_file.terms(row.payer_id, row.coverage.plan_name, claim.service_from, claim.site.state)


def _line(sheet: Sheet, at: int, key: LineKey, earlier: list[Answer], own: Answer, held: Held) -> dict[str, Any]:
    billed = next((line.charge_cents for line in sheet.lines if line.pk == key), sheet.claim.charge_cents)
    return {
        "billed": billed,
        "primary": _earlier(sheet, at, billed, earlier),
        "secondary": _later(sheet, at, key, own, held),
    }


def _earlier(sheet: Sheet, at: int, billed: int, answers: list[Answer]) -> dict[str, Any]:
    """All earlier payers as one: their payments added, the share the last one left, the rest withheld from us."""
    paid, sent, share = added_up(answers)
    left = sum(a.amount_cents for a in share)
    cas = [{"group": a.group, "carc": a.reason, "amount": a.amount_cents} for a in share if a.amount_cents]
    withheld = sum(a.amount_cents for a in answers[-1].adjustments if a.reason == "253")
    cas += [{"group": "CO", "carc": "253", "amount": withheld}] if withheld else []
    cas += [{"group": "PR", "carc": "100", "amount": sent}] if sent else []
    rest = billed - paid - left - withheld - sent
    refusals = [a for a in answers[-1].adjustments if a.group in ("CO", "PI")]
    reason = refusals[0].reason if refusals and not paid and not left else "45"
    cas += [{"group": "CO", "carc": reason, "amount": rest}] if rest else []
    row = sheet.payers[at - 1]
    return {
        "payer_type": kind_of(row),
        "allowed": _said_allowed(answers[-1], paid + sent),
        "paid": paid,
        "in_network": _network(sheet, at - 1, answers[-1]),
        "cas": cas,
    }


def _said_allowed(answer: Answer, paid: int) -> int:
    """Paid, left as a cost share, or withheld by law: what the payer allowed. What it does not cover is none of it."""
    counted = [a for a in answer.adjustments if a.group == "PR" and a.reason not in ("45", "100")]
    if not paid and all(a.reason in ("96", "204", "50", "119", "49") for a in counted):
        return 0
    withheld = sum(a.amount_cents for a in answer.adjustments if a.reason == "253")
    return paid + sum(a.amount_cents for a in counted) + withheld


def _network(sheet: Sheet, at: int, answer: Answer) -> bool | None:
    """The contract on file; without one the payer's own answer shows it: CO-45 binds us, PR-45 does not."""
    kept = sheet.on_file.in_network(sheet.payers[at].payer_id, sheet.claim.site_id, sheet.claim.service_from)
    if kept is not None:
        return kept
    groups = {a.group for a in answer.adjustments if a.reason == "45"}
    return None if len(groups) != 1 else groups == {"CO"}


def _later(sheet: Sheet, at: int, key: LineKey, own: Answer, held: Held) -> dict[str, Any]:
    row, terms = sheet.payers[at], held.terms
    kind = kind_of(row)
    medicare_before = any(kind_of(one) == "medicare_part_b" for one in sheet.payers[:at])
    if kind == "tricare" and medicare_before:
        kind = "tfl"
    allowed, coinsurance = fee_for(sheet, at, key)
    deductible = sum(a.amount_cents for a in own.adjustments if (a.group, a.reason) == ("PR", "1"))
    said: dict[str, Any] = {
        "payer_type": kind,
        "method": None if kind in _FIXED else terms.method or ("fehb" if kind == "fehb" else None),
        "allowed": allowed,
        "in_network": _network(sheet, at, own),
        # Its own answer says what it took for its deductible, if it took any; nothing took none of it.
        "deductible_remaining": deductible
        if deductible or own.paid_cents
        else (0 if terms.deductible_is_met else None),
        "plan_pct": rate(terms.plan_percent),
        "copay": terms.medicaid_copay_cents if kind == "medicaid" else terms.copay_cents,
        "flat_payment": terms.flat_payment_cents,
        "covers": terms.covers if terms.method == "wraparound" else None,
        "benefit_max_remaining": _most(terms),
        "policy": terms.medicaid_policy,
        "enrolled": terms.medicaid_enrolled,
        "visit_copay": terms.visit_copay_cents,
        "level": "claim" if terms.medicaid_by_claim else "line",
        "medigap_letter": terms.medigap_letter,
        "participating": terms.tricare_participating,
        "patient_cost_share": None if terms.plan_percent is None else 1 - Decimal(terms.plan_percent) / 100,
        "fehb_waiver": terms.fehb_waiver,
        "patient_coinsurance": coinsurance,
    }
    if kind == "champva":
        said.pop("plan_pct")
    return Later.model_validate(said).model_dump()


def _most(terms: OnFile) -> int | None:
    """At most so much a claim; a set amount is paid once, whatever the number of lines."""
    said = (terms.most_cents, terms.flat_payment_cents if terms.method == "flat" else None)
    return min((cents for cents in said if cents is not None), default=None)


def fee_for(sheet: Sheet, at: int, key: LineKey) -> tuple[int | None, Decimal | None]:
    """What the payer allows by the fees on file, and the share Medicare leaves of it."""
    lines = [line for line in sheet.lines if key in (None, line.pk)]
    total, coinsurance = 0, None
    for line in lines:
        allowed, coinsurance = sheet.on_file.allows(
            sheet.payers[at].payer_id, sheet.claim.site_id, line, line.service_on
        )
        if allowed is None:
            return None, None
        total += allowed
    return (total, coinsurance) if lines else (None, None)
