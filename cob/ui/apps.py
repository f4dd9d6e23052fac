"""The app that holds the template tags and the style page."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """No models, so no migrations."""

    name = "cob.ui"
    label = "ui"
