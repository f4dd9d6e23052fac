"""The page before a claim is sent: what the edits say, and the file's COB loops for people who do not read X12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from claims.edits import Objection, Sending, ground
from claims.presenters import words
from claims.submissions.folder import Folder
from cob.rules.codes import why_second
from cob.x12.t837p import RANKS, Claim837P, LineAdjudication, OtherCoverage

_RELATION = {"18": "the patient", "01": "spouse", "19": "child", "53": "life partner", "G8": "other", "21": "not known"}
_FREQUENCY = {"1": "Original", "7": "Replacement", "8": "Void"}


@dataclass(frozen=True, slots=True)
class Said:
    """An objection with where to put it right; `ground` says why it may be waived, empty where it may not."""

    objection: Objection
    fix_url: str
    ground: str = ""


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """One 2320: who, in which place, and its money on the claim."""

    name: str
    payer_id: str
    rank_word: str
    relation: str
    paid_cents: int | None
    reasons: list[tuple[str, str, int]]
    liability_cents: int | None
    number: str
    remarks: str


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """One 2430: what one payer decided on one line."""

    payer: str
    paid_cents: int
    code: str
    reasons: list[tuple[str, str, int]]
    liability_cents: int | None
    bundled_into: int | None


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One service and every decision on it."""

    number: int
    code: str
    charge_cents: int
    decided: list[DecidedLine]


@dataclass(frozen=True, slots=True)
class Preview:
    """The file in words."""

    to: list[tuple[str, str]]
    others: list[OtherPayer]
    lines: list[PreviewLine]


def with_fixes(said: list[Objection], folder: Folder, rank: int, sending: Sending) -> list[Said]:
    """Each objection with the address of the page that its fix speaks of."""
    at = folder.index(rank)
    claim, patient = folder.claim, folder.claim.patient_id
    places: Mapping[str, str] = {
        "claim": reverse("claims:claim-page", args=[claim.pk]),
        "import": reverse("claims:import"),
        "order": reverse("patients:patient-page", args=[patient]),
        "patient": reverse("patients:patient-page", args=[patient]),
        "coverage": reverse("coverage:coverage-edit", args=[folder.rows[at].coverage_id]),
    }
    return [Said(o, places.get(o.where, ""), ground(o, sending)) for o in said]


def preview(claim: Claim837P) -> Preview:
    """The claim as addressed, in words and tables."""
    names = {o.payer_id: o.payer.party.name for o in claim.other_coverages if o.payer}
    return Preview(
        to=_address(claim),
        others=[_other(o) for o in claim.other_coverages],
        lines=[
            PreviewLine(
                number=line.number,
                code=" ".join((line.procedure.code, *line.procedure.modifiers)),
                charge_cents=line.charge_cents,
                decided=[_decided(d, names.get(d.payer_id, d.payer_id)) for d in line.adjudications],
            )
            for line in claim.lines
        ],
    )


def _address(claim: Claim837P) -> list[tuple[str, str]]:
    sub = claim.subscriber
    second = why_second(sub.msp_type)
    relation = "" if claim.patient is None else _RELATION.get(claim.patient.relationship, "")
    holder = f"{sub.party.first} {sub.party.name}".strip()
    rows = [
        ("To", f"{claim.payer.party.name} ({claim.payer.party.id})"),
        ("As", words.rank(RANKS.index(sub.rank_code) + 1).lower()),
        ("Kind", _FREQUENCY[claim.frequency] if claim.frequency in _FREQUENCY else claim.frequency),
        ("Subscriber", f"{holder}, member {sub.party.id}" + (f"; the patient is the {relation}" if relation else "")),
        ("Group", sub.group_number),
        ("Filing code", sub.filing_code),
        ("Medicare is not first because", second.short if second else sub.msp_type),
        ("Their claim number", claim.payer_control_number),
    ]
    return [(term, value) for term, value in rows if value]


def _other(other: OtherCoverage) -> OtherPayer:
    party = other.payer.party if other.payer else None
    return OtherPayer(
        name=party.name if party else "",
        payer_id=other.payer_id,
        rank_word=words.rank(RANKS.index(other.subscriber.rank_code) + 1),
        relation=_RELATION.get(other.subscriber.relationship, ""),
        paid_cents=other.paid_cents,
        reasons=[(f"{a.group}-{a.reason}", words.reason(a.reason), a.amount_cents) for a in other.adjustments],
        liability_cents=other.patient_liability_cents,
        number=other.payer.control_number if other.payer else "",
        remarks=" ".join(other.outpatient.remarks) if other.outpatient else "",
    )


def _decided(found: LineAdjudication, payer: str) -> DecidedLine:
    return DecidedLine(
        payer=payer,
        paid_cents=found.paid_cents,
        code=" ".join((found.procedure.code, *found.procedure.modifiers)),
        reasons=[(f"{a.group}-{a.reason}", words.reason(a.reason), a.amount_cents) for a in found.adjustments],
        liability_cents=found.patient_liability_cents,
        bundled_into=found.bundled_into,
    )
