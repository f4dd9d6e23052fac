"""The bank's side of the invented practice, and its paper: last weeks' deposits with the gaps real ones have, days
closed, one paper EOB posted and one half typed beside its scan.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, timedelta

from reportlab.pdfgen import canvas

from claims.deposits import actions as deposits
from claims.deposits.days import day_of
from claims.models import Claim, Remittance
from claims.models.claim import PayerState
from claims.paper import actions as paper
from claims.paper import typed
from claims.paper.laying_out import laid_out
from claims.paper.scans import keep_scan
from claims.queries import claims_with_everything
from cob.accounts.models import Site, User
from cob.cents import dollars, parse_dollars, pct

WEEKS = 5
CLOSED_BEFORE_DAYS = 7
ALLOWED, COINSURANCE = "0.70", "0.20"


def fill(site: Site, poster: User, today: date) -> None:
    """One site keeps deposits; the others have not begun to."""
    _deposits(site, poster, today)
    _paper(site, poster, today)


def _deposits(site: Site, poster: User, today: date) -> None:
    since = today - timedelta(weeks=WEEKS)
    remitted = Remittance.objects.filter(site=site, paid_on__gte=since, paid_cents__gt=0).select_related("payer")
    lines = ["Date,Description,Debit,Credit,Reference"]
    for n, row in enumerate(remitted.order_by("paid_on", "trace")):
        day = min(row.paid_on + timedelta(days=1), today)
        if n == 3:
            continue  # this money never came
        cents = row.paid_cents - (25_00 if n == 6 else 0)  # a bank that keeps a fee
        trace = "" if n % 5 == 4 else row.trace  # some banks tell no trace
        lines.append(f'{day:%m/%d/%Y},{row.payer.name} HCCLAIMPMT,,"{dollars(cents)}",{trace}')
    lines.append(f'{today - timedelta(days=6):%m/%d/%Y},DEPOSIT AT COUNTER,,"118.40",')
    lines.append(f'{today - timedelta(days=5):%m/%d/%Y},RENT,"4,200.00",,')
    data = "\n".join(lines).encode()
    file, _ = deposits.keep_bank_file(site=site, name="bank-export.csv", data=data, by=poster)
    deposits.take_bank_file(file=file, mapping=file.mapping, by=poster)
    before = today - timedelta(days=CLOSED_BEFORE_DAYS)
    days = site.deposits.filter(deposited_on__lt=before).values_list("deposited_on", flat=True)
    for day in sorted(set(days)):
        if not day_of(site, day).difference_cents:
            deposits.close_day(site=site, day=day, explanation="", by=poster)


def _paper(site: Site, poster: User, today: date) -> None:
    """Claims their first payer has had for days and not answered; one EOB is half typed, another posted."""
    waiting = Claim.objects.filter(
        site=site, payers__rank=1, payers__state=PayerState.SUBMITTED, service_from__lte=today - timedelta(days=10)
    )
    ids = list(waiting.order_by("-service_from", "control_number").values_list("pk", flat=True)[:3])
    claims = claims_with_everything(ids)
    if not claims:
        return
    scan, _ = keep_scan("eob-20418.pdf", io.BytesIO(_page(claims[:2], "20418")), site=site, by=poster)
    half = _answered(claims[:1], "20418", today)
    half.claims[0].lines[0].paid = ""
    draft = paper.begin(site=site, by=poster, scan=scan)
    paper.keep(eob=draft, content=half, version=0, by=poster)
    if claims[2:]:
        posted = paper.begin(site=site, by=poster)
        paper.keep(eob=posted, content=_answered(claims[2:], "20417", today), version=0, by=poster)
        paper.post(eob=posted, version=posted.version, by=poster)


def _answered(claims: Iterable[Claim], number: str, today: date) -> typed.Eob:
    """Seventy percent allowed, a fifth of it left to the patient."""
    groups = typed.Columns(above_group="CO", above_reason="45", coinsurance_group="PR")
    eob = typed.Eob(number=number, paid_on=(today - timedelta(days=4)).isoformat(), columns=groups)
    total = 0
    for claim in claims:
        first = next(p for p in claim.payers.all() if p.rank == 1)
        eob.payer = str(first.payer_id)
        laid = laid_out(claim, first.payer_id)
        for line in laid.lines:
            allowed = pct(parse_dollars(line.billed), ALLOWED)
            share = pct(allowed, COINSURANCE)
            line.allowed, line.coinsurance, line.paid = dollars(allowed), dollars(share), dollars(allowed - share)
            total += allowed - share
        eob.claims.append(laid)
    eob.amount = dollars(total)
    return eob


def _page(claims: Iterable[Claim], number: str) -> bytes:
    """The scan: a bulk page that shows every one of them."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(612, 792))
    page.drawString(50, 740, f"EXPLANATION OF BENEFITS     CHECK {number}")
    at = 700
    for claim in claims:
        who = claim.patient
        page.drawString(50, at, f"PATIENT {who.first_name} {who.last_name}   {claim.control_number}")
        for line in claim.lines.all():
            at -= 18
            allowed = pct(line.charge_cents, ALLOWED)
            share = pct(allowed, COINSURANCE)
            amounts = (line.charge_cents, allowed, share, allowed - share)
            texts = "     ".join(dollars(cents) for cents in amounts)
            page.drawString(70, at, f"{line.service_on:%m/%d/%Y}   {line.procedure}   {texts}")
        at -= 40
    page.drawString(70, at, "BILLED, ALLOWED, COINSURANCE (PR), PAID; CO-45 ABOVE ALLOWED")
    page.save()
    return out.getvalue()
