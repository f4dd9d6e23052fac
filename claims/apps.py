"""The claims app."""

from __future__ import annotations

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    label = "claims"

    def ready(self) -> None:
        # They subscribe to determined orders and to changed facts, and say what hangs on a patient's order.
        from claims import ordering, redetermining, showing, telling  # noqa: F401  importing is subscribing
        from claims.deposits import checking, following  # noqa: F401  importing is subscribing
        from claims.expecting import following as expecting  # noqa: F401  importing is subscribing
        from claims.expecting import shown
        from claims.recoupment import statement_holds  # noqa: F401  importing is subscribing

        showing.register_part("expected", shown.expected_part)
