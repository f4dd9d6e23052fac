"""Holds follow the facts: opened when a reason comes, lifted when it has gone; and what people do with them.

Doing it again changes nothing. A hold is kept only where a statement would otherwise go: a payer left something to the
patient, or the patient has paid.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.models import Claim, Posting
from claims.patient_billing.grounds import AUTOMATIC, CUSTOMS, Why, reasons
from claims.patient_billing.models import Allocation, Ground, HoldChange, StatementHold
from claims.patient_billing.picture import Picture
from claims.patient_billing.reading import pictures_of
from cob.accounts.models import User
from cob.accounts.roles import Role
from cob.audit.acting import doing
from cob.audit.models import record

CHUNK = 1_000
LONGEST_DAYS = 90
GONE = {
    Ground.PAYER_OUTSTANDING: "Every payer has answered.",
    Ground.CROSSOVER_PENDING: "The crossover was answered.",
    Ground.REVERSAL_OPEN: "The corrected answer is here.",
    Ground.NOT_POSTED: "Every answer is posted.",
    Ground.ANOTHER_PAYER: "No payer points to another one any more.",
    Ground.COVERAGE_NOT_BILLED: "Every coverage of that day is on the claim.",
    Ground.COB_DENIAL: "The denial is settled.",
    Ground.CREDIT: "The credit was cleared.",
    Ground.FACT_UNKNOWN: "The question was answered.",
    Ground.UNRECONCILED: "The lines reconcile.",
    Ground.DISPUTE: "The dispute is closed.",
}


class HoldRefused(ValueError):
    """What was asked of a hold cannot be done; says why and what to do."""


def concerned() -> Q:
    """Claims whose statement somebody could think of: something was left to the patient, paid, or is held."""
    left = Posting.objects.filter(claim=OuterRef("pk"), kind="responsibility").order_by()
    paid = Allocation.objects.filter(claim=OuterRef("pk")).order_by()
    held = StatementHold.objects.open().filter(claim=OuterRef("pk")).order_by()
    return Q(Exists(left)) | Q(Exists(paid)) | Q(Exists(held))


def follow(claims: QuerySet[Claim], *, today: date | None = None) -> int:
    """Open and lift the holds of these claims as their facts stand; how many changed. Set-based, in chunks."""
    today, changed = today or timezone.localdate(), 0
    ids = list(claims.filter(concerned()).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        with transaction.atomic():
            part = Claim.objects.filter(pk__in=ids[start : start + CHUNK]).select_related("patient")
            changed += _follow(pictures_of(part.prefetch_related("site"), with_open=False).values(), today)
    return changed


def _follow(pictures: Collection[Picture], today: date) -> int:
    ids = [picture.claim.pk for picture in pictures]
    standing: dict[uuid.UUID, dict[str, StatementHold]] = {pk: {} for pk in ids}
    overruled: set[tuple[uuid.UUID, str, str]] = set()
    for hold in StatementHold.objects.filter(Q(lifted_at=None) | Q(is_overruled=True), claim__in=ids):
        if hold.lifted_at is None:
            standing[hold.claim_id][hold.ground] = hold
        else:
            overruled.add((hold.claim_id, hold.ground, hold.because))
    paid = set(Allocation.objects.filter(claim__in=ids).values_list("claim", flat=True))
    opened: list[StatementHold] = []
    reworded: list[StatementHold] = []
    gone: list[tuple[StatementHold, str]] = []
    for picture in pictures:
        claim = picture.claim
        matters = picture.has_something_left or claim.pk in paid
        stand = (w for w in reasons(picture) if (claim.pk, w.ground, w.because[:300]) not in overruled)
        now = {why.ground: why for why in reversed(list(stand))} if matters else {}
        for ground, why in now.items():
            held = standing[claim.pk].get(ground)
            if held is None:
                opened.append(_new(claim, why, today))
            elif held.because != why.because[:300]:
                held.because = why.because[:300]
                reworded.append(held)
        words = _void_or_nothing(picture, matters=matters)
        gone += [
            (hold, words or GONE[Ground(hold.ground)])
            for ground, hold in standing[claim.pk].items()
            if ground in AUTOMATIC and ground not in now
        ]
    _write(opened, reworded, gone)
    return len(opened) + len(reworded) + len(gone)


def _void_or_nothing(picture: Picture, *, matters: bool) -> str:
    if picture.claim.is_void:
        return "The claim is void."
    return "" if matters else "Nothing of this claim is left to the patient."


def _new(claim: Claim, why: Why, today: date) -> StatementHold:
    custom = CUSTOMS[why.ground]
    return StatementHold(
        claim=claim,
        ground=why.ground,
        because=why.because[:300],
        owner_role=custom.owner,
        opened_on=today,
        expires_on=today + timedelta(days=custom.days),
    )


def _write(opened: list[StatementHold], reworded: list[StatementHold], gone: list[tuple[StatementHold, str]]) -> None:
    with doing("statement held"):
        if opened:
            StatementHold.objects.bulk_create(opened, ignore_conflicts=True)
            there = set(StatementHold.objects.filter(pk__in=[h.pk for h in opened]).values_list("pk", flat=True))
            _note([hold for hold in opened if hold.pk in there], "placed")
        if reworded:
            StatementHold.objects.bulk_update(reworded, ["because"])
    if not gone:
        return
    with doing("statement hold lifted"):
        by_words: dict[str, list[StatementHold]] = {}
        for hold, words in gone:
            by_words.setdefault(words, []).append(hold)
        for words, holds in by_words.items():
            rows = StatementHold.objects.open().filter(pk__in=[hold.pk for hold in holds])
            rows.update(lifted_at=timezone.now(), lifted_because=words)
            _note(holds, "lifted", words)


def _note(holds: Iterable[StatementHold], what: str, why: str = "") -> None:
    changes = [
        HoldChange(hold=hold, what=what, why=(why or hold.because)[:300], expires_on=hold.expires_on) for hold in holds
    ]
    if changes:
        HoldChange.objects.bulk_create(changes)


# --- what people do ---------------------------------------------------------------------------------------------------


def place(*, claim: Claim, because: str, until: date, by: User, role: Role = Role.BILLER) -> StatementHold:
    """Hold a claim's statement by hand until a day. Raises HoldRefused."""
    _within(until)
    if not because.strip():
        raise HoldRefused("Say why: whoever meets the hold has to know.")
    with transaction.atomic(), doing("statement held", reason=because):
        Claim.objects.select_for_update().get(pk=claim.pk)
        if StatementHold.objects.open().filter(claim=claim, ground=Ground.BY_HAND).exists():
            raise HoldRefused("This claim is held by hand already. Extend that hold.")
        hold: StatementHold = StatementHold.objects.create(
            claim=claim,
            ground=Ground.BY_HAND,
            because=because.strip()[:300],
            owner_role=role,
            owner=by,
            opened_on=timezone.localdate(),
            expires_on=until,
        )
        _changed(hold, "placed", because, by)
    return hold


