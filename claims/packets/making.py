"""A packet is made in one go, kept as it is, and its making is on the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from django.core.files.base import ContentFile
from django.utils import timezone

from claims.models import Claim, ProofPacket
from claims.packets.blocks import Part, Picture
from claims.packets.evidence import PARTS, parts_of
from claims.packets.paper import pdf_of
from claims.submissions.folder import Folder, open_folder
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.sayings import telephone, zip_code
from cob.ui.words import day

# A person waits for it: about a third of a second for each picture.
MOST_PICTURES = 100
TITLE = "Proof for claim"


class PacketRefused(ValueError):
    """It is not made; `str()` says why and what to do."""


def make(*, claim: Claim, by: User, parts: Collection[str] = ()) -> ProofPacket:
    """One PDF of the parts named, else of all. Raises PacketRefused."""
    wanted = [name for name in PARTS if name in parts] if parts else list(PARTS)
    if not wanted:
        raise PacketRefused("Choose at least one part.")
    folder = open_folder(claim)
    found = parts_of(folder, wanted)
    pictures = sum(isinstance(block, Picture) for part in found for block in part.blocks)
    if pictures > MOST_PICTURES:
        raise PacketRefused(
            f"The documents have {pictures} pages; a packet takes up to {MOST_PICTURES}. Make it without the documents "
            "and send them separately, or withdraw what is not needed."
        )
    made = pdf_of(title=f"{TITLE} {claim.control_number}", cover=_cover(folder), foot=_foot(folder), parts=found)
    row = ProofPacket(
        claim=claim,
        parts=_begins(found, made.begins),
        pages=made.pages,
        sha256=hashlib.sha256(made.data).hexdigest(),
        size=len(made.data),
        by=by,
    )
    with doing("packet made"):
        row.kept.save(f"{row.pk.hex}.pdf", ContentFile(made.data), save=False)
        row.save(force_insert=True)
    return row


def _begins(parts: Sequence[Part], begins: dict[str, int]) -> list[dict[str, object]]:
    return [{"name": part.name, "title": part.title, "page": begins[part.name]} for part in parts]


def _cover(folder: Folder) -> list[tuple[str, str]]:
    claim, patient, site = folder.claim, folder.claim.patient, folder.claim.site
    served = day(claim.service_from)
    if claim.service_to != claim.service_from:
        served += f" to {day(claim.service_to)}"
    payers = [
        f"{place.ordinal} {place.payer}"
        + (f", their claim {row.payer_control_number}" if row.payer_control_number else "")
        for place, row in zip(folder.places, folder.rows, strict=True)
    ]
    return [
        (
            "From",
            ", ".join(filter(None, (site.name, site.address, site.city, f"{site.state} {zip_code(site.zip_code)}"))),
        ),
        ("NPI, telephone", ", ".join(filter(None, (site.npi, telephone(site.phone))))),
        ("Patient", f"{patient.first_name} {patient.last_name}, born {day(patient.birth_on)}"),
        ("Claim", claim.control_number),
        ("Date of service", served),
        ("Charge", f"${claim.charge_cents // 100:,}.{claim.charge_cents % 100:02d}"),
        ("Payers, in order", "; ".join(payers)),
        ("Made", day(timezone.localdate())),
    ]


def _foot(folder: Folder) -> str:
    return f"Claim {folder.claim.control_number}, service {day(folder.claim.service_from)}"
