"""The claims app."""

from __future__ import annotations

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    label = "claims"

    def ready(self) -> None:
        # They subscribe to determined orders and to changed facts, and say what hangs on a patient's order.
        from claims import ordering, redetermining, telling  # noqa: F401  importing is subscribing
