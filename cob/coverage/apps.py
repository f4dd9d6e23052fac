"""The coverage app."""

from __future__ import annotations

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "cob.coverage"
    label = "coverage"
    verbose_name = "Coverage"
