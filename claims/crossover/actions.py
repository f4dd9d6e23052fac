"""What was heard of a copy is put on file, and the claim follows: free to be sent, or waited for longer."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from claims.models import ClaimPayer, CrossoverNotice, CrossoverWatch, Heard
from claims.models.claim import PayerState
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.coverage.crossover.on_file import WAIT_DAYS

FAILED, CONFIRMED = "crossover failed", "crossover confirmed"


class NoticeRefused(ValueError):
    """What was heard cannot be kept so; `field` names what is wrong, `str()` says what was expected."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def hear(
    *,
    watch: CrossoverWatch,
    heard: Heard,
    told_on: date,
    by: User,
    code: str = "",
    reference: str = "",
    words: str = "",
    today: date | None = None,
) -> CrossoverNotice:
    """Keep what a letter, a call or a portal said of one copy. Raises NoticeRefused.

    A failed copy frees the claim at once, except where the payer itself rejects what comes before its wait is over.
    A copy that is there is waited for another thirty days: whoever has the claim must not be sent it twice.
    """
    today = today or timezone.localdate()
    _check(watch, heard, told_on, reference, today)
    with transaction.atomic(), doing(CONFIRMED if heard == Heard.ON_FILE else FAILED):
        place = ClaimPayer.objects.select_for_update(of=("self",)).select_related("payer").get(pk=watch.claim_payer_id)
        if place.state != PayerState.FORWARDED:
            state = place.get_state_display().lower()
            raise NoticeRefused("", f"{place.payer} is not waited for any more: the claim is {state} there.")
        newest = CrossoverWatch.objects.filter(claim_payer=place).order_by("forwarded_on", "created_at").last()
        if newest is not None and newest.pk != watch.pk:
            on = f"{newest.forwarded_on:%m/%d/%Y}"
            raise NoticeRefused("", f"This copy was followed by another of {on}, which is waited for: say it of that.")
        notice = CrossoverNotice(
            claim=watch.claim,
            claim_payer=place,
            heard=heard,
            code=code.strip().upper()[:20],
            told_on=told_on,
            reference=reference.strip()[:80],
            words=words.strip()[:300],
            by=by,
        )
        notice.save()
        _follow(place, watch, heard, told_on)
    return notice


def _follow(place: ClaimPayer, watch: CrossoverWatch, heard: Heard, told_on: date) -> None:
    if heard == Heard.ON_FILE:
        place.crossover_until = max(place.crossover_until or watch.until, told_on + timedelta(days=WAIT_DAYS))
    elif heard == Heard.NOT_ON_FILE and watch.refuses_early:
        return  # nothing came, and it takes nothing from us before its day
    else:
        place.state, place.crossover_until = PayerState.EXPECTED, None
    place.save(update_fields=["state", "crossover_until"])


def _check(watch: CrossoverWatch, heard: Heard, told_on: date, reference: str, today: date) -> None:
    if heard not in (Heard.LETTER, Heard.NOT_ON_FILE, Heard.ON_FILE):
        raise NoticeRefused("heard", "Choose a letter, or what the payer said when it was asked.")
    if not watch.forwarded_on <= told_on <= today:
        raise NoticeRefused(
            "told_on",
            f"Expected a day from {watch.forwarded_on:%m/%d/%Y}, when the claim was handed on, until today.",
        )
    if heard == Heard.NOT_ON_FILE and told_on < watch.check_on:
        raise NoticeRefused(
            "told_on",
            f"Before {watch.check_on:%m/%d/%Y} a payer may not have loaded the copy yet: ask it again from then on.",
        )
    if not reference.strip():
        raise NoticeRefused("reference", "Give the date and number of the letter, or the reference of the call.")
