"""Addresses of the jobs page."""

from __future__ import annotations

from django.urls import path

from cob.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="job-list"),
    path("<uuid:pk>/", views.job_page, name="job-page"),
    path("<uuid:pk>/progress/", views.job_progress, name="job-progress"),
    path("<uuid:pk>/again/", views.job_again, name="job-again"),
]
