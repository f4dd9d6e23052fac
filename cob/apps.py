"""The project itself as an app: its management commands and system checks."""

from __future__ import annotations

from django.apps import AppConfig


class CobConfig(AppConfig):
    name = "cob"
    label = "cob"
    verbose_name = "COB Desk"

    def ready(self) -> None:
        from cob import checks  # noqa: F401  registering is importing
