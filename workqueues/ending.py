"""How an item ends: with proof, by one person or two, and how an ending is taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from claims import write_offs
from claims.models import ClaimPayer
from claims.recoupment.letters import under_appeal
from cob.accounts.models import User
from cob.cents import dollars
from denials import actions as denials
from denials import writing_off
from denials.models import Denial, Status
from workqueues import clocks
from workqueues.asks import disputes, filing_risk, standoffs
from workqueues.asks.denials import POINTS_AWAY
from workqueues.asks.denials import SUBJECT as DENIAL
from workqueues.membership import FAILED_WITHIN, ROUND, reopened
from workqueues.models import Closure, ClosureCode, Evidence, EvidenceKind, Item, Note, State
from workqueues.moving import EvidenceMissing, Refused, awake, mine, move, queue_of
from workqueues.terms import held
from workqueues.write_offs import approval_limit, is_within

# Their items are about a claim's payer.
ASKS_A_PAYER = ("secondary-submission", "rejected-claims")


def close(*, item: Item, code: str, root_cause: str, because: str, by: User, now: datetime | None = None) -> Item:
    """End it with the proof its queue asks for. A write-off waits for a second person. Raises Refused."""
    mine(item, by)
    if item.subject_type == disputes.SUBJECT:
        raise Refused("Close the dispute itself: it asks for the cause and what came of it, and this ends with it.")
    if code == ClosureCode.REASON_GONE:
        raise Refused("Only the desk itself says that a reason has gone.")
    if code == ClosureCode.WRITE_OFF:
        return _propose_write_off(item, root_cause, because, by)
    _prove(item)
    return _end(item=item, code=code, root_cause=root_cause, because=because, by=by, now=now)


def _propose_write_off(item: Item, root_cause: str, because: str, by: User) -> Item:
    if EvidenceKind.APPROVED_WRITE_OFF not in queue_of(item).closes_with:
        raise Refused("Items of this queue cannot end as a write-off.")
    _not_under_appeal(item)
    _has_what_to_write_off(item)
    if not because.strip():
        raise Refused("Say why it should be written off: the second person decides on your words.")
    return move(
        item,
        State.RESOLVED,
        "asked for write-off",
        by=by,
        reason=because,
        **awake(item),
        resolved_by=by,
        root_cause=root_cause,
        closed_because=because[:300],
    )


def approve(*, item: Item, by: User, now: datetime | None = None) -> Item:
    """The second person agrees to a write-off. Raises Refused for whoever asked for it."""
    if item.state != State.RESOLVED or item.resolved_by_id is None:
        raise Refused("It does not wait for an approval.")
    if by.pk in (item.resolved_by_id, item.owner_id):
        raise Refused("Somebody else must approve a write-off you asked for.")
    _within_limit(item, by)
    _not_under_appeal(item)
    _has_what_to_write_off(item)
    with transaction.atomic():
        Evidence.objects.create(
            item=item, kind=EvidenceKind.APPROVED_WRITE_OFF, reference=f"Approved by {by}"[:200], by=by
        )
        return _end(
            item=item,
            code=ClosureCode.WRITE_OFF,
            root_cause=item.root_cause,
            because=item.closed_because,
            by=item.resolved_by,
            approved_by=by,
            now=now,
        )


def _within_limit(item: Item, by: User) -> None:
    limit = approval_limit(by, item.queue, held.today())
    if not is_within(limit, item.amount_cents):
        sums = f"You approve up to ${dollars(limit or 0)}; this is ${dollars(item.amount_cents)}."
        raise Refused(f"{sums} It stays for a supervisor or the practice administrator.")


def _not_under_appeal(item: Item) -> None:
    """An appeal stops the payer's taking (Medicare: section 935), and with it every write-off on the claim."""
    demand = under_appeal(item.claim_id) if item.claim_id else None
    if demand:
        raise Refused(f"{demand.payer}’s demand {demand.reference} is under appeal: nothing is written off meanwhile.")


def can_write_off(item: Item) -> bool:
    """Whether a write-off here would reach the ledger: of a refusal, or of what a payer that is given up leaves open.
    Beside another queue's item nothing is: it is written off there."""
    if item.queue == filing_risk.SLUG:
        return bool(_denials_of(item))
    return item.subject_type == DENIAL or item.queue == standoffs.SLUG or _payer_of(item) is not None


def _has_what_to_write_off(item: Item) -> None:
    if not can_write_off(item):
        where = "Nothing would be written off from here. Do it on the item of the refusal or of the payer given up"
        raise Refused(f"{where}, and close this one with its own proof.")


def send_back(*, item: Item, note: str, by: User) -> Item:
    """The second person does not agree. Raises Refused."""
    if item.state != State.RESOLVED:
        raise Refused("It does not wait for an approval.")
    if by.pk in (item.resolved_by_id, item.owner_id):
        raise Refused("Somebody else decides about a write-off you asked for.")
    _within_limit(item, by)
    if not note.strip():
        raise Refused("Say why you send it back.")
    with transaction.atomic():
        moved = move(item, State.IN_PROGRESS, "sent item back", by=by, reason=note, resolved_by=None, closed_because="")
        Note.objects.create(item=moved, by=by, text=note[:1000], about="Write-off not approved")
    return moved


