"""One CLM with all that hangs on it made into a `Claim837P`: the claim, then every 2320, then every 2400."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cob.x12 import fields
from cob.x12.line837p import build_line
from cob.x12.loops837p import Note, check_order, payer, portable, provider, split, subscriber
from cob.x12.parts import Adjustment
from cob.x12.segments import Segment
from cob.x12.t837p import (
    Attachment,
    Claim837P,
    Contract,
    Diagnosis,
    OtherCoverage,
    OutpatientAdjudication,
    Patient,
    Payer,
    Provider,
    Subscriber,
)

_CARRIED = frozenset({"K3", "CR1", "CR2", "CRC", "HCP"})
_PROVIDER_ROLES = frozenset({"DN", "P3", "82", "77", "DQ", "85"})


@dataclass(frozen=True, slots=True)
class Context:
    """The loops a claim stands under."""

    billing: Provider
    pay_to: Provider | None
    subscriber: Subscriber
    payer: Payer
    patient: Patient | None
    patient_facts: tuple[str, ...]


def build_claim(context: Context, segments: Sequence[Segment], note: Note, unread: list[str]) -> Claim837P:
    """The claim out of its segments, of which the first is the CLM. Raises `X12Error` at the first unreadable one."""
    head, *rest = split(segments, frozenset({"SBR", "LX"}))
    own, *named = split(head, frozenset({"NM1"}))
    check_order("2300", own, note)
    return Claim837P(
        billing=context.billing,
        pay_to=context.pay_to,
        subscriber=context.subscriber,
        payer=context.payer,
        patient=context.patient,
        patient_facts=context.patient_facts,
        **_clm(segments[0]),
        **_own(own[1:], unread),
        providers=tuple(provider(loop, note, unread) for loop in named),
        other_coverages=tuple(_other(loop, note, unread) for loop in rest if loop[0].id == "SBR"),
        lines=tuple(build_line(loop, note, unread) for loop in rest if loop[0].id == "LX"),
        segment_no=segments[0].number,
        raw=tuple(s.text for s in segments),
        unread=tuple(unread),
    )


def _clm(clm: Segment) -> dict[str, Any]:
    place = [*clm.parts(5), "", "", ""]
    causes = [*clm.parts(11), "", "", "", "", ""]
    return {
        "control_number": fields.required(clm, 1, "our claim number"),
        "charge_cents": fields.required_amount(clm, 2, "the claim's charge"),
        "place": place[0],
        "facility_qualifier": place[1],
        "frequency": place[2],
        "provider_signature": clm.at(6),
        "assignment": clm.at(7),
        "benefits_assigned": clm.at(8),
        "release": clm.at(9),
        "patient_signature": clm.at(10),
        "related_causes": tuple(c for c in causes[:3] if c),
        "accident_state": causes[3],
        "accident_country": causes[4],
        "special_program": clm.at(12),
        "delay_reason": clm.at(20),
    }


def _own(segments: Sequence[Segment], unread: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def add(name: str, *values: object) -> None:
        found[name] = (*found.get(name, ()), *values)

    for segment in segments:
        match segment.elements[0]:
            case "DTP":
                add("dates", fields.dtp(segment))
            case "PWK":
                add("attachments", Attachment(segment.at(1), segment.at(2), segment.at(6)))
            case "CN1":
                found["contract"] = Contract(segment.at(1), fields.amount(segment, 2))
            case "AMT" if segment.at(1) == "F5":
                found["patient_paid_cents"] = fields.required_amount(segment, 2, "what the patient paid")
            case "REF":
                add("references", fields.reference_of(segment))
            case "NTE" if segment.at(1) == "ADD" and "note" not in found:
                found["note"] = segment.at(2)
            case "HI":
                add("diagnoses", *_codes(segment))
            case kind if kind in _CARRIED or kind == "NTE":
                add("carried", portable(segment))
            case _:
                unread.append(segment.text)
    return found


def _codes(hi: Segment) -> list[Diagnosis]:
    found = []
    for element in range(1, len(hi.elements)):
        parts = hi.parts(element)
        if not parts:
            continue
        if len(parts) < 2 or not parts[1]:
            expected = f"a qualified code such as ABK{hi.separators.component}J0190"
            raise hi.error(
                element, found=hi.at(element), expected=expected, advice="ask the sender for a corrected file"
            )
        found.append(Diagnosis(parts[1], parts[0]))
    return found


def _other(segments: Sequence[Segment], note: Note, unread: list[str]) -> OtherCoverage:
    own, *named = split(segments, frozenset({"NM1"}))
    check_order("2320", own, note)
    sbr, loops = segments[0], {loop[0].at(1): loop for loop in reversed(named)}
    adjustments: list[Adjustment] = []
    found: dict[str, Any] = {"has_benefit_flags": False}
    for segment in own[1:]:
        match segment.elements[0]:
            case "CAS":
                adjustments.extend(fields.adjustments(segment))
            case "AMT" if segment.at(1) in _AMOUNTS:
                found[_AMOUNTS[segment.at(1)]] = fields.required_amount(segment, 2, "an amount")
            case "OI":
                found |= {"has_benefit_flags": True, "benefits_assigned": segment.at(3)}
                found |= {"patient_signature": segment.at(4), "release": segment.at(6)}
            case "MOA":
                found["outpatient"] = _outpatient(segment)
            case _:
                unread.append(segment.text)
    return OtherCoverage(
        subscriber=subscriber(sbr, loops.get("IL", ()), note, unread),
        payer=payer(loops["PR"], note, unread) if "PR" in loops else None,
        adjustments=tuple(adjustments),
        providers=tuple(provider(loop, note, unread) for loop in named if loop[0].at(1) in _PROVIDER_ROLES),
        segment_no=sbr.number,
        **found,
    )


_AMOUNTS = {"D": "paid_cents", "A8": "non_covered_cents", "EAF": "patient_liability_cents"}


def _outpatient(moa: Segment) -> OutpatientAdjudication:
    return OutpatientAdjudication(
        remarks=tuple(c for n in range(3, 8) if (c := moa.at(n))),
        rate=fields.quantity(moa, 1),
        hcpcs_payable_cents=fields.amount(moa, 2),
        esrd_cents=fields.amount(moa, 8),
        professional_component_cents=fields.amount(moa, 9),
    )
