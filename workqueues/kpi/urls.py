"""Addresses of measures."""

from __future__ import annotations

from django.urls import path

from workqueues.kpi import views

app_name = "kpi"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("definitions/", views.definitions, name="definitions"),
    path("<slug:slug>/", views.measure, name="measure"),
    path("<slug:slug>/<str:week>/", views.rows, name="measure-rows"),
]
