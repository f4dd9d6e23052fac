"""The audit app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "cob.audit"
    label = "audit"
    verbose_name = "Audit trail"

    def ready(self) -> None:
        from cob.audit import signins

        signins.connect()
