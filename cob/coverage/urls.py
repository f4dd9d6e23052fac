"""Addresses of coverage, fact and determination pages."""

from __future__ import annotations

from django.urls import path

from cob.coverage import (
    checking_in,
    interviewing,
    msp_views,
    overriding,
    verdicts,
    verification_views,
    views,
    visit_list,
)
from cob.coverage.eligibility import views as eligibility

app_name = "coverage"
urlpatterns = [
    path("visits/", visit_list.visit_list, name="visit-list"),
    path("patients/<uuid:pk>/coverage/new/", views.coverage_new, name="coverage-new"),
    path("patients/<uuid:pk>/medicare/", views.facts_medicare, name="facts-medicare"),
    path("patients/<uuid:pk>/child/", views.facts_child, name="facts-child"),
    path("patients/<uuid:pk>/accident/", views.facts_accident, name="facts-accident"),
    path("patients/<uuid:pk>/visit-day/", views.visit_day, name="visit-day"),
    path("patients/<uuid:pk>/ask/", interviewing.ask, name="ask"),
    path("patients/<uuid:pk>/ask/answer/", interviewing.answered, name="answer"),
    path("patients/<uuid:pk>/ask/back/", interviewing.back, name="ask-back"),
    path("patients/<uuid:pk>/check-in/", checking_in.check_in, name="check-in"),
    path("patients/<uuid:pk>/check-in/step/", checking_in.check_in_step, name="check-in-step"),
    path("patients/<uuid:pk>/msp/", msp_views.msp, name="msp"),
    path("patients/<uuid:pk>/msp/file/", msp_views.msp_file, name="msp-file"),
    path("patients/<uuid:pk>/order/", interviewing.store, name="store"),
    path("patients/<uuid:pk>/offers/<uuid:answer>/<int:nth>/", eligibility.offer_reply, name="offer-reply"),
    path("coverage/<uuid:pk>/", views.coverage_edit, name="coverage-edit"),
    path("coverage/<uuid:pk>/verify/", views.coverage_verify, name="coverage-verify"),
    path("msp/<uuid:pk>/", msp_views.msp_filed, name="msp-filed"),
    path("coverage/<uuid:pk>/said/", verification_views.verification_new, name="verification-new"),
    path("order/<uuid:pk>/", interviewing.determination_page, name="determination-page"),
    path("order/<uuid:pk>/phone/", verdicts.phone, name="determination-phone"),
    path("order/<uuid:pk>/appeal/", verdicts.appeal, name="determination-appeal"),
    path("order/<uuid:pk>/patient/", verdicts.letter, name="determination-patient"),
    path("order/<uuid:pk>/override/", overriding.determination_override, name="determination-override"),
]
