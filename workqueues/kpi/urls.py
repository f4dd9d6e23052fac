"""Addresses of measures."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "kpi"
urlpatterns: list[URLPattern] = []
