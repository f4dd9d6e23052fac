"""Money that goes back, so that its pages have something to show: payers that both paid as first, a demand by letter,
and a remittance with the provider adjustments that are no claim's."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from claims import exchange
from claims.models import Adjudication, ClaimPayer
from claims.models.claim import PayerState
from claims.models.recoupment import Ground
from claims.recoupment import letters
from cob.accounts.models import Site, User
from cob.audit.acting import acting
from cob.coverage.models import Payer
from cob.x12.parts import Envelope
from cob.x12.stored import load_835
from cob.x12.t835 import Claim835, ProviderAdjustment, Transaction835
from cob.x12.write835 import write_835
from workqueues.demo.payers import PAYERS
from workqueues.demo.remits_in import header

BOTH_FIRST = 3
_KINDS = {"DUP": 0, "ADJ": 10_000}  # of traces, so that no two files have one number
# The smallest file a reader opens: one empty page.
_LETTER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def happen(poster: User, today: date) -> None:
    """After everything else came in; on a desk without such claims nothing happens."""
    answers = list(_paid_and_open_with_the_next(today))
    for number, answer in enumerate(answers[:BOTH_FIRST]):
        _second_pays_as_first(answer, today - timedelta(days=9 * number + 4), number)
    for answer in answers[BOTH_FIRST : BOTH_FIRST + 1]:
        _demanded(answer, poster, today)
    for answer in answers[BOTH_FIRST + 1 : BOTH_FIRST + 2]:
        _adjusted(answer, today - timedelta(days=2))


def _paid_and_open_with_the_next(today: date) -> Iterator[Adjudication]:
    """Answers of first payers that paid, where the next payer has not decided; Medicare as the next one first."""
    rows = Adjudication.objects.filter(
        status="1",
        paid_cents__gte=50_00,
        claim__site__code="main",  # where the poster of the demo works
        claim_payer__rank=1,
        claim_payer__state=PayerState.ADJUDICATED,
        claim__payers__rank=2,
        claim__payers__state__in=(PayerState.SUBMITTED, PayerState.EXPECTED),
        answered_on__gt=today - timedelta(days=150),
        reversed_by=None,
        posted_at__isnull=False,
    ).select_related("claim__site", "remittance__payer", "claim_payer")
    yield from rows.order_by("-claim__payers__coverage__kind", "control_number")[: BOTH_FIRST + 2]


def _second_pays_as_first(answer: Adjudication, on: date, number: int) -> None:
    second = ClaimPayer.objects.select_related("payer").get(claim=answer.claim_id, rank=2)
    said = replace(load_835(answer.content), payer_control_number=f"77{number:06}", status="1")
    _bring(second.payer, answer, [said], [], on, f"DUP{number:04}")


def _demanded(answer: Adjudication, poster: User, today: date) -> None:
    if answer.claim is None:
        return
    letter = letters.Letter(
        claim=answer.claim,
        payer=answer.remittance.payer,
        answer=answer,
        amount_cents=answer.paid_cents,
        ground=Ground.ANOTHER_PAYER,
        reference="REC-20418",
        letter_on=today - timedelta(days=11),
        received_on=today - timedelta(days=6),
        respond_by=today + timedelta(days=19),
    )
    with acting(poster):
        letters.enter(letter, name="demand.pdf", stream=io.BytesIO(_LETTER), by=poster)


def _adjusted(answer: Adjudication, on: date) -> None:
    """A claim paid a second time, with interest, a recovery nothing explains and a catch-all beside it."""
    npi, end = (answer.claim.site.npi if answer.claim else ""), date(on.year, 12, 31)
    adjustments = [
        ProviderAdjustment(npi, end, "L6", "PROMPT PAY", -4_18),
        ProviderAdjustment(npi, end, "WO", answer.control_number, 31_50),
        ProviderAdjustment(npi, end, "CS", "LOST CHECK 20418", 12_00),
    ]
    said = replace(load_835(answer.content), payer_control_number="79000009")
    _bring(answer.remittance.payer, answer, [said], adjustments, on, "ADJ0001")


def _bring(
    payer: Payer,
    answer: Adjudication,
    claims: list[Claim835],
    adjustments: list[ProviderAdjustment],
    on: date,
    trace: str,
) -> None:
    demo = next((one for one in PAYERS.values() if one.edi_id == payer.edi_id), None)
    site: Site | None = answer.claim.site if answer.claim else None
    if demo is None or site is None:
        return
    paid = sum(claim.paid_cents for claim in claims) - sum(a.amount_cents for a in adjustments)
    head = header(demo, site, on, paid, control="0001", trace=trace)
    number = str(800_000_000 + _KINDS[trace[:3]] + int(trace[3:]))
    data = write_835(
        Envelope("CLEARING", "COBDEMO", number, number, on), [Transaction835(head, tuple(claims), tuple(adjustments))]
    )
    received, _ = exchange.receive(f"remits-{trace.lower()}.835", io.BytesIO(data), by=None)
    exchange.import_file(received, counted=False)
