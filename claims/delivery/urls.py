"""Addresses of batches and mailboxes."""

from __future__ import annotations

from django.urls import path

from claims.delivery.views import batches, mailboxes

app_name = "delivery"
urlpatterns = [
    path("claims/batches/", batches.batch_list, name="batch-list"),
    path("claims/batches/make/", batches.batch_make, name="batch-make"),
    path("claims/batches/<uuid:pk>/", batches.batch_page, name="batch-page"),
    path("claims/batches/<uuid:pk>/try/", batches.batch_try, name="batch-try"),
    path("claims/batches/<uuid:pk>/file/", batches.batch_file, name="batch-file"),
    path("settings/mailboxes/", mailboxes.mailbox_list, name="mailbox-list"),
    path("settings/mailboxes/new/", mailboxes.mailbox_new, name="mailbox-new"),
    path("settings/mailboxes/<uuid:pk>/", mailboxes.mailbox_page, name="mailbox-page"),
    path("settings/mailboxes/<uuid:pk>/check/", mailboxes.mailbox_check, name="mailbox-check"),
]
