"""The balance equations of an 837P: lines to claim (B1), and for every payer that decided: lines (B2), claim (B3, B4).

A payer that sent service lines is reported on the lines; one that sent totals only, on the claim. Never half and half.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cob.cents import dollars
from cob.x12.errors import Finding, Severity
from cob.x12.t837p import RANKS, UNKNOWN_RANK, Claim837P, Line837P, LineAdjudication, OtherCoverage

_STOP, _WARN = Severity.STOP, Severity.WARN


def balance_837p(claim: Claim837P, today: date | None = None) -> Iterator[Finding]:
    """B1 to B4 and what makes them meaningful: each amount, each date and each payer in one place."""
    charged = sum(line.charge_cents for line in claim.lines)
    if charged != claim.charge_cents:
        yield _money(claim, "C01", "the lines' charges come to", charged, "CLM02", claim.charge_cents)
    yield from _payer_ids(claim)
    for other in claim.other_coverages:
        yield from _payer(claim, other, today)


def _payer_ids(claim: Claim837P) -> Iterator[Finding]:
    ids = [other.payer_id for other in claim.other_coverages]
    for twice in sorted({i for i in ids if i and ids.count(i) > 1}):
        yield said(claim, "C06", f"two other payers share the id {twice} (2330B NM109)")
    for number, line in enumerate(claim.lines, 1):
        for decision in line.adjudications:
            if decision.payer_id not in ids:
                what = f"SVD01 names payer {decision.payer_id}, which no 2330B has"
                yield said(claim, "C06", what, number, decision.segment_no)
            if decision.paid_cents < 0:
                what = f"SVD02 is {dollars(decision.paid_cents)}; a payment cannot be below zero"
                yield said(claim, "C07", what, number, decision.segment_no)


def _payer(claim: Claim837P, other: OtherCoverage, today: date | None) -> Iterator[Finding]:
    decided = [(line, [d for d in line.adjudications if d.payer_id == other.payer_id]) for line in claim.lines]
    by_line = any(found for _, found in decided)
    has_decided = by_line or other.paid_cents is not None or bool(other.adjustments)
    rank = other.subscriber.rank_code
    if not is_ahead(claim, other) and not (has_decided and _is_order_unknown(claim, other)):
        if has_decided:
            yield said(claim, "C14", f"payer {rank} comes after the destination and cannot have decided yet")
        return
    if not has_decided:
        if other.non_covered_cents is None:
            yield said(claim, "C15", f"payer {rank} comes first and its decision is missing (no AMT*D, CAS or SVD)")
        return
    if by_line:
        yield from _lines(claim, other, decided)
    yield from _claim_level(claim, other, [d for _, found in decided for d in found])
    yield from _dates(claim, other, [d for _, found in decided for d in found], today)
    yield from _liability(claim, other, [d for _, found in decided for d in found])


def _lines(
    claim: Claim837P, other: OtherCoverage, decided: list[tuple[Line837P, list[LineAdjudication]]]
) -> Iterator[Finding]:
    for number, (line, found) in enumerate(decided, 1):
        if not found:
            what = f"payer {other.payer_id} decided on other lines but not on this one (no SVD)"
            yield said(claim, "C02", what, number, line.segment_no)
            continue
        explained = sum(d.paid_cents + sum(a.amount_cents for a in d.adjustments) for d in found)
        if explained != line.charge_cents:
            what = f"payer {other.payer_id} paid (SVD02) and adjusted (CAS)"
            yield _money(
                claim, "C02", what, explained, "the charge (SV102)", line.charge_cents, number, found[0].segment_no
            )


def _claim_level(claim: Claim837P, other: OtherCoverage, decisions: list[LineAdjudication]) -> Iterator[Finding]:
    on_claim = sum(a.amount_cents for a in other.adjustments)
    on_lines = sum(a.amount_cents for d in decisions for a in d.adjustments)
    if other.paid_cents is None:
        yield said(claim, "C03", f"payer {other.payer_id} has decided but AMT*D is missing (0 if it paid nothing)")
        return
    paid = sum(d.paid_cents for d in decisions) - on_claim
    if decisions and paid != other.paid_cents:
        what = f"payer {other.payer_id}: line payments less claim adjustments are"
        yield _money(claim, "C03", what, paid, "AMT*D", other.paid_cents, segment_no=other.segment_no)
    explained = other.paid_cents + on_claim + on_lines
    if explained != claim.charge_cents:
        what = f"payer {other.payer_id} paid (AMT*D) and adjusted (CAS)"
        yield _money(claim, "C03", what, explained, "CLM02", claim.charge_cents, segment_no=other.segment_no)
    claim_keys = {(a.group, a.reason, a.amount_cents) for a in other.adjustments}
    line_keys = {(a.group, a.reason, a.amount_cents) for d in decisions for a in d.adjustments}
    for group, reason, cents in sorted(claim_keys & line_keys):
        what = (
            f"{group}-{reason} {dollars(cents)} stands on the claim and on a line; an adjustment belongs to one level"
        )
        yield said(claim, "C04", what, severity=_WARN)


def _dates(
    claim: Claim837P, other: OtherCoverage, decisions: list[LineAdjudication], today: date | None
) -> Iterator[Finding]:
    on_claim = other.payer.adjudicated_on if other.payer else None
    on_lines = [d.adjudicated_on for d in decisions if d.adjudicated_on]
    if on_claim and on_lines:
        yield said(claim, "C04", f"payer {other.payer_id}: DTP*573 stands on the claim and on the lines; keep one")
    if (decisions and len(on_lines) < len(decisions)) or (not decisions and not on_claim):
        yield said(claim, "C05", f"payer {other.payer_id}: the date of its decision (DTP*573) is missing")
    first_service = min((line.service_on for line in claim.lines if line.service_on), default=None)
    for day in sorted({*on_lines, *([on_claim] if on_claim else [])}):
        if first_service and day < first_service:
            yield said(claim, "C05", f"payer {other.payer_id} decided on {day} (DTP*573), before the service")
        if today and day > today:
            yield said(claim, "C05", f"payer {other.payer_id} decided on {day} (DTP*573), which is still to come")


def _liability(claim: Claim837P, other: OtherCoverage, decisions: list[LineAdjudication]) -> Iterator[Finding]:
    on_lines = [d.patient_liability_cents for d in decisions if d.patient_liability_cents is not None]
    on_claim = other.patient_liability_cents
    if on_claim is not None and on_lines:
        yield said(claim, "C04", f"payer {other.payer_id}: AMT*EAF stands on the claim and on the lines; keep one")
        return
    if on_claim is None and not on_lines:
        return
    stated = sum(on_lines) if on_claim is None else on_claim
    every = [*other.adjustments, *(a for d in decisions for a in d.adjustments)]
    responsibility = sum(a.amount_cents for a in every if a.group == "PR")
    if stated > claim.charge_cents or stated != responsibility:
        sums = f"{dollars(stated)} to the patient (AMT*EAF), its PR adjustments {dollars(responsibility)}"
        what = f"payer {other.payer_id} left {sums}"
        yield said(claim, "C21", what, severity=_WARN)


def is_ahead(claim: Claim837P, other: OtherCoverage) -> bool:
    """Whether another payer stands before the destination in the order."""
    return 0 <= RANKS.find(other.subscriber.rank_code) < RANKS.find(claim.subscriber.rank_code)


def _is_order_unknown(claim: Claim837P, other: OtherCoverage) -> bool:
    """SBR01 U says that nobody knows the place of one of the two: a decision shows that it came first."""
    return UNKNOWN_RANK in (claim.subscriber.rank_code, other.subscriber.rank_code)


def _money(
    claim: Claim837P,
    rule: str,
    what: str,
    found: int,
    against: str,
    expected: int,
    line: int = 0,
    segment_no: int = 0,
) -> Finding:
    sentence = f"{what} {dollars(found)}, but {against} is {dollars(expected)}"
    return said(claim, rule, sentence, line, segment_no, _STOP, expected, found)


def said(
    claim: Claim837P,
    rule: str,
    what: str,
    line: int = 0,
    segment_no: int = 0,
    severity: Severity = _STOP,
    expected_cents: int | None = None,
    found_cents: int | None = None,
) -> Finding:
    """A finding on a claim (or its line, counted from 1) that reads as a sentence."""
    number = segment_no or claim.segment_no
    place = ", ".join(part for part in (f"line {line}" if line else "", f"segment {number}" if number else "") if part)
    message = f"Claim {claim.control_number}{f' ({place})' if place else ''}: {what}."
    return Finding(rule, severity, message, claim.control_number, line, number, "CLM", expected_cents, found_cents)
