"""Every address of COB Desk; each app lists its own, and `api/v1/` collects what machines may call."""

from __future__ import annotations

from django.urls import include, path

from cob import health, home
from cob.accounts import views

urlpatterns = [
    path("", home.start, name="home"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("accounts/password/reset/", views.forgotten, name="forgotten"),
    path("accounts/", include("allauth.urls")),
    path("people/", include("cob.people.urls")),
    path("patients/", include("cob.patients.urls")),
    path("", include("cob.coverage.urls")),
    path("", include("claims.delivery.urls")),
    path("settings/", include("cob.coverage.option_urls")),
    path("jobs/", include("cob.jobs.urls")),
    path("history/", include("cob.audit.urls")),
    path("look/", include("cob.ui.urls")),
    path("rules/", include("cob.rulebook.urls")),
    path("", include("claims.patient_billing.urls")),
    path("", include("claims.urls")),
    path("denials/", include("denials.urls")),
    path("settings/queues/", include("workqueues.terms.urls")),
    path("queues/", include("workqueues.urls")),
    path("kpi/", include("workqueues.kpi.urls")),
    path("api/v1/", include("cob.api")),
]
