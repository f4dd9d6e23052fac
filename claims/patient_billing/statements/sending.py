"""Send one patient a statement: numbered, kept for good as content and PDF. Nothing that is held is ever printed."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from claims.models import Claim
from claims.patient_billing.holding import concerned
from claims.patient_billing.laying import paid_ahead
from claims.patient_billing.models import PatientPayment, Statement, StatementClaim, StatementRun
from claims.patient_billing.standing import ClaimStanding, standings
from claims.patient_billing.statements.content import content_of
from claims.patient_billing.statements.paper import pdf_of
from cob.accounts.models import User
from cob.audit.acting import doing
from cob.audit.models import record
from cob.patients.models import Patient
from cob.turns import Turn, wait_for

SHOWN_PAYMENTS = 12


class StatementRefused(ValueError):
    """No statement: says why, the claims held with their reasons first."""


@dataclass(slots=True)
class Draft:
    """What a patient would get now: claims that may go out with something due, and those that wait with why."""

    patient_id: uuid.UUID
    ready: list[ClaimStanding] = field(default_factory=list)
    waiting: list[ClaimStanding] = field(default_factory=list)
    ahead: list[PatientPayment] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        return sum(one.due_cents for one in self.ready)

    @property
    def why_not(self) -> str:
        """Why nothing goes out; empty when something does. Nobody is asked for what they have paid."""
        if self.ready and self.ahead:
            return (
                f"Part of receipt {self.ahead[0].receipt} lies on no claim. Lay it on a claim or give it back before "
                "more is asked for."
            )
        if self.ready:
            return ""
        if self.waiting:
            return self.waiting[0].held
        return "The patient owes nothing."


def drafts(patients: Collection[uuid.UUID]) -> dict[uuid.UUID, Draft]:
    """By patient; a fixed number of queries."""
    found = {patient: Draft(patient) for patient in patients}
    claims = Claim.objects.filter(concerned(), patient__in=patients, is_void=False).select_related("patient", "site")
    for one in standings(claims.order_by("service_from", "control_number")):
        draft = found[one.claim.patient_id]
        if one.due_cents > 0:
            draft.ready.append(one)
        elif one.held:
            draft.waiting.append(one)
    for payment in paid_ahead().filter(patient__in=patients).order_by("received_on", "created_at"):
        found[payment.patient_id].ahead.append(payment)
    return found


def issue(
    *,
    patient: Patient,
    by: User | None,
    today: date | None = None,
    run: StatementRun | None = None,
    corrects: Statement | None = None,
) -> Statement:
    """Send all of the patient that may go out; a correction may come to nothing owed. Raises StatementRefused."""
    today = today or timezone.localdate()
    with transaction.atomic(), doing("statement sent"):
        wait_for(Turn.STATEMENTS)
        Patient.objects.select_for_update().get(pk=patient.pk)
        if corrects is not None:
            _not_replaced(corrects)
        draft = drafts([patient.pk])[patient.pk]
        ready = _with_corrected(draft, corrects)
        if draft.why_not and (draft.ready or not ready):
            raise StatementRefused(draft.why_not)
        if corrects is None:
            _not_twice(patient, draft, today)
        row = _written(patient, ready, by, today, run, corrects)
        after = {"number": row.number, "cents": row.amount_cents, "claims": [str(one.claim.pk) for one in ready]}
        record("statement issued", row, patients=[patient.pk], site_id=patient.site_id, after=after)
    return row


def _with_corrected(draft: Draft, corrects: Statement | None) -> list[ClaimStanding]:
    """A correction also shows the claims of the statement it replaces on which nothing is owed any more."""
    if corrects is None:
        return draft.ready
    there = {one.claim.pk for one in draft.ready}
    ids = corrects.claims.exclude(claim__in=there).values_list("claim", flat=True)
    rest = standings(Claim.objects.filter(pk__in=list(ids), is_void=False).select_related("patient", "site"))
    held = next((one for one in rest if not one.is_releasable), None)
    if held is not None:
        raise StatementRefused(f"Claim {held.claim.control_number} of statement {corrects} is held: {held.held}")
    return [*draft.ready, *rest]


def _not_twice(patient: Patient, draft: Draft, today: date) -> None:
    """Two people pressing the button send one statement, and the other is told who did."""
    same = Statement.objects.filter(patient=patient, issued_on=today, amount_cents=draft.total_cents)
    earlier = same.select_related("issued_by").first()
    if earlier:
        who = earlier.issued_by or "The statement run"
        raise StatementRefused(f"{who} sent statement {earlier.number} for the same amount today.")


def _not_replaced(statement: Statement) -> None:
    """A statement is replaced once: what is wrong with the new one is put right by replacing that."""
    later = Statement.objects.filter(corrects=statement).select_related("issued_by").first()
    if later:
        raise StatementRefused(f"{later.issued_by} replaced it by statement {later.number} already.")


def _written(
    patient: Patient,
    ready: Iterable[ClaimStanding],
    by: User | None,
    today: date,
    run: StatementRun | None,
    corrects: Statement | None,
) -> Statement:
    ready = list(ready)
    payments = PatientPayment.objects.filter(patient=patient, reverses=None, reversed_by=None)
    content = content_of(
        number=_next_number(patient),
        patient=patient,
        site=patient.site,
        ready=ready,
        payments=list(payments[:SHOWN_PAYMENTS]),
        today=today,
        corrects=corrects.number if corrects else "",
    )
    paper = pdf_of(content)
    row = Statement(
        site_id=patient.site_id,
        patient=patient,
        claim=ready[0].claim,
        last_payer=max(ready[0].picture.payers, key=lambda payer: payer.rank).payer,
        number=content["number"],
        issued_on=today,
        due_on=date.fromisoformat(content["due_on"]),
        amount_cents=content["total_cents"],
        content=content,
        pdf_sha256=hashlib.sha256(paper).hexdigest(),
        corrects=corrects,
        run=run,
        issued_by=by,
    )
    row.pdf.save(f"{row.pk}.pdf", ContentFile(paper), save=False)
    row.save(force_insert=True)
    StatementClaim.objects.bulk_create(
        [StatementClaim(statement=row, claim=one.claim, amount_cents=one.due_cents) for one in ready]
    )
    return row


def _next_number(patient: Patient) -> str:
    last = Statement.objects.filter(site=patient.site_id).aggregate(last=Max("number"))["last"]
    return f"S{(int(last[1:]) if last else 0) + 1:06d}"
