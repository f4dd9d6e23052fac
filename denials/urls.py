"""Addresses of denials."""

from __future__ import annotations

from django.urls import path

from denials import views

app_name = "denials"
urlpatterns = [
    path("<uuid:pk>/", views.denial_page, name="denial-page"),
]
