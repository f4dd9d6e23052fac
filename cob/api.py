"""What machines may call, under `/api/v1/`. Each app's own addresses are listed here by name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
