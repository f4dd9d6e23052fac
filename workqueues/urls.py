"""Addresses of queues and items."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "workqueues"
urlpatterns: list[URLPattern] = []