def extend(*, hold: StatementHold, because: str, until: date, by: User) -> StatementHold:
    """Let it wait until a later day. Raises HoldRefused."""
    _within(until)
    if not because.strip():
        raise HoldRefused("Say why it has to wait longer.")
    with transaction.atomic(), doing("statement hold extended", reason=because):
        hold = _locked(hold)
        if until <= hold.expires_on:
            raise HoldRefused(f"It waits until {hold.expires_on:%m/%d/%Y} already. Choose a later day.")
        hold.expires_on, hold.owner = until, by
        hold.save(update_fields=["expires_on", "owner"])
        _changed(hold, "extended", because, by)
    return hold


def lift(*, hold: StatementHold, because: str, by: User) -> StatementHold:
    """Let the claim out. Against the machine's own reasons that is the person's word, and it is kept as such.

    A claim a payer may still answer, or that does not reconcile, is never let out by hand. Raises HoldRefused.
    """
    if not because.strip():
        raise HoldRefused("Say why it may go out now.")
    if hold.ground not in LIFTED_BY_HAND:
        raise HoldRefused(f"“{hold.get_ground_display()}” goes when its cause goes. Put the cause right.")
    with transaction.atomic(), doing("statement hold lifted", reason=because):
        hold = _locked(hold)
        hold.lifted_at, hold.lifted_because = timezone.now(), because.strip()[:300]
        hold.is_overruled = hold.ground in AUTOMATIC
        hold.save(update_fields=["lifted_at", "lifted_because", "is_overruled"])
        _changed(hold, "lifted", because, by)
    return hold


