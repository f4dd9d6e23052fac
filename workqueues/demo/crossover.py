"""Crossover in the made-up practice: which payers get copies by themselves, a letter about one that did not arrive,
and a card and a packet on its claim.
"""

from __future__ import annotations

import io
from datetime import date, timedelta

from PIL import Image, ImageDraw

from claims.attachments import actions as documents
from claims.crossover import queries
from claims.crossover.actions import hear
from claims.models import AttachmentKind, CrossoverWatch, Heard
from claims.packets.making import make
from cob.accounts.models import User
from cob.coverage.crossover.actions import Said, set_crossover
from cob.coverage.models import Payer, Way
from workqueues.demo.payers import PAYERS


def settle(by: User, today: date) -> None:
    """Kept by the supervisor, each with where it stands. The payers are on file by then."""
    since = date(today.year - 2, 1, 1)
    kept = {
        "medigap": Said(True, Way.AUTOMATIC, "30007"),
        "medicaid": Said(True, Way.STATE, wait_days=45),
        "retiree": Said(True, Way.AUTOMATIC, "31114", wait_days=30, refuses_early=True),
        "tricare": Said(False),
    }
    medicare = Payer.objects.get(edi_id=PAYERS["medicare"].edi_id)
    for key, said in kept.items():
        payer = Payer.objects.get(edi_id=PAYERS[key].edi_id)
        source = "COBA trading partner list, section 2" if said.coba_id else "Provider bulletin on crossover claims"
        set_crossover(payer=payer, sender=medicare, said=said, effective_on=since, source=source, by=by)


def happen(by: User, today: date) -> None:
    """A letter about one copy; its claim gets a card and its packet."""
    waiting = queries.watches(today).filter(stands__in=["waiting", "check"])
    watch: CrossoverWatch | None = waiting.select_related("claim__patient", "claim_payer").first()
    if watch is None:
        return
    told_on = min(today, watch.forwarded_on + timedelta(days=8))
    hear(
        watch=watch,
        heard=Heard.LETTER,
        told_on=told_on,
        reference=f"Contractor letter of {told_on:%m/%d/%Y}",
        code="H51082",
        words="The claim was not crossed over because of claim data errors.",
        by=by,
        today=today,
    )
    claim, coverage = watch.claim, watch.claim_payer.coverage
    documents.bring(
        patient=claim.patient,
        stream=io.BytesIO(_card(str(coverage.payer), coverage.member_id)),
        kind=AttachmentKind.CARD,
        about=documents.About(coverages=[coverage], claims=[claim]),
        words="Card, front",
        by=by,
    )
    make(claim=claim, by=by)


def _card(payer: str, member: str) -> bytes:
    """A made-up card as a picture."""
    card = Image.new("RGB", (860, 540), (244, 246, 250))
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, 860, 110), fill=(32, 64, 112))
    pen.text((40, 36), payer, fill=(255, 255, 255), font_size=36)
    pen.text((40, 190), f"Member id  {member}", fill=(20, 20, 20), font_size=32)
    pen.text((40, 250), "Not a real card", fill=(90, 90, 90), font_size=24)
    out = io.BytesIO()
    card.save(out, "PNG")
    return out.getvalue()
