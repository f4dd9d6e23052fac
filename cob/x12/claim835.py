"""One CLP with all that hangs on it made into a `Claim835`: first the claim's own level, then a line for every SVC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cob.x12 import fields
from cob.x12.parts import Remark
from cob.x12.segments import Segment
from cob.x12.t835 import Claim835, Line835

_ROLES = {
    "QC": "patient",
    "IL": "subscriber",
    "74": "corrected",
    "82": "rendering",
    "TT": "crossover_carrier",
    "PR": "corrected_payer",
    "GB": "other_subscriber",
}
_ON_CLAIM = frozenset({"CAS", "NM1", "MIA", "MOA", "REF", "DTM", "AMT"})
_ON_LINE = frozenset({"CAS", "REF", "DTM", "AMT", "LQ"})
_KNOWN_BUT_NOT_KEPT = frozenset({"PER", "QTY"})


def build_claim(segments: Sequence[Segment], *, follows_lx: bool = True) -> Claim835:
    """The claim out of its segments, of which the first is the CLP. Raises `X12Error` at the first unreadable one."""
    starts = [n for n, s in enumerate(segments) if s.elements[0] == "SVC"]
    ends = [*starts[1:], len(segments)]
    unread: list[str] = []
    level = _claim_level(segments[: starts[0] if starts else len(segments)], unread)
    lines = tuple(_line(segments[start:end], unread) for start, end in zip(starts, ends, strict=False))
    raw = tuple(s.text for s in segments)
    return Claim835(**level, lines=lines, raw=raw, unread=tuple(unread), follows_lx=follows_lx)


def _claim_level(segments: Sequence[Segment], unread: list[str]) -> dict[str, Any]:
    clp = segments[0]
    return _collect(segments[1:], _ON_CLAIM, unread) | {
        "control_number": fields.required(clp, 1, "our claim number"),
        "status": fields.required(clp, 2, "a claim status"),
        "charge_cents": fields.required_amount(clp, 3, "the claim's charge"),
        "paid_cents": fields.required_amount(clp, 4, "the claim's payment"),
        "patient_cents": fields.amount(clp, 5),
        "filing_code": clp.at(6),
        "payer_control_number": clp.at(7),
        "place": clp.at(8),
        "frequency": clp.at(9),
        "segment_no": clp.number,
    }


def _collect(segments: Sequence[Segment], known: frozenset[str], unread: list[str]) -> dict[str, Any]:
    """What hangs on a CLP or an SVC, by the names of the dataclass; `known` are the ids that belong there."""
    several: dict[str, list[Any]] = {}
    single: dict[str, Any] = {}
    for segment in segments:
        match segment.elements[0] if segment.elements[0] in known else "":
            case "CAS":
                several.setdefault("adjustments", []).extend(fields.adjustments(segment))
            case "REF":
                several.setdefault("references", []).append(fields.reference_of(segment))
            case "DTM":
                several.setdefault("dates", []).append(fields.dtm(segment))
            case "AMT":
                several.setdefault("amounts", []).append(fields.named_amount(segment))
            case "LQ":
                several.setdefault("remarks", []).append(_remark(segment))
            case "NM1" if segment.at(1) in _ROLES:
                single.setdefault(_ROLES[segment.at(1)], fields.party(segment))
            case "MOA":
                single |= _outpatient(segment)
            case "MIA":
                single["inpatient_remarks"] = tuple(c for n in (5, 20, 21, 22, 23) if (c := segment.at(n)))
            case _ if segment.elements[0] not in _KNOWN_BUT_NOT_KEPT:
                unread.append(segment.text)
    return single | {name: tuple(values) for name, values in several.items()}


def _outpatient(moa: Segment) -> dict[str, Any]:
    return {
        "outpatient_remarks": tuple(c for n in range(3, 8) if (c := moa.at(n))),
        "reimbursement_rate": fields.quantity(moa, 1),
        "hcpcs_payable_cents": fields.amount(moa, 2),
    }


def _remark(lq: Segment) -> Remark:
    return Remark(fields.required(lq, 2, "a remark code"), fields.required(lq, 1, "HE or RX"))


def _line(segments: Sequence[Segment], unread: list[str]) -> Line835:
    svc = segments[0]
    found = _collect(segments[1:], _ON_LINE, unread)
    dates = {d.qualifier: d.on for d in reversed(found.pop("dates", ()))}
    return Line835(
        procedure=fields.required_procedure(svc, 1),
        charge_cents=fields.required_amount(svc, 2, "the line's charge"),
        paid_cents=fields.required_amount(svc, 3, "the line's payment"),
        revenue_code=svc.at(4),
        units=fields.quantity(svc, 5),
        submitted=fields.procedure(svc, 6),
        submitted_units=fields.quantity(svc, 7),
        service_on=dates.get("472", dates.get("150")),
        service_until=dates.get("151"),
        segment_no=svc.number,
        **found,
    )
