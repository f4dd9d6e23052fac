"""Addresses of the book of rules."""

from __future__ import annotations

from django.urls import path

from cob.rulebook import views

app_name = "rules"
urlpatterns = [
    path("", views.rule_list, name="rule-list"),
    path("<slug:rule_id>/", views.rule_page, name="rule-page"),
]
