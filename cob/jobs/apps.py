"""The jobs app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "cob.jobs"
    label = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        # Each app's `tasks.py` names its kinds of job with `@job_kind`.
        autodiscover_modules("schedule", "tasks")