def reopen(*, item: Item, reason: str, by: User, now: datetime | None = None) -> Item:
    """Take an ending back; within 30 days it counts as a failed closing. Raises Refused."""
    now = now or timezone.now()
    if item.is_open:
        raise Refused("It is open already.")
    if not reason.strip():
        raise Refused("Say why it must be worked again.")
    if Item.objects.open().filter(queue=item.queue, subject_id=item.subject_id).exists():
        raise Refused("A newer item about the same is open; work that one.")
    if item.subject_type == disputes.SUBJECT and disputes.gone([item.subject_id]):
        raise Refused("The dispute is closed. When the patient comes again, log it anew from the account.")
    state, closed_at = State(item.state), item.closed_at
    values = reopened(item, now, closed_at)
    clocks.start(item, queue_of(item), now)
    started = {name: getattr(item, name) for name in ROUND if name not in ("touched_at", "first_touched_at")}
    with transaction.atomic():
        item.state, item.closed_at = state, closed_at
        moved = move(item, State.IN_PROGRESS, "reopened item", by=by, owner=by, reason=reason, **values, **started)
        Note.objects.create(item=moved, by=by, text=reason[:1000], about="Opened again")
        _reopen_subject(moved, reason, by)
    return moved


def is_failed_closing(item: Item, now: datetime) -> bool:
    """Whether opening it now would count as a closing that did not hold."""
    return item.closed_at is not None and now - item.closed_at <= FAILED_WITHIN


def _end(*, item: Item, code: str, root_cause: str, because: str, by: User | None, **second: Any) -> Item:
    """Close the item, keep the closing, and end what it was about. `second`: approved_by, now."""
    if not root_cause:
        raise Refused("Choose the root cause: the measures and the coaching stand on it.")
    now = second.get("now") or timezone.now()
    approved_by: User | None = second.get("approved_by")
    ending = {"closed_at": now, "closed_by": by, "closed_because": because[:300], "closure_code": code}
    ending |= {"root_cause": root_cause}
    with transaction.atomic():
        moved = move(item, State.CLOSED, "closed item", by=approved_by or by, reason=because, **(awake(item) | ending))
        Closure.objects.create(
            item=moved,
            at=now,
            by=by,
            approved_by=approved_by,
            code=code,
            root_cause=root_cause,
            because=because[:300],
            entered_at=moved.entered_at,
            is_in_time=now < moved.due_at,
        )
        _end_subject(moved, by, approved_by)
    return moved


def _prove(item: Item) -> None:
    """At least one proof of a kind the queue takes, added since the item was last opened."""
    takes = queue_of(item).closes_with - {EvidenceKind.APPROVED_WRITE_OFF}
    if not item.evidences.filter(kind__in=takes, at__gte=item.entered_at).exists():
        named = ", ".join(sorted(EvidenceKind(kind).label for kind in takes))
        others = sorted({EvidenceKind(kind).label for kind in item.evidences.values_list("kind", flat=True)})
        not_enough = f"“{others[0]}” does not prove it here, or is older than this round. " if others else ""
        raise EvidenceMissing(f"This queue closes only with proof. {not_enough}Add one of: {named}.")


def _end_subject(item: Item, by: User | None, approved_by: User | None) -> None:
    """A denial ends with its item: otherwise the facts would open it again. A standoff ends all its refusals. What a
    second person agreed to write off is written off in that person's name."""
    words = f"{ClosureCode(item.closure_code).label}: {item.closed_because}".rstrip(": ")
    for denial in _denials_of(item):
        denials.resolve(denial=denial, resolution=words, root_cause=item.root_cause, by=by)
        if approved_by is not None:
            writing_off.write_off(denial=denial, because=item.closed_because, by=approved_by)
    if approved_by is not None and (payer := _payer_of(item)):
        write_offs.write_off_open(payer=payer, because=item.closed_because, by=approved_by)


def _payer_of(item: Item) -> ClaimPayer | None:
    """Of an item about a payer that is to be sent the claim: whoever gives that up gives up what is open."""
    return ClaimPayer.objects.filter(pk=item.subject_id).first() if item.queue in ASKS_A_PAYER else None


def _denials_of(item: Item) -> list[Denial]:
    if item.queue == standoffs.SLUG:
        return list(Denial.objects.open().filter(POINTS_AWAY, claim=item.subject_id))
    if item.subject_type != DENIAL:
        return []
    rows = Denial.objects.open().filter(pk=item.subject_id)
    # Beside another queue's item the overlay ends nothing but itself.
    return list(rows.filter(queue=item.queue) if item.queue == filing_risk.SLUG else rows)


def _reopen_subject(item: Item, reason: str, by: User) -> None:
    ended = Denial.objects.filter(status=Status.RESOLVED).select_related("adjudication", "line")
    if item.queue == standoffs.SLUG:  # all that a person ended with it; what facts ended stays ended
        ended = ended.filter(POINTS_AWAY, claim=item.subject_id, resolved_by__isnull=False)
    elif item.subject_type == DENIAL:
        ended = ended.filter(pk=item.subject_id)
    else:
        ended = ended.none()
    if payer := _payer_of(item):
        write_offs.take_back_open(payer=payer, because=reason, by=by)
    for denial in ended:
        denials.reopen(denial=denial)
        writing_off.take_back(denial=denial, because=reason, by=by)
