"""The kpi app."""

from __future__ import annotations

from django.apps import AppConfig


class KpiConfig(AppConfig):
    name = "workqueues.kpi"
    label = "kpi"
    verbose_name = "Measures"
