"""Addresses of patient pages.

The page of a patient and the people around one show coverage and facts, which stand a floor above: they are named here
by their import path only, as `cob/urls.py` names the apps.
"""

from __future__ import annotations

from django.urls import path
from django.utils.module_loading import import_string

from cob.patients import views

ABOVE = "cob.coverage.views."

app_name = "patients"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.patient_new, name="patient-new"),
    path("<uuid:pk>/", import_string(f"{ABOVE}patient_page"), name="patient-page"),
    path("<uuid:pk>/edit/", views.patient_edit, name="patient-edit"),
    path("<uuid:pk>/people/new/", import_string(f"{ABOVE}person_new"), name="person-new"),
    path("people/<uuid:pk>/", import_string(f"{ABOVE}person_edit"), name="person-edit"),
]
