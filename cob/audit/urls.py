"""Addresses of the history page."""

from __future__ import annotations

from django.urls import path

from cob.audit import views

app_name = "audit"
urlpatterns = [path("", views.history, name="history")]
