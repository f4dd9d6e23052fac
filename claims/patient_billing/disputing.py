"""A patient says it is wrong: kept with its cause, its claims held, its clock running, until it has an outcome."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.holding import dispute_hold, end_dispute_hold
from claims.patient_billing.models import Cause, Dispute, DisputeNote, Ground, Statement, StatementHold
from claims.patient_billing.models.dispute import DisputeOutcome
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.dates import add_business_days
from cob.patients.models import Patient

CLOSE_DAYS = 5


class DisputeRefused(ValueError):
    """What was asked of a dispute cannot be done; says why."""


def open_dispute(
    *,
    patient: Patient,
    text: str,
    told_by: str,
    by: User | None,
    received_on: date,
    told_how: str = "",
    cause: str = Cause.UNKNOWN,
    statement: Statement | None = None,
    claim: Claim | None = None,
    once: uuid.UUID | None = None,
) -> Dispute:
    """Keep a complaint and hold what it is about; `once` names the row, so that a form sent twice is one complaint.

    Raises DisputeRefused.
    """
    if not text.strip() or not told_by.strip():
        raise DisputeRefused("Say who told us, and what is wrong in their words.")
    with transaction.atomic(), doing("patient disputed"):
        Patient.objects.select_for_update().get(pk=patient.pk)
        if once and (sent := Dispute.objects.filter(pk=once).first()):
            return _as_sent(sent, patient, text)
        claims = _claims(patient, statement, claim)
        row: Dispute = Dispute.objects.create(
            pk=once or uuid.uuid4(),
            site_id=patient.site_id,
            patient=patient,
            statement=statement,
            claim=claim,
            received_on=received_on,
            told_by=told_by.strip()[:80],
            told_how=told_how.strip()[:80],
            text=text.strip()[:1000],
            cause=cause,
            attempt=1 + _times_before(patient, claims),
            owner=by,
            due_on=add_business_days(received_on, CLOSE_DAYS),
            opened_by=by,
        )
        if by is not None:
            dispute_hold(claims, f"The patient disputes it: {row.get_cause_display().lower()}.", by, until=row.due_on)
        record("dispute changed", row, patients=[patient.pk], site_id=patient.site_id)
    return row


def _as_sent(before: Dispute, patient: Patient, text: str) -> Dispute:
    """The same form again: the complaint it made. With other words in it nothing may be lost."""
    if (before.patient_id, before.text) != (patient.pk, text.strip()[:1000]):
        raise DisputeRefused("This form was sent before and is logged with other words. Add yours to it as a note.")
    return before


def note(*, dispute: Dispute, text: str, by: User) -> DisputeNote:
    """Raises DisputeRefused."""
    if not text.strip():
        raise DisputeRefused("Write what was said or done.")
    with transaction.atomic(), doing("dispute noted"):
        row: DisputeNote = DisputeNote.objects.create(dispute=_open(dispute), text=text.strip()[:1000], by=by)
    return row


def close(*, dispute: Dispute, cause: str, outcome: str, text: str, by: User) -> Dispute:
    """End it with its cause and what came of it; its claims are free again. Raises DisputeRefused."""
    if cause not in Cause.values or cause == Cause.UNKNOWN:
        raise DisputeRefused("Say what caused it: the measure of disputes counts by cause.")
    if outcome not in DisputeOutcome.values or not text.strip():
        raise DisputeRefused("Say how it ended, and what the patient was told.")
    with transaction.atomic(), doing("dispute closed", reason=text):
        row = _open(dispute)
        row.cause, row.outcome, row.outcome_text = cause, outcome, text.strip()[:300]
        row.closed_at, row.closed_by = timezone.now(), by
        row.save(update_fields=["cause", "outcome", "outcome_text", "closed_at", "closed_by"])
        mine = {claim.pk for claim in _claims(row.patient, row.statement, row.claim)}
        end_dispute_hold(mine - _still_disputed(row), by)
        record("dispute changed", row, patients=[row.patient_id], site_id=row.site_id)
    return row


def take_over(*, dispute: Dispute, by: User) -> Dispute:
    """Make it mine. Raises DisputeRefused."""
    with transaction.atomic(), doing("dispute taken over"):
        row = _open(dispute)
        row.owner = by
        row.save(update_fields=["owner"])
    return row


def _times_before(patient: Patient, claims: list[Claim]) -> int:
    """How often the patient came before about any of these claims, on whatever statement; of nothing, about nothing."""
    now = {claim.pk for claim in claims}
    rows = Dispute.objects.filter(patient=patient).select_related("patient", "statement", "claim")
    earlier = [{claim.pk for claim in _claims(one.patient, one.statement, one.claim)} for one in rows]
    return sum(bool(then & now) or then == now for then in earlier)


def _still_disputed(closed: Dispute) -> set[uuid.UUID]:
    others = Dispute.objects.open().filter(patient=closed.patient).exclude(pk=closed.pk)
    rows = others.select_related("patient", "statement", "claim")
    return {claim.pk for one in rows for claim in _claims(one.patient, one.statement, one.claim)}


def _claims(patient: Patient, statement: Statement | None, claim: Claim | None) -> list[Claim]:
    """What a dispute is about: one claim, the claims of a statement, or all that is the patient's, what is held as
    disputed included: of that a payer may have taken over the rest meanwhile."""
    if claim is not None:
        return [claim]
    if statement is not None:
        return list(Claim.objects.filter(statements__statement=statement).defer("content"))
    held = StatementHold.objects.open().filter(claim=OuterRef("pk"), ground=Ground.DISPUTE).order_by()
    mine = Q(is_void=False, patient_cents__gt=0) | Q(Exists(held))
    return list(Claim.objects.filter(mine, patient=patient).defer("content"))


def _open(dispute: Dispute) -> Dispute:
    """The row as it is now. Raises DisputeRefused when somebody closed it."""
    row: Dispute = Dispute.objects.select_for_update().select_related("patient").get(pk=dispute.pk)
    if row.closed_at is not None:
        when = f"{timezone.localtime(row.closed_at):%m/%d/%Y}"
        raise DisputeRefused(f"{row.closed_by} closed it on {when}: {row.get_outcome_display().lower()}.")
    return row
