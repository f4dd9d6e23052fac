"""Addresses of coverage, fact and determination pages."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "coverage"
urlpatterns: list[URLPattern] = []
