"""Addresses of the queues' settings, beside all other settings."""

from __future__ import annotations

from django.urls import path

from workqueues.terms import views

app_name = "terms"
urlpatterns = [
    path("", views.term_list, name="term-list"),
    path("<slug:name>/", views.term_page, name="term-page"),
]
