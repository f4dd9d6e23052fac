"""The patients app."""

from __future__ import annotations

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "cob.patients"
    label = "patients"
    verbose_name = "Patients"
