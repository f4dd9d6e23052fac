"""Rows by their address: another site's rows are not there."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from claims.patient_billing.models import Dispute, PatientPayment, PatientRefund, Statement, StatementHold
from cob.accounts.models import User
from cob.patients.models import Patient


def patient_or_404(user: User, pk: UUID) -> Patient:
    found: Patient = get_object_or_404(Patient.objects.visible_to(user).select_related("site"), pk=pk)
    return found


def payment_or_404(user: User, pk: UUID) -> PatientPayment:
    rows = PatientPayment.objects.visible_to(user).select_related("patient", "site", "taken_by", "reverses")
    found: PatientPayment = get_object_or_404(rows, pk=pk)
    return found


def refund_or_404(user: User, pk: UUID) -> PatientRefund:
    rows = PatientRefund.objects.visible_to(user)
    rows = rows.select_related("patient", "payment", "claim", "proposed_by", "decided_by", "withdrawn_by")
    found: PatientRefund = get_object_or_404(rows, pk=pk)
    return found


def hold_or_404(user: User, pk: UUID) -> StatementHold:
    rows = StatementHold.objects.visible_to(user).select_related("claim__patient", "claim__site", "owner")
    found: StatementHold = get_object_or_404(rows, pk=pk)
    return found


def statement_or_404(user: User, pk: UUID) -> Statement:
    rows = Statement.objects.visible_to(user).select_related("patient__site", "issued_by", "corrects")
    found: Statement = get_object_or_404(rows, pk=pk)
    return found


def dispute_or_404(user: User, pk: UUID) -> Dispute:
    rows = Dispute.objects.visible_to(user).select_related("patient", "statement", "claim", "owner", "closed_by")
    found: Dispute = get_object_or_404(rows, pk=pk)
    return found
