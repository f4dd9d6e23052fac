"""Addresses of claims, files and remittances."""

from __future__ import annotations

from django.urls import path

from claims.views import claims, files, order_audit, remittances, reordering, sending

app_name = "claims"
urlpatterns = [
    path("claims/", claims.claim_list, name="claim-list"),
    path("claims/<uuid:pk>/", claims.claim_page, name="claim-page"),
    path("claims/<uuid:pk>/send/<int:rank>/", sending.claim_send, name="claim-send"),
    path("claims/submissions/<uuid:pk>/file/", sending.submission_file, name="submission-file"),
    path("claims/order-audit/", order_audit.order_audit, name="order-audit"),
    path("claims/order-audit/start/", order_audit.order_audit_start, name="order-audit-start"),
    path("claims/order-audit/<uuid:pk>/", order_audit.order_audit_run, name="order-audit-run"),
    path("claims/order-audit/<uuid:pk>/progress/", order_audit.order_audit_progress, name="order-audit-progress"),
    path("claims/order-audit/<uuid:pk>/claims/", order_audit.order_audit_claims, name="order-audit-claims"),
    path("claims/order-audit/<uuid:pk>/claims.csv", order_audit.order_audit_csv, name="order-audit-csv"),
    path("patients/<uuid:pk>/changed-orders/", reordering.changed_orders, name="changed-orders"),
    path("import/", files.import_page, name="import"),
    path("import/<uuid:pk>/", files.file_page, name="file-page"),
    path("import/<uuid:pk>/progress/", files.file_progress, name="file-progress"),
    path("import/<uuid:pk>/again/", files.file_again, name="file-again"),
    path("remittances/", remittances.remittance_list, name="remittance-list"),
    path("remittances/<uuid:pk>/", remittances.remittance_page, name="remittance-page"),
    path("remittances/answers/<uuid:pk>/match/", remittances.adjudication_match, name="adjudication-match"),
]
