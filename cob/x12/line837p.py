"""One LX with all that hangs on it made into a `Line837P`, each decision of an earlier payer (2430) included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cob.x12 import fields
from cob.x12.loops837p import Note, check_order, portable, provider, split
from cob.x12.parts import Adjustment
from cob.x12.segments import Segment
from cob.x12.t837p import Contract, Line837P, LineAdjudication

_CARRIED = frozenset({"SV5", "PWK", "CR1", "CR3", "CRC", "QTY", "MEA", "AMT", "K3", "PS1", "HCP"})
_CARRIED_LOOPS = frozenset({"LIN", "CTP", "REF", "LQ", "FRM"})
_INSTEAD = {"SV2": "institutional", "SV3": "dental"}
_ASK = "ask the sender for a corrected file"


def build_line(segments: Sequence[Segment], note: Note, unread: list[str]) -> Line837P:
    """The line out of its segments, of which the first is the LX. Raises `X12Error` at the first unreadable one."""
    own, *loops = split(segments, frozenset({"NM1", "SVD", "LIN", "LQ"}))
    check_order("2400", own, note)
    by_kind: dict[str, list[Sequence[Segment]]] = {"NM1": [], "SVD": [], "LIN": [], "LQ": []}
    for loop in loops:
        by_kind[loop[0].id].append(loop)
    carried = [portable(s) for s in own if s.elements[0] in _CARRIED or _is_other_note(s, own)]
    for loop in (*by_kind["LIN"], *by_kind["LQ"]):
        carried += [portable(s) for s in loop if s.elements[0] in _CARRIED_LOOPS]
        unread += [s.text for s in loop if s.elements[0] not in _CARRIED_LOOPS]
    return Line837P(
        number=_number(segments[0], 1),
        **_service(segments[0], own),
        **_own(own, unread),
        providers=tuple(provider(loop, note, unread) for loop in by_kind["NM1"]),
        adjudications=tuple(_adjudication(loop, note, unread) for loop in by_kind["SVD"]),
        carried=tuple(carried),
        segment_no=segments[0].number,
    )


def _service(lx: Segment, own: Sequence[Segment]) -> dict[str, Any]:
    sv1 = next((s for s in own if s.id == "SV1"), None)
    if sv1 is None:
        other = next((f"{s.id}, an {_INSTEAD[s.id]} service" for s in own if s.id in _INSTEAD), "no SV1")
        raise lx.error(instead=other, expected="a professional service (SV1) in this line", advice=_ASK)
    return {
        "procedure": fields.required_procedure(sv1, 1),
        "charge_cents": fields.required_amount(sv1, 2, "the line's charge"),
        "unit_basis": sv1.at(3),
        "units": fields.quantity(sv1, 4),
        "place": sv1.at(5),
        "pointers": tuple(_pointer(sv1, text) for text in sv1.parts(7) if text),
        "is_emergency": sv1.at(9) == "Y",
        "epsdt": sv1.at(11),
        "family_planning": sv1.at(12),
        "copay_status": sv1.at(15),
    }


def _own(own: Sequence[Segment], unread: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for segment in own[1:]:
        match segment.elements[0]:
            case "DTP":
                date = fields.dtp(segment)
                if date.qualifier == "472":
                    found |= {"service_on": date.on, "service_until": date.until}
                else:
                    found["dates"] = (*found.get("dates", ()), date)
            case "CN1":
                found["contract"] = Contract(segment.at(1), fields.amount(segment, 2))
            case "REF":
                found["references"] = (*found.get("references", ()), fields.reference_of(segment))
            case "NTE" if segment.at(1) == "ADD" and "note" not in found:
                found["note"] = segment.at(2)
            case kind if kind not in {"SV1", "NTE"} and kind not in _CARRIED:
                unread.append(segment.text)
    return found


def _is_other_note(segment: Segment, own: Sequence[Segment]) -> bool:
    """Every NTE but the first general one, which is `Line837P.note`."""
    first = next((s for s in own if s.id == "NTE" and s.at(1) == "ADD"), None)
    return segment.id == "NTE" and segment is not first


def _adjudication(segments: Sequence[Segment], note: Note, unread: list[str]) -> LineAdjudication:
    check_order("2430", segments, note)
    svd = segments[0]
    adjustments: list[Adjustment] = []
    found: dict[str, Any] = {}
    for segment in segments[1:]:
        match segment.elements[0]:
            case "CAS":
                adjustments.extend(fields.adjustments(segment))
            case "DTP" if segment.at(1) == "573":
                found["adjudicated_on"] = fields.dtp(segment).on
            case "AMT" if segment.at(1) == "EAF":
                found["patient_liability_cents"] = fields.required_amount(segment, 2, "an amount")
            case _:
                unread.append(segment.text)
    return LineAdjudication(
        payer_id=fields.required(svd, 1, "the id of the payer that decided"),
        paid_cents=fields.required_amount(svd, 2, "what that payer paid on the line"),
        procedure=fields.required_procedure(svd, 3),
        units=fields.quantity(svd, 5),
        bundled_into=_number(svd, 6) if svd.at(6) else None,
        adjustments=tuple(adjustments),
        segment_no=svd.number,
        **found,
    )


def _pointer(sv1: Segment, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= 12):
        raise sv1.error(7, found=text, expected="diagnosis pointers from 1 to 12", advice=_ASK)
    return int(text)


def _number(segment: Segment, element: int) -> int:
    text = segment.at(element)
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise segment.error(element, found=text or "nothing", expected="a line number", advice=_ASK)
    return int(text)
