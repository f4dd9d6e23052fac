"""The workqueues app."""

from __future__ import annotations

from django.apps import AppConfig


class WorkqueuesConfig(AppConfig):
    name = "workqueues"
    label = "workqueues"
