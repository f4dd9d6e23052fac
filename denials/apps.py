"""The denials app."""

from __future__ import annotations

from django.apps import AppConfig


class DenialsConfig(AppConfig):
    name = "denials"
    label = "denials"

    def ready(self) -> None:
        from claims import showing
        from claims.presenters.words import know_reasons
        from denials.codebook import code_book

        know_reasons(lambda: {code: row.label for code, row in code_book().reasons.items()})
        # An open denial holds a statement.
        from denials import (
            shown,
            statement_holds,  # noqa: F401  importing is telling
        )

        showing.register_part("denials", shown.denials_part)
