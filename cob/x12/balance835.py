"""Does an 835 add up, and does it say what an 835 must say? Lines (E1), claims (E2, E3), the payment (E4).

A finding that stops holds the whole transaction: money is posted when every cent of it is explained, not before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cob.cents import dollars
from cob.ids import is_npi
from cob.x12.codes import GROUPS, REVERSAL_GROUP, has_carc_shape, has_rarc_shape, is_published_carc
from cob.x12.errors import Finding, Severity, X12Error
from cob.x12.parts import Adjustment
from cob.x12.plb import payment_cents
from cob.x12.read835 import read_835
from cob.x12.segments import Source
from cob.x12.t835 import FORWARDED, STATUSES, Claim835, Event835, Header835, Line835, ProviderAdjustment, Trailer835

_HANDLING = frozenset("CDHIPUX")
_METHODS = frozenset({"ACH", "BOP", "CHK", "FWT", "NON"})
MOST_WARNINGS = 1_000


@dataclass(slots=True)
class Checked835:
    """One transaction after every check, without its claims: sums in cents, findings, unreadable segments."""

    header: Header835 | None = None
    trailer: Trailer835 | None = None
    claims: int = 0
    lines: int = 0
    claims_paid_cents: int = 0
    plb_cents: int = 0
    findings: list[Finding] = field(default_factory=list)
    is_stopped: bool = False

    def note(self, findings: Iterable[Finding]) -> None:
        """Put findings on the list; `is_stopped` once one of them stops the transaction."""
        for finding in findings:
            self.findings.append(finding)
            self.is_stopped = self.is_stopped or finding.stops

    @property
    def errors(self) -> tuple[X12Error, ...]:
        """What could not be read."""
        return self.trailer.errors if self.trailer else ()

    @property
    def is_balanced(self) -> bool:
        """Read in full, and E1 to E4 hold."""
        is_read = self.header is not None and all(e.segment_id == "SE" for e in self.errors)
        return is_read and not any(f.rule in {"E1", "E2", "E3", "E4"} for f in self.findings)

    @property
    def is_postable(self) -> bool:
        """Nothing stops it."""
        return self.header is not None and not self.errors and not self.is_stopped

    @property
    def reason(self) -> str:
        """Why it is held, in one sentence; empty when it is not."""
        said = [str(e) for e in self.errors] + [f.message for f in self.findings if f.stops]
        return said[0] if said else ""


def check_835(source: Source) -> Iterator[Checked835]:
    """Each transaction of a file checked, in flat memory. Raises `X12Error` when the file as a whole cannot be read."""
    for event, found in checked_835(source):
        if isinstance(event, Trailer835):
            yield found


def checked_835(source: Source) -> Iterator[tuple[Event835, Checked835]]:
    """The same for who also wants what is read: each event with what is to be said of its transaction so far, which
    with the trailer is everything. Raises `X12Error` as `read_835` does."""
    found = Checked835()
    for event in read_835(source):
        match event:
            case Claim835():
                _count(found, event)
            case Header835():
                found.header = event
                found.note(_header(event))
            case ProviderAdjustment(amount_cents=cents):
                found.plb_cents += cents
            case Trailer835():
                found.trailer = event
                found.note(_payment(found))
                found.note(_unread(event.unread, event.segment_no))
        yield event, found
        if found.trailer:
            found = Checked835()


def _count(found: Checked835, claim: Claim835) -> None:
    found.claims += 1
    found.lines += len(claim.lines)
    found.claims_paid_cents += claim.paid_cents
    found.note(f for f in balance_835(claim) if f.stops or len(found.findings) < MOST_WARNINGS)


def balance_835(claim: Claim835) -> list[Finding]:
    """Everything that can be said against one claim by itself."""
    return [
        *(f for number, line in enumerate(claim.lines, 1) for f in _line(claim, number, line)),
        *_claim_sums(claim),
        *_claim_facts(claim),
        *(f for a in claim.adjustments for f in _adjustment(claim, a)),
        *_unread(claim.unread, claim.segment_no, claim.control_number),
    ]


def _line(claim: Claim835, number: int, line: Line835) -> Iterator[Finding]:
    expected = line.charge_cents - sum(a.amount_cents for a in line.adjustments)
    if expected != line.paid_cents:
        yield Finding(
            "E1",
            Severity.STOP,
            f"Claim {claim.control_number}, line {number} (segment {line.segment_no}, SVC): charge "
            f"{dollars(line.charge_cents)} less adjustments is {dollars(expected)}, but SVC03 says "
            f"{dollars(line.paid_cents)} was paid.",
            claim.control_number,
            number,
            line.segment_no,
            "SVC",
            expected,
            line.paid_cents,
        )
    for adjustment in line.adjustments:
        yield from _adjustment(claim, adjustment, number, line.segment_no)
    for code in line.remark_codes:
        yield from _remark(claim, code, number, line.segment_no)
    if line.service_on is None and claim.statement_from_on is None:
        yield _warn(claim, "DTM*472", "no service date on the line or the claim", number, line.segment_no)


def _claim_sums(claim: Claim835) -> Iterator[Finding]:
    on_claim = sum(a.amount_cents for a in claim.adjustments)
    on_lines = sum(a.amount_cents for line in claim.lines for a in line.adjustments)
    expected = claim.charge_cents - on_claim - on_lines
    if expected != claim.paid_cents:
        yield _sum(claim, "E2", "charge less every adjustment", expected)
    expected = sum(line.paid_cents for line in claim.lines) - on_claim
    if claim.lines and expected != claim.paid_cents:
        yield _sum(claim, "E3", "the lines' payments less claim-level adjustments", expected)
    responsibility = claim.responsibility_cents()
    if claim.patient_cents is not None and claim.patient_cents != responsibility and not claim.is_reversal:
        said = (
            f"CLP05 says the patient owes {dollars(claim.patient_cents)}, the PR adjustments {dollars(responsibility)}"
        )
        yield _warn(claim, "E5", said)


def _sum(claim: Claim835, rule: str, what: str, expected: int) -> Finding:
    message = (
        f"Claim {claim.control_number} (segment {claim.segment_no}, CLP): {what} is {dollars(expected)}, "
        f"but CLP04 says {dollars(claim.paid_cents)} was paid."
    )
    place = (claim.control_number, 0, claim.segment_no, "CLP")
    return Finding(rule, Severity.STOP, message, *place, expected, claim.paid_cents)


def _claim_facts(claim: Claim835) -> Iterator[Finding]:
    if claim.status not in STATUSES:
        yield _stop(claim, "CLP02", f'CLP02 "{claim.status}" is no claim status of the 835')
    if claim.patient is None:
        yield _stop(claim, "NM1*QC", "the patient's name (NM1*QC) is missing")
    if claim.status in FORWARDED and claim.crossover_carrier is None:
        yield _warn(claim, "NM1*TT", f"status {claim.status} says it was forwarded, but NM1*TT does not say to whom")
    if not claim.is_reversal:
        yield from _below_zero(claim)
    if claim.is_reversal and claim.charge_cents > 0:
        yield _warn(claim, "CLP03", "a reversal should repeat the original with every amount negated")
    if not claim.payer_control_number:
        yield _warn(claim, "CLP07", "the payer's claim number (CLP07) is missing")
    if not claim.follows_lx:
        yield _warn(claim, "LX", "no LX stands before the claim")
    for code in claim.remark_codes:
        yield from _remark(claim, code)


def _below_zero(claim: Claim835) -> Iterator[Finding]:
    """Only a reversal gives back: a correction comes as the reversal of the whole answer and a new one (RFI 1147)."""
    said = "is below zero, but the claim is no reversal (CLP02 22)"
    for element, cents in (("CLP03", claim.charge_cents), ("CLP04", claim.paid_cents)):
        if cents < 0:
            yield _stop(claim, element, f"{element} {dollars(cents)} {said}")
    for number, line in enumerate(claim.lines, 1):
        for element, cents in (("SVC02", line.charge_cents), ("SVC03", line.paid_cents)):
            if cents < 0:
                yield _stop(claim, element, f"{element} {dollars(cents)} {said}", number, line.segment_no)


def _adjustment(claim: Claim835, adjustment: Adjustment, line: int = 0, segment_no: int = 0) -> Iterator[Finding]:
    group, reason = adjustment.group, adjustment.reason
    if group == REVERSAL_GROUP and claim.is_reversal:
        yield _warn(
            claim, "CAS01", "group CR went out with version 4010; a reversal repeats its groups", line, segment_no
        )
    elif group not in GROUPS:
        yield _stop(claim, "CAS01", f'CAS01 "{group}" is no adjustment group (CO, OA, PI, PR)', line, segment_no)
    if not has_carc_shape(reason):
        yield _stop(claim, "CAS02", f'CAS02 "{reason}" cannot be an adjustment reason code', line, segment_no)
    elif not is_published_carc(reason):
        yield _warn(claim, "CAS02", f"adjustment reason {reason} is not on the list known here", line, segment_no)


def _remark(claim: Claim835, code: str, line: int = 0, segment_no: int = 0) -> Iterator[Finding]:
    if not has_rarc_shape(code):
        yield _warn(claim, "LQ02", f'"{code}" cannot be a remark code', line, segment_no)


def _header(header: Header835) -> Iterator[Finding]:
    def said(rule: str, what: str, severity: Severity = Severity.WARN) -> Finding:
        place = f"Payment {header.trace} (segment {header.segment_no}, ST)" if severity is Severity.STOP else ""
        return Finding(rule, severity, f"{place or f'Payment {header.trace}'}: {what}.", segment_no=header.segment_no)

    if header.currency not in {"", "USD"}:
        yield said("CUR02", f"its amounts are in {header.currency}, not in US dollars", Severity.STOP)
    if header.paid_cents < 0:
        what = f"BPR02 {dollars(header.paid_cents)} is below zero; a balance owed is carried forward in PLB (FB)"
        yield said("BPR02", what, Severity.STOP)
    if header.handling not in _HANDLING:
        yield said("BPR01", f'"{header.handling}" is no handling code')
    if header.credit_or_debit != "C":
        yield said("BPR03", f'BPR03 is "{header.credit_or_debit}", not a credit')
    if header.is_paid_on_assumed:
        yield said("BPR16", "the payment date (BPR16) is missing, the production date stands in for it")
    if header.method not in _METHODS:
        yield said("BPR04", f'"{header.method}" is no payment method')
    if header.payee.id_qualifier == "XX" and not is_npi(header.payee.id):
        yield said("N1*PE", "the payee's NPI has a wrong check digit")
    if not header.payer.has_technical_contact:
        yield said("PER*BL", "the payer's technical contact (PER*BL) is missing")


def _payment(found: Checked835) -> Iterator[Finding]:
    if not found.header or any(e.segment_id != "SE" for e in found.errors):
        return
    expected = payment_cents(found.claims_paid_cents, found.plb_cents)
    if expected != found.header.paid_cents:
        message = (
            f"Payment {found.header.trace} (segment {found.header.segment_no}, ST): the claims come to "
            f"{dollars(found.claims_paid_cents)} and PLB takes {dollars(found.plb_cents)}, which leaves "
            f"{dollars(expected)}, but BPR02 says {dollars(found.header.paid_cents)}."
        )
        place = ("", 0, found.header.segment_no, "BPR")
        yield Finding("E4", Severity.STOP, message, *place, expected, found.header.paid_cents)


def _unread(texts: tuple[str, ...], segment_no: int, claim: str = "") -> Iterator[Finding]:
    if texts:
        ids = ", ".join(dict.fromkeys(text[:3].strip("*|") for text in texts))
        message = f"Segments not understood were kept with the raw text and otherwise ignored: {ids}."
        yield Finding("UNREAD", Severity.WARN, message, claim, 0, segment_no)


def _stop(claim: Claim835, rule: str, what: str, line: int = 0, segment_no: int = 0) -> Finding:
    return _finding(claim, rule, Severity.STOP, what, line, segment_no)


def _warn(claim: Claim835, rule: str, what: str, line: int = 0, segment_no: int = 0) -> Finding:
    return _finding(claim, rule, Severity.WARN, what, line, segment_no)


def _finding(claim: Claim835, rule: str, severity: Severity, what: str, line: int, segment_no: int) -> Finding:
    number = segment_no or claim.segment_no
    segment_id = "SVC" if line else "CLP"
    place = f"line {line} (segment {number}, {segment_id})" if line else f"(segment {number}, {segment_id})"
    said = f"Claim {claim.control_number}, {place}" if line else f"Claim {claim.control_number} {place}"
    return Finding(rule, severity, f"{said}: {what}.", claim.control_number, line, number, segment_id)
