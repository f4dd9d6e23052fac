"""The denials app."""

from __future__ import annotations

from django.apps import AppConfig


class DenialsConfig(AppConfig):
    name = "denials"
    label = "denials"
