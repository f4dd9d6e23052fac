"""A patient's account: what is owed, what waits and why, what was paid, sent and disputed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims.models import Claim
from claims.patient_billing.holding import concerned
from claims.patient_billing.laying import standing_payments
from claims.patient_billing.models import Allocation, Dispute, PatientPayment, PatientRefund, Statement
from claims.patient_billing.sentence import Account, account_for_staff
from claims.patient_billing.standing import standings
from claims.patient_billing.views.lookups import patient_or_404
from cob.accounts.access import DeskRequest, may
from cob.accounts.roles import Permission
from cob.audit.reads import record_view

SHOWN = 100


@require_safe
@may(Permission.VIEW_CLAIMS)
def account(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Everything of one patient's money on one page."""
    patient = patient_or_404(request.user, pk)
    record_view("patient account", [patient.pk], site_id=patient.site_id)
    paid = Allocation.objects.filter(claim=OuterRef("pk")).order_by()
    # A void claim only for what was paid on it.
    shown = concerned() & (Q(is_void=False) | Q(Exists(paid)))
    claims = Claim.objects.filter(shown, patient=patient).select_related("patient", "site")
    rows = standings(claims.order_by("-service_from", "control_number"))
    free = {one.payment.pk: one.free_cents for one in standing_payments([patient.pk])}
    payments = PatientPayment.objects.filter(patient=patient).select_related("taken_by", "reverses", "reversed_by")
    told = Account(
        due_cents=sum(row.due_cents for row in rows),
        waiting_claims=sum(1 for row in rows if row.held and not row.claim.is_void),
        credit_cents=sum(row.credit_cents for row in rows),
        free_cents=sum(free.values()),
    )
    context = {
        "patient": patient,
        # The sums are of all of them, as on the statement.
        "rows": rows[:SHOWN],
        "has_more": len(rows) > SHOWN,
        "account": told,
        "sentence": account_for_staff(told),
        "payments": [(row, free.get(row.pk, 0)) for row in payments],
        "statements": Statement.objects.filter(patient=patient).select_related("issued_by", "corrects"),
        "refunds": PatientRefund.objects.filter(patient=patient).select_related("proposed_by", "decided_by"),
        "disputes": Dispute.objects.filter(patient=patient).select_related("owner", "claim", "statement"),
    }
    return render(request, "billing/account.html", context)
