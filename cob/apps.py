"""The project itself as an app: its management commands and system checks."""

from __future__ import annotations

from django.apps import AppConfig


class CobConfig(AppConfig):
    name = "cob"
    label = "cob"
    verbose_name = "COB Desk"

    def ready(self) -> None:
        # Registering is importing; without the Celery application a page would wake the worker at a default broker.
        from cob import celery, checks  # noqa: F401
