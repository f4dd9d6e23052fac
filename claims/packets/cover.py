"""The cover of a document that goes to a payer by fax or mail beside its claim: one page with the number by which the
claim names it (PWK06). Whoever picks up the sheet learns no more of the patient than the initials.
"""

from __future__ import annotations

from io import BytesIO

from claims.models import Enclosure
from claims.models.attachment import Transmission
from claims.packets.blocks import Block, Facts, Words
from claims.packets.paper import sheet_of
from cob.coverage.sayings import telephone, zip_code
from cob.ui.words import day

GOES_BY_HAND = (Transmission.FAX, Transmission.MAIL)
_NOTICE = (
    "Confidential. This sheet and what follows are for the payer named above alone and may hold health information "
    "protected by law (45 CFR Part 164). If it reached you by mistake, telephone the sender and destroy every page."
)


def cover_of(row: Enclosure) -> bytes:
    """The sheet as PDF; its claim, payer and document come with it."""
    claim, site, pages = row.claim, row.claim.site, row.attachment.pages
    by_fax = row.transmission == Transmission.FAX
    served = day(claim.service_from)
    if claim.service_to != claim.service_from:
        served += f" to {day(claim.service_to)}"
    address = ", ".join(filter(None, (site.address, site.city, f"{site.state} {zip_code(site.zip_code)}".strip())))
    initials = f"{claim.patient.first_name[:1]}. {claim.patient.last_name[:1]}."
    blocks: list[Block] = [
        Words("To", is_head=True),
        Facts([("Payer", str(row.claim_payer.payer)), ("Fax number", "_" * 30 if by_fax else "")]),
        Words("From", is_head=True),
        Facts([("Practice", site.name), ("Address", address), ("Telephone", telephone(site.phone)), ("NPI", site.npi)]),
        Words("What it belongs to", is_head=True),
        Facts(
            [
                ("Document", f"{row.get_report_display()} (PWK01 {row.report})"),
                ("Our claim", claim.control_number),
                ("Your claim", row.claim_payer.payer_control_number),
                ("Service", served),
                ("Patient", initials),
                ("Pages", f"{pages + 1}, with this one"),
            ]
        ),
        Words(_NOTICE, is_small=True),
    ]
    out = BytesIO()
    sheet_of(
        out, title="Attachment to a claim", number=("Attachment control number", row.control_number), blocks=blocks
    )
    return out.getvalue()
