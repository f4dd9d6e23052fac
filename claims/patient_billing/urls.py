"""Addresses of what patients owe and pay."""

from __future__ import annotations

from django.urls import path

from claims.patient_billing.views import account, disputes, holds, payments, questions, refunds, runs, statements

app_name = "billing"
urlpatterns = [
    path("patients/<uuid:pk>/account/", account.account, name="account"),
    path("patients/<uuid:pk>/account/payment/", payments.payment_new, name="payment-new"),
    path("patients/<uuid:pk>/account/statement/", statements.statement_new, name="statement-new"),
    path("patients/<uuid:pk>/account/dispute/", disputes.dispute_new, name="dispute-new"),
    path("patient-payments/<uuid:pk>/", payments.payment_page, name="payment-page"),
    path("patient-payments/<uuid:pk>/reverse/", payments.payment_reverse, name="payment-reverse"),
    path("patient-payments/<uuid:pk>/lay/", payments.payment_lay, name="payment-lay"),
    path("patient-payments/<uuid:pk>/refund/", refunds.refund_free, name="refund-free"),
    path("claims/<uuid:pk>/hold/", holds.hold_new, name="hold-new"),
    path("claims/<uuid:pk>/question/", questions.question, name="question"),
    path("claims/<uuid:pk>/answers/<uuid:told>/back/", questions.answer_back, name="answer-back"),
    path("claims/<uuid:pk>/not-billed/", questions.not_billed, name="not-billed"),
    path("claims/<uuid:pk>/not-billed/back/", questions.not_billed_back, name="not-billed-back"),
    path("claims/<uuid:pk>/write-off/reverse/", questions.write_off_reverse, name="write-off-reverse"),
    path("claims/<uuid:pk>/refund/", refunds.refund_new, name="refund-new"),
    path("statement-holds/", holds.hold_list, name="hold-list"),
    path("statement-holds/<uuid:pk>/", holds.hold_page, name="hold-page"),
    path("statement-holds/<uuid:pk>/extend/", holds.hold_extend, name="hold-extend"),
    path("statement-holds/<uuid:pk>/lift/", holds.hold_lift, name="hold-lift"),
    path("statements/", statements.statement_list, name="statement-list"),
    path("statements/run/", runs.run_new, name="run-new"),
    path("statements/runs/<uuid:pk>/", runs.run_page, name="run-page"),
    path("statements/<uuid:pk>/", statements.statement_page, name="statement-page"),
    path("statements/<uuid:pk>/pdf/", statements.statement_pdf, name="statement-pdf"),
    path("statements/<uuid:pk>/correct/", statements.statement_correct, name="statement-correct"),
    path("refunds/<uuid:pk>/", refunds.refund_page, name="refund-page"),
    path("refunds/<uuid:pk>/approve/", refunds.refund_approve, name="refund-approve"),
    path("refunds/<uuid:pk>/refuse/", refunds.refund_refuse, name="refund-refuse"),
    path("refunds/<uuid:pk>/send/", refunds.refund_send, name="refund-send"),
    path("refunds/<uuid:pk>/back/", refunds.refund_back, name="refund-back"),
    path("disputes/<uuid:pk>/", disputes.dispute_page, name="dispute-page"),
    path("disputes/<uuid:pk>/take/", disputes.dispute_take, name="dispute-take"),
    path("disputes/<uuid:pk>/note/", disputes.dispute_note, name="dispute-note"),
    path("disputes/<uuid:pk>/close/", disputes.dispute_close, name="dispute-close"),
]
