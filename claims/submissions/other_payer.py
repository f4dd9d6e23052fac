"""Loops 2320, 2330 and 2430: another payer and what it decided, copied from its remittance and never recoded."""

from __future__ import annotations

from decimal import Decimal

from claims.submissions.decided import AnsweredLine, Decided, DecidedLine
from claims.submissions.insured import Insured
from cob.x12.parts import NO_ADDRESS, Adjustment, Party, Reference
from cob.x12.t837p import (
    RANKS,
    Claim837P,
    Line837P,
    LineAdjudication,
    OtherCoverage,
    OutpatientAdjudication,
    Payer,
    Subscriber,
)

MOST_REMARKS = 5
_BUNDLED = "97"
_PAYER_NUMBERS = frozenset({"2U", "EI", "FY", "NF"})


def other_coverage(claim: Claim837P, payer: Insured, *, is_ahead: bool) -> OtherCoverage:
    """2320 with 2330A to 2330G. Only a payer ahead of the destination brings its decision along."""
    decided = payer.decided if is_ahead else None
    filed = payer.filed
    return OtherCoverage(
        subscriber=_subscriber(payer),
        payer=_payer(payer, decided),
        adjustments=decided.adjustments if decided else (),
        paid_cents=decided.paid_cents if decided else None,
        # Passed over with good reason, the payer is told of as not covering the claim (AMT*A8), without a decision.
        non_covered_cents=claim.charge_cents if is_ahead and not decided and payer.is_passed_over else None,
        patient_liability_cents=_claim_liability(decided),
        benefits_assigned=(filed.benefits_assigned if filed else "") or claim.benefits_assigned,
        patient_signature=(filed.patient_signature if filed else "") or claim.patient_signature,
        release=(filed.release if filed else "") or claim.release,
        outpatient=_outpatient(decided),
        providers=filed.providers if filed else (),
    )


def _subscriber(payer: Insured) -> Subscriber:
    person = payer.subscriber
    suffix = payer.filed.subscriber.party.suffix if payer.filed else ""
    return Subscriber(
        rank_code=RANKS[payer.place - 1],
        party=Party("IL", person.last, person.first, person.middle, suffix, True, "MI", payer.member_id),
        relationship=payer.relationship_code,
        group_number=payer.group_number,
        plan_name=payer.plan_name,
        msp_type=payer.msp_type,
        filing_code=payer.filing_code,
        address=person.address,
    )


def _payer(payer: Insured, decided: Decided | None) -> Payer:
    """2330B. The day of the decision stands here only when no line carries it."""
    filed = payer.filed
    known = tuple(r for r in filed.payer.references if r.qualifier in _PAYER_NUMBERS) if filed else ()
    approvals = filed.approvals if filed else ()
    corrected = (Reference("T4", "Y"),) if decided and decided.was_corrected else ()
    number = (Reference("F8", decided.payer_control_number),) if decided and decided.payer_control_number else ()
    return Payer(
        party=Party("PR", payer.payer_name, id_qualifier="PI", id=payer.payer_id),
        address=filed.payer.address if filed else NO_ADDRESS,
        references=(*known, *approvals, *corrected, *number),
        adjudicated_on=decided.answered_on if decided and not decided.lines else None,
    )


def _outpatient(decided: Decided | None) -> OutpatientAdjudication | None:
    if decided is None or not (decided.remarks or decided.rate or decided.hcpcs_payable_cents):
        return None
    return OutpatientAdjudication(decided.remarks[:MOST_REMARKS], decided.rate, decided.hcpcs_payable_cents)


def _claim_liability(decided: Decided | None) -> int | None:
    """AMT*EAF on the claim: when there are no lines, or when the payer left some of it to the patient claim-wide."""
    return decided.responsibility_cents if decided and not _by_line(decided) else None


def _by_line(decided: Decided) -> bool:
    """Whether the remaining patient liability can be told line by line; it belongs to one level only."""
    return bool(decided.lines) and not any(a.group == "PR" for a in decided.adjustments)


def line_adjudications(line: Line837P, payer_id: str, decided: Decided) -> tuple[LineAdjudication, ...]:
    """2430: every answered service that belongs to this line; several when the payer split it."""
    found = [d for d in decided.lines if d.answer.line == line.number]
    return tuple(_adjudication(line, d, payer_id, decided) for d in found)


def _adjudication(line: Line837P, found: DecidedLine, payer_id: str, decided: Decided) -> LineAdjudication:
    answer = found.answer
    return LineAdjudication(
        payer_id=payer_id,
        paid_cents=answer.paid_cents,
        procedure=answer.procedure,
        units=_units(line, answer),
        adjudicated_on=found.answered_on,
        bundled_into=_bundled_into(answer, decided),
        adjustments=_worth_telling(answer.adjustments),
        patient_liability_cents=_responsibility(answer) if _by_line(decided) else None,
    )


def _units(line: Line837P, answer: AnsweredLine) -> Decimal | None:
    """SVD05 may not be missing. A paper EOB names no units, and an 835 may leave out a single one (SVC05): the whole
    charge stands for the units billed, a part of it for one.
    """
    if answer.units is not None:
        return answer.units
    return line.units if answer.charge_cents == line.charge_cents else Decimal(1)


def _bundled_into(answer: AnsweredLine, decided: Decided) -> int | None:
    """The line that took this one in: paid under the same code, or under a code nobody sent; told only if it is one."""
    if answer.paid_cents or not any(a.reason == _BUNDLED for a in answer.adjustments):
        return None
    paid = [d.answer for d in decided.lines if d.answer.paid_cents > 0 and d.answer.line not in (None, answer.line)]
    into = {a.line for a in paid if a.procedure.code == answer.procedure.code or a.submitted}
    return into.pop() if len(into) == 1 else None


def _worth_telling(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(a for a in adjustments if a.amount_cents)


def _responsibility(answer: AnsweredLine) -> int:
    return sum(a.amount_cents for a in answer.adjustments if a.group == "PR")
