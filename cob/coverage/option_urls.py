"""Addresses of settings."""

from __future__ import annotations

from django.urls import path

from cob.coverage import option_views

app_name = "settings"
urlpatterns = [
    path("", option_views.option_list, name="option-list"),
    path("options/<slug:name>/", option_views.option_page, name="option-page"),
    path("law/", option_views.law_list, name="law-list"),
]
