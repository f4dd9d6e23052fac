"""One CLP with all that hangs on it made into a `Claim835`: first the claim's own level, then a line for every SVC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cob.x12 import fields
from cob.x12.parts import NamedAmount, NamedQuantity, Remark
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
_ON_CLAIM = frozenset({"CAS", "NM1", "MIA", "MOA", "REF", "DTM", "AMT", "PER", "QTY"})
_ON_LINE = frozenset({"CAS", "REF", "DTM", "AMT", "QTY", "LQ"})
# What only a service has. Where it stands before any SVC, the SVC was lost.
_OF_A_LINE = {"DTM": frozenset({"472", "150", "151"}), "REF": frozenset({"6R"}), "AMT": frozenset({"B6"})}
MOST_LINES = 999
_MIA_REMARKS, _MIA_COUNTS = (5, 20, 21, 22, 23), (1, 3, 15)
_MIA_AMOUNTS = (2, 4, *range(6, 15), *range(16, 20), 24)
_MOA_AMOUNTS = (8, 9)


def build_claim(segments: Sequence[Segment], billed_under: str = "", *, follows_lx: bool = True) -> Claim835:
    """The claim out of its segments, of which the first is the CLP; `billed_under` is TS301 of its group.

    Raises `X12Error` at the first segment that cannot be read.
    """
    starts = [n for n, s in enumerate(segments) if s.elements[0] == "SVC"]
    ends = [*starts[1:], len(segments)]
    if len(starts) > MOST_LINES:
        raise segments[starts[MOST_LINES]].error(
            expected=f"at most {MOST_LINES} services in one claim",
            advice="the loops are mixed up; ask for the file again",
        )
    unread: list[str] = []
    level = _claim_level(segments[: starts[0] if starts else len(segments)], unread)
    lines = tuple(_line(segments[start:end], unread) for start, end in zip(starts, ends, strict=False))
    level |= {"raw": tuple(s.text for s in segments), "unread": tuple(unread)}
    return Claim835(**level, lines=lines, billed_under=billed_under, follows_lx=follows_lx)


def _claim_level(segments: Sequence[Segment], unread: list[str]) -> dict[str, Any]:
    clp = segments[0]
    for segment in segments[1:]:
        if segment.elements[0] == "LQ" or segment.at(1) in _OF_A_LINE.get(segment.elements[0], ()):
            advice = "a service is missing from the claim; ask the sender for a corrected file"
            raise segment.error(expected=f"SVC before what belongs to a service ({segment.text[:8]})", advice=advice)
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
        "drg": clp.at(11),
        "drg_weight": fields.quantity(clp, 12),
        "discharge_fraction": fields.quantity(clp, 13),
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
            case "QTY":
                several.setdefault("quantities", []).append(fields.named_quantity(segment))
            case "PER":
                several.setdefault("contacts", []).append(fields.contact(segment))
            case "LQ":
                several.setdefault("remarks", []).append(_remark(segment))
            case "NM1" if segment.at(1) in _ROLES and _ROLES[segment.at(1)] not in single:
                single[_ROLES[segment.at(1)]] = fields.party(segment)
            case "MOA":
                single |= _outpatient(segment)
                several.setdefault("settlement_amounts", []).extend(_amounts(segment, _MOA_AMOUNTS))
            case "MIA":
                single["inpatient_remarks"] = tuple(c for n in _MIA_REMARKS if (c := segment.at(n)))
                several.setdefault("settlement_amounts", []).extend(_amounts(segment, _MIA_AMOUNTS))
                several.setdefault("settlement_counts", []).extend(_counts(segment))
            case _:
                unread.append(segment.text)
    return single | {name: tuple(values) for name, values in several.items()}


def _outpatient(moa: Segment) -> dict[str, Any]:
    return {
        "outpatient_remarks": tuple(c for n in range(3, 8) if (c := moa.at(n))),
        "reimbursement_rate": fields.quantity(moa, 1),
        "hcpcs_payable_cents": fields.amount(moa, 2),
    }


def _amounts(segment: Segment, elements: Iterable[int]) -> Iterator[NamedAmount]:
    for n in elements:
        if cents := fields.amount(segment, n):
            yield NamedAmount(f"{segment.elements[0]}{n:02d}", cents)


def _counts(mia: Segment) -> Iterator[NamedQuantity]:
    for n in _MIA_COUNTS:
        if count := fields.quantity(mia, n):
            yield NamedQuantity(f"MIA{n:02d}", count)


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
