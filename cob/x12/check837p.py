"""Pre-submission checks that need nothing but the claim itself; rule ids are those of the edit catalogue (C01 …).

What needs a calendar of payers, a ledger or a crossover hold is asked elsewhere. Amounts are compared to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cob.ids import is_mbi, is_npi
from cob.x12.balance837p import balance_837p, is_ahead, said
from cob.x12.codes import GROUPS, PLACES, REVERSAL_GROUP, SBR_FILING_CODES, has_rarc_shape, is_published_carc
from cob.x12.errors import Finding, Severity
from cob.x12.parts import Adjustment
from cob.x12.t837p import MEDICARE_FILING_CODES, MSP_TYPES, RANKS, UNKNOWN_RANK, Claim837P, Subscriber

_STOP, _WARN = Severity.STOP, Severity.WARN
_PRINCIPAL = frozenset({"ABK", "BK"})

# Facts of the file itself: a claim with one of these is not even worth keeping. The rest concerns sending it.
STRUCTURAL = frozenset({"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08", "C10", "C11", "REQUIRED"})

# Who should have decided before whom: nobody can tell while the order itself is wrong.
_FROM_THE_ORDER = frozenset({"C14", "C15"})


def check_837p(claim: Claim837P, today: date | None = None) -> list[Finding]:
    """Every objection to one claim, hardest facts first; `today` (if given) finds adjudication dates in the future."""
    order = list(_ranks(claim))
    balance = balance_837p(claim, today)
    return [
        *_required(claim),
        *order,
        *(f for f in balance if not order or f.rule not in _FROM_THE_ORDER),
        *_other_loops(claim),
        *_medicare(claim),
        *_frequency(claim),
        *_codes(claim),
        *_numbers(claim),
        *_money_warnings(claim),
    ]


def _finding(claim: Claim837P, rule: str, severity: Severity, what: str, line: int = 0, segment_no: int = 0) -> Finding:
    return said(claim, rule, what, line, segment_no, severity)


def _required(claim: Claim837P) -> Iterator[Finding]:
    person = claim.patient or claim.subscriber
    wanted = [
        (bool(claim.diagnoses), "no diagnosis (HI)"),
        (bool(claim.lines), "no service line"),
        (bool(claim.patient) or claim.subscriber.relationship == "18", "SBR02 is not 18 and no patient loop (2000C)"),
        (person.born_on is not None and bool(person.sex), "the patient's birth date and sex (DMG) are missing"),
        (bool(person.address.line1 and person.address.city), "the patient's address (N3, N4) is missing"),
        (bool(claim.billing.address.line1 and claim.billing.address.city), "the billing address (N3, N4) is missing"),
        (bool(claim.billing.tax_id), "the billing provider's tax number (REF*EI) is missing"),
        (bool(claim.subscriber.party.id), "the subscriber's member id (2010BA NM109) is missing"),
        (bool(claim.payer.party.id), "the payer's id (2010BB NM109) is missing"),
    ]
    for holds, what in wanted:
        if not holds:
            yield _finding(claim, "REQUIRED", _STOP, what)
    if not any(d.qualifier in _PRINCIPAL for d in claim.diagnoses[:1]) and claim.diagnoses:
        yield _finding(claim, "REQUIRED", _STOP, "the first diagnosis is not marked as principal (ABK)")
    yield from _required_on_lines(claim)


def _required_on_lines(claim: Claim837P) -> Iterator[Finding]:
    known = sum(1 for d in claim.diagnoses if d.qualifier in {"ABK", "ABF", "BK", "BF"})
    for number, line in enumerate(claim.lines, 1):
        if line.service_on is None:
            yield _finding(claim, "REQUIRED", _STOP, "the service date (DTP*472) is missing", number, line.segment_no)
        if line.units is None:
            yield _finding(claim, "REQUIRED", _STOP, "the units (SV104) are missing", number, line.segment_no)
        if not line.pointers:
            yield _finding(claim, "REQUIRED", _STOP, "no diagnosis pointer (SV107)", number, line.segment_no)
        if known and any(p > known for p in line.pointers):
            yield _finding(claim, "SV107", _WARN, "points to a diagnosis that is not there", number, line.segment_no)
        if line.number != number:
            what = f"LX says {line.number} where {number} is due"
            yield _finding(claim, "LX01", _WARN, what, number, line.segment_no)


def _ranks(claim: Claim837P) -> Iterator[Finding]:
    ranks = [s.rank_code for s in _subscribers(claim)]
    if any(rank not in RANKS and rank != UNKNOWN_RANK for rank in ranks):
        yield _finding(claim, "C10", _STOP, "SBR01 must be P, S, T or A to H")
    elif len(set(ranks)) != len(ranks):
        twice = max(ranks, key=ranks.count)
        yield _finding(claim, "C10", _STOP, f"two payers share a place in the order: SBR01 {twice} is given twice")
    elif UNKNOWN_RANK not in ranks and "P" not in ranks:
        yield _finding(claim, "C10", _STOP, f"no payer is named as primary: SBR01 is {', '.join(ranks)} and never P")
    elif UNKNOWN_RANK not in ranks and sorted(map(RANKS.index, ranks)) != list(range(len(ranks))):
        yield _finding(claim, "C10", _STOP, f"the order has a hole in it (SBR01 {', '.join(ranks)})")


def _other_loops(claim: Claim837P) -> Iterator[Finding]:
    for other in claim.other_coverages:
        rank = other.subscriber.rank_code
        wanted = [
            (other.has_benefit_flags, "OI is missing"),
            (bool(other.subscriber.party.role), "the other subscriber (2330A NM1*IL) is missing"),
            (bool(other.payer_id), "the other payer or its id (2330B NM1*PR) is missing"),
            (bool(other.subscriber.relationship), "the patient's relationship (SBR02) is missing"),
        ]
        for holds, what in wanted:
            if not holds:
                yield _finding(claim, "C11", _STOP, f"for payer {rank}, {what}", segment_no=other.segment_no)


def _medicare(claim: Claim837P) -> Iterator[Finding]:
    for sub in _subscribers(claim):
        is_medicare = sub.filing_code in MEDICARE_FILING_CODES
        if sub.msp_type and sub.msp_type not in MSP_TYPES:
            yield _finding(claim, "C12", _STOP, f'"{sub.msp_type}" is no reason for Medicare to pay second (SBR05)')
        elif sub.msp_type and (not is_medicare or sub.rank_code == "P"):
            yield _finding(
                claim, "C12", _STOP, f"payer {sub.rank_code} is not Medicare in second place but has an SBR05"
            )
        elif not sub.msp_type and is_medicare and sub.rank_code != "P":
            yield _finding(claim, "C12", _STOP, f"Medicare is payer {sub.rank_code} and SBR05 does not say why")
        if is_medicare and sub.party.id and not is_mbi(sub.party.id):
            yield _finding(claim, "C16", _STOP, "the Medicare number does not have the shape of an MBI")
    ahead = sum(1 for other in claim.other_coverages if is_ahead(claim, other))
    if claim.subscriber.filing_code in MEDICARE_FILING_CODES and ahead > 1:
        yield _finding(claim, "C18", _STOP, "Medicare takes a claim with two payers ahead of it on paper only")


def _frequency(claim: Claim837P) -> Iterator[Finding]:
    if claim.frequency not in {"1", "7", "8"}:
        yield _finding(claim, "C13", _STOP, f'CLM05-3 is "{claim.frequency}"; use 1 original, 7 replacement or 8 void')
    elif claim.frequency != "1" and not claim.payer_control_number:
        yield _finding(claim, "C13", _STOP, "a replacement or void needs the payer's claim number (REF*F8)")
    elif claim.frequency == "1" and claim.payer_control_number:
        yield _finding(claim, "C13", _WARN, "an original claim carries a payer's claim number (REF*F8)")


def _codes(claim: Claim837P) -> Iterator[Finding]:
    if claim.place not in PLACES:
        yield _finding(claim, "C09", _STOP, f'"{claim.place}" is no place of service (CLM05-1)')
    for sub in _subscribers(claim):
        if sub.filing_code and sub.filing_code not in SBR_FILING_CODES:
            yield _finding(claim, "C09", _STOP, f'"{sub.filing_code}" is no claim filing indicator (SBR09)')
    for other in claim.other_coverages:
        for adjustment in other.adjustments:
            yield from _adjustment(claim, adjustment, 0, other.segment_no)
        for remark in other.outpatient.remarks if other.outpatient else ():
            if not has_rarc_shape(remark):
                what = f'"{remark}" is no remark code (MOA)'
                yield _finding(claim, "C09", _STOP, what, segment_no=other.segment_no)
    for number, line in enumerate(claim.lines, 1):
        for decision in line.adjudications:
            for adjustment in decision.adjustments:
                yield from _adjustment(claim, adjustment, number, decision.segment_no)


def _adjustment(claim: Claim837P, adjustment: Adjustment, line: int, segment_no: int) -> Iterator[Finding]:
    if adjustment.group not in GROUPS | {REVERSAL_GROUP}:
        what = f'CAS01 "{adjustment.group}" is no adjustment group (CO, CR, OA, PI, PR)'
        yield _finding(claim, "C08", _STOP, what, line, segment_no)
    if not adjustment.amount_cents:
        what = f"adjustment {adjustment.group}-{adjustment.reason} has no amount (CAS03)"
        yield _finding(claim, "C08", _STOP, what, line, segment_no)
    if not is_published_carc(adjustment.reason):
        yield _finding(claim, "C09", _STOP, f'CAS02 "{adjustment.reason}" is no adjustment reason', line, segment_no)


def _numbers(claim: Claim837P) -> Iterator[Finding]:
    on_lines = [p for line in claim.lines for p in line.providers]
    for provider in (claim.billing, *claim.providers, *on_lines):
        if provider.npi and not is_npi(provider.npi):
            yield _finding(claim, "C16", _STOP, f"the NPI of NM1*{provider.party.role} has a wrong check digit")
    control = claim.control_number
    if len(control) > 20 or not control.isascii() or not all(c.isdigit() or c.isupper() or c == "-" for c in control):
        yield _finding(claim, "C24", _WARN, "our claim number should be up to 20 capital letters, digits and hyphens")


def _money_warnings(claim: Claim837P) -> Iterator[Finding]:
    prior = sum(other.paid_cents or 0 for other in claim.other_coverages)
    if prior and claim.patient_paid_cents == prior:
        yield _finding(claim, "C17", _WARN, "AMT*F5 equals what other payers paid; it is for the patient's money only")
    for number, line in enumerate(claim.lines, 1):
        for decision in line.adjudications:
            if decision.procedure.code != line.procedure.code and decision.bundled_into is None:
                what = f"the payer decided on {decision.procedure.code}, the line says {line.procedure.code}"
                yield _finding(claim, "C22", _WARN, what, number, decision.segment_no)


def _subscribers(claim: Claim837P) -> list[Subscriber]:
    return [claim.subscriber, *(other.subscriber for other in claim.other_coverages)]
