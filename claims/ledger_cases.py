"""The postings contract: one case of {"kind", "inputs"} in, what the ledger makes of it out.

Every figure comes from the functions that posting uses. Amounts are dollars as text at this door, cents inside.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from claims import credits, ledger
from claims.ledger import Account, Answer, Entries
from claims.reasons import QMB, SEQUESTRATION
from claims.reversals import difference
from cob.cents import NotDollars, dollars, parse_dollars
from cob.rules import BadCase
from cob.x12.balance835 import balance_835
from cob.x12.codes import GROUPS, has_carc_shape
from cob.x12.parts import Adjustment, Party, Procedure
from cob.x12.plb import PlbEffect, by_effect, payment_cents
from cob.x12.t835 import Claim835, Line835

_LARGEST = 10_000_000_000
_SERVICE = Procedure("99999")
_NOBODY = Party("QC")
_LONGEST_QUOTE = 40
_EXPECTED = {
    "model_type": "an object in braces",
    "list_type": "a list in brackets",
    "string_type": "text in quotation marks",
    "string_too_short": "a code of two letters or digits",
    "string_too_long": "a code of two letters or digits",
    "too_short": "one amount at least",
}


class BadLedgerCase(BadCase):
    """A case that cannot be answered; `str()` names the field, what was found there and what is expected."""


def _quoted(value: object) -> str:
    """What was found, as JSON writes it, on one line and not longer than a sentence bears."""
    said = json.dumps(value, ensure_ascii=False, default=repr)
    return said if len(said) <= _LONGEST_QUOTE else f"{said[:_LONGEST_QUOTE]}…"


def _cents(value: object) -> int:
    if not isinstance(value, str):
        raise ValueError(
            f'expected dollars as text such as "120.00", found {_quoted(value)}; write the amount in quotes'
        )
    try:
        cents = parse_dollars(value)
    except NotDollars as error:
        raise ValueError(str(error)) from None
    if abs(cents) >= _LARGEST:
        raise ValueError("expected less than 100 million dollars, the most an 835 can say")
    return cents


def _not_negative(cents: int) -> int:
    if cents < 0:
        raise ValueError(f"expected an amount that is not below zero, found {_text(cents)}")
    return cents


def _group(value: object) -> str:
    if not isinstance(value, str) or value not in GROUPS:
        raise ValueError(f"{_quoted(value)} is no adjustment group; expected CO, OA, PI or PR as text")
    return value


def _carc(value: object) -> str:
    if not isinstance(value, str) or not has_carc_shape(value):
        raise ValueError(f'{_quoted(value)} cannot be an adjustment reason; expected a code as text such as "45"')
    return value


Signed = Annotated[int, BeforeValidator(_cents)]
Cents = Annotated[int, BeforeValidator(lambda value: _not_negative(_cents(value)))]


class _Inputs(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class _Cas(_Inputs):
    group: Annotated[str, BeforeValidator(_group)]
    carc: Annotated[str, BeforeValidator(_carc)]
    amount: Signed

    @property
    def adjustment(self) -> Adjustment:
        return Adjustment(self.group, self.carc, self.amount)


class _Line(_Inputs):
    billed: Signed
    paid: Signed
    cas: list[_Cas] = Field(default_factory=list)


class _ServiceLine(_Inputs):
    svc02: Signed
    svc03: Signed
    cas: list[_Cas] = Field(default_factory=list)


class _Claim(_Inputs):
    clp03: Signed
    clp04: Signed
    claim_cas: list[_Cas] = Field(default_factory=list)
    lines: list[_ServiceLine] = Field(default_factory=list)


class _Plb(_Inputs):
    code: Annotated[str, Field(min_length=2, max_length=2)]
    amount: Signed


class _Transaction(_Inputs):
    claims: list[Signed]
    plb: list[_Plb] = Field(default_factory=list)
    bpr02: Signed | None = None


class _Secondary(_Inputs):
    billed: Cents
    prior_paid: Cents
    prior_write_off: Cents
    sec_paid: Cents
    sec_cas: list[_Cas] = Field(default_factory=list)


class _Reversal(_Inputs):
    original: _Line
    reversal: _Line


class _Msp(_Inputs):
    medicare_paid: Cents
    correct_msp: Cents


class _Credit(_Inputs):
    billed: Cents
    payments: Annotated[list[Cents], Field(min_length=1)]
    write_off: Cents = 0
    patient_paid: Cents = 0
    correct_secondary: Cents | None = None
    correct_patient: Cents = 0


class _Settlement(_Inputs):
    settlement_medical: Cents
    beneficiary_payments: list[Cents]
    medicare_paid: Cents | None = None


class _Patient(_Inputs):
    patient_paid: Cents
    final_patient_responsibility: Cents


def _text(cents: int) -> str:
    return dollars(cents).replace(",", "")


def _sum(entries: Entries, kind: str) -> int:
    return sum(entry.amount_cents for entry in entries.rows if entry.kind == kind)


def _adjustments(cas: list[_Cas]) -> tuple[Adjustment, ...]:
    return tuple(one.adjustment for one in cas)


def _as_claim(line: _Line, status: str = "1") -> Claim835:
    """A claim of one line, as it would stand in a file."""
    service = Line835(_SERVICE, line.billed, line.paid, adjustments=_adjustments(line.cas))
    return Claim835("", status, line.billed, line.paid, patient=_NOBODY, payer_control_number="-", lines=(service,))


def _broken(claim: Claim835) -> set[tuple[str, int]]:
    return {(found.rule, found.line) for found in balance_835(claim) if found.rule in {"E1", "E2", "E3"}}


def _line_balance(case: _Line) -> dict[str, Any]:
    """E1, and what posting makes of the line as a first answer."""
    found = ledger.entries_of(Answer(case.paid, _adjustments(case.cas)), Account(case.billed))
    patient = _sum(found, ledger.RESPONSIBILITY)
    return {
        "balanced": ("E1", 1) not in _broken(_as_claim(case)),
        # Sequestration is kept back from what is allowed, and OA-209 is a share the next payer may owe.
        "allowed": _text(case.paid + patient + sum(a.amount for a in case.cas if a.carc in (SEQUESTRATION, QMB))),
        "patient": _text(patient),
        "write_off": _text(_sum(found, ledger.WRITE_OFF)),
        "refused": _text(found.refused_cents),
    }


def _claim_balance(case: _Claim) -> dict[str, Any]:
    """E1 of each line, E2 and E3; and the lines' payments once the claim's own adjustments are laid on them."""
    lines = tuple(Line835(_SERVICE, x.svc02, x.svc03, adjustments=_adjustments(x.cas)) for x in case.lines)
    on_claim = _adjustments(case.claim_cas)
    broken = _broken(Claim835("", "1", case.clp03, case.clp04, adjustments=on_claim, patient=_NOBODY, lines=lines))
    net = sum(line.paid_cents for line in lines)
    return {
        "line_balanced": [("E1", n) not in broken for n in range(1, len(lines) + 1)],
        "claim_balanced": not broken & {("E2", 0), ("E3", 0)},
        "net_of_lines": _text(net),
        "posted_to_claim": _text(net - sum(a.amount_cents for a in on_claim) if lines else case.clp04),
    }


def _txn_balance(case: _Transaction) -> dict[str, Any]:
    """E4, and the PLB amounts by account as (kept back, added)."""
    pairs = [(one.code, one.amount) for one in case.plb]
    expected = payment_cents(sum(case.claims), sum(cents for _, cents in pairs))
    sums = by_effect(pairs)
    applied, forwarded = sums.get(PlbEffect.FORWARD, (0, 0))
    taken_back, interest = sums.get(PlbEffect.INTEREST, (0, 0))
    return {
        "bpr02": _text(expected),
        "balanced": case.bpr02 is None or case.bpr02 == expected,
        "claims": _text(sum(case.claims)),
        "plb": _text(sum(cents for _, cents in pairs)),
        "carried_forward": _text(forwarded),
        "carried_before": _text(applied),
        "interest": _text(interest - taken_back),
        # A payment below zero is no payment: the payer must carry it forward (FB).
        "needs_person": PlbEffect.REVIEW in sums or expected < 0,
    }


def _post_secondary(case: _Secondary) -> dict[str, Any]:
    """A later answer on a line that an earlier payer has answered. An increment below zero is not posted: so much of
    the earlier write-off is to be taken back, or of the payment refunded, and a person decides which."""
    # An earlier answer accounts for the whole charge: what it neither paid nor wrote off, it left to somebody.
    left_over = max(0, case.billed - case.prior_paid - case.prior_write_off)
    account = Account(case.billed, case.prior_paid, case.prior_write_off, share_cents=left_over)
    cas = _adjustments(case.sec_cas)
    found = ledger.entries_of(Answer(case.sec_paid, cas), account)
    patient, written_off = _sum(found, ledger.RESPONSIBILITY), _sum(found, ledger.WRITE_OFF)
    too_much = min(0, found.increment_cents or 0)
    left = case.billed - account.settled_cents - case.sec_paid - patient
    echo = sum(a.amount_cents for a in cas if a.reason == "23")
    reductions = sum(a.amount_cents for a in cas if a.group in {"CO", "PI"} and a.reason != "23")
    return {
        "naive_balance": _text(left - reductions),
        "incremental_write_off": _text(written_off + too_much),
        "patient": _text(patient),
        "balance": _text(left - written_off - too_much),
        "refused": _text(found.refused_cents),
        "take_back": _text(-too_much),
        "oa23_reported": _text(echo),
        "oa23_expected": _text(account.settled_cents),
        "needs_person": bool(found.exceptions),
    }


def _reversal(case: _Reversal) -> dict[str, Any]:
    """Whether a reversal mirrors what it takes back, and what is left of both together."""
    why = difference(_as_claim(case.original), _as_claim(case.reversal, "22"))
    return {"mirrors": not why, "because": why, "net": _text(case.original.paid + case.reversal.paid)}


def _msp_overpayment(case: _Msp) -> dict[str, Any]:
    refund = credits.too_much(case.medicare_paid, case.correct_msp)
    return {"refund_to_medicare": _text(refund), "due_days": credits.MSP_REFUND_DAYS}


def _credit_balance(case: _Credit) -> dict[str, Any]:
    """`payments` in paying order; the second is held against what that payer owed."""
    credit = credits.credit_cents(case.billed, case.payments, case.write_off, case.patient_paid)
    second = case.payments[1] if len(case.payments) > 1 else 0
    owed = second if case.correct_secondary is None else case.correct_secondary
    return {
        "credit_balance": _text(credit),
        "refund_secondary": _text(credits.too_much(second, owed)),
        "refund_patient": _text(credits.too_much(case.patient_paid, case.correct_patient)),
    }


def _wc_settlement(case: _Settlement) -> dict[str, Any]:
    found = credits.settled(case.settlement_medical, case.beneficiary_payments, case.medicare_paid)
    return {
        "beneficiary_total": _text(found.beneficiary_total),
        "medicare_overpayment": _text(found.medicare_overpayment),
    }


def _patient_credit(case: _Patient) -> dict[str, Any]:
    return {"refund_patient": _text(credits.too_much(case.patient_paid, case.final_patient_responsibility))}


@dataclass(frozen=True, slots=True)
class _Kind:
    inputs: type[_Inputs]
    answer: Callable[[Any], dict[str, Any]]


KINDS: Mapping[str, _Kind] = {
    "line_balance": _Kind(_Line, _line_balance),
    "claim_balance": _Kind(_Claim, _claim_balance),
    "txn_balance": _Kind(_Transaction, _txn_balance),
    "post_secondary": _Kind(_Secondary, _post_secondary),
    "reversal": _Kind(_Reversal, _reversal),
    "msp_overpayment": _Kind(_Msp, _msp_overpayment),
    "credit_balance": _Kind(_Credit, _credit_balance),
    "wc_settlement": _Kind(_Settlement, _wc_settlement),
    "patient_credit": _Kind(_Patient, _patient_credit),
}


def answer(case: object) -> dict[str, Any]:
    """What the ledger makes of a case. Raises BadLedgerCase with the field's name."""
    if not isinstance(case, dict):
        raise BadLedgerCase("the case: expected an object with kind and inputs")
    kind = case.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        found = "nothing" if kind is None else _quoted(kind)
        raise BadLedgerCase(f"kind: found {found}, expected one of {', '.join(KINDS)}")
    if not isinstance(case.get("inputs"), dict):
        raise BadLedgerCase("inputs: expected an object with the fields of this kind")
    known = KINDS[kind]
    try:
        inputs = known.inputs.model_validate(case["inputs"])
    except ValidationError as error:
        raise BadLedgerCase(_first(error)) from None
    said = known.answer(inputs)
    ignored = sorted(inputs.model_extra or {})
    return said | ({"ignored": ignored} if ignored else {})


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in ("inputs", *first["loc"]))
    if first["type"] == "missing":
        return f"{where}: missing; this kind needs it"
    if expected := _EXPECTED.get(first["type"]):
        return f"{where}: expected {expected}, found {_quoted(first['input'])}"
    return f"{where}: {first['msg'].removeprefix('Value error, ')}"
