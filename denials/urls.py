"""Addresses of denials."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "denials"
urlpatterns: list[URLPattern] = []
