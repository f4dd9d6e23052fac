"""What is done with a paper EOB: begun, kept while it is typed, looked at, posted, taken back, its pages attached."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import exchange
from claims.exchange.previewing import Preview, preview_835
from claims.models import Claim, ClaimPage, EdiFile, EobScan, PaperEob, Remittance
from claims.models.paper import EobState
from claims.models.remittance import Source
from claims.models.undo import UndoKind
from claims.paper import typed
from claims.paper.as_835 import file_of
from claims.paper.reckoning import Reckoned, reckon
from claims.paper.scans import MASK_UNIT, Mask, keep_masked, masked_png, sha256_of
from claims.recoupment.provider_ledger import take_out
from cob.accounts.models import Site, User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.coverage.models import Payer
from cob.turns import Turn, wait_for
from cob.x12.errors import X12Error

MOST_MASKS = 40


class EobRefused(ValueError):
    """It cannot be posted; `str()` says why and what to do. Nothing was posted."""


class SomebodyElse(ValueError):
    """Somebody was quicker; `str()` says who did what."""


def begin(*, site: Site, by: User, scan: EobScan | None = None, corrects: PaperEob | None = None) -> PaperEob:
    """An empty draft, or a copy of one that was taken back."""
    with doing("paper EOB begun"):
        made = PaperEob(site=site, by=by, saved_by=by, scan=scan, corrects=corrects, content=typed.dump(typed.Eob()))
        if corrects:
            made.scan, made.content = corrects.scan, corrects.content
        made.save()
    return made


def keep(*, eob: PaperEob, content: typed.Eob, version: int, by: User) -> PaperEob:
    """Save what was typed so far, however wrong it still is. Raises SomebodyElse when another person typed meanwhile.

    The same person's next key may overtake the answer to the last one, so their own version never stops them.
    """
    with transaction.atomic():
        now = _open(eob.pk)
        if now.version != version and now.saved_by_id != by.pk:
            raise SomebodyElse(f"{now.saved_by} changed this EOB meanwhile. Load the page again before you go on.")
        fields: dict[str, Any] = {"content": typed.dump(content), "version": now.version + 1}
        # Not through the trail's own update: that would copy the whole draft into it at every key.
        PaperEob._base_manager.filter(pk=now.pk).update(**fields, saved_by=by, saved_at=timezone.now())
        if now.saved_by_id != by.pk or now.version == 0:
            record("typed in paper EOB", now, patients=now.audit_patients(), site_id=now.site_id)
    eob.refresh_from_db()
    return eob


def attach_scan(*, eob: PaperEob, scan: EobScan, by: User) -> None:
    """Lay a scan beside the draft."""
    with transaction.atomic(), doing("scan attached"):
        now = _open(eob.pk)
        now.scan, now.saved_by = scan, by
        now.save(update_fields=["scan", "saved_by"])


def look_ahead(*, eob: PaperEob, by: User) -> tuple[Reckoned, Preview]:
    """What posting would do now, done and taken back. Without balance nothing is tried."""
    content, found = _reckoned(eob)
    if not found.may_post:
        return found, Preview(held="It does not come to zero yet, or something is missing.")
    data = _file(eob, content, found)
    file = EdiFile(name=_name(content), sha256=uuid.uuid4().hex * 2, size=len(data), by=by, kind="835")
    with doing("preview"):
        return found, preview_835(file, io.BytesIO(data))


def post(*, eob: PaperEob, version: int, by: User) -> Remittance:
    """Post the EOB as the 835 it amounts to. Raises EobRefused, SomebodyElse; of two people at once one posts."""
    with transaction.atomic(), doing("paper EOB posted"):
        wait_for(Turn.POSTINGS)
        now = _open(eob.pk)
        if now.version != version:
            raise SomebodyElse(f"{now.saved_by} changed this EOB after you looked at it. Look at it again.")
        content, found = _reckoned(now)
        if not found.may_post:
            raise EobRefused("It does not come to zero yet, or something is missing.")
        file, _ = exchange.receive(_name(content), io.BytesIO(_file(now, content, found)), by=by, job_site=now.site)
        result = exchange.import_file(file, counted=False)
        if result["outcome"] != "posted":
            raise EobRefused(result["reason"] or _posted_before(content))
        remittance: Remittance = Remittance.objects.get(file=file)
        remittance.source = Source.PAPER
        remittance.save(update_fields=["source"])
        _match_chosen(remittance, content, by)
        now.state, now.remittance, now.posted_by, now.posted_at = EobState.POSTED, remittance, by, timezone.now()
        now.save(update_fields=["state", "remittance", "posted_by", "posted_at"])
    eob.refresh_from_db()
    return remittance


def _match_chosen(remittance: Remittance, content: typed.Eob, by: User) -> None:
    """Whose claim it is was chosen by the person who typed; the signs need not agree on top."""
    for row in remittance.adjudications.filter(claim=None).order_by("position"):
        chosen = content.claims[row.position - 1].claim
        claim = Claim.objects.filter(pk=chosen, site=remittance.site).first() if chosen else None
        if claim:
            exchange.match_later(row, claim, by, how=f"chosen by {by} while typing")


def discard(*, eob: PaperEob, by: User) -> None:
    """Give a draft up; it stays on file and can be read."""
    with transaction.atomic(), doing("paper EOB discarded"):
        now = _open(eob.pk)
        now.state, now.saved_by, now.saved_at = EobState.DISCARDED, by, timezone.now()
        now.save(update_fields=["state", "saved_by", "saved_at"])


def withdraw(*, eob: PaperEob, reason: str, by: User) -> PaperEob:
    """Take a posted EOB back whole, because it was typed wrongly, and begin its correction as a copy.

    Raises CannotUndo when an answer counts on one of it, SomebodyElse when it was taken back already.
    """
    with transaction.atomic(), doing("paper EOB withdrawn", reason=reason):
        wait_for(Turn.POSTINGS)
        now = PaperEob.objects.select_for_update(of=("self",)).select_related("site").get(pk=eob.pk)
        remittance = now.remittance
        if now.state != EobState.POSTED or remittance is None:
            raise SomebodyElse(f"This EOB is not posted any more: {now.get_state_display().lower()}.")
        rows = remittance.adjudications.all()
        exchange.undo_postings(rows.filter(posted_at__isnull=False), kind=UndoKind.WITHDRAWN, reason=reason, by=by)
        rows.filter(claim__isnull=False).update(claim=None, claim_payer=None, matched_how="", match_score=None)
        remittance.withdrawn_at = timezone.now()
        remittance.key = f"withdrawn-{remittance.pk.hex}"
        remittance.save(update_fields=["withdrawn_at", "key"])
        take_out(remittance, f"Paper EOB withdrawn: {reason}")
        if tie := getattr(remittance, "tie", None):
            tie.delete()
        now.state = EobState.WITHDRAWN
        now.save(update_fields=["state"])
        return begin(site=now.site, by=by, corrects=now)


def attach_page(
    *, scan: EobScan, page: int, claim: Claim, masks: Sequence[Mask], is_alone: bool, by: User
) -> ClaimPage:
    """Give a claim its page, other patients burnt out; the same page masked alike is there once. Raises EobRefused;
    IndexError for no such page."""
    if claim.site_id != scan.site_id:
        raise EobRefused("The claim belongs to another site than the scan.")
    if not masks and not is_alone:
        raise EobRefused("Mask what shows other patients, or say that the page shows nobody else.")
    check_masks(masks)
    data = masked_png(scan, page, masks)
    with transaction.atomic(), doing("EOB page attached"):
        Claim.objects.select_for_update().get(pk=claim.pk)
        rows = ClaimPage.objects.filter(claim=claim, scan=scan, page=page, withdrawn_at=None)
        there: ClaimPage | None = rows.filter(sha256=sha256_of(data)).first()
        if there:
            return there
        kept, sha256 = keep_masked(data)
        row = ClaimPage(claim=claim, scan=scan, page=page, masks=list(masks), is_alone=is_alone, sha256=sha256, by=by)
        row.kept.name = kept
        row.save()
    return row


def check_masks(masks: Sequence[Mask]) -> None:
    """Raises EobRefused for a rectangle that is not on the page."""
    if len(masks) > MOST_MASKS:
        raise EobRefused(f"Up to {MOST_MASKS} rectangles a page.")
    for n, (left, top, width, height) in enumerate(masks, 1):
        fits = left >= 0 and top >= 0 and left + width <= MASK_UNIT and top + height <= MASK_UNIT
        if not fits or width <= 0 or height <= 0:
            raise EobRefused(f"Rectangle {n} is not on the page: left and width, top and height add up to at most 100.")


def withdraw_page(*, page: ClaimPage, by: User) -> bool:
    """Show a page to nobody any more, such as one whose mask missed somebody. False: it was withdrawn already."""
    with doing("EOB page withdrawn"):
        live = ClaimPage.objects.filter(pk=page.pk, withdrawn_at=None)
        return bool(live.update(withdrawn_at=timezone.now(), withdrawn_by=by))


def _open(pk: uuid.UUID) -> PaperEob:
    """The draft, locked. Raises SomebodyElse when it is none any more.

    Who saved it last is looked up afterwards: joined to a row that was waited for, PostgreSQL gives nobody.
    """
    now: PaperEob = PaperEob.objects.select_for_update(of=("self",)).select_related("site").get(pk=pk)
    if now.state != EobState.DRAFT:
        who = now.posted_by or now.saved_by
        raise SomebodyElse(f"{who} ended this EOB already: {now.get_state_display().lower()}.")
    return now


def _reckoned(eob: PaperEob) -> tuple[typed.Eob, Reckoned]:
    content = typed.load(eob.content)
    return content, reckon(content, timezone.localdate())


def _file(eob: PaperEob, content: typed.Eob, found: Reckoned) -> bytes:
    payer = Payer.objects.filter(pk=found.payer).first() if found.payer else None
    if payer is None:
        raise EobRefused("The payer is not on file any more. Choose who sent the EOB.")
    try:
        return file_of(content, found, site=eob.site, payer=payer, draft=eob.pk, today=timezone.localdate())
    except X12Error as error:
        raise EobRefused(f"It cannot be written as a remittance: {error}") from error


def _name(content: typed.Eob) -> str:
    return f"Paper EOB {content.number}"


def _posted_before(content: typed.Eob) -> str:
    return (
        f"Check {content.number} of this payer, day and amount is on file already; nothing was posted again. "
        "Look it up under remittances."
    )
