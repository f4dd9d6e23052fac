"""The claim on file addressed to one of its payers: same number, same lines, full charge; the payers before it stand in
loop 2320 with what they decided, the payers after it with their names only.

Everything that belongs to one payer alone (its approvals, its numbers for our providers) changes with the destination.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claims.submissions.accepted import OTAF, before_medicare, on_claim, on_line
from claims.submissions.insured import PROVIDER_NUMBERS, SELF, Filed, Insured, Person
from claims.submissions.other_payer import line_adjudications, other_coverage
from cob.x12.parts import NO_ADDRESS, Party, Reference
from cob.x12.t837p import RANKS, Claim837P, Contract, Line837P, Patient, Payer, Provider, Subscriber

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"
_OF_ONE_PAYER = frozenset({"G1", "9F", "F8"})
_PAYER_NUMBERS = frozenset({"2U", "EI", "FY", "NF"})


def project(
    claim: Claim837P,
    to: Insured,
    payers: Sequence[Insured],
    patient: Person,
    *,
    frequency: str = ORIGINAL,
    their_number: str = "",
    otaf_at_zero: bool = True,
) -> Claim837P:
    """The claim as `to` gets it. `payers` are all that belong on it, `their_number` is CLP07 of the claim replaced;
    `otaf_at_zero` is of our terms with Medicare (`accepted`)."""
    others = [payer for payer in payers if payer.place != to.place]
    is_same = to.filed is not None and to.filed.payer.party.id == claim.payer.party.id
    filed = to.filed
    # Filed with Medicare as a later payer, the claim says it already; filed with it as the first, it could not.
    has_said = is_same and (claim.contract or any(line.contract for line in claim.lines))
    before = None if has_said else before_medicare(to, others)
    contract = _contract(claim.contract, to, is_same) or on_claim(before, at_zero=otaf_at_zero)
    return replace(
        claim,
        subscriber=_subscriber(claim, to, patient),
        payer=_payer(to),
        patient=None if to.is_patient else _patient(claim, to, patient),
        frequency=frequency,
        benefits_assigned=(filed.benefits_assigned if filed else "") or claim.benefits_assigned,
        release=(filed.release if filed else "") or claim.release,
        contract=contract,
        # A document's number is on the cover that one payer gets.
        attachments=claim.attachments if is_same else (),
        references=_references(claim, filed, frequency, their_number),
        providers=tuple(_for_payer(p, filed, is_same) for p in claim.providers),
        other_coverages=tuple(other_coverage(claim, payer, is_ahead=payer.place < to.place) for payer in others),
        # It stands on the claim or on its lines.
        lines=tuple(
            _line(line, to, others, is_same, None if contract else on_line(before, line.number, at_zero=otaf_at_zero))
            for line in claim.lines
        ),
        raw=(),
        unread=(),
    )


def _subscriber(claim: Claim837P, to: Insured, patient: Person) -> Subscriber:
    """2000B and 2010BA. Address and birth date belong there only when the patient is the subscriber."""
    person = patient if to.is_patient else to.subscriber
    suffix = to.filed.subscriber.party.suffix if to.filed else ""
    party = Party("IL", person.last, person.first, person.middle, suffix, True, "MI", to.member_id)
    return Subscriber(
        rank_code=RANKS[to.place - 1],
        party=party,
        relationship=SELF if to.is_patient else "",
        group_number=to.group_number,
        plan_name=to.plan_name,
        msp_type=to.msp_type,
        filing_code=to.filing_code,
        address=person.address if to.is_patient else NO_ADDRESS,
        born_on=person.born_on if to.is_patient else None,
        sex=person.sex if to.is_patient else "",
        died_on=_died_on(claim) if to.is_patient else None,
        references=to.filed.subscriber.references if to.filed else (),
    )


def _died_on(claim: Claim837P) -> date | None:
    """Of the patient, whose plan ever the claim was filed with."""
    return (claim.patient or claim.subscriber).died_on


def _payer(to: Insured) -> Payer:
    filed = to.filed.payer if to.filed else None
    address = filed.address if filed else NO_ADDRESS
    numbers = tuple(r for r in filed.references if r.qualifier in _PAYER_NUMBERS) if filed else ()
    ours = to.filed.numbers_for("85") if to.filed else ()
    return Payer(Party("PR", to.payer_name, id_qualifier="PI", id=to.payer_id), address, (*numbers, *ours))


def _patient(claim: Claim837P, to: Insured, patient: Person) -> Patient:
    """2000C: the patient under somebody else's coverage."""
    suffix = claim.patient.party.suffix if claim.patient else ""
    return Patient(
        party=Party("QC", patient.last, patient.first, patient.middle, suffix, True),
        relationship=to.relationship_code,
        address=patient.address,
        born_on=patient.born_on,
        sex=patient.sex,
        died_on=_died_on(claim),
        # Y4 is the number of a property and casualty claim; it stays with the patient.
        references=tuple(r for r in claim.patient.references if r.qualifier == "Y4") if claim.patient else (),
    )


def _contract(contract: Contract | None, to: Insured, is_same: bool) -> Contract | None:
    """A contract is with one payer; only what we must accept in full (OTAF) concerns Medicare behind it."""
    if contract is None or is_same:
        return contract
    return contract if contract.type_code == OTAF and to.msp_type else None


def _references(claim: Claim837P, filed: Filed | None, frequency: str, their_number: str) -> tuple[Reference, ...]:
    kept = [r for r in claim.references if r.qualifier not in _OF_ONE_PAYER]
    approvals = list(filed.approvals) if filed else []
    # A correction filed before the desk was in use names the claim itself.
    is_its_own = filed is not None and filed.payer == claim.payer and filed.subscriber == claim.subscriber
    theirs = their_number or (claim.payer_control_number if is_its_own else "")
    number = [Reference("F8", theirs)] if frequency != ORIGINAL and theirs else []
    return (*approvals, *number, *kept)


def _for_payer(provider: Provider, filed: Filed | None, is_same: bool) -> Provider:
    """A provider with the numbers the destination knows it by instead of those of the payer before."""
    if is_same:
        return provider
    kept = tuple(r for r in provider.references if r.qualifier not in PROVIDER_NUMBERS)
    theirs = filed.numbers_for(provider.party.role) if filed else ()
    return replace(provider, references=kept + theirs)


def _line(line: Line837P, to: Insured, others: Sequence[Insured], is_same: bool, accepted: Contract | None) -> Line837P:
    decided = tuple(
        found
        for payer in others
        if payer.decided and payer.place < to.place
        for found in line_adjudications(line, payer.payer_id, payer.decided)
    )
    contract = _contract(line.contract, to, is_same) or accepted
    if is_same:
        return replace(line, adjudications=decided, contract=contract)
    return replace(
        line,
        adjudications=decided,
        contract=contract,
        references=tuple(r for r in line.references if r.qualifier not in _OF_ONE_PAYER),
        providers=tuple(_for_payer(p, None, is_same) for p in line.providers),
    )