# What only facts can end stays: an open payer, money that is not right, an unanswered question, an open dispute.
LIFTED_BY_HAND = (Ground.BY_HAND, Ground.COVERAGE_NOT_BILLED, Ground.ANOTHER_PAYER, Ground.COB_DENIAL)


def dispute_hold(claims: Iterable[Claim], because: str, by: User, *, until: date) -> None:
    """Held because the patient disputes it; claims that are held for it already stay as they are."""
    held = set(StatementHold.objects.open().filter(ground=Ground.DISPUTE).values_list("claim", flat=True))
    for claim in claims:
        if claim.pk not in held:
            hold = _new(claim, Why(Ground.DISPUTE, because), timezone.localdate())
            hold.owner, hold.expires_on = by, until
            hold.save()
            _changed(hold, "placed", because, by)


def end_dispute_hold(claims: Iterable[uuid.UUID], by: User) -> None:
    for hold in StatementHold.objects.open().filter(ground=Ground.DISPUTE, claim__in=list(claims)):
        hold.lifted_at, hold.lifted_because = timezone.now(), GONE[Ground.DISPUTE]
        hold.save(update_fields=["lifted_at", "lifted_because"])
        _changed(hold, "lifted", GONE[Ground.DISPUTE], by)


def _within(until: date) -> None:
    today = timezone.localdate()
    last = today + timedelta(days=LONGEST_DAYS)
    if not today < until <= last:
        raise HoldRefused(f"Choose a day from tomorrow to {last:%m/%d/%Y}: nothing is held longer without a look.")


def _locked(hold: StatementHold) -> StatementHold:
    """The row as it is now. Raises HoldRefused when somebody was quicker."""
    fresh: StatementHold = StatementHold.objects.select_for_update().select_related("claim").get(pk=hold.pk)
    if fresh.lifted_at is not None:
        who = fresh.changes.filter(what="lifted").select_related("by").last()
        name = str(who.by) if who and who.by else "The desk"
        raise HoldRefused(f"{name} lifted it on {timezone.localtime(fresh.lifted_at):%m/%d/%Y}: {fresh.lifted_because}")
    return fresh


def _changed(hold: StatementHold, what: str, why: str, by: User | None) -> None:
    HoldChange.objects.create(hold=hold, what=what, why=why.strip()[:300], expires_on=hold.expires_on, by=by)
    claim = hold.claim
    record("statement hold changed", hold, patients=[claim.patient_id], site_id=claim.site_id, after={"what": what})


def held_now(pictures: Iterable[Picture]) -> dict[uuid.UUID, str]:
    """Why nothing of a claim may be printed now, by claim; those that may go out are not in it. Asked of the facts as
    they stand and of what people hold, not of the rows the machine keeps: those may be a moment behind."""
    every = {picture.claim.pk: picture for picture in pictures}
    overruled = set(
        StatementHold.objects.filter(claim__in=every, is_overruled=True).values_list("claim", "ground", "because")
    )
    by_people = StatementHold.objects.open().filter(claim__in=every).exclude(ground__in=AUTOMATIC)
    people = dict(by_people.order_by("-opened_on").values_list("claim", "because"))
    held = {}
    for pk, picture in every.items():
        if picture.claim.is_void:
            held[pk] = "The claim is void."
            continue
        found = (w.because for w in reasons(picture) if (pk, w.ground, w.because[:300]) not in overruled)
        because = next(found, "") or people.get(pk, "")
        if because:
            held[pk] = because
    return held
